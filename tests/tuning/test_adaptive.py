"""The sampler that learns: its densities, and what it makes of earlier rounds."""

import numpy as np
import pytest

from pellucid.tuning.adaptive import EVENLY, LATER, LEAST, Adaptive, _Density
from pellucid.tuning.halton import halton
from pellucid.tuning.proposing import Proposal, Round, Sobol
from pellucid.tuning.space import Space
from pellucid.tuning.trial import Trial

SPACE = Space(
    {"learning_rate": (1e-4, 1e-1, "log"), "rate": (0.0, 0.5), "units": ["few", "some", "many"]},
    "space",
)
POINTS = np.array([[0.1, 0.9, 0.5], [0.2, 0.8, 1 / 6], [0.95, 0.5, 0.5]])


def tried(proposals: list[Proposal], first: int, score, state="complete") -> list[Trial]:
    found = []
    for number, one in enumerate(proposals, first):
        own = score(one.values)
        scores = () if own is None else (own,)
        found.append(Trial(number, one.values, state, own, scores, {}, 1, (1,), 1, 0.0, one.by))
    return found


def distance(values) -> float:
    """The least at a rate of 0.005, 0.12 and "some"."""
    first = np.log10(values["learning_rate"] / 0.005)
    return float(first**2 + 8 * (values["rate"] - 0.12) ** 2 + 0.3 * (values["units"] != "some"))


def searched(proposer, rounds: int, size: int = 32) -> list[Trial]:
    told: list[Trial] = []
    for number in range(rounds):
        round = Round(number, number * size, size)
        told += tried(proposer.propose(SPACE, round, told, 1.0), round.first, distance)
    return told


def test_a_density_holds_one_in_all():
    middles = (np.arange(60) + 0.5) / 60
    grid = np.stack(np.meshgrid(middles, middles, [1 / 6, 0.5, 5 / 6]), axis=-1).reshape(-1, 3)
    assert _Density(SPACE, POINTS).at(grid).mean() == pytest.approx(1.0, rel=1e-3)


def test_points_are_drawn_as_densely_as_the_density_says():
    density = _Density(SPACE, POINTS)
    drawn = density.draw(40_000, np.random.default_rng(0))
    assert drawn.min() >= 0
    assert drawn.max() <= 1
    even = np.random.default_rng(1).random((40_000, 3))
    for place in range(3):
        found, _ = np.histogram(drawn[:, place], bins=3, range=(0, 1))
        expected = np.histogram(even[:, place], 3, (0, 1), weights=density.at(even))[0]
        np.testing.assert_allclose(found / 40_000, expected / 40_000, atol=0.01)


def test_the_first_trials_fill_the_space():
    told = searched(Sobol(3), 1, LEAST - 1)
    first = len(told)
    found = Adaptive(3, False).propose(SPACE, Round(1, first, 8), told, 1.0)
    points = halton(np.arange(first, first + 8), [None, None, 3], seed=[3])
    assert [one.values for one in found] == [SPACE.at(point) for point in points]


def test_one_in_three_later_trials_fills_the_space():
    told = searched(Sobol(3), 1)
    found = Adaptive(3, False).propose(SPACE, Round(1, 32, 30), told, 1.0)
    numbers = [number for number, one in enumerate(found, 32) if one.by == "halton"]
    assert numbers == [number for number in range(32, 62) if number % EVENLY == 0]
    points = halton(np.array(numbers) // EVENLY, [None, None, 3], seed=[3, LATER])
    values = [one.values for one in found if one.by == "halton"]
    assert values == [SPACE.at(point) for point in points]


def test_the_later_trials_that_fill_the_space_reach_every_part_of_it():
    told = searched(Sobol(3), 1)
    proposals = Adaptive(3, False).propose(SPACE, Round(1, 32, 243), told, 1.0)
    places = np.array([SPACE.shares(one.values) for one in proposals if one.by == "halton"])
    for place in range(3):
        found, _ = np.histogram(places[:, place], bins=3, range=(0, 1))
        assert found.min() >= 25


def test_later_rounds_come_nearer_than_points_that_do_not_learn():
    def best(proposer) -> float:
        return min(one.score or 0.0 for one in searched(proposer, 6))

    learned = [best(Adaptive(seed, False)) for seed in range(5)]
    evenly = [best(Sobol(seed)) for seed in range(5)]
    assert np.mean(learned) < 0.5 * np.mean(evenly)


def test_higher_scores_are_sought_where_they_are_better():
    proposals = Sobol(0).propose(SPACE, Round(0, 0, 64), [], 1.0)
    told = tried(proposals, 0, lambda values: -distance(values))
    found = Adaptive(0, True).propose(SPACE, Round(1, 64, 60), told, 1.0)
    near = [distance(one.values) for one in found if one.by == "adaptive"]
    assert np.median(near) < 0.5 * np.median([-(one.score or 0.0) for one in told])


def test_where_trials_failed_or_were_let_go_is_no_place_to_look():
    """One half of a range is tried to the end; the other looks better, but was let go."""
    proposals = Sobol(0).propose(SPACE, Round(0, 0, 96), [], 1.0)

    def score(values):
        return None if values["units"] == "many" else values["rate"]

    told = [
        tried([one], number, score, "freed" if one.values["rate"] < 0.25 else "complete")[0]
        for number, one in enumerate(proposals)
    ]
    found = Adaptive(0, False).propose(SPACE, Round(1, 96, 60), told, 1.0)
    learned = [one.values for one in found if one.by == "adaptive"]
    assert np.mean([one["rate"] > 0.25 for one in learned]) > 0.8
    assert np.mean([one["units"] == "many" for one in learned]) < 0.1


def test_proposals_follow_from_seed_and_results_alone():
    told = searched(Sobol(1), 2)
    round = Round(2, 64, 9)
    first = Adaptive(1, False).propose(SPACE, round, told, 1.0)
    assert Adaptive(1, False).propose(SPACE, round, told, 0.0) == first
    assert Adaptive(2, False).propose(SPACE, round, told, 1.0) != first
