"""Bounds on gradients before they are used."""

import jax.numpy as jnp

from pellucid.optimizers.packed import norm, norms, spread
from pellucid.tree import Layout
from pellucid.types import Array


def clip_values(gradients: Array, bound: Array) -> Array:
    """Return `gradients` with each value between -`bound` and `bound`."""
    return jnp.clip(gradients, -bound, bound)


def clip_norms(gradients: Array, layout: Layout, bound: Array) -> Array:
    """Return `gradients` with each array scaled down to a norm of at most `bound`."""
    scales = [bound / jnp.maximum(size, bound) for size in norms(gradients, layout)]
    return gradients * spread(scales, layout)


def clip_global_norm(gradients: Array, bound: Array) -> Array:
    """Return `gradients` scaled down to a norm over all arrays of at most `bound`.

    A norm that is infinite or NaN makes every value NaN, so that it is noticed.
    """
    size = norm(gradients)
    scale = bound * jnp.minimum(1.0 / size, 1.0 / bound)
    return gradients * (scale + (size - size))
