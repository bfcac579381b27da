"""How a logged curve runs: whether it falls, how rough it is, how far training is ahead."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from pellucid.types import NumpyArray


def slope(values: Sequence[Any]) -> float | None:
    """Return the mean relative change from one value to the next: -0.01 falls by 1 % a time.

    It is the slope of the least-squares line through the values, over the mean of their sizes.

    Args:
        values: A part of a column of a history; what is None or not finite is left out.

    Returns:
        None for fewer than two values, or only zeros.

    Example:
        >>> from pellucid.training.trend import slope
        >>> round(slope([1.1, 1.0, 0.9]), 4)
        -0.1
    """
    places, finite = _finite(values)
    size = float(np.mean(np.abs(finite))) if len(finite) else 0.0
    if len(finite) < 2 or size == 0:
        return None
    return float(np.polyfit(places, finite, 1)[0]) / size


def roughness(values: Sequence[Any]) -> float | None:
    """Return how far values lie from the middle of their neighbours, over their mean size.

    The root mean square of `v[t] - (v[t-1] + v[t+1]) / 2`, so that a smooth curve has about 0
    however steeply it falls.

    Args:
        values: As for `slope`.

    Returns:
        None for fewer than three values, or only zeros.

    Example:
        >>> from pellucid.training.trend import roughness
        >>> roughness([3.0, 2.0, 1.0]), roughness([1.0, 3.0, 1.0, 3.0])
        (0.0, 1.0)
    """
    _, finite = _finite(values)
    size = float(np.mean(np.abs(finite))) if len(finite) else 0.0
    if len(finite) < 3 or size == 0:
        return None
    apart = finite[1:-1] - (finite[:-2] + finite[2:]) / 2
    return float(np.sqrt(np.mean(np.square(apart)))) / size


def gap(training: Sequence[Any], validation: Sequence[Any]) -> list[float | None]:
    """Return how much larger the validation's loss is than the training's: 0.1 is 10 %.

    Args:
        training: A column of a history, one value an epoch.
        validation: The same of the validation rows.

    Returns:
        `validation / training - 1` for each epoch; None where one of both is missing or 0.

    Example:
        >>> from pellucid.training.trend import gap
        >>> gap([0.5, 0.25], [0.5, 0.5])
        [0.0, 1.0]
    """
    pairs = zip(training, validation, strict=True)
    return [_excess(one, other) for one, other in pairs]


def _excess(training: Any, validation: Any) -> float | None:
    known = _is_finite(training) and _is_finite(validation) and training
    return validation / training - 1 if known else None


def _finite(values: Sequence[Any]) -> tuple[NumpyArray, NumpyArray]:
    """Return the finite values with their places."""
    kept = [(place, value) for place, value in enumerate(values) if _is_finite(value)]
    return tuple(np.array(kept, float).reshape(-1, 2).T)  # type: ignore[return-value]


def _is_finite(value: Any) -> bool:
    return isinstance(value, (int, float)) and math.isfinite(value)
