"""What a layer is told beside its inputs, and what it may return beside its outputs."""

from dataclasses import dataclass, field, replace
from typing import Any

import jax.numpy as jnp

from pellucid.ops import random
from pellucid.types import Array

TRAINING, INFERENCE = "training", "inference"
"""Settings of a call that is always, or never, one of training: `layer(x, training=False)`."""


@dataclass(frozen=True)
class Context:
    """The circumstances of one call of a layer.

    Args:
        training: True while training, when dropout drops and statistics move.
        key: Random key (uint32) of this call; None where no randomness is allowed.
        rows: Shape (batch,); 1 for real rows, 0 for padding. None when all are real.
        mask: Shape (batch, steps); False for steps of the input that are padding. A list,
            with None for inputs without a mask, where there are several inputs. None when
            no input has one.
        settings: Names of the layer's `call_settings` that are on in this call.
    """

    training: bool = False
    key: Array | None = None
    rows: Array | None = None
    mask: Any = None
    settings: tuple[str, ...] = ()

    def at(self, place: int, mask: Any = None, settings: tuple[str, ...] = ()) -> "Context":
        """Return the context of the call at `place` of a network, with a key of its own."""
        key = None if self.key is None else random.fold(self.key, place)
        training = (self.training or TRAINING in settings) and INFERENCE not in settings
        return replace(self, training=training, key=key, mask=mask, settings=settings)

    @property
    def first_mask(self) -> Array | None:
        """The mask of the first input, or of the only one."""
        return self.mask[0] if isinstance(self.mask, list) else self.mask

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
        outputs: The outputs; a list where the layer gives several.
        state: New values of non-trainable weights, by name.
        penalty: A scalar to add to the loss.
    """

    outputs: Any
    state: dict[str, Array] = field(default_factory=dict)
    penalty: Array | float = 0.0
