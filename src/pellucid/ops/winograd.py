"""Winograd's minimal filtering: convolution with a fraction of the multiplications.

Along one axis, `m` neighbouring outputs of a kernel with `r` taps take `m · r` multiplications
when each is summed by itself, but only `n = m + r - 1` as a product of polynomials, whose values
at `n` points are multiplied one by one:

    outputs = Aᵀ [(G kernel) ⊙ (B tile)]         A: n × m,  G: n × r,  B: n × n

A tile is the `n` inputs under `m` outputs, so tiles overlap by `r - 1`. Along more axes the
transforms follow each other, an axis at a time. With a sum over channels, the products at one
point become a matrix product over all tiles. So a convolution is a transform, a matrix product for
each point, and a transform back; its gradients are the same three steps, transposed.

Source: Winograd, "Arithmetic Complexity of Computations" (1980); Lavin and Gray, "Fast
Algorithms for Convolutional Neural Networks" (2016). On the choice of points: Barabasz et
al., "Error Analysis and Improving the Accuracy of Winograd Convolution" (2020).
"""

import math
from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from pellucid.ops import window
from pellucid.ops.window import with_margins
from pellucid.processor import apart
from pellucid.types import Array, NumpyArray

POINTS = (0.0, 1.0, -1.0, 0.5, -2.0, 2.0, -0.5)
"""Where polynomials are evaluated, after infinity, in the order in which they are used."""

MOST_POINTS = {1: 8, 2: 6}
"""Most points along an axis, by the number of axes: more would save more, and round worse."""

LARGEST_STEP = 4
"""Most outputs of a tile along an axis."""


