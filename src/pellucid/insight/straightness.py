"""Whether a function of arrays, such as an activation, is a straight line where data come."""

from collections.abc import Callable
from typing import Any

import numpy as np

from pellucid.types import Array, Shape

REACH = 3.0
"""Standard deviation of the numbers tried: three times that of standardised data."""

SLIGHT = 1e-3
"""Bend, as a share of the size of what the function gives, that makes no difference."""

OPEN = 3
"""Size that stands for one that is left open."""


def is_straight(function: Callable[[Any], Array], shape: Shape) -> bool:
    """Say whether a function is affine: straight lines stay straight lines.

    That is so where `f(a + b - c) = f(a) + f(b) - f(c)` for all rows a, b, c. Numbers of a
    standard deviation of 3 are tried. What cannot be computed from random numbers is not.

    Args:
        function: Takes an array of shape (rows, *shape), and gives one of as many rows.
        shape: Shape of a row; open sizes are None.

    Example:
        >>> import pellucid
        >>> from pellucid.insight.straightness import is_straight
        >>> [is_straight(pellucid.layers.LeakyReLU(slope), (4,)) for slope in (0.1, 1.0)]
        [False, True]
    """
    sizes = tuple(size or OPEN for size in shape)
    a, b, c = np.random.default_rng(0).normal(0, REACH, (3, 64, *sizes)).astype("float32")
    try:
        far, *near = (np.asarray(function(one), np.float64) for one in (a + b - c, a, b, c))
    except (TypeError, ValueError, ArithmeticError, LookupError):
        return False
    bend = far - (near[0] + near[1] - near[2])
    return bool(np.abs(bend).max(initial=0.0) <= SLIGHT * np.abs(far).max(initial=0.0))
