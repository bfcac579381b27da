"""How long a season is, and where in the day, the week and the year a step lies."""

from collections.abc import Sequence

import numpy as np

from pellucid.types import NumpyArray

CYCLES = ("day", "week", "year")
DAYS = {"day": 1.0, "week": 7.0, "year": 365.2425}
"""After how many days each of them comes round."""

WAVES = 2
"""Pairs of sine and cosine for each cycle."""

FULL = 2
"""Times that a cycle or a season must have been seen to be one."""


def find_season(values: NumpyArray, candidates: Sequence[int]) -> int:
    """Return the season after which values repeat best, or 1 where none was seen twice.

    The best is the one with the least mean distance between values a season apart.

    Args:
        values: Training values in order, NaN where missing, shape (steps,).
        candidates: Lengths to choose from, in steps.

    Example:
        >>> import numpy as np
        >>> from pellucid.data.series import find_season
        >>> find_season(np.tile([1.0, 5.0, 2.0], 8), [2, 3])
        3
    """
    seen = [season for season in candidates if len(values) >= FULL * season + 1]
    distances = {one: np.abs(values[one:] - values[:-one]) for one in seen}
    means = {one: np.nanmean(away) for one, away in distances.items() if not np.isnan(away).all()}
    return min(means, key=means.__getitem__, default=1)


def find_cycles(days: float, steps: int) -> tuple[str, ...]:
    """Return which of the day, the week and the year a series tells anything about.

    Args:
        days: Length of a step in days.
        steps: Number of training steps.

    Example:
        >>> from pellucid.data.series import find_cycles
        >>> find_cycles(1 / 24, 24 * 60), find_cycles(30.44, 90)
        (('day', 'week'), ('year',))
    """
    return tuple(
        name for name in CYCLES if 2 * days <= DAYS[name] and steps * days >= FULL * DAYS[name]
    )


def waves(moments: NumpyArray, cycles: Sequence[str]) -> NumpyArray:
    """Return sine and cosine of where in each cycle each moment lies, and of twice that angle.

    Args:
        moments: datetime64, shape (steps,).
        cycles: Some of "day", "week" and "year".

    Returns:
        Shape (steps, 4 for each cycle).
    """
    days = moments.astype("datetime64[s]").astype(np.int64) / 86400
    angles = [
        2 * np.pi * turn * days / DAYS[name] for name in cycles for turn in range(1, WAVES + 1)
    ]
    columns = [wave(angle) for angle in angles for wave in (np.sin, np.cos)]
    return np.stack(columns, axis=1) if columns else np.zeros((len(days), 0))
