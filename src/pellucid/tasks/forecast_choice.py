"""Which design suits a series, tried out with lines on the validation part."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from pellucid.data.series import (
    Design,
    Line,
    Parts,
    Track,
    future,
    origins_between,
    ridge_lines,
)
from pellucid.tasks.forecaster import actual_values, usable
from pellucid.types import NumpyArray

WINDOWS = (8, 16, 30)
"""Steps to look back on that are tried, besides one season and two."""

LONGEST_SEASON = 60
"""Seasons up to which windows are as long as one or two of them."""

MOST_FEATURES = 600
"""Features of the other columns, beyond which fewer of their steps are looked at."""

MOST_TRIED = 6000
"""Training examples by which a design is tried, spread over all."""

MOST_EXAMPLES = 40_000_000
"""Numbers that the training examples may hold; of longer series every second one is taken, or
every third and so on."""

FEWEST_EXAMPLES = 10
"""Training examples without which nothing can be learned."""

FEWEST_HELD = 2
"""Forecasts that the validation part must have room for, to compare any."""

LEAST_DEVIATION = 1e-7
"""Deviation, as a share of the mean, below which a feature does not vary."""

SILENT = 1e12
"""Variance given to a feature that does not vary in training, so that it says nothing later."""


@dataclass(frozen=True, eq=False)
class Scaler:
    """Means and deviations of the features of training examples.

    Args:
        mean: Shape (features,).
        variance: Shape (features,).
    """

    mean: NumpyArray
    variance: NumpyArray

    @classmethod
    def of(cls, x: NumpyArray) -> "Scaler":
        """Return those of some examples, shape (examples, features)."""
        mean, variance = x.mean(axis=0, dtype=np.float64), x.var(axis=0, dtype=np.float64)
        still = variance <= (LEAST_DEVIATION * mean) ** 2
        return cls(mean, np.where(still, SILENT, variance))

    def __call__(self, x: NumpyArray) -> NumpyArray:
        """Return features of mean 0 and deviation 1."""
        return (x - self.mean) / np.sqrt(self.variance)


@dataclass(frozen=True, eq=False)
class Choice:
    """The design that did best.

    Args:
        design: It.
        strength: Place of its penalty among the strengths of `ridge_lines`.
        error: Mean absolute error of its line on the validation part.
        tried: Number of designs that were tried.
    """

    design: Design
    strength: int
    error: float
    tried: int


def training_origins(design: Design, track: Track, end: int) -> NumpyArray:
    """Return the origins whose past and future lie before a step.

    Args:
        design: How far they look.
        track: The series.
        end: Step before which all lies.
    """
    origins = origins_between(design.first(track), 0, end, design.horizon)
    origins = usable(track, origins, design.horizon)
    return origins[:: every(design, track, end)]


def every(design: Design, track: Track, steps: int) -> int:
    """Return which of the training examples are taken: all for 1, every second for 2.

    Args:
        design: What each example holds.
        track: The series.
        steps: Steps from which they are taken.
    """
    numbers = design.width(track.columns.shape[1], len(track.ahead), track.waves.shape[1])
    return max(1, steps * numbers // MOST_EXAMPLES)


def held_origins(design: Design, track: Track, begin: int, end: int) -> NumpyArray:
    """Return the origins whose forecasts lie from one step to before another."""
    origins = origins_between(design.first(track), begin, end, design.horizon)
    return usable(track, origins, design.horizon)


def whole(track: Track, origins: NumpyArray, horizon: int) -> NumpyArray:
    """Return the origins after which every value came, or all where those are too few."""
    found = origins[~future(track.missing, origins, horizon).any(axis=1)]
    return found if len(found) > len(origins) / 5 else origins


def fit_lines(
    design: Design, track: Track, origins: NumpyArray, scaler: Scaler | None = None
) -> tuple[list[Line], Scaler]:
    """Return a line for each strength of the penalty, and the scaler of its features.

    Args:
        design: What is looked at, and told.
        track: The series.
        origins: Examples to learn from.
        scaler: That of earlier examples; learned from these when None.
    """
    chosen = whole(track, origins, design.horizon)
    x = design.features(track, chosen)
    scaler = Scaler.of(x) if scaler is None else scaler
    return ridge_lines(scaler(x), design.targets(track, chosen)), scaler


def choose_design(track: Track, parts: Parts, first: Design, windows: Sequence[int]) -> Choice:
    """Return the design whose line is nearest to the validation part.

    One thing is chosen after the other: how the target is handled, how far to look back, and
    whether to look at the other columns.

    Args:
        track: The series.
        parts: Its parts; the test is not looked at.
        first: A design with the horizon, the season and the offset of logarithms.
        windows: How far to look back, the choices.
    """
    tried: dict[Design, tuple[float, int]] = {}

    def error(design: Design) -> float:
        if design not in tried:
            tried[design] = _error(design, track, parts)
        return tried[design][0]

    windows = fitting_windows(first, windows, track, parts)
    design = _looking(first, windows[len(windows) // 2], first.recent)
    for options in (
        _handlings,
        lambda one: [_looking(one, window, first.recent) for window in windows],
        lambda one: [one, replace(one, recent=0)],
    ):
        design = min((one for one in options(design) if _fits(one, track, parts)), key=error)
    least, strength = tried[design]
    return Choice(centred(design, track, parts), strength, least, len(tried))


def _looking(design: Design, window: int, most: int) -> Design:
    """Return the design with another window; of the other columns it has at most so many steps."""
    return replace(design, window=window, recent=min(window, most))


def _handlings(design: Design) -> Iterator[Design]:
    offsets = [None] if design.offset is None else [None, design.offset]
    bases = ("last", "season", "mean") if design.season > 1 else ("last", "mean")
    for offset in offsets:
        for base in bases:
            yield replace(design, base=base, offset=offset)


def fitting_windows(first: Design, windows: Sequence[int], track: Track, parts: Parts) -> list[int]:
    """Return how far one may look back with enough examples to learn from and to decide by.

    Args:
        first: A design.
        windows: The choices.
        track: The series.
        parts: Its parts.
    """
    handlings = [*_handlings(first)]
    return [
        window
        for window in windows
        if any(_fits(_looking(one, window, first.recent), track, parts) for one in handlings)
    ]


def _fits(design: Design, track: Track, parts: Parts) -> bool:
    """Return whether there is something to look at, and enough examples."""
    if not design.width(track.columns.shape[1], len(track.ahead), track.waves.shape[1]):
        return False
    held = held_origins(design, track, parts.training, parts.known)
    examples = training_origins(design, track, parts.training)
    return len(examples) >= FEWEST_EXAMPLES and len(held) >= FEWEST_HELD


def _error(design: Design, track: Track, parts: Parts) -> tuple[float, int]:
    design = centred(design, track, parts)
    origins = training_origins(design, track, parts.training)
    origins = origins[:: max(1, len(origins) // MOST_TRIED)]
    lines, scaler = fit_lines(design, track, origins)
    held = held_origins(design, track, parts.training, parts.known)
    held = held[:: max(1, len(held) // MOST_TRIED)]
    x, actual = scaler(design.features(track, held)), actual_values(track, held, design.horizon)
    errors = [
        float(np.nanmean(np.abs(design.forecasts(track, held, line(x)) - actual))) for line in lines
    ]
    strength = int(np.argmin(errors))
    return errors[strength], strength


def centred(design: Design, track: Track, parts: Parts) -> Design:
    """Return the design with mean and deviation of the training values."""
    plain = replace(design, center=0.0, unit=1.0)
    curve = plain.curve(track.values[track.first : parts.training])
    unit = float(curve.std())
    return replace(plain, center=float(curve.mean()) / unit, unit=unit)


def possible_windows(season: int, training: int, given: int | None) -> list[int]:
    """Return how far one may look back, ascending.

    Args:
        season: Steps of a season.
        training: Training steps.
        given: What the user chose, or None.
    """
    if given is not None:
        return [given]
    seasons = (season + 1, 2 * season + 2) if 1 < season <= LONGEST_SEASON else ()
    fitting = [one for one in sorted({*WINDOWS, *seasons}) if one <= training / 3]
    return fitting or [max(2, training // 4)]


def log_offset(values: NumpyArray) -> float | None:
    """Return what to add before logarithms are taken: 0, or for zeros a little; None for none.

    Args:
        values: All values, NaN where missing.

    Example:
        >>> import numpy as np
        >>> from pellucid.tasks.forecast_choice import log_offset
        >>> [log_offset(np.array(one)) for one in ([1.0, 2.0], [0.0, 4.0, 6.0], [-1.0, 1.0])]
        [0.0, 0.5, None]
    """
    known = values[~np.isnan(values)]
    if known.min() < 0:
        return None
    return 0.0 if known.min() > 0 else float(np.median(known[known > 0])) / 10
