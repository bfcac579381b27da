"""Where data enter a model."""

from typing import Any, ClassVar

import jax.numpy as jnp

from pellucid.description import choice, count, option
from pellucid.errors import ArgumentError
from pellucid.layers.base import Layer, to_shape
from pellucid.layers.symbolic import Call, SymbolicTensor
from pellucid.types import Shape

INPUT_TYPES = (
    "float32",
    "float16",
    "bfloat16",
    "float64",
    "int32",
    "int64",
    "uint8",
    "bool",
    "string",
)


class InputLayer(Layer):
    """The layer behind `Input`; it hands its data on.

    Args:
        shape: Shape of one row, without the batch axis: `(8,)`; None for a free size.
        data_type: Type of the data.
        batch_size: Number of rows in every batch, which stateful layers need; None for any.
    """

    any_type: ClassVar[bool] = True

    shape: Shape = option(default=(), convert=to_shape)
    data_type: str = choice(INPUT_TYPES, default="float32")
    batch_size: int | None = count(
        default=None, optional=True, meaning="the number of rows in every batch"
    )

    def output_dtype(self, dtype: str) -> str:
        return self.data_type

    def apply(self, weights: Any, inputs: Any, context: Any) -> Any:
        return inputs if self.data_type == "string" else inputs.astype(jnp.dtype(self.data_type))


def Input(  # noqa: N802 - Keras's name
    shape: Any = None,
    batch_size: int | None = None,
    dtype: str = "float32",
    name: str | None = None,
    batch_shape: Any = None,
) -> SymbolicTensor:
    """Return a placeholder for a model's input.

    Args:
        shape: Shape of one row, without the batch axis: `(8,)`.
        batch_size: Number of rows in every batch, which stateful layers need; None for any.
        dtype: Type of the data; "string" for text that a lookup layer reads.
        name: Name by which `fit({"age": ...})` addresses the input.
        batch_shape: Batch size and shape in one, `(32, 10, 8)`, in the place of both.

    Example:
        >>> import pellucid
        >>> pellucid.Input(shape=(8,)).shape
        (None, 8)
    """
    if batch_shape is not None:
        batch_size, *shape = batch_shape
    if shape is None:
        raise ArgumentError(
            "Input(shape=...): got no shape, expected the shape of one row without the batch "
            "axis. For rows of 8 numbers write Input(shape=(8,))."
        )
    layer = InputLayer(shape, dtype, batch_size, name=name)
    return SymbolicTensor(layer.shape, dtype, Call(layer, (), takes_list=False))
