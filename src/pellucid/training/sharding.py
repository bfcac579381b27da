"""Programs on several cores: each takes a part of every batch's rows.

The program is written for whole batches. Where a batch enters it, its rows are laid over the
devices, and XLA finds out what follows: which values are of some rows, and where the parts
must be added up, as for a gradient, a loss or a batch's mean. So every layer, loss and metric
means what it means on one device, and masks are the same numbers.
"""

import math
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

import jax
import numpy as np
from jax import lax
from jax.sharding import Mesh, NamedSharding, PartitionSpec

from pellucid.cores import get_cores
from pellucid.graph import Network
from pellucid.training import cache
from pellucid.training.work import forward_work
from pellucid.types import Array, NumpyArray

Tree = TypeVar("Tree")

LEAST_ROWS = 8
"""Rows of a batch that each part has at least: with fewer, products of matrices are slow."""

LEAST_WORK = 4e6
"""Numbers that each part computes at least in a pass forward, by `work.forward_work`."""

MEETING_WORK = 1e6
"""Numbers that are computed in the time for which devices wait for each other once."""

ALIGNMENT = 64
"""XLA uses an array of the host as it lies, on all devices, if it begins at such an address."""


def parts_for(network: Network, structure: Hashable, rows: int) -> int:
    """Return over how many cores to lay batches of `rows`.

    Args:
        network: What is computed.
        structure: What determines the network's program.
        rows: Rows in a batch; the parts are equal.
    """
    if rows < 2 * LEAST_ROWS or get_cores() == 1:
        return 1
    work = cache.program(("work", structure, rows), lambda: forward_work(network, rows))
    least = LEAST_WORK + MEETING_WORK * work.meetings
    most = min(get_cores(), rows // LEAST_ROWS, int(work.numbers / least))
    return max((parts for parts in range(1, most + 1) if rows % parts == 0), default=1)


class Sharding:
    """Where the arrays of a program lie: whole on one device, or by rows on several.

    Args:
        parts: Number of devices; 1 leaves everything as it is without this class.
    """

    def __init__(self, parts: int) -> None:
        self.parts = parts
        if parts > 1:
            mesh = Mesh(np.array(jax.local_devices()[:parts]), ("rows",))
            self._whole = NamedSharding(mesh, PartitionSpec())
            self._rows = NamedSharding(mesh, PartitionSpec("rows"))

    def compile(self, function: Callable[..., Any], **options: Any) -> jax.stages.Wrapped:
        """Return `function` compiled; what goes in and comes out lies whole on every device."""
        if self.parts == 1:
            return jax.jit(function, **options)
        whole = self._whole
        return jax.jit(function, in_shardings=whole, out_shardings=whole, **options)

    def split(self, batch: Tree) -> Tree:
        """Lay the rows of traced arrays over the devices, if they can be divided equally."""
        if self.parts == 1:
            return batch

        def over(array: Array) -> Array:
            if array.shape[0] % self.parts:
                return array
            return lax.with_sharding_constraint(array, self._rows)

        return jax.tree.map(over, batch)

    def put(self, tree: Tree) -> Tree:
        """Return arrays as the program takes them; the devices share one copy of NumPy arrays."""
        if self.parts == 1:
            return jax.device_put(jax.tree.map(one_copy, tree))
        return jax.device_put(jax.tree.map(_aligned, tree), self._whole)

    def lend(self, tree: Tree) -> Tree:
        """Return arrays made by `room` as the program takes them, without a copy on a CPU."""
        return jax.device_put(tree) if self.parts == 1 else jax.device_put(tree, self._whole)


def one_copy(array: Array) -> Array:
    """Return an array that lies whole on several devices as one for any program."""
    several = isinstance(array, jax.Array) and len(array.sharding.device_set) > 1
    return np.array(array.addressable_data(0)) if several else array


def _aligned(array: Any) -> Any:
    if not isinstance(array, np.ndarray):
        return array
    held = room(array.shape, array.dtype)
    held[...] = array
    return held


def room(shape: tuple[int, ...], dtype: Any) -> NumpyArray:
    """Return an array that is not filled yet and that XLA can use as it lies."""
    size = math.prod(shape) * np.dtype(dtype).itemsize
    whole = np.empty(size + ALIGNMENT, np.uint8)
    start = -whole.ctypes.data % ALIGNMENT
    return whole[start : start + size].view(dtype).reshape(shape)
