"""Additive Gaussian noise."""

from collections.abc import Mapping
from typing import ClassVar

import jax.numpy as jnp

from pellucid.description import count, number
from pellucid.initializers import SEED
from pellucid.layers.base import Layer
from pellucid.layers.context import Context
from pellucid.layers.noise import key_for
from pellucid.ops import random
from pellucid.types import Array


class GaussianNoise(Layer):
    """While training, add noise of mean 0 and standard deviation `stddev`.

    Args:
        stddev: Standard deviation of the noise, at least 0.
        seed: Sets this layer's draws apart; they follow the model's seed in any case.

    Input shape:
        (batch, ...).
    Output shape:
        The same.

    Raises:
        ArgumentError: `stddev` is negative.

    Example:
        >>> import numpy as np, pellucid
        >>> pellucid.layers.GaussianNoise(0.1)(np.ones((1, 2), "float32")).tolist()
        [[1.0, 1.0]]

    Source: Bishop, "Training with Noise is Equivalent to Tikhonov Regularization" (1995).

    Differs from Keras: `stddev` may exceed 1.
    """

    passes_mask: ClassVar[bool] = True

    stddev: float = number(low=0, meaning="the standard deviation of the noise")
    seed: int | None = count(default=None, low=0, optional=True, meaning=SEED)

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Array:
        key = key_for(context, self.seed)
        if key is None:
            return inputs
        stddev = jnp.asarray(self.stddev, inputs.dtype)
        return inputs + stddev * random.normal(key, inputs.shape, inputs.dtype)
