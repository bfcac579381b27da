"""What Python calls an argument is the option that a user types."""

import pytest

from pellucid.cli.spelling import spelling_of
from pellucid.cli.train import train
from pellucid.cli.tune import tune

SPELLED = {
    "batch_size: got 64, expected at most 3.": "--batch-size: got 64, expected at most 3.",
    "option 'size': got 32 for a table, expected an option of it: target, kinds, verbose.": (
        "--size: got 32 for a table, expected an option of it: --target, --kind."
    ),
    "labels, pattern: got both, expected one.": "--labels, --pattern: got both, expected one.",
    "2 problems:\n  1. test: got 2, expected a share.\n  2. epochs: got 0, expected more.": (
        "2 problems:\n  1. --test: got 2, expected a share.\n  2. --epochs: got 0, expected more."
    ),
    "validation=..., test=...: got 2, expected 1.": "--validation, --test: got 2, expected 1.",
    "a.csv: got 3, expected 2. Say task='classes'.": (
        "a.csv: got 3, expected 2. Say --task classes."
    ),
    "Name the column of time: time=...": "Name the column of time: --time ...",
    "If it is a row of values, give header=False.": "If it is a row of values, give --no-header.",
    "To use it, say kinds={'year built': 'number'}.": (
        "To use it, say --kind 'year built=number'."
    ),
    "If 0 stands for a missing value, say so: missing={'p': [0, -999]}.": (
        "If 0 stands for a missing value, say so: --missing p=0 --missing p=-999."
    ),
    "If they mean nothing, say so: missing=['inf', '-inf'].": (
        "If they mean nothing, say so: --missing inf --missing -inf."
    ),
    "12 texts hold tags; clean=False leaves them.": "12 texts hold tags; --no-clean leaves them.",
    "minutes: got 5.0 beside epochs=2, expected one of the two.": (
        "--minutes: got 5.0 beside --epochs 2, expected one of the two."
    ),
    "Say where: pattern='{label}_{speaker}', or labels='labels.csv'.": (
        "Say where: --pattern '{label}_{speaker}', or --labels labels.csv."
    ),
}

AS_THEY_ARE = (
    "text: got a folder without files.",
    "/data/seed=3/a.csv: got an empty file.",
    "Read it with columns=['a'].",
    "TargetEncoder(task='number'): got 'a'.",
    "The column 'time': got no number.",
    "missing={'a': b}",
)
"""Paths, calls, arguments that are no option, and values that are none."""


@pytest.mark.parametrize("said", SPELLED)
def test_arguments_become_options(said):
    assert spelling_of(train, ["train", "text"])(said) == SPELLED[said]


@pytest.mark.parametrize("said", AS_THEY_ARE)
def test_what_is_no_argument_stays(said):
    assert spelling_of(train, ["train", "text"])(said) == said


def test_each_command_has_its_own():
    said = "trials: got 0, expected more. Say task='binary'."
    assert spelling_of(tune, [])(said) == "--trials: got 0, expected more. Say --task binary."
    assert spelling_of(None, [])(said) == said
