"""The words for shapes and arrays that signatures share."""

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np

Shape: TypeAlias = tuple[int | None, ...]
"""Sizes of the axes after the batch axis; None where a size may vary."""

Shapes: TypeAlias = Shape | list[Shape]
"""One input's shape, or one shape for each input of a layer that takes several."""

Array: TypeAlias = Any
"""A JAX array, a tracer of one, or a NumPy array."""

ArrayLike: TypeAlias = Any
"""Whatever `numpy.asarray` accepts, and JAX arrays."""

NumpyArray: TypeAlias = np.ndarray[Any, Any]

Config: TypeAlias = Mapping[str, Any]
"""Plain JSON values that describe one object."""

PerAxis: TypeAlias = Any
"""A whole number for all axes of space, or one for each; kept as a tuple."""
