"""The layer that scales and shifts by fixed numbers."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import jax.numpy as jnp
import numpy as np

from pellucid.description import option
from pellucid.errors import Problem
from pellucid.initializers import to_numbers
from pellucid.layers.base import Layer
from pellucid.layers.context import Context
from pellucid.layers.merge import merged_shape
from pellucid.types import Array, Shape


class Rescaling(Layer):
    """Scale and shift: `inputs * scale + offset`.

    Args:
        scale: Factor; a number, or numbers that fit the last axes of the inputs.
        offset: What is added; likewise.

    Input shape:
        (batch, ...), of any number type.
    Output shape:
        The same.

    Raises:
        ShapeError: Several numbers do not fit the inputs.

    Example:
        >>> import numpy as np, pellucid
        >>> pixels = np.array([[0, 51, 255]], "uint8")
        >>> print(np.asarray(pellucid.layers.Rescaling(1 / 255)(pixels)).round(4))
        [[0.  0.2 1. ]]
    """

    passes_mask: ClassVar[bool] = True

    scale: Any = option(convert=to_numbers)
    offset: Any = option(default=0.0, convert=to_numbers)

    def shape_problems(self, shape: Shape) -> Sequence[Problem]:
        found = []
        for name, numbers in (("scale", self.scale), ("offset", self.offset)):
            sizes = np.shape(numbers)
            merged = merged_shape([shape, sizes])
            if merged is None or len(merged) != len(shape):
                given = f"numbers of shape {sizes} for inputs of shape {(None, *shape)}"
                expected = "one number, or numbers that fit the last axes"
                found.append(Problem(f"{self.label}({name}=...)", given, expected))
        return found

    def output_shape(self, shape: Shape) -> Shape:
        merged = merged_shape([shape, np.shape(self.scale), np.shape(self.offset)])
        return shape if merged is None else merged

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Array:
        scale = jnp.asarray(self.scale, inputs.dtype)
        return inputs * scale + jnp.asarray(self.offset, inputs.dtype)
