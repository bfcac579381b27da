"""Spaces from plain values, ranges and marks."""

import json

import numpy as np
import pytest

from pellucid.errors import ArgumentError
from pellucid.tuning.space import Choice, Range, Space


def test_plain_values_become_ranges_and_options():
    space = Space(
        {
            "rate": (1e-4, 1e-2, "log"),
            "width": [32, 64],
            "depth": (1, 4),
            "dropout": (0.0, 0.5),
            "units": Range(16, 64, step=16),
        },
        "tune(space=...)",
    )
    assert space.at([0.5, 0.9, 0.6, 0.5, 0.99]) == {
        "rate": 1e-3,
        "width": 64,
        "depth": 3,
        "dropout": 0.25,
        "units": 64,
    }


def test_whole_numbers_are_alike_likely():
    shares = (np.arange(4000) + 0.5) / 4000
    values = [Range(1, 4).at(one) for one in shares]
    assert [values.count(one) for one in (1, 2, 3, 4)] == [1000] * 4
    logarithmic = [Range(1, 100, log=True).at(one) for one in shares]
    assert (min(logarithmic), max(logarithmic)) == (1, 100)
    # As many values from 1 to 10 as from 10 to 100.
    assert 0.45 < np.mean(np.array(logarithmic) <= 10) < 0.6


@pytest.mark.parametrize(
    "parameter", [Range(0.1, 0.9), Range(1e-5, 1.0, log=True), Range(2, 9), Choice("abcd")]
)
def test_a_value_s_share_leads_back_to_it(parameter):
    for share in (0.0, 0.3, 0.6, 1.0):
        value = parameter.at(share)
        # The middle of what an option spans, rather than its edge.
        again = parameter.share(value) * (1 - 1e-9)
        assert parameter.at(again) == pytest.approx(value) or isinstance(value, int)


def test_a_grid_has_every_option_and_some_values_of_a_range():
    space = Space(
        {"a": ["x", "y"], "b": (0.0, 1.0), "c": (1, 3), "d": Range(0.0, 1.0, step=0.5)}, ""
    )
    assert space.grid() == [["x", "y"], [0.0, 0.25, 0.5, 0.75, 1.0], [1, 2, 3], [0.0, 0.5, 1.0]]


def test_what_is_impossible_is_told_all_at_once():
    given = {
        "width": (64, 8),
        "rate": (0.0, 0.1, "log"),
        "depth": (2, 2),
        "units": [],
        "dropout": 0.5,
        "l2": (0.0, float("inf")),
        "filters": (8, 16, 32),
        "optimizer": ("adam", "sgd"),
    }
    with pytest.raises(ArgumentError) as told:
        Space(given, "tune(space=...)")
    assert str(told.value) == (
        "8 problems:\n"
        "  1. tune(space=...): 'width': got 64 to 8, expected a low end below the high one. "
        "Write (8, 64).\n"
        "  2. tune(space=...): 'rate': got 0 to 0.1 on a logarithmic scale, expected a low end "
        "above 0.\n"
        "  3. tune(space=...): 'depth': got 2 to 2, expected a low end below the high one. "
        "For one value write [2].\n"
        "  4. tune(space=...): 'units': got no options, expected at least one.\n"
        "  5. tune(space=...): 'dropout': got 0.5, expected (low, high), (low, high, \"log\") or a "
        "list of options. For one value write [0.5].\n"
        "  6. tune(space=...): 'l2': got 0.0 to inf, expected finite numbers.\n"
        "  7. tune(space=...): 'filters': got (8, 16, 32), expected (low, high), (low, high, "
        '"log") or a list of options. For these values write [8, 16, 32].\n'
        "  8. tune(space=...): 'optimizer': got 'adam' to 'sgd', expected finite numbers. For "
        "options write ['adam', 'sgd']."
    )


def test_numbers_of_numpy_are_taken_for_python_s():
    given = {"width": (np.int64(4), np.int64(9)), "rate": (np.float32(0), np.float32(0.5))}
    space = Space(given, "tune(space=...)")
    assert json.loads(json.dumps(space.to_dict())) == {
        "width": {"low": 4, "high": 9, "log": False, "step": None},
        "rate": {"low": 0.0, "high": 0.5, "log": False, "step": None},
    }
    assert [type(one) for one in space.middle.values()] == [int, float]
    assert Range(np.int64(2), np.int64(8), step=np.int64(2)).points() == [2, 4, 6, 8]


def test_an_empty_space_is_refused():
    with pytest.raises(ArgumentError) as told:
        Space({}, "tune(space=...)")
    assert str(told.value) == (
        "tune(space=...): got an empty space, expected parameters by name, each with its values. "
        'For example {"learning_rate": (1e-4, 1e-1, "log"), "width": [32, 64]}.'
    )


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (
            lambda: Range(1, 0),
            "Range: got 1 to 0, expected a low end below the high one. Write (0, 1).",
        ),
        (
            lambda: Range(0, 1, step=2),
            "Range: got step=2 from 0 to 1, expected a step above 0 within the range.",
        ),
        (
            lambda: Range(1, 8, log=True, step=2),
            "Range: got step=2 on a logarithmic scale, expected one of the two.",
        ),
        (lambda: Choice([]), "Choice: got no options, expected at least one."),
    ],
)
def test_a_range_or_choice_without_values_is_refused(make, told):
    with pytest.raises(ArgumentError) as error:
        make()
    assert str(error.value) == told
