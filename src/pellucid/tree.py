"""Many small arrays in one: the packed vectors that compiled programs carry."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np
from jax import lax

from pellucid import cores
from pellucid.types import Array, NumpyArray

# Here because every layer and optimiser comes by, before anybody computes.
cores.reserve()


@dataclass(frozen=True)
class Layout:
    """Where arrays of given shapes lie, end to end, in one flat vector.

    A loop's cost grows with the number of arrays that it carries, so parameters,
    optimiser slots and layer state each travel as one vector.
    """

    shapes: tuple[tuple[int, ...], ...]

    @property
    def sizes(self) -> list[int]:
        return [math.prod(shape) for shape in self.shapes]

    @property
    def size(self) -> int:
        return sum(self.sizes)

    @property
    def offsets(self) -> list[int]:
        return [sum(self.sizes[:index]) for index in range(len(self.shapes))]

    def unpack(self, vector: Array) -> list[Array]:
        """Return the arrays of which `vector` is made (traceable)."""
        pieces = zip(self.shapes, self.sizes, self.offsets, strict=True)
        return [
            lax.slice(vector, (offset,), (offset + size,)).reshape(shape)
            for shape, size, offset in pieces
        ]

    def pack(self, arrays: Sequence[Array]) -> Array:
        """Return `arrays` end to end in one vector (traceable)."""
        if not arrays:
            return jnp.zeros(0, jnp.float32)
        return jnp.concatenate([array.reshape(-1) for array in arrays])

    def pack_host(self, arrays: Sequence[NumpyArray]) -> NumpyArray:
        """Return `arrays` end to end in one float32 NumPy vector."""
        if not arrays:
            return np.zeros(0, np.float32)
        return np.concatenate([np.asarray(array, np.float32).reshape(-1) for array in arrays])

    def unpack_host(self, vector: NumpyArray) -> list[NumpyArray]:
        """Return NumPy views of the arrays in `vector`."""
        pieces = zip(self.shapes, self.sizes, self.offsets, strict=True)
        return [vector[offset : offset + size].reshape(shape) for shape, size, offset in pieces]
