"""What optimisers need to know of each array in a packed vector."""

from collections.abc import Sequence

import jax.numpy as jnp

from pellucid.tree import Layout
from pellucid.types import Array


def norms(vector: Array, layout: Layout) -> list[Array]:
    """Return the Euclidean norm of each array in `vector`, shape (layout.size,)."""
    return [jnp.sqrt(jnp.sum(jnp.square(array))) for array in layout.unpack(vector)]


def spread(values: Sequence[Array], layout: Layout) -> Array:
    """Return a vector of shape (layout.size,) that holds `values[i]` all over array i."""
    if not values:
        return jnp.zeros(0, jnp.float32)
    pairs = zip(values, layout.sizes, strict=True)
    return jnp.concatenate([jnp.full(size, value, jnp.float32) for value, size in pairs])
