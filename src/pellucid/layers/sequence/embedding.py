"""The layer that looks up a vector for each whole number."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import jax.numpy as jnp
import numpy as np

from pellucid import constraints, initializers, regularizers
from pellucid.description import count, flag, part
from pellucid.errors import Problem
from pellucid.layers.base import Layer
from pellucid.layers.context import Context
from pellucid.layers.weight import Weight
from pellucid.types import Array, NumpyArray, Shape


class Embedding(Layer):
    """Turn whole numbers, such as those of words, into vectors that are learned.

    `outputs[..., :] = embeddings[inputs]`.

    Args:
        input_dim: Number of different whole numbers, 0 to `input_dim - 1`, at least 1.
        output_dim: Length of the vectors, at least 1.
        embeddings_initializer: First values of the vectors, shape (input_dim, output_dim).
        embeddings_regularizer: Penalty on the vectors.
        embeddings_constraint: Bound on the vectors after each update.
        mask_zero: Whether 0 stands for padding, which layers behind leave out.
        input_length: Accepted for the sake of old Keras scripts; the data tell.

    Input shape:
        (batch, ...), whole numbers.
    Output shape:
        (batch, ..., output_dim).

    Example:
        >>> import numpy as np, pellucid
        >>> layer = pellucid.layers.Embedding(10, 4, mask_zero=True)
        >>> layer(np.array([[1, 2, 0]])).shape, layer.compute_mask(np.array([[1, 2, 0]])).tolist()
        ((1, 3, 4), [[True, True, False]])

    Source: Bengio et al., "A Neural Probabilistic Language Model" (2003).

    Differs from Keras: data with numbers outside the range are refused. `weights=[matrix]` is
    written `embeddings_initializer=Constant(matrix)`, or `set_weights([matrix])` once the model is
    built.
    """

    any_type: ClassVar[bool] = True
    removed: ClassVar[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
        "weights": lambda given: (
            "Write embeddings_initializer=initializers.Constant(matrix), or set_weights([matrix]) "
            "once the model is built."
        )
    }

    input_dim: int = count(  # type: ignore[assignment]
        meaning="how many different whole numbers there are"
    )
    output_dim: int = count(meaning="the length of the vectors")
    embeddings_initializer: Any = part(initializers.get, default="uniform")
    embeddings_regularizer: Any = part(regularizers.get, default=None)
    embeddings_constraint: Any = part(constraints.get, default=None)
    mask_zero: bool = flag(default=False)
    input_length: int | None = count(default=None, optional=True, meaning="steps", kw_only=True)

    @property
    def entry(self) -> tuple[Shape | None, str]:
        steps = None if self.input_length is None else (self.input_length,)
        return self.given_shape or steps, "int32"

    @property
    def padding_value(self) -> float | None:
        return 0 if self.mask_zero else None

    def build(self, shape: Shape) -> Mapping[str, Weight]:
        table = Weight(
            (self.input_dim, self.output_dim),
            self.embeddings_initializer,
            self.embeddings_regularizer,
            self.embeddings_constraint,
        )
        return {"embeddings": table}

    def output_shape(self, shape: Shape) -> Shape:
        return (*shape, self.output_dim)

    def output_dtype(self, dtype: str) -> str:
        return self.dtype or "float32"

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        return jnp.asarray(inputs) != 0 if self.mask_zero else None

    def data_problems(self, data: NumpyArray) -> Sequence[Problem]:
        if not data.size or (data.min() >= 0 and data.max() < self.input_dim):
            return []
        row = np.argwhere((data < 0) | (data >= self.input_dim))[0]
        given = f"{data[tuple(row)]:g} in row {row[0]}"
        expected = f"whole numbers from 0 to {self.input_dim - 1}"
        fix = f"Make the table larger, input_dim={int(data.max()) + 1}."
        if data.min() < 0:
            fix = "Number the categories from 0."
        return [Problem(self.label, given, expected, fix)]

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Array:
        found = jnp.take(weights["embeddings"], inputs.astype(jnp.int32), axis=0, mode="clip")
        return found if self.dtype is None else found.astype(self.dtype)
