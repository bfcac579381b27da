"""Dropout for self-normalising networks."""

from collections.abc import Mapping
from typing import ClassVar

import jax.numpy as jnp
from jax import lax

from pellucid.layers.context import Context
from pellucid.layers.noise import Dropping
from pellucid.types import Array

DROPPED = -1.0507009873554804934193349852946 * 1.6732632423543772848170429916717
"""What `selu` tends to for very negative inputs: the value of a unit that is switched off."""


class AlphaDropout(Dropping):
    """While training, switch off a random share of the inputs, keeping mean 0 and variance 1.

    Dropped values become `d = -1.758`, the lower end of `selu`; then all are mapped by
    `a * x + b` with `a = ((1 - rate) * (1 + rate * d**2))**-0.5` and `b = -a * d * rate`.

    Args:
        rate: Share of values that is dropped, at least 0 and below 1.
        noise_shape: Shape of the mask with the batch axis first, as for `Dropout`.
        seed: Sets this layer's draws apart; they follow the model's seed in any case.

    Input shape:
        (batch, ...).
    Output shape:
        The same.

    Raises:
        ArgumentError: `rate` is out of range.

    Example:
        >>> import numpy as np, pellucid
        >>> pellucid.layers.AlphaDropout(0.5)(np.ones((1, 2), "float32")).tolist()
        [[1.0, 1.0]]

    Source: Klambauer et al., "Self-Normalizing Neural Networks" (2017).

    Differs from Keras: a rate of 1, which drops everything, is refused.
    """

    passes_mask: ClassVar[bool] = True

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Array:
        kept = self.draw_kept(inputs, context)
        if kept is None:
            return inputs
        rate = jnp.asarray(self.rate, jnp.float32)
        factor = lax.rsqrt((1 - rate) * (1 + rate * DROPPED**2))
        offset = -factor * DROPPED * rate
        values = jnp.where(kept, inputs, jnp.asarray(DROPPED, inputs.dtype))
        return factor.astype(inputs.dtype) * values + offset.astype(inputs.dtype)
