"""The layer that turns whole numbers into vectors."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from pellucid.description import count, option
from pellucid.errors import DataError
from pellucid.layers.base import Layer
from pellucid.layers.context import Context
from pellucid.layers.encoding import encode, encoded_shape, is_known, to_dense, to_mode
from pellucid.types import Array, Shape


class CategoryEncoding(Layer):
    """Encode whole numbers from 0 to `num_tokens - 1` as vectors of that length.

    Args:
        num_tokens: Number of categories.
        output_mode: "multi_hot": 1 for every category present in a sample; "count": how often;
            both take the last axis as the members of one sample. "one_hot": a vector for every
            number.
        sparse: False.

    Input shape:
        (batch, members), whole numbers.
    Output shape:
        (batch, num_tokens); for "one_hot" (batch, members, num_tokens), or (batch, num_tokens)
        for one member.

    Raises:
        DataError: A number is out of range. Inside a compiled program, where values cannot be
            looked at, such a number counts as absent.

    Example:
        >>> import numpy as np, pellucid
        >>> layer = pellucid.layers.CategoryEncoding(4, "count")
        >>> layer(np.array([[0, 2, 2]])).tolist()
        [[1.0, 0.0, 2.0, 0.0]]

    Differs from Keras: the call takes no `count_weights`.
    """

    any_type: ClassVar[bool] = True

    num_tokens: int = count(meaning="the number of categories")
    output_mode: str = option(
        default="multi_hot", convert=to_mode(("one_hot", "multi_hot", "count"))
    )
    sparse: bool = option(default=False, convert=to_dense)

    def output_shape(self, shape: Shape) -> Shape:
        return encoded_shape(shape, self.output_mode, self.num_tokens)

    def output_dtype(self, dtype: str) -> str:
        return self.dtype or "float32"

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Array:
        if is_known(inputs):
            self._check(np.asarray(inputs))
        numbers = inputs.astype("int32")
        return encode(numbers, self.output_mode, self.num_tokens, self.dtype or "float32")

    def _check(self, numbers: np.ndarray) -> None:
        outside = (numbers < 0) | (numbers >= self.num_tokens)
        if outside.any():
            raise DataError(
                f"{self.label}: got {numbers[outside][0]}, "
                f"expected whole numbers from 0 to {self.num_tokens - 1} "
                f"(num_tokens={self.num_tokens})."
            )
