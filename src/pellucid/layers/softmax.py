"""The softmax layer."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import jax
import jax.numpy as jnp

from pellucid.description import axis_number
from pellucid.errors import Problem
from pellucid.layers.base import Layer
from pellucid.layers.common import as_tuple, axis_problems
from pellucid.layers.context import Context
from pellucid.types import Array, Shape


class Softmax(Layer):
    """Probabilities from scores: `exp(x) / sum(exp(x))` along `axis`.

    Args:
        axis: Axis, or axes, over which the results sum to 1.

    Input shape:
        (batch, ...).
    Output shape:
        The same.

    Raises:
        ShapeError: The inputs have no such axis, or it is the batch axis.

    Example:
        >>> import numpy as np, pellucid
        >>> pellucid.layers.Softmax()(np.zeros((1, 4), "float32")).tolist()
        [[0.25, 0.25, 0.25, 0.25]]

    Source: Bridle, "Training Stochastic Model Recognition Algorithms as Networks" (1990).

    A mask of the shape of the inputs, `layer(x, mask=m)`, leaves values out: they get 0.
    """

    passes_mask: ClassVar[bool] = True

    axis: Any = axis_number(default=-1, several=True)

    def mask_axes(self, rank: int) -> range:
        return range(2, rank + 1)

    def shape_problems(self, shape: Shape) -> Sequence[Problem]:
        return axis_problems(self, as_tuple(self.axis), shape)

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Array:
        mask = context.first_mask
        if mask is None or mask.ndim != inputs.ndim:
            return jax.nn.softmax(inputs, self.axis)
        # Where nothing is left, all are 0.
        return jnp.nan_to_num(jax.nn.softmax(inputs, self.axis, where=mask))
