"""Rounds of trials, and how many epochs each of them earns."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pellucid.errors import ArgumentError, Problem, did_you_mean, report
from pellucid.tuning.proposing import Round

NAMES = ("successive", "hyperband")

SHORTEST = 2
"""How often the epochs are divided, at most, where nothing else is said."""


@dataclass(frozen=True)
class Halving:
    """Train many trials briefly, and only the best of them longer.

    After each rung the best `1 / factor` of a round train `factor` times as many epochs; the
    others are let go and cost nothing from then on. Hyperband goes round between rounds that
    begin with few epochs and ones that begin with many, because a brief training does not always
    show what is good in the end.

    Args:
        factor: Whole number of at least 2.
        first: Epochs before the first decision; a `factor`² part of all when None.
        hyperband: Whether rounds begin at all rungs in turn.

    Raises:
        ArgumentError: A number is out of range.

    Example:
        >>> from pellucid.tuning import Halving
        >>> Halving(factor=3).rungs(27)
        [3, 9, 27]

    Source: Jamieson and Talwalkar, "Non-stochastic Best Arm Identification and Hyperparameter
    Optimization" (2016); Li et al., "Hyperband" (2018).
    """

    factor: int = 3
    first: int | None = None
    hyperband: bool = False

    def __post_init__(self) -> None:
        report(
            Problem(f"Halving({name}=...)", repr(value), f"a whole number of at least {low}")
            for name, value, low in (("factor", self.factor, 2), ("first", self.first, 1))
            if value is not None and (not isinstance(value, int) or value < low)
        )

    def rungs(self, epochs: int) -> list[int]:
        """Return after how many epochs decisions fall, the last one being the end."""
        least = self.first or max(1, epochs // self.factor**SHORTEST)
        found = [epochs]
        while found[0] // self.factor >= least:
            found.insert(0, found[0] // self.factor)
        return found

    def shares(self, epochs: int) -> list[float]:
        """Return how many trials rounds begin with beside the first of them, in turn.

        Where all are trained longer they are fewer, so that each round costs as many epochs.
        """
        if not self.hyperband:
            return [1.0]
        most = len(self.rungs(epochs))
        return [self.factor ** (own - most) * most / own for own in range(most, 0, -1)]


def read_halving(given: Any, where: str) -> Halving | None:
    """Return the halving that an argument stands for.

    Raises:
        ArgumentError: It is neither a name nor a Halving, True, False or None.
    """
    if given is None or given is False:
        return None
    if isinstance(given, Halving):
        return given
    if given is True or given == "successive":
        return Halving()
    if given == "hyperband":
        return Halving(hyperband=True)
    expected = "'successive', 'hyperband', a Halving or None"
    fix = did_you_mean(given, NAMES) if isinstance(given, str) else ""
    raise ArgumentError(str(Problem(f"{where}(halving=...)", repr(given), expected, fix)))


@dataclass(frozen=True)
class Schedule:
    """Which trials are trained together, and to which rungs.

    Args:
        epochs: Epochs of a trial at most.
        size: Trials that train together.
        halving: Who earns more epochs; None for all.
        limit: Trials of the whole search; None for no limit.
        first: Trials of the first round; each other one has twice as many as the one before it,
            up to `size`. None for `size` at once.
    """

    epochs: int
    size: int
    halving: Halving | None = None
    limit: int | None = None
    first: int | None = None

    def rungs(self, number: int) -> list[int]:
        """Return the rungs of a round."""
        if self.halving is None:
            return [self.epochs]
        every = self.halving.rungs(self.epochs)
        return every[number % len(every) :] if self.halving.hyperband else every

    def _size(self, number: int) -> int:
        size = self.size
        if self.first is not None:
            size = min(size, self.first << min(number, size.bit_length()))
        if self.halving is None:
            return size
        shares = self.halving.shares(self.epochs)
        return math.ceil(size * shares[number % len(shares)])

    def round(self, number: int) -> Round | None:
        """Return the round of that number; None where the trials before it were all."""
        first = sum(self._size(earlier) for earlier in range(number))
        size = self._size(number)
        if self.limit is not None:
            size = min(size, self.limit - first)
        return Round(number, first, size) if size > 0 else None


def winners(scores: Sequence[float | None], factor: int, sign: float) -> list[int]:
    """Return the places of those that train on, in order.

    Args:
        scores: Scores so far; None for what failed.
        factor: One in so many trains on, at least one.
        sign: 1 where higher scores are better, else -1.

    Example:
        >>> from pellucid.tuning.halving import winners
        >>> winners([0.3, 0.1, None, 0.2, 0.9, 0.8], 3, sign=-1)
        [1, 3]
    """
    scored = [(-sign * score, place) for place, score in enumerate(scores) if score is not None]
    return sorted(place for _, place in sorted(scored)[: max(1, len(scores) // factor)])
