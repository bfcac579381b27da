"""The layer that says which steps of a sequence are real."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from pellucid.description import text
from pellucid.errors import Problem
from pellucid.layers.base import Layer
from pellucid.layers.context import Context
from pellucid.layers.masks import mask_problems
from pellucid.layers.symbolic import mask_attachers
from pellucid.types import Array, Shape


class AttachMask(Layer):
    """Hand the first input on, with the second as its mask.

    Made by `layer(x, mask=m)` while a model is drawn up.

    Args:
        where: How messages call the mask, such as `LSTM(mask=...)`; the layer itself when None.

    Input shape:
        Two arrays: (batch, steps, ...) and (batch, steps); a step is real where the second is
        not 0.
    Output shape:
        That of the first.

    Raises:
        ShapeError: The two have different steps.

    Example:
        >>> import numpy as np, pellucid
        >>> x, mask = np.ones((2, 3, 1), "float32"), np.array([[1, 1, 0], [1, 0, 0]])
        >>> pellucid.layers.AttachMask()([x, mask]).shape
        (2, 3, 1)
    """

    takes_list: ClassVar[bool] = True
    any_type: ClassVar[bool] = True

    where: str | None = text(default=None, identity=True)

    @property
    def label(self) -> str:
        return self.where or super().label

    def shape_problems(self, shape: Sequence[Shape]) -> Sequence[Problem]:
        if len(shape) != 2:
            return [Problem(self.label, f"{len(shape)} inputs", "an array and its mask")]
        sequence, mask = [(None, *one) for one in shape]
        return mask_problems(self.label, mask, sequence, range(2, len(sequence) + 1))

    def output_shape(self, shape: Sequence[Shape]) -> Shape:
        return shape[0]

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        return inputs[1] != 0

    def apply(self, weights: Mapping[str, Array], inputs: Any, context: Context) -> Array:
        return inputs[0]


mask_attachers.append(lambda tensor, mask, where: AttachMask(where)([tensor, mask]))
