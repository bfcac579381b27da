"""Dropout."""

from collections.abc import Mapping, Sequence
from typing import Any

import jax.numpy as jnp

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


class Dropout(Layer):
    """While training, set a random share of the inputs to zero.

    What is kept is divided by `1 - rate`, so that the expected value stays the same.

    Args:
        rate: Share of values that is dropped, at least 0 and below 1.
        noise_shape: Shape of the mask with the batch axis first; it is repeated along axes of
            size 1. `(None, 1, 8)` drops whole columns of inputs of shape (batch, steps, 8).
        seed: Sets this layer's draws apart; they follow the model's seed in any case.

    Input shape:
        (batch, ...).
    Output shape:
        The same.

    Raises:
        ArgumentError: `rate` is out of range.

    Example:
        >>> import numpy as np, pellucid
        >>> layer = pellucid.layers.Dropout(0.5)
        >>> layer(np.ones((1, 3), "float32")).tolist()
        [[1.0, 1.0, 1.0]]
        >>> sorted(set(layer(np.ones((1, 99), "float32"), training=True)[0].tolist()))
        [0.0, 2.0]

    Source: Srivastava et al., "Dropout: A Simple Way to Prevent Overfitting" (2014).

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
        scale = jnp.asarray(1 / (1 - self.rate), inputs.dtype)
        return jnp.where(kept, inputs * scale, jnp.zeros_like(inputs))
