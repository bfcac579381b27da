"""Many small arrays in one: the packed vectors that compiled programs carry."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

import jax.numpy as jnp
import numpy as np
from jax import lax

from pellucid import cores
from pellucid.processor import on_cpu
from pellucid.types import Array, NumpyArray

# Here because every layer and optimiser comes by, before anybody computes.
cores.reserve()


PIECE = 2**14
"""Numbers of several arrays that are joined at once, at most, on a CPU. XLA divides the work of a
long concatenation among its threads, and each of them then goes through its whole part of the
result once for every array: joining gradients took half of a step of a small convolutional network
and four fifths of one of an MLP whose layers are 512 wide."""


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
        return [*accumulate(self.sizes, initial=0)][:-1]

    def unpack(self, vector: Array) -> list[Array]:
        """Return the arrays of which `vector` is made (traceable)."""
        pieces = zip(self.shapes, self.sizes, self.offsets, strict=True)
        return [
            lax.slice(vector, (offset,), (offset + size,)).reshape(shape)
            for shape, size, offset in pieces
        ]

    def pack(self, arrays: Sequence[Array]) -> Array:
        """Return `arrays` end to end in one vector (traceable)."""
        flat = [array.reshape(-1) for array in arrays]
        if not on_cpu() or self.size <= 2 * PIECE:
            return jnp.concatenate(flat) if flat else jnp.zeros(0, jnp.float32)
        vector = jnp.zeros(self.size, jnp.result_type(*flat))
        for place, numbers in self._pieces():
            piece = jnp.concatenate([flat[number] for number in numbers])
            vector = lax.dynamic_update_slice(vector, piece.astype(vector.dtype), (place,))
        return vector

    def _pieces(self) -> Iterator[tuple[int, list[int]]]:
        """Yield where each piece of a long vector begins, and the numbers of its arrays."""
        begun, numbers = 0, list[int]()
        for number, (offset, size) in enumerate(zip(self.offsets, self.sizes, strict=True)):
            if numbers and offset + size - begun > PIECE:
                yield begun, numbers
                begun, numbers = offset, []
            numbers.append(number)
        yield begun, numbers

    def pack_host(self, arrays: Sequence[NumpyArray]) -> NumpyArray:
        """Return `arrays` end to end in one float32 NumPy vector."""
        if not arrays:
            return np.zeros(0, np.float32)
        return np.concatenate([np.asarray(array, np.float32).reshape(-1) for array in arrays])

    def unpack_host(self, vector: NumpyArray) -> list[NumpyArray]:
        """Return NumPy views of the arrays in `vector`."""
        pieces = zip(self.shapes, self.sizes, self.offsets, strict=True)
        return [vector[offset : offset + size].reshape(shape) for shape, size, offset in pieces]
