"""Rounds, rungs and who trains on."""

import pytest

from pellucid.errors import ArgumentError
from pellucid.tuning import Halving
from pellucid.tuning.halving import Schedule, read_halving, winners


@pytest.mark.parametrize(
    ("rule", "epochs", "rungs"),
    [
        (Halving(3), 81, [9, 27, 81]),
        (Halving(3, first=1), 81, [1, 3, 9, 27, 81]),
        (Halving(2, first=4), 20, [5, 10, 20]),
        (Halving(3), 2, [2]),
        (Halving(4, first=30), 20, [20]),
    ],
)
def test_rungs_multiply_up_to_all_epochs(rule, epochs, rungs):
    assert rule.rungs(epochs) == rungs


def test_rounds_follow_one_another_until_all_trials_are_made():
    schedule = Schedule(10, 4, None, 10)
    rounds = [schedule.round(number) for number in range(4)]
    assert [None if one is None else (one.first, one.size) for one in rounds] == [
        (0, 4),
        (4, 4),
        (8, 2),
        None,
    ]


def test_rounds_may_begin_small_and_double():
    schedule = Schedule(10, 16, None, 40, first=3)
    assert [schedule.round(number).size for number in range(4)] == [3, 6, 12, 16]
    assert schedule.round(4).size == 3
    assert schedule.round(5) is None


def test_hyperband_s_brackets_cost_alike():
    schedule = Schedule(9, 9, Halving(3, hyperband=True))
    assert [schedule.rungs(number) for number in range(4)] == [[1, 3, 9], [3, 9], [9], [1, 3, 9]]
    # As in table 1 of Li et al. (2018), with R = 9: 9, 5 and 3 trials.
    assert [schedule.round(number).size for number in range(3)] == [9, 5, 3]
    assert schedule.round(3).first == 17
    assert Halving(3, hyperband=True).shares(9) == pytest.approx([1, 1 / 2, 1 / 3])
    assert Halving(3).shares(9) == [1]


def test_who_failed_never_trains_on():
    assert winners([None, 0.2, None, 0.1], 2, -1) == [1, 3]
    assert winners([None, 0.2, 0.3, 0.1], 2, 1) == [1, 2]
    assert winners([None, None], 2, 1) == []


def test_what_is_no_halving_is_told():
    assert read_halving(True, "tune") == read_halving("successive", "tune") == Halving()
    assert read_halving(None, "tune") is None
    with pytest.raises(ArgumentError) as told:
        Halving(factor=1, first=0)
    assert str(told.value) == (
        "2 problems:\n"
        "  1. Halving(factor=...): got 1, expected a whole number of at least 2.\n"
        "  2. Halving(first=...): got 0, expected a whole number of at least 1."
    )
