"""Scaling of vectors to length one."""

import jax.numpy as jnp
from jax import lax

from pellucid.types import Array


def to_unit_length(x: Array, axis: int | tuple[int, ...], epsilon: float = 1e-12) -> Array:
    """Return `x` with every vector along `axis` divided by its length; zeros stay zeros.

    Args:
        x: Array of floating point numbers.
        axis: Axis (or axes) that run along a vector.
        epsilon: Lengths below this count as this.
    """
    wide = x.astype(jnp.promote_types(x.dtype, jnp.float32))
    squares = jnp.sum(jnp.square(wide), axis=axis, keepdims=True)
    return (wide * lax.rsqrt(jnp.maximum(squares, epsilon**2))).astype(x.dtype)
