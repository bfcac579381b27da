"""What a run is asked to tell of its inside: little at hardly any cost, or everything."""

from dataclasses import dataclass, field

from pellucid.errors import Problem, did_you_mean, report
from pellucid.training.gauges import QUANTITIES, Gauges, needs_halves
from pellucid.training.probe import Column, Reading, Schedule
from pellucid.training.recipe import Recipe
from pellucid.types import Array

NEVER = 2**31 - 1
"""More steps than a run has."""

INTERVAL = 100
"""Steps between two readings of a run that is long enough."""

BEFORE_WIDENING = 16
"""Readings at the first interval, before it doubles; then half as many at each."""

FEWEST = 20
"""Readings of a run that is too short for the interval of long ones."""

ECONOMY = (
    "loss",
    "learning_rate",
    "activation/mean",
    "activation/rms",
    "activation/zeros",
    "activation/dead",
    "activation/saturated",
    "signal/rms",
    "weight/rms",
    "gradient/rms",
    "update",
)


@dataclass(frozen=True)
class Economy:
    """The quantities that tell a sick run from a healthy one, for under 3 % of its time.

    Args:
        every: Steps between two readings. When None, a twentieth of the run but at most 100;
            that doubles after 16 readings, and again whenever the steps have doubled.
        quantities: Keys of `pellucid.training.gauges.QUANTITIES`.

    Raises:
        ArgumentError: `every` is no whole number of at least 1, or a quantity is unknown.

    Example:
        >>> from pellucid.training.presets import Economy
        >>> Economy().schedule(100)
        Schedule(every=5, widens=80)
        >>> Economy(every=10).schedule(100).every
        10
    """

    # The interval is a number that programs take as data: no part of what they compile.
    every: int | None = field(default=None, compare=False)
    quantities: tuple[str, ...] = ECONOMY

    def __post_init__(self) -> None:
        where = type(self).__name__
        problems = [
            Problem(
                f"{where}(quantities=...)",
                repr(name),
                "a known quantity",
                did_you_mean(str(name), [*QUANTITIES]),
            )
            for name in self.quantities
            if name not in QUANTITIES
        ]
        if self.every is not None and not (type(self.every) is int and self.every >= 1):
            expected = "a whole number of at least 1 (steps between two readings)"
            problems.append(Problem(f"{where}(every=...)", repr(self.every), expected))
        report(problems)

    @property
    def opposes(self) -> bool:
        return needs_halves(self.quantities)

    def schedule(self, steps: int | None) -> Schedule:
        if self.every is not None:
            return Schedule(self.every, NEVER)
        share = INTERVAL if steps is None else steps // FEWEST
        every = max(1, min(INTERVAL, share))
        return Schedule(every, BEFORE_WIDENING * every)

    def columns(self, recipe: Recipe) -> list[Column]:
        return Gauges(recipe, self.quantities).columns

    def memory_size(self, recipe: Recipe) -> int:
        return Gauges(recipe, self.quantities).memory_size

    def read(self, reading: Reading) -> tuple[Array, Array]:
        return Gauges(reading.recipe, self.quantities).read(reading)


@dataclass(frozen=True)
class Full(Economy):
    """Everything that can be measured, for under 15 % of a run's time.

    Args:
        every: As in `Economy`.
        quantities: As in `Economy`.

    Example:
        >>> from pellucid.training.presets import Full
        >>> "gradient/noise" in Full().quantities
        True
    """

    quantities: tuple[str, ...] = tuple(QUANTITIES)


PRESETS = {"economy": Economy, "full": Full}
"""The presets by the names that `fit` takes."""
