"""Dropout for self-normalising networks."""

from collections.abc import Mapping, Sequence
from typing import Any

import jax.numpy as jnp
from jax import lax

from pellucid.errors import Problem
from pellucid.layers.base import Layer
from pellucid.layers.context import Context
from pellucid.layers.noise import (
    key_for,
    mask_shape,
    noise_shape_option,
    noise_shape_problems,
    rate_option,
    seed_option,
)
from pellucid.ops import random
from pellucid.types import Array, Shape

DROPPED = -1.0507009873554804934193349852946 * 1.6732632423543772848170429916717
"""What `selu` tends to for very negative inputs: the value of a unit that is switched off."""


class AlphaDropout(Layer):
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

    rate: float = rate_option()
    noise_shape: Any = noise_shape_option()
    seed: int | None = seed_option()

    def shape_problems(self, shape: Shape) -> Sequence[Problem]:
        return noise_shape_problems(self, self.noise_shape, shape)

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Array:
        key = key_for(context, self.seed)
        if key is None:
            return inputs
        kept = random.keep(key, mask_shape(self.noise_shape, inputs), self.rate)
        rate = jnp.asarray(self.rate, jnp.float32)
        factor = lax.rsqrt((1 - rate) * (1 + rate * DROPPED**2))
        offset = -factor * DROPPED * rate
        values = jnp.where(kept, inputs, jnp.asarray(DROPPED, inputs.dtype))
        return factor.astype(inputs.dtype) * values + offset.astype(inputs.dtype)
