"""Positions that are learned."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import jax.numpy as jnp

from pellucid import initializers
from pellucid.description import count, part
from pellucid.errors import Problem, ShapeError, report
from pellucid.layers.base import Layer
from pellucid.layers.common import known_size
from pellucid.layers.context import Context
from pellucid.layers.weight import Weight
from pellucid.types import Array, Shape


class PositionEmbedding(Layer):
    """Give each step the vector of its position, which is learned: add it to what is there.

    `outputs[:, t] = embeddings[t]`. Attention alone does not know the order of steps.

    Args:
        sequence_length: Number of positions, at least as many as there are steps.
        initializer: First values of the vectors, shape (sequence_length, features).

    Input shape:
        (batch, steps, features).
    Output shape:
        The same.

    Raises:
        ShapeError: There are more steps than positions.

    Example:
        >>> import pellucid
        >>> words = pellucid.layers.Input((None,), dtype="int32")
        >>> x = pellucid.layers.Embedding(100, 8)(words)
        >>> (x + pellucid.layers.PositionEmbedding(32)(x)).shape
        (None, None, 8)

    Source: Gehring et al., "Convolutional Sequence to Sequence Learning" (2017).

    Differs from Keras: Keras has it in KerasHub, by the same name.
    """

    passes_mask: ClassVar[bool] = True
    input_rank: ClassVar[int | None] = 3

    sequence_length: int = count(meaning="the number of positions")
    initializer: Any = part(initializers.get, default="glorot_uniform")

    def shape_problems(self, shape: Shape) -> Sequence[Problem]:
        wrong = super().shape_problems(shape)
        return wrong or self._step_problems(shape[0])

    def _step_problems(self, steps: int | None) -> Sequence[Problem]:
        if steps is None or steps <= self.sequence_length:
            return []
        expected = f"at most {self.sequence_length}"
        return [
            Problem(self.label, f"{steps} steps", expected, f"Make it sequence_length={steps}.")
        ]

    def build(self, shape: Shape) -> Mapping[str, Weight]:
        sizes = (self.sequence_length, known_size(self, shape))
        return {"embeddings": Weight(sizes, self.initializer)}

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Array:
        steps = inputs.shape[1]
        report(self._step_problems(steps), ShapeError)
        return jnp.broadcast_to(weights["embeddings"][:steps], inputs.shape).astype(inputs.dtype)
