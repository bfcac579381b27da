"""The layer that says which steps of a sequence are real."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from pellucid.errors import Problem
from pellucid.layers.base import Layer
from pellucid.layers.context import Context
from pellucid.layers.symbolic import mask_attachers
from pellucid.types import Array, Shape


class AttachMask(Layer):
    """Hand the first input on, with the second as its mask.

    Made by `layer(x, mask=m)` while a model is drawn up.

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

    def shape_problems(self, shape: Sequence[Shape]) -> Sequence[Problem]:
        if len(shape) != 2:
            return [Problem(self.label, f"{len(shape)} inputs", "an array and its mask")]
        sequence, mask = shape
        fits = 0 < len(mask) <= len(sequence) and all(
            one is None or other is None or one == other
            for one, other in zip(sequence, mask, strict=False)
        )
        if fits:
            return []
        given = f"a mask of shape {(None, *mask)}"
        steps = sequence[0] if sequence else "steps"
        expected = f"shape {(None, steps)}, one value for each step of {(None, *sequence)}"
        return [Problem(self.label, given, expected, "True or 1 marks a real step.")]

    def output_shape(self, shape: Sequence[Shape]) -> Shape:
        return shape[0]

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        return inputs[1] != 0

    def apply(self, weights: Mapping[str, Array], inputs: Any, context: Context) -> Array:
        return inputs[0]


mask_attachers.append(lambda tensor, mask: AttachMask()([tensor, mask]))
