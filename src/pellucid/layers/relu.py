"""The rectified linear unit as a layer."""

from collections.abc import Mapping
from typing import ClassVar

from pellucid import activations
from pellucid.description import number
from pellucid.layers.base import Layer
from pellucid.layers.context import Context
from pellucid.types import Array


class ReLU(Layer):
    """Rectified linear unit: `max(x, 0)`.

    In general `min(x, max_value)` where `x > threshold`, else
    `negative_slope * (x - threshold)`.

    Args:
        max_value: Upper bound of the outputs, at least 0; None for none.
        negative_slope: Slope below the threshold, at least 0.
        threshold: Input up to which the unit is off, at least 0.

    Input shape:
        (batch, ...).
    Output shape:
        The same.

    Example:
        >>> import numpy as np, pellucid
        >>> pellucid.layers.ReLU(max_value=6)(np.array([[-1.0, 2.0, 8.0]], "float32")).tolist()
        [[0.0, 2.0, 6.0]]

    Source: Glorot et al., "Deep Sparse Rectifier Neural Networks" (2011).
    """

    passes_mask: ClassVar[bool] = True

    max_value: float | None = number(default=None, low=0, optional=True, tunable=False)
    negative_slope: float = number(default=0.0, low=0, tunable=False)
    threshold: float = number(default=0.0, low=0, tunable=False)

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Array:
        return activations.relu(inputs, self.negative_slope, self.max_value, self.threshold)
