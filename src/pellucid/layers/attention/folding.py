"""The order of axes in which attention over any axes is computed, and the way back."""

import math
from dataclasses import dataclass

import jax.numpy as jnp

from pellucid.types import Array


@dataclass(frozen=True)
class Folding:
    """Between (batch, ..., heads, width) and (batch, others..., heads, steps, width).

    The axes that are attended become one axis of steps; the others stay before the heads.

    Args:
        attended: Numbers of the attended axes.
    """

    attended: tuple[int, ...]

    def _order(self, rank: int) -> list[int]:
        others = [axis for axis in range(rank - 2) if axis not in self.attended]
        return [*others, rank - 2, *self.attended, rank - 1]

    def sizes(self, x: Array) -> tuple[int, ...]:
        """Return the sizes of the attended axes."""
        return tuple(x.shape[axis] for axis in self.attended)

    def fold(self, x: Array) -> Array:
        """Return (batch, others..., heads, steps, width)."""
        moved = x.transpose(self._order(x.ndim))
        before = moved.shape[: x.ndim - 1 - len(self.attended)]
        return moved.reshape(*before, math.prod(self.sizes(x)), x.shape[-1])

    def unfold(self, x: Array, sizes: tuple[int, ...]) -> Array:
        """Return what `fold` was given; `sizes` are those of the attended axes."""
        apart = x.reshape(*x.shape[:-2], *sizes, x.shape[-1])
        order = self._order(apart.ndim)
        return apart.transpose([order.index(axis) for axis in range(apart.ndim)])

    def fold_steps(self, real: Array, shape: tuple[int, ...]) -> Array:
        """Return (batch, others..., 1, steps) of a mask for inputs of `shape`.

        Args:
            real: Shape (batch, steps) or more; what it says holds for all axes behind.
            shape: Shape of the inputs that it is the mask of.
        """
        steps = shape[:-1]
        spread = real.reshape(*real.shape, *(1,) * (len(steps) - real.ndim))
        return self.fold(jnp.broadcast_to(spread, steps)[..., None, None])[..., 0]

    def fold_pairs(self, mask: Array, query: Array, key: Array) -> Array:
        """Return (batch, others..., heads, steps, steps) of a mask for pairs of steps.

        Args:
            mask: Shape (batch, ..., attended of the query..., attended of the key...). What it
                says holds for all heads and others that it has no axes for.
            query: Shape (batch, ..., heads, width).
            key: The same for the keys.
        """
        queries, keys = self.sizes(query), self.sizes(key)
        own = mask.shape[: mask.ndim - len(queries) - len(keys)]
        whole = jnp.broadcast_to(mask, (*own, *queries, *keys))
        missing = query.ndim - 1 - len(queries) - len(own)
        return whole.reshape(*own, *(1,) * missing, math.prod(queries), math.prod(keys))
