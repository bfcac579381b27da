"""What a forecast looks at, and what it tells: changes from the last value, a season or a mean."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, Self, get_args

import numpy as np

from pellucid.data.series.windows import future, past, seasonal
from pellucid.errors import Problem, report
from pellucid.types import NumpyArray

Base = Literal["mean", "last", "season"]

BASES: Mapping[str, str] = {
    "last": "differences from the last value",
    "season": "differences from a season before",
    "mean": "the values themselves",
}
"""How the target is handled, in words."""

MOST_STEPS = 100_000


@dataclass(frozen=True, eq=False)
class Track:
    """A series as numbers, a row for each step.

    Args:
        values: The target, each gap filled with the value before, NaN only at the beginning.
        missing: Where it has no value of its own.
        columns: Features of the other columns, float32, shape (steps, columns).
        ahead: Which of them are known ahead.
        waves: Where in day, week and year each step lies, shape (steps, waves).
    """

    values: NumpyArray
    missing: NumpyArray
    columns: NumpyArray
    ahead: tuple[int, ...]
    waves: NumpyArray

    @property
    def first(self) -> int:
        """The first step that has a value."""
        return int(np.argmax(~np.isnan(self.values)))


@dataclass(frozen=True)
class Design:
    """How a series becomes examples of what was known and what came.

    Args:
        horizon: Steps of a forecast.
        season: Steps of a season, 1 for none.
        window: Steps of the target that a forecast looks back on.
        recent: Steps of the other columns that it looks back on, 0 to leave them out.
        base: What the forecast is the difference from: the training "mean", the "last" value or
            the one a "season" before.
        offset: What is added before the logarithm is taken; None for no logarithm.
        center: Mean of the training values, after the logarithm and in `unit`.
        unit: What values, or their logarithms, are divided by, above 0.
        gaps: Whether the forecast is told which share of its window was filled.

    Raises:
        ArgumentError: A number is out of range.

    Example:
        >>> import numpy as np
        >>> from pellucid.data.series import Design, Track
        >>> values, nothing = np.array([1.0, 2.0, 4.0, 8.0, 16.0]), np.zeros((5, 0))
        >>> track = Track(values, np.zeros(5, bool), nothing, (), nothing)
        >>> design = Design(horizon=1, season=1, window=3, recent=0, base="last", offset=0.0)
        >>> origins = np.array([2, 3])
        >>> (design.targets(track, origins) / np.log(2)).round(6).tolist()
        [[1.0], [1.0]]
        >>> design.forecasts(track, origins, np.log([[2.0], [2.0]])).round(6).tolist()
        [[8.0], [16.0]]
    """

    horizon: int
    season: int
    window: int
    recent: int
    base: Base
    offset: float | None = None
    center: float = 0.0
    unit: float = 1.0
    gaps: bool = False

    def __post_init__(self) -> None:
        problems = []
        for name in ("horizon", "season", "window", "recent"):
            value, least = getattr(self, name), 0 if name == "recent" else 1
            whole = isinstance(value, int) and not isinstance(value, bool)
            if not whole or not least <= value <= MOST_STEPS:
                expected = f"a whole number from {least} to {MOST_STEPS}"
                problems.append(Problem(f"Design({name}=...)", repr(value), expected))
        if self.base not in get_args(Base):
            expected = f"one of {', '.join(map(repr, get_args(Base)))}"
            problems.append(Problem("Design(base=...)", repr(self.base), expected))
        for name in ("offset", "center"):
            value = getattr(self, name)
            if not _is_number(value) and not (name == "offset" and value is None):
                problems.append(Problem(f"Design({name}=...)", repr(value), "a finite number"))
        if not isinstance(self.gaps, bool):
            problems.append(Problem("Design(gaps=...)", repr(self.gaps), "True or False"))
        if not _is_number(self.unit) or self.unit <= 0:
            problems.append(Problem("Design(unit=...)", repr(self.unit), "a number above 0"))
        report(problems)

    def __str__(self) -> str:
        log = "" if self.offset is None else f", of logarithms of the values{self._added()}"
        base = (
            BASES[self.base] if self.base != "season" else f"differences from {self.season} before"
        )
        others = f", {self.recent} of the other columns" if self.recent else ""
        return f"{base}{log}; looks back {self.window} steps{others}"

    def _added(self) -> str:
        return f" plus {self.offset:.4g}" if self.offset else ""

    def get_config(self) -> dict[str, Any]:
        """Return the numbers as plain values."""
        return asdict(self)

    @classmethod
    def from_config(cls, config: Any) -> Self:
        """Return the design that `get_config` described.

        Raises:
            ArgumentError: A number is out of range.
            ValueError: Something is missing or unknown.
        """
        if not isinstance(config, Mapping) or {*config} != {one.name for one in fields(cls)}:
            raise ValueError("got a design of another form")
        return cls(**config)

    # -- what is learned from ----------------------------------------------------------------

    def first(self, track: Track) -> int:
        """Return the earliest origin whose past is long enough."""
        back = self.window + (self.season if self.base == "season" else 0)
        return track.first + max(back, self.recent, self.season) - 1

    def width(self, columns: int, ahead: int, waves: int) -> int:
        """Return how many features there are.

        Args:
            columns: Features of the other columns.
            ahead: How many of them are known ahead.
            waves: Waves of day, week and year.
        """
        seen = self.window - (1 if self.base == "last" else 0)
        return seen + waves + int(self.gaps) + self.recent * columns + self.horizon * ahead

    def features(self, track: Track, origins: NumpyArray) -> NumpyArray:
        """Return what is known at each origin, float32, shape (origins, features)."""
        curve = self.curve(track.values)
        if self.base == "season":
            before = np.concatenate([np.full(self.season, np.nan), curve[: -self.season]])
            curve = curve - before
        seen = past(curve, origins, self.window)
        if self.base == "last":
            seen = (seen - seen[:, -1:])[:, :-1]
        if self.base == "mean":
            seen = seen - self.center
        parts = [seen, track.waves[origins]]
        if self.gaps:
            parts.append(past(track.missing, origins, self.window).mean(axis=1, keepdims=True))
        if self.recent:
            parts.append(_flat(past(track.columns, origins, self.recent)))
        if track.ahead:
            parts.append(_flat(future(track.columns[:, track.ahead], origins, self.horizon)))
        return np.concatenate([part.astype(np.float32) for part in parts], axis=1)

    def targets(self, track: Track, origins: NumpyArray) -> NumpyArray:
        """Return what came after each origin as differences from the base, (origins, horizon)."""
        curve = self.curve(track.values)
        return future(curve, origins, self.horizon) - self._start(curve, origins)

    def forecasts(self, track: Track, origins: NumpyArray, told: NumpyArray) -> NumpyArray:
        """Return differences from the base as values, the inverse of `targets`."""
        return self.values(self._start(self.curve(track.values), origins) + told)

    def _start(self, curve: NumpyArray, origins: NumpyArray) -> NumpyArray:
        if self.base == "mean":
            return np.full((len(origins), self.horizon), self.center)
        season = self.season if self.base == "season" else 1
        return seasonal(curve, origins, self.horizon, season)

    def curve(self, values: NumpyArray) -> NumpyArray:
        """Return values as they are learned: themselves or their logarithms, in `unit`."""
        return (values if self.offset is None else np.log(values + self.offset)) / self.unit

    def values(self, curve: NumpyArray) -> NumpyArray:
        """Return the values that `curve` stands for."""
        if self.offset is None:
            return curve * self.unit
        return np.exp(np.minimum(curve * self.unit, LARGEST_LOGARITHM)) - self.offset


LARGEST_LOGARITHM = 700.0
"""Beyond this, the exponential leaves the range of float64."""


def _flat(windows: NumpyArray) -> NumpyArray:
    return windows.reshape(len(windows), -1)


def _is_number(value: Any) -> bool:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return number and bool(np.isfinite(value))
