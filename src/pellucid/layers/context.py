"""What a layer is told beside its inputs, and what it may return beside its outputs."""

from dataclasses import dataclass, field, replace
from typing import Any

import jax.numpy as jnp

from pellucid.ops import random
from pellucid.types import Array


@dataclass(frozen=True)
class Context:
    """The circumstances of one call of a layer.

    Args:
        training: True while training, when dropout drops and statistics move.
        key: Random key (uint32) of this call; None where no randomness is allowed.
        rows: Shape (batch,); 1 for real rows, 0 for padding. None when all are real.
    """

    training: bool = False
    key: Array | None = None
    rows: Array | None = None

    def at(self, place: int) -> "Context":
        """Return the context of the layer at `place` of a network, with a key of its own."""
        return self if self.key is None else replace(self, key=random.fold(self.key, place))

    def mean_over_rows(self, x: Array) -> Array:
        """Return the mean over axis 0, of the real rows only."""
        if self.rows is None:
            return jnp.mean(x, axis=0)
        weight = self.rows.astype(x.dtype).reshape((-1,) + (1,) * (x.ndim - 1))
        return jnp.sum(x * weight, axis=0) / jnp.maximum(jnp.sum(weight), 1)


@dataclass(frozen=True)
class Result:
    """What `apply` returns when there is more than the outputs.

    Args:
        outputs: The outputs.
        state: New values of non-trainable weights, by name.
        penalty: A scalar to add to the loss.
    """

    outputs: Any
    state: dict[str, Array] = field(default_factory=dict)
    penalty: Array | float = 0.0
