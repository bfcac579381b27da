"""What the layers that draw random numbers share."""

from collections.abc import Sequence
from typing import Any

import jax.numpy as jnp

from pellucid.description import count, number, option
from pellucid.errors import Problem
from pellucid.initializers import SEED
from pellucid.layers.base import Layer, checked_sizes
from pellucid.layers.context import Context
from pellucid.ops import random
from pellucid.types import Array, Shape

RATE = "the share of values that is dropped"


def _to_noise_shape(value: Any) -> tuple[int | None, ...] | None:
    expected = "sizes with the batch axis first, such as (None, 1, 8); None for the inputs' own"
    return None if value is None else checked_sizes(value, expected)


def key_for(context: Context, seed: int | None) -> Array | None:
    """Return the key for a layer's draws; None where nothing is drawn."""
    if not context.training or context.key is None:
        return None
    return context.key if seed is None else random.fold(context.key, seed)


def without_dropped(inputs: Array, kept: Array, rate: Array) -> Array:
    """Return 0 for the values that are not `kept`, and the others divided by `1 - rate`."""
    scale = jnp.asarray(1 / (1 - rate), inputs.dtype)
    return jnp.where(kept, inputs * scale, jnp.zeros_like(inputs))


class Dropping(Layer):
    """Base of the layers that, while training, drop a random share of their inputs.

    Args:
        rate: Share of values that is dropped, at least 0 and below 1.
        noise_shape: Shape of the mask, which is repeated along axes of size 1.
        seed: Sets this layer's draws apart.
    """

    rate: float = number(low=0, below=1, meaning=RATE)
    noise_shape: Any = option(default=None, convert=_to_noise_shape)
    seed: int | None = count(default=None, low=0, optional=True, meaning=SEED)

    def shape_problems(self, shape: Shape) -> Sequence[Problem]:
        if self.noise_shape is None:
            return []
        fits = len(self.noise_shape) == len(shape) + 1 and all(
            size in (None, 1) or own is None or size == own
            for size, own in zip(self.noise_shape[1:], shape, strict=True)
        )
        if fits:
            return []
        given = f"inputs of shape {(None, *shape)}"
        expected = f"inputs over which a mask of shape {self.noise_shape} can be repeated"
        return [Problem(f"{self.label}(noise_shape=...)", given, expected)]

    def draw_kept(self, inputs: Array, context: Context) -> Array | None:
        """Return a mask, True for the values that stay; None where nothing is dropped."""
        key = key_for(context, self.seed)
        if key is None:
            return None
        sizes = zip(self.noise_shape or inputs.shape, inputs.shape, strict=True)
        shape = tuple(own if size is None else size for size, own in sizes)
        return random.keep(key, shape, self.rate)
