"""The exponential linear unit as a layer."""

from collections.abc import Mapping
from typing import ClassVar

import jax
import jax.numpy as jnp

from pellucid.description import number
from pellucid.layers.base import Layer
from pellucid.layers.context import Context
from pellucid.types import Array


class ELU(Layer):
    """Exponential linear unit: `x` where positive, else `alpha * (exp(x) - 1)`.

    Args:
        alpha: What the outputs tend to, negated, for very negative inputs.

    Input shape:
        (batch, ...).
    Output shape:
        The same.

    Example:
        >>> import numpy as np, pellucid
        >>> pellucid.layers.ELU()(np.array([[0.0, 2.0]], "float32")).tolist()
        [[0.0, 2.0]]

    Source: Clevert et al., "Fast and Accurate Deep Network Learning by ELUs" (2016).
    """

    passes_mask: ClassVar[bool] = True

    alpha: float = number(default=1.0)

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Array:
        return jax.nn.elu(inputs, jnp.asarray(self.alpha, inputs.dtype))
