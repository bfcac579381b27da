"""The parametric rectified linear unit."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import jax

from pellucid import constraints, initializers, regularizers
from pellucid.description import axis_number, part
from pellucid.errors import Problem
from pellucid.layers.base import Layer
from pellucid.layers.common import as_tuple, axis_problems, inner_axes, known_size
from pellucid.layers.context import Context
from pellucid.layers.weight import Weight
from pellucid.types import Array, Shape


class PReLU(Layer):
    """Leaky rectified linear unit with learned slopes: `max(x, 0) - alpha * max(-x, 0)`.

    Args:
        alpha_initializer: First values of the slopes.
        alpha_regularizer: Penalty on the slopes.
        alpha_constraint: Bound on the slopes after each update.
        shared_axes: Axes along which one slope is shared, counted with the batch axis:
            (1, 2) gives images one slope a channel.

    Input shape:
        (batch, ...).
    Output shape:
        The same.

    Raises:
        ShapeError: The size of an axis that is not shared is left open.

    Example:
        >>> import numpy as np, pellucid
        >>> layer = pellucid.layers.PReLU(alpha_initializer=pellucid.initializers.Constant(0.5))
        >>> layer(np.array([[-1.0, 2.0]], "float32")).tolist()
        [[-0.5, 2.0]]

    Source: He et al., "Delving Deep into Rectifiers" (2015).
    """

    passes_mask: ClassVar[bool] = True

    alpha_initializer: Any = part(initializers.get, default="zeros")
    alpha_regularizer: Any = part(regularizers.get, default=None)
    alpha_constraint: Any = part(constraints.get, default=None)
    shared_axes: Any = axis_number(default=None, several=True, optional=True)

    def shape_problems(self, shape: Shape) -> Sequence[Problem]:
        return axis_problems(self, as_tuple(self.shared_axes or ()), shape, "shared_axes")

    def build(self, shape: Shape) -> Mapping[str, Weight]:
        shared = inner_axes(self.shared_axes or (), shape)
        sizes = tuple(
            1 if place in shared else known_size(self, shape, place) for place in range(len(shape))
        )
        return {
            "alpha": Weight(
                sizes, self.alpha_initializer, self.alpha_regularizer, self.alpha_constraint
            )
        }

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Array:
        return jax.nn.relu(inputs) - weights["alpha"] * jax.nn.relu(-inputs)
