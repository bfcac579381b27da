"""Which configurations a search tries next, whatever came of the earlier ones.

A proposal follows from the seed, the number of the trial and the results of earlier rounds
alone, so that a search that was broken off goes on as if it had not been.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from pellucid.tuning.space import Space
from pellucid.tuning.trial import Trial

GOLDEN = (math.sqrt(5) - 1) / 2


@dataclass(frozen=True)
class Round:
    """Trials that are asked for together.

    Args:
        number: Number of the round.
        first: Number of its first trial.
        size: How many trials.
    """

    number: int
    first: int
    size: int


@dataclass(frozen=True)
class Proposal:
    """Values for one trial, and who proposed them."""

    values: Mapping[str, Any]
    by: str


class Proposer(Protocol):
    """What proposes configurations."""

    @property
    def name(self) -> str:
        """What trials say of who proposed them."""
        ...

    @property
    def small_rounds(self) -> bool:
        """Whether it is asked in small rounds, since it has nothing but results to go by."""
        ...

    def limit(self, space: Space) -> int | None:
        """Return how many configurations there are; None where they never end."""
        ...

    def propose(
        self, space: Space, round: Round, told: Sequence[Trial], seconds: float
    ) -> list[Proposal]:
        """Return the proposals of a round.

        Args:
            space: The parameters.
            round: The round.
            told: Trials of earlier rounds, by number.
            seconds: How long asking may take; the rest is drawn at random.
        """
        ...


@dataclass(frozen=True)
class Random:
    """Every value alike likely (Bergstra and Bengio 2012)."""

    seed: int
    name: str = "random"
    small_rounds: bool = False

    def limit(self, space: Space) -> int | None:
        return None

    def one(self, space: Space, number: int) -> Proposal:
        """Return the proposal for the trial of that number."""
        shares = np.random.default_rng([self.seed, number]).random(len(space))
        return Proposal(space.at(shares), self.name)

    def propose(
        self, space: Space, round: Round, told: Sequence[Trial], seconds: float
    ) -> list[Proposal]:
        return [self.one(space, round.first + place) for place in range(round.size)]


@dataclass(frozen=True)
class Sobol:
    """Points that fill the space evenly, scrambled by the seed (Sobol 1967, Owen 1998)."""

    seed: int
    name: str = "sobol"
    small_rounds: bool = False

    def limit(self, space: Space) -> int | None:
        return None

    def propose(
        self, space: Space, round: Round, told: Sequence[Trial], seconds: float
    ) -> list[Proposal]:
        from scipy.stats import qmc

        own: dict[str, Any] = {"seed": self.seed}  # which newer versions call `rng`, too
        last = round.first + round.size
        points = qmc.Sobol(len(space), scramble=True, **own)
        places = points.random_base2((last - 1).bit_length())[round.first : last]
        return [Proposal(space.at(place), self.name) for place in places]


@dataclass(frozen=True)
class Grid:
    """Every combination of options; of a range without steps five values.

    Combinations follow one another at a distance of the golden section of them all, so that
    the first few of many lie spread over the space.
    """

    seed: int
    name: str = "grid"
    small_rounds: bool = False

    def limit(self, space: Space) -> int | None:
        return int(np.prod([len(values) for values in space.grid()], dtype=object))

    def propose(
        self, space: Space, round: Round, told: Sequence[Trial], seconds: float
    ) -> list[Proposal]:
        values = space.grid()
        count = math.prod(len(one) for one in values)
        stride = _stride(count)
        found = []
        for number in range(round.first, round.first + round.size):
            left, chosen = number * stride % count, []
            for one in reversed(values):
                left, place = divmod(left, len(one))
                chosen.append(one[place])
            pairs = zip(space.names, reversed(chosen), strict=True)
            found.append(Proposal(dict(pairs), self.name))
        return found


def _stride(count: int) -> int:
    """Return the step nearest to the golden section of `count` that meets every number once."""
    golden = round(count * GOLDEN)
    steps = (golden + way * away for away in range(count) for way in (1, -1))
    return next(one for one in steps if one > 0 and math.gcd(one, count) == 1)


OURS: Mapping[str, type[Random] | type[Sobol] | type[Grid]] = {
    "random": Random,
    "sobol": Sobol,
    "grid": Grid,
}
"""Proposers by the names of their samplers; they look at no results and need no extra."""
