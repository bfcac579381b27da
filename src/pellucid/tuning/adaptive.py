"""Proposals of which two in three lie near what did well in earlier rounds, in no time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pellucid.tuning.halton import halton
from pellucid.tuning.proposing import Proposal, Round
from pellucid.tuning.space import Choice, Space
from pellucid.tuning.trial import Trial
from pellucid.types import NumpyArray

LEAST = 16
"""Earlier trials from which on there is something to learn."""

EVENLY = 3
"""One proposal in so many fills the space evenly, so that no part of it is given up."""

LATER = 1
"""Seed of the points that fill the space once others learn."""

GOOD, MOST_GOOD = 0.15, 25
"""Share of the trials that count as good, and how many at most."""

MOST_OTHERS = 200
"""Others that are looked at; of more, so many at equal distances in the order of their scores."""

DRAWN = 24
"""Points that are drawn for each proposal, of which the most promising is proposed."""

WIDTH = 0.2
"""Width of the kernel around a single point, as a share of a range."""


@dataclass(frozen=True)
class Adaptive:
    """Points that fill the space, and points where good trials are dense and others are not.

    Write l and g for the densities of the good trials and of the others, each a sum of kernels
    around them and of the even density. Of the points that are drawn from l the one with the
    greatest l / g is proposed; the expected improvement grows with that ratio.

    Args:
        seed: Seed of what is drawn.
        higher: Whether higher scores are better.

    Source: Bergstra et al., "Algorithms for Hyper-Parameter Optimization" (2011); Falkner, Klein
    and Hutter, "BOHB" (2018), for kernels over all parameters together and the share of points
    that do not learn.
    """

    seed: int
    higher: bool
    name: str = "adaptive"
    small_rounds: bool = False

    def limit(self, space: Space) -> int | None:
        return None

    def propose(
        self, space: Space, round: Round, told: Sequence[Trial], seconds: float
    ) -> list[Proposal]:
        numbers = np.arange(round.first, round.first + round.size)
        if len(told) < LEAST:
            return self._evenly(space, numbers)
        ranked = sorted(told, key=self._rank)
        count = min(MOST_GOOD, int(np.ceil(GOOD * len(told))))
        places = np.array([_place(space, one) for one in ranked])
        others = places[count:]
        if len(others) > MOST_OTHERS:
            others = others[np.linspace(0, len(others) - 1, MOST_OTHERS).round().astype(int)]
        good, rest = _Density(space, places[:count]), _Density(space, others)
        # Points in a row of a sequence of their own: every third of one sequence lies in one third
        # of the range that has the prime 3.
        filling = iter(self._evenly(space, numbers[numbers % EVENLY == 0] // EVENLY, LATER))
        return [
            self._near(good, rest, space, int(number)) if number % EVENLY else next(filling)
            for number in numbers
        ]

    def _evenly(self, space: Space, numbers: NumpyArray, *own: int) -> list[Proposal]:
        """Return proposals that fill the space, of the sequence that has these seeds of its own."""
        points = halton(numbers, _options(space), [self.seed, *own])
        return [Proposal(space.at(point), "halton") for point in points]

    def _rank(self, trial: Trial) -> tuple[bool, bool, float, int]:
        """Return where a trial stands: finished ones first, since others saw fewer epochs."""
        score = 0.0 if trial.score is None else trial.score
        unfinished = trial.state != "complete"
        return trial.score is None, unfinished, -score if self.higher else score, trial.number

    def _near(self, good: "_Density", rest: "_Density", space: Space, number: int) -> Proposal:
        points = good.draw(DRAWN, np.random.default_rng([self.seed, number]))
        best = points[np.argmax(np.log(good.at(points)) - np.log(rest.at(points)))]
        return Proposal(space.at(best), self.name)


def _options(space: Space) -> list[int | None]:
    """Return how many options each parameter has; None for a range."""
    return [
        len(one.options) if isinstance(one, Choice) else None for one in space.parameters.values()
    ]


def _place(space: Space, trial: Trial) -> list[float]:
    """Return the place of a trial's values in the unit cube; of an option, its middle."""
    return [
        (one.place(trial.parameters[name]) + 0.5) / len(one.options)
        if isinstance(one, Choice)
        else one.share(trial.parameters[name])
        for name, one in space.parameters.items()
    ]


class _Density:
    """The density of points in the unit cube: kernels around them, and the even density.

    Args:
        space: The parameters.
        points: The points, shape (points, parameters).
    """

    def __init__(self, space: Space, points: NumpyArray) -> None:
        self.points = points
        self.width = WIDTH * len(points) ** (-1 / (len(space) + 4))
        self.options = _options(space)

    def draw(self, count: int, rng: np.random.Generator) -> NumpyArray:
        """Return points drawn from it, shape (count, parameters)."""
        evenly = rng.random((count, len(self.options)))
        chosen = rng.integers(len(self.points) + 1, size=count)
        found = self.points[np.minimum(chosen, len(self.points) - 1)].copy()
        for place, options in enumerate(self.options):
            if options is None:
                found[:, place] = self._moved(found[:, place], rng)
            else:
                other = rng.random(count) < self.width
                found[other, place] = evenly[other, place]
        return np.where((chosen == len(self.points))[:, None], evenly, found)

    def _moved(self, centers: NumpyArray, rng: np.random.Generator) -> NumpyArray:
        """Return numbers around centers, by the normal distribution between 0 and 1."""
        from scipy.special import ndtr, ndtri

        low, high = ndtr(-centers / self.width), ndtr((1 - centers) / self.width)
        shares = low + (high - low) * rng.random(len(centers))
        return np.clip(centers + self.width * ndtri(shares), 0.0, 1.0)

    def at(self, points: NumpyArray) -> NumpyArray:
        """Return the density at points of shape (points, parameters)."""
        kernels: Any = np.ones((len(points), len(self.points)))
        for place, options in enumerate(self.options):
            own, centers = points[:, place, None], self.points[:, place]
            if options is None:
                kernels = kernels * self._normal(own, centers)
            else:
                same = np.floor(own * options) == np.floor(centers * options)
                kernels = kernels * (self.width + (1 - self.width) * options * same)
        return (1 + kernels.sum(1)) / (1 + len(self.points))

    def _normal(self, points: NumpyArray, centers: NumpyArray) -> NumpyArray:
        from scipy.special import ndtr

        within = ndtr((1 - centers) / self.width) - ndtr(-centers / self.width)
        bells = np.exp(-0.5 * ((points - centers) / self.width) ** 2)
        return bells / (np.sqrt(2 * np.pi) * self.width * within)
