"""Masks that the call of a layer is given: which steps of its inputs are real."""

from collections.abc import Sequence
from typing import Any

import jax.numpy as jnp
import numpy as np

from pellucid.data.arrays import fits
from pellucid.errors import Problem, report
from pellucid.layers.symbolic import SymbolicTensor
from pellucid.types import Shape


def listed_masks(mask: Any) -> list[Any]:
    """Return the masks of several inputs, or the only one: a list may be either."""
    several = isinstance(mask, (list, tuple)) and all(
        one is None or isinstance(one, SymbolicTensor) or _axes(one) > 1 for one in mask
    )
    return [*mask] if several else [mask]


def _axes(value: Any) -> int:
    """Return the number of axes of an array, or of what nested lists stand for."""
    if isinstance(value, (list, tuple)):
        return 1 + max(map(_axes, value), default=0)
    return np.ndim(value)


def as_mask(value: Any, where: str, symbolic: bool) -> Any:
    """Return a mask as an array of True and False, or the symbolic tensor that it is.

    Args:
        value: Array, nested lists, symbolic tensor, or None.
        where: What messages call it.
        symbolic: Whether it is for a symbolic input.

    Raises:
        ArgumentError: It is an array for a symbolic input, or the other way round, or no array.
    """
    if value is None:
        return None
    if isinstance(value, SymbolicTensor) != symbolic:
        kinds = ["an array", "a symbolic tensor"]
        own, other = kinds if symbolic else kinds[::-1]
        fix = "Let it enter the model by an Input." if symbolic else ""
        inputs = "symbolic inputs" if symbolic else "arrays"
        report([Problem(where, f"{own} beside {inputs}", other, fix)])
    if symbolic:
        return value
    try:
        return jnp.asarray(value) != 0
    except (TypeError, ValueError):
        given, expected = "rows of different lengths", "as many values in each row"
        report([Problem(where, given, expected, "Fill them up with False.")])


def mask_problems(where: str, mask: Shape, inputs: Shape, axes: Sequence[int]) -> list[Problem]:
    """Return what keeps a mask from saying of each step whether it is real.

    Args:
        where: What messages call the mask.
        mask: Its shape, batch axis first.
        inputs: Shape of what it is for, batch axis first.
        axes: The numbers of axes that it may have.
    """
    if len(mask) in axes and fits(mask, inputs[: len(mask)]):
        return []
    wanted = inputs[: len(mask) if len(mask) in axes else axes[0]]
    expected = f"shape {wanted}, one value for each step of {inputs}"
    return [Problem(where, f"shape {mask}", expected, "True or 1 marks a real step.")]
