"""What a layer declares about one of its arrays, before any array exists."""

import math
from dataclasses import dataclass

from pellucid.constraints import Constraint
from pellucid.initializers import Initializer
from pellucid.regularizers import Regularizer


@dataclass(frozen=True)
class Weight:
    """One array of a layer: its shape and how it starts, is penalised and is bounded.

    Args:
        shape: Sizes of the axes; no batch axis.
        initializer: Makes the first values.
        regularizer: Penalty on the values, added to the loss.
        constraint: Projection applied after each update.
        trainable: False for state that the layer itself carries, such as moving averages.
    """

    shape: tuple[int, ...]
    initializer: Initializer
    regularizer: Regularizer | None = None
    constraint: Constraint | None = None
    trainable: bool = True

    @property
    def size(self) -> int:
        """Number of values."""
        return math.prod(self.shape)
