"""What optimisers need to know of each array in a packed vector."""

from collections.abc import Sequence

import jax.numpy as jnp
from jax import lax

from pellucid.tree import Layout
from pellucid.types import Array


def norm(array: Array) -> Array:
    """Return the Euclidean norm of all values of `array`."""
    flat = jnp.ravel(array)
    # As a product with itself, because XLA adds up a vector on a CPU one value at a time.
    return jnp.sqrt(jnp.vdot(flat, flat, precision=lax.Precision.HIGHEST))


def norms(vector: Array, layout: Layout) -> list[Array]:
    """Return the Euclidean norm of each array in `vector`, shape (layout.size,)."""
    return [norm(array) for array in layout.unpack(vector)]


def spread(values: Sequence[Array], layout: Layout) -> Array:
    """Return a vector of shape (layout.size,) that holds `values[i]` all over array i."""
    pairs = zip(values, layout.shapes, strict=True)
    return layout.pack([jnp.full(shape, value, jnp.float32) for value, shape in pairs])
