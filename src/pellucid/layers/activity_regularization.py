"""A penalty on what passes through."""

from collections.abc import Mapping
from typing import Any, ClassVar

from pellucid import regularizers
from pellucid.description import number
from pellucid.layers.base import Layer
from pellucid.layers.common import penalised
from pellucid.layers.context import Context
from pellucid.types import Array


class ActivityRegularization(Layer):
    """Hand the inputs on, and add a penalty on them to the loss.

    The penalty is `l1 * sum(abs(x)) + l2 * sum(x**2)` over a row, averaged over the rows.

    Args:
        l1: Strength of the penalty on absolute values, at least 0.
        l2: Strength of the penalty on squares, at least 0.

    Input shape:
        (batch, ...).
    Output shape:
        The same.

    Example:
        >>> import numpy as np, pellucid
        >>> pellucid.layers.ActivityRegularization(l1=0.01)(np.ones((1, 2), "float32")).tolist()
        [[1.0, 1.0]]
    """

    passes_mask: ClassVar[bool] = True

    l1: float = number(default=0.0, low=0, meaning="the strength of the penalty")
    l2: float = number(default=0.0, low=0, meaning="the strength of the penalty")

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Any:
        return penalised(inputs, regularizers.L1L2(self.l1, self.l2), context)
