"""Real recordings and sequences: an unheard voice, unseen speakers of vowels."""

import os
from pathlib import Path

import pytest

from pellucid.tasks import train_audio, train_sequences

DATA = Path(os.environ.get("PELLUCID_DATA", Path(__file__).parents[3] / "shared" / "data"))

pytestmark = pytest.mark.slow


def needed(name):
    if not (DATA / name).exists():
        pytest.skip(f"the data set {name} is not here")
    return DATA / name


def test_digits_of_a_voice_that_was_never_heard():
    run = train_audio(
        needed("fsdd"),
        pattern="{label}_{speaker}_{index}",
        group="speaker",
        test_group="theo",
        epochs=20,
        output="",
        verbose=0,
    )
    assert run.scores["network"]["accuracy"] > 0.75
    assert run.scores["network"]["accuracy"] > run.scores["logistic regression"]["accuracy"] + 0.3


def test_vowels_by_nine_speakers():
    run = train_sequences(needed("japanese_vowels"), output="", verbose=0)
    assert run.scores["network"]["accuracy"] > 0.96
    assert len(run.answers.columns["sequence"]) == 370


def test_movements_in_rooms_that_the_network_does_not_know():
    folder = needed("indoor_movement") / "dataset"
    groups = "../groups/MovementAAL_DatasetGroup.csv"
    run = train_sequences(folder, group=groups, epochs=20, output="", verbose=0)
    assert 90 <= len(run.answers.columns["sequence"]) <= 110
    assert run.scores["network"]["accuracy"] > run.scores["majority"]["accuracy"]
