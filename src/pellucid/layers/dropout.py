"""Dropout."""

from collections.abc import Mapping
from typing import ClassVar

from pellucid.layers.context import Context
from pellucid.layers.noise import Dropping, without_dropped
from pellucid.types import Array


class Dropout(Dropping):
    """While training, set a random share of the inputs to zero.

    What is kept is divided by `1 - rate`, so that the expected value stays the same.

    Args:
        rate: Share of values that is dropped, at least 0 and below 1.
        noise_shape: Shape of the mask with the batch axis first; it is repeated along axes of
            size 1. `(None, 1, 8)` drops whole columns of inputs of shape (batch, steps, 8).
        seed: Sets this layer's draws apart; they follow the model's seed in any case.

    Input shape:
        (batch, ...).
    Output shape:
        The same.

    Raises:
        ArgumentError: `rate` is out of range.

    Example:
        >>> import numpy as np, pellucid
        >>> layer = pellucid.layers.Dropout(0.5)
        >>> layer(np.ones((1, 3), "float32")).tolist()
        [[1.0, 1.0, 1.0]]
        >>> sorted(set(layer(np.ones((1, 99), "float32"), training=True)[0].tolist()))
        [0.0, 2.0]

    Source: Srivastava et al., "Dropout: A Simple Way to Prevent Overfitting" (2014).

    Differs from Keras: a rate of 1, which drops everything, is refused.
    """

    passes_mask: ClassVar[bool] = True

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Array:
        kept = self.draw_kept(inputs, context)
        return inputs if kept is None else without_dropped(inputs, kept, self.rate)
