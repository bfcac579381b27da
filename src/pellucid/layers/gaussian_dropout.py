"""Dropout by multiplicative Gaussian noise."""

from collections.abc import Mapping
from typing import ClassVar

import jax.numpy as jnp

from pellucid.description import count, number
from pellucid.initializers import SEED
from pellucid.layers.base import Layer
from pellucid.layers.context import Context
from pellucid.layers.noise import RATE, key_for
from pellucid.ops import random
from pellucid.types import Array


class GaussianDropout(Layer):
    """While training, multiply by noise of mean 1 and variance `rate / (1 - rate)`.

    Args:
        rate: As for `Dropout`, whose noise has the same mean and variance; at least 0, below 1.
        seed: Sets this layer's draws apart; they follow the model's seed in any case.

    Input shape:
        (batch, ...).
    Output shape:
        The same.

    Raises:
        ArgumentError: `rate` is out of range.

    Example:
        >>> import numpy as np, pellucid
        >>> pellucid.layers.GaussianDropout(0.5)(np.ones((1, 2), "float32")).tolist()
        [[1.0, 1.0]]

    Source: Srivastava et al., "Dropout" (2014), section 10.

    Differs from Keras: a rate of 1, whose variance is infinite, is refused.
    """

    passes_mask: ClassVar[bool] = True

    rate: float = number(low=0, below=1, meaning=RATE)
    seed: int | None = count(default=None, low=0, optional=True, meaning=SEED)

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Array:
        key = key_for(context, self.seed)
        if key is None:
            return inputs
        stddev = jnp.sqrt(self.rate / (1 - self.rate)).astype(inputs.dtype)
        return inputs * (1 + stddev * random.normal(key, inputs.shape, inputs.dtype))