class Tiles(NamedTuple):
    """How one axis of space is cut into tiles.

    Args:
        size: Number of inputs.
        before: Zeros before them.
        outputs: Number of outputs.
        taps: Size of the kernel.
        step: Outputs of a tile.
    """

    size: int
    before: int
    outputs: int
    taps: int
    step: int

    @property
    def number(self) -> int:
        return -(-self.outputs // self.step)

    @property
    def points(self) -> int:
        return self.step + self.taps - 1

    @property
    def reach(self) -> int:
        """Number of inputs under all tiles."""
        return (self.number - 1) * self.step + self.points

    @property
    def multiplications(self) -> int:
        return self.number * self.points


Tiling = tuple[Tiles, ...]


def tiling(axes: window.Axes) -> Tiling | None:
    """Return the tiles with the fewest multiplications; None where the method does not apply.

    It applies to one or two axes, along which a kernel without gaps moves place by place.
    """
    most = MOST_POINTS.get(len(axes), 0)
    if not all(a.stride == a.gap == 1 and 2 <= a.taps < most for a in axes):
        return None
    return tuple(
        min(
            (
                Tiles(axis.size, axis.before, axis.outputs, axis.taps, step)
                for step in range(min(LARGEST_STEP, most + 1 - axis.taps), 0, -1)
            ),
            key=lambda tiles: tiles.multiplications,
        )
        for axis in axes
    )


def saving(tiling: Tiling) -> float:
    """Return how many times as many multiplications a sum for each output would take."""
    return math.prod(tiles.outputs * tiles.taps / tiles.multiplications for tiles in tiling)


@partial(jax.custom_vjp, nondiff_argnums=(2,))
def convolve(inputs: Array, kernel: Array, tiling: Tiling) -> Array:
    """Return the convolution; it can be differentiated in reverse mode only.

    Args:
        inputs: Shape (batch, *space, channels), float32 or float64.
        kernel: Shape (*size, channels, filters).
        tiling: How each axis of space is cut.

    Returns:
        Shape (batch, *outputs, filters).
    """
    return _forward(inputs, kernel, tiling)[0]


def _forward(inputs: Array, kernel: Array, tiling: Tiling) -> tuple[Array, tuple[Array, Array]]:
    margins = [(tiles.before, tiles.reach - tiles.before - tiles.size) for tiles in tiling]
    transforms = [_transforms(tiles) for tiles in tiling]
    points = _cut(with_margins(inputs, margins), tiling, [each.tile for each in transforms])
    kernel = _transformed_kernel(kernel, [each.kernel for each in transforms])
    outputs = _join(
        jnp.einsum("prc,pcf->prf", points, kernel),
        tiling,
        [each.outputs.T for each in transforms],
        [(0, tiles.outputs) for tiles in tiling],
    )
    return outputs, (points, kernel)


def _backward(tiling: Tiling, kept: tuple[Array, Array], gradient: Array) -> tuple[Array, Array]:
    points, kernel = kept
    margins = [(0, tiles.number * tiles.step - tiles.outputs) for tiles in tiling]
    transforms = [_transforms(tiles) for tiles in tiling]
    products = _cut(with_margins(gradient, margins), tiling, [each.outputs for each in transforms])
    to_inputs = _join(
        jnp.einsum("prf,pcf->prc", products, kernel),
        tiling,
        [each.tile.T for each in transforms],
        [(tiles.before, tiles.before + tiles.size) for tiles in tiling],
    )
    to_kernel = jnp.einsum("prc,prf->pcf", points, products)
    return to_inputs, _kernel_from(to_kernel, [each.kernel.T for each in transforms])


convolve.defvjp(_forward, _backward)


# -- the transforms of an axis --------------------------------------------------------------------


class Transforms(NamedTuple):
    """What the three parts of the product are multiplied by; a row for each point.

    Args:
        outputs: A, shape (points, step).
        kernel: G, shape (points, taps).
        tile: B, shape (points, points).
    """

    outputs: NumpyArray
    kernel: NumpyArray
    tile: NumpyArray


def _transforms(tiles: Tiles) -> Transforms:
    """Return values of polynomials at the points, and the inverse of that, transposed.

    Each row of B is divided by its largest element and the same row of G multiplied by it,
    which makes rounding errors smaller.
    """
    tile = np.linalg.inv(_powers(tiles.points, tiles.points)).T
    scale = np.abs(tile).max(axis=1, keepdims=True)
    kernel = _powers(tiles.points, tiles.taps) * scale
    return Transforms(_powers(tiles.points, tiles.step), kernel, tile / scale)


def _powers(points: int, count: int) -> NumpyArray:
    """Return `count` powers of each point; at infinity only the highest is not 0."""
    finite = np.vander(POINTS[: points - 1], count, increasing=True)
    return np.vstack([finite, np.eye(count)[-1:]])


# -- an axis at a time ----------------------------------------------------------------------------
#
# Each pass that cuts an axis puts its points in front of all else. After `done` passes the next
# axis therefore lies behind `done` axes of points, the batch and `done` axes of tiles.


def _cut(array: Array, tiling: Tiling, matrices: Sequence[NumpyArray]) -> Array:
    """Return the transformed tiles: shape (points, batch · tiles, channels)."""
    for done, (tiles, matrix) in enumerate(zip(tiling, matrices, strict=True)):
        array = apart(partial(_cut_axis, tiles, matrix, 2 * done + 1), array)
    return array.reshape(math.prod(tiles.points for tiles in tiling), -1, array.shape[-1])


def _cut_axis(tiles: Tiles, matrix: NumpyArray, place: int, array: Array) -> Array:
    length = (tiles.number - 1) * tiles.step + 1
    inputs = [
        lax.slice_in_dim(array, first, first + length, tiles.step, place)
        for first in range(matrix.shape[1])
    ]
    return _combined(matrix, inputs, 0)


def _join(
    products: Array,
    tiling: Tiling,
    matrices: Sequence[NumpyArray],
    kept: Sequence[tuple[int, int]],
) -> Array:
    """Return tiles transformed back, summed where they overlap; of each axis the places kept."""
    points, counts = [t.points for t in reversed(tiling)], [t.number for t in tiling]
    array = products.reshape(*points, -1, *counts, products.shape[-1])
    for done in reversed(range(len(tiling))):
        join = partial(_join_axis, tiling[done].step, matrices[done], kept[done], 2 * done + 1)
        array = apart(join, array)
    return array


def _join_axis(
    step: int, matrix: NumpyArray, kept: tuple[int, int], place: int, array: Array
) -> Array:
    """Return tiles as wide as `matrix` (width × points) makes them, `step` places apart, summed."""
    blocks = -(-len(matrix) // step)
    matrix = np.pad(matrix, ((0, blocks * step - len(matrix)), (0, 0)))
    shifted = []
    for block, rows in enumerate(np.split(matrix, blocks)):
        part = lax.collapse(_combined(rows, list(array), place + 1), place, place + 2)
        widths = [(0, 0, 0)] * part.ndim
        widths[place] = (block * step, (blocks - 1 - block) * step, 0)
        shifted.append(lax.pad(part, np.zeros((), part.dtype), widths))
    return lax.slice_in_dim(sum(shifted[1:], shifted[0]), *kept, axis=place)


def _transformed_kernel(kernel: Array, matrices: Sequence[NumpyArray]) -> Array:
    for done, matrix in enumerate(matrices):
        kernel = apart(partial(_transform_axis, matrix, done, 0), kernel)
    return kernel.reshape(-1, *kernel.shape[-2:])


def _kernel_from(products: Array, matrices: Sequence[NumpyArray]) -> Array:
    points = [matrix.shape[1] for matrix in reversed(matrices)]
    array = products.reshape(*points, *products.shape[1:])
    for done in reversed(range(len(matrices))):
        array = apart(partial(_transform_axis, matrices[done], 0, done), array)
    return array


def _transform_axis(matrix: NumpyArray, place: int, to: int, array: Array) -> Array:
    """Return `array` with its axis at `place` multiplied by `matrix` and moved."""
    parts = [
        lax.index_in_dim(array, index, place, keepdims=False) for index in range(matrix.shape[1])
    ]
    return _combined(matrix, parts, to)


def _combined(matrix: NumpyArray, parts: Sequence[Array], place: int) -> Array:
    """Return `Σ_i matrix[:, i] · parts[i]`, the rows of `matrix` along a new axis at `place`."""
    shape = [1] * (parts[0].ndim + 1)
    shape[place] = len(matrix)
    terms = [
        lax.expand_dims(part, [place]) * column.astype(part.dtype).reshape(shape)
        for part, column in zip(parts, matrix.T, strict=True)
        if column.any()
    ]
    return sum(terms[1:], terms[0])
