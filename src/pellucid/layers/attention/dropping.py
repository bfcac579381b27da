"""Dropout of attention weights."""

from typing import Any

import jax.numpy as jnp

from pellucid.layers.context import Context
from pellucid.layers.noise import key_for
from pellucid.ops import random
from pellucid.types import Array


def drops(rate: Any) -> bool:
    """Return whether there is dropout; a rate that programs take as data is traced, and never 0."""
    return not (isinstance(rate, (int, float)) and rate == 0)


def dropped(weights: Array, rate: Any, seed: int | None, context: Context) -> Array:
    """Return `weights` with a share of `rate` set to zero while training, the rest scaled up."""
    key = key_for(context, seed)
    if key is None or not drops(rate):
        return weights
    kept = random.keep(key, weights.shape, rate)
    return jnp.where(kept, weights / (1 - rate), 0).astype(weights.dtype)
