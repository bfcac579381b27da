"""Positions as waves."""

from collections.abc import Mapping
from typing import ClassVar

import jax.numpy as jnp

from pellucid.description import number
from pellucid.layers.base import Layer
from pellucid.layers.context import Context
from pellucid.types import Array


class SinePositionEncoding(Layer):
    """Give each step sines and cosines of its position: add them to what is there.

    `outputs[:, t, i] = sin(t / max_wavelength ** (i / features))` for even i, and the cosine of
    the angle of i - 1 for odd ones. Attention alone does not know the order of steps.

    Args:
        max_wavelength: Length of the longest wave, in steps and up to 2 pi.

    Input shape:
        (batch, steps, features).
    Output shape:
        The same.

    Example:
        >>> import numpy as np, pellucid
        >>> x = np.zeros((1, 3, 4), "float32")
        >>> pellucid.layers.SinePositionEncoding()(x)[0, 0].tolist()
        [0.0, 1.0, 0.0, 1.0]

    Source: Vaswani et al., "Attention Is All You Need" (2017).

    Differs from Keras: Keras has it in KerasHub, by the same name.
    """

    passes_mask: ClassVar[bool] = True
    input_rank: ClassVar[int | None] = 3

    max_wavelength: float = number(default=10000, above=0, tunable=False)

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Array:
        steps, features = inputs.shape[1:]
        exact = jnp.promote_types(inputs.dtype, jnp.float32)
        feature = jnp.arange(features)
        rate = self.max_wavelength ** -((feature - feature % 2) / features).astype(exact)
        angle = jnp.arange(steps, dtype=exact)[:, None] * rate
        waves = jnp.where(feature % 2 == 0, jnp.sin(angle), jnp.cos(angle))
        return jnp.broadcast_to(waves, inputs.shape).astype(inputs.dtype)
