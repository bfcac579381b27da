"""Arithmetic on symbolic tensors: `a + b`, `2 * a`, `1 - a`, `a / b`, `a ** 2`, `-a`."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import jax.numpy as jnp
import numpy as np

from pellucid.description import choice, flag, option
from pellucid.errors import Problem
from pellucid.initializers import to_numbers
from pellucid.layers.merge import Merge, merged_shape
from pellucid.layers.merge_elementwise import Add, Subtract
from pellucid.layers.symbolic import SymbolicTensor, operations
from pellucid.types import Array, Shape

OPERATIONS: Mapping[str, Callable[[Array, Array], Array]] = {
    "add": jnp.add,
    "subtract": jnp.subtract,
    "multiply": jnp.multiply,
    "divide": jnp.divide,
    "power": jnp.power,
}


class Arithmetic(Merge):
    """One operation of arithmetic, on an input and a number, or on two inputs.

    Made by `x / 255` and the like while a model is drawn up.

    Args:
        operation: "add", "subtract", "multiply", "divide" or "power".
        number: The other operand, a number or an array that fits the inputs' last axes; None
            when there are two inputs.
        number_first: Whether the number is the first operand, as in `1 - x`.

    Input shape:
        (batch, ...), or two of these.
    Output shape:
        (batch, ...).

    Example:
        >>> import numpy as np, pellucid
        >>> layer = pellucid.layers.Arithmetic("subtract", 1.0, number_first=True)
        >>> layer(np.array([[0.25]], "float32")).tolist()
        [[0.75]]
    """

    operation: str = choice(tuple(OPERATIONS))
    number: Any = option(
        default=None, convert=lambda value: None if value is None else to_numbers(value)
    )
    number_first: bool = flag(default=False)

    @property
    def number_of_inputs(self) -> int:  # type: ignore[override]
        return 2 if self.number is None else 1

    def output_shape(self, shape: Sequence[Shape]) -> Shape:
        return super().output_shape(shape if self.number is None else [*shape, self._number_shape])

    @property
    def _number_shape(self) -> Shape:
        return np.shape(self.number)

    def _size_problems(self, shapes: Sequence[Shape]) -> list[Problem]:
        if self.number is None:
            return super()._size_problems(shapes)
        fitting = merged_shape([*shapes, self._number_shape])
        if fitting is not None and len(self._number_shape) <= len(shapes[0]):
            return []
        given = f"inputs of shape {(None, *shapes[0])} and numbers of shape {self._number_shape}"
        return [Problem(self.label, given, "numbers that fit the inputs' last axes")]

    def merge(self, inputs: Sequence[Array], real: Sequence[Array | bool]) -> Array:
        if self.number is None:
            return OPERATIONS[self.operation](*inputs)
        number = jnp.asarray(self.number, inputs[0].dtype)
        pair = (number, inputs[0]) if self.number_first else (inputs[0], number)
        return OPERATIONS[self.operation](*pair)


# `Multiply` is none of these: it counts padding as 1, and `a * b` is a plain product.
PAIRS: Mapping[str, type[Merge]] = {"add": Add, "subtract": Subtract}


def operate(operation: str, first: Any, second: Any) -> Any:
    """Draw one operation; at least one operand is a symbolic tensor."""
    if isinstance(first, SymbolicTensor) and isinstance(second, SymbolicTensor):
        layer = PAIRS.get(operation)
        drawn = layer() if layer is not None else Arithmetic(operation)
        return drawn([first, second])
    if isinstance(first, SymbolicTensor):
        return Arithmetic(operation, second)(first)
    return Arithmetic(operation, first, number_first=True)(second)


operations.append(operate)
