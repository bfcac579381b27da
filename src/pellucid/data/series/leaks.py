"""Columns that hold the future: what they say of a step is only known later."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from pellucid.data.table.table import Table
from pellucid.types import NumpyArray
from pellucid.wording import count_text

FARTHEST = 30
"""Steps up to which columns are looked at for the target's future, at least."""

FEWEST = 20
"""Steps below which two columns agree by chance too easily."""

EXACT = 1e-9
"""Share of variance by which a column may miss the future and still be it."""


@dataclass(frozen=True)
class FutureLeak:
    """A column that holds the target's future.

    Args:
        name: Name of the column.
        reason: What it is, in words.
    """

    name: str
    reason: str


def find_future(
    table: Table, target: str, horizon: int, known: Sequence[str] = ()
) -> Iterator[FutureLeak]:
    """Yield each column of numbers that is the target of later steps, or its change until then.

    A column counts that is such a number times another plus a third, so scaling hides nothing.

    Args:
        table: A row for each step.
        target: Name of the target.
        horizon: Steps ahead that are forecast.
        known: Columns that are read ahead, which must not be the target of their own step either.

    Example:
        >>> import numpy as np
        >>> from pellucid.data.series import find_future
        >>> from pellucid.data.table import as_table
        >>> y = np.random.default_rng(0).normal(size=50)
        >>> leak = next(find_future(as_table({"next": y[1:], "y": y[:-1]}), "y", 1))
        >>> leak.name, leak.reason
        ('next', "it is 'y' 1 step later")
    """
    truth = table[target].values
    for column in table:
        if column.name == target or column.storage != "number":
            continue
        if _is_line(column.values, truth):
            # The target's present is no secret, unless it is read ahead.
            if column.name in known:
                yield FutureLeak(column.name, f"it is '{target}' of the same step")
            continue
        reason = _reason(column.values, truth, target, max(horizon, FARTHEST))
        if reason is not None:
            yield FutureLeak(column.name, reason)


def _reason(values: NumpyArray, truth: NumpyArray, target: str, farthest: int) -> str | None:
    for ahead in range(1, min(farthest, len(truth) - FEWEST) + 1):
        told, now, then = values[:-ahead], truth[:-ahead], truth[ahead:]
        later = count_text(ahead, "step")
        with np.errstate(divide="ignore", invalid="ignore"):
            relative = then / now
        if _is_line(told, then):
            return f"it is '{target}' {later} later"
        if _is_line(told, then - now):
            return f"it is the change of '{target}' in the next {later}"
        if _is_line(told, relative):
            return f"it is the relative change of '{target}' in the next {later}"
    return None


def _is_line(values: NumpyArray, truth: NumpyArray) -> bool:
    both = np.isfinite(values) & np.isfinite(truth)
    if both.sum() < FEWEST:
        return False
    one, other = values[both] - values[both].mean(), truth[both] - truth[both].mean()
    power = float(one @ one) * float(other @ other)
    return power > 0 and 1 - float(one @ other) ** 2 / power < EXACT
