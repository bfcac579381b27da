"""Real rows in the place of padding, for functions that make one number of a whole batch."""

import jax.numpy as jnp

from pellucid.types import Array


def in_turn(rows: Array) -> Array:
    """Return as many places as there are rows: those of the real ones, again and again.

    Args:
        rows: Shape (batch, ...); 0 for padding.
    """
    size = rows.shape[0]
    kept = jnp.any(rows.reshape(size, -1) != 0, axis=1)
    real = jnp.nonzero(kept, size=size, fill_value=0)[0]
    return real[jnp.arange(size) % jnp.maximum(jnp.count_nonzero(kept), 1)]
