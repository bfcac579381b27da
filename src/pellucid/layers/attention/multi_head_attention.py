"""Attention with several heads."""

from collections.abc import Sequence
from typing import Any

from pellucid.description import Refusal, axis_number, count, option
from pellucid.errors import Problem
from pellucid.layers.attention.headed import HeadedAttention
from pellucid.layers.base import to_shape
from pellucid.layers.common import as_tuple
from pellucid.types import Shape


def _to_sizes(value: Any) -> tuple[int, ...] | None:
    sizes = to_shape(value)
    if sizes is not None and (None in sizes or not sizes):
        raise Refusal("a size, or several such as (2, 3)", "Leave it out for that of the query.")
    return sizes  # type: ignore[return-value]


class MultiHeadAttention(HeadedAttention):
    """Look up values with several heads, each with queries, keys and values of its own.

    For each head, with `q = query @ W_q + b_q` and k, v alike,
    `softmax(q @ k.T / sqrt(key_dim)) @ v`; what the heads see is joined and projected once more.

    Args:
        num_heads: Number of heads, at least 1.
        key_dim: Width of each head's queries and keys.
        value_dim: Width of each head's values; `key_dim` when None.
        dropout: Share of the attention weights that is dropped while training, at least 0 and
            below 1.
        use_bias: Whether biases are added to the projections.
        output_shape: Size, or sizes, of the outputs of a step; that of the query when None.
        attention_axes: Axes over which is attended, axis 0 being the rows; all between the rows
            and the features when None.
        sliding_window: A query sees keys fewer than so many steps away; None for all.
        flash_attention: Accepted and of no effect: results are the same either way.
        kernel_initializer: First values of the kernels.
        bias_initializer: First values of the biases.
        kernel_regularizer: Penalty on each kernel.
        bias_regularizer: Penalty on each bias.
        activity_regularizer: Penalty on the outputs of each projection, summed over a row,
            averaged over rows.
        kernel_constraint: Bound on each kernel after each update.
        bias_constraint: Bound on each bias after each update.
        use_gate: Whether what is seen is multiplied by `sigmoid(query @ W_g + b_g)`.
        seed: Sets this layer's draws apart; they follow the model's seed in any case.

    Call:
        `layer(query, value, key=None)`; values are their own keys where none are given, and
        `layer(x, x)` is self-attention. `query_mask`, `value_mask` and `key_mask` say which steps
        are real, (batch, steps) each. `attention_mask` says which keys each query may see:
        (batch, queries, keys). `use_causal_mask=True` keeps a query from later steps.
        `return_attention_scores=True` returns the weights as well.

    Input shape:
        (batch, queries, features), (batch, keys, features) and (batch, keys, features).
    Output shape:
        (batch, queries, *output_shape); weights (batch, heads, queries, keys).

    Raises:
        ArgumentError: A field is out of range, or a name is unknown.
        ShapeError: Query, value, key or a mask do not fit together.

    Example:
        >>> import numpy as np, pellucid
        >>> x = np.ones((2, 5, 8), "float32")
        >>> layer = pellucid.layers.MultiHeadAttention(num_heads=2, key_dim=4)
        >>> outputs, weights = layer(x, x, use_causal_mask=True, return_attention_scores=True)
        >>> outputs.shape, weights.shape
        ((2, 5, 8), (2, 2, 5, 5))

    Source: Vaswani et al., "Attention Is All You Need" (2017).

    Differs from Keras: a `query_mask` that is given in the call counts; Keras forgets it. The
    masks of the inputs stay for other layers, such as an `Add` around this one; Keras removes
    them.
    """

    num_heads: int = count(meaning="the number of heads")
    key_dim: int = count(meaning="the width of each head's queries and keys")
    value_dim: int | None = count(
        default=None, optional=True, meaning="the width of each head's values"
    )
    # Who asks for the shape of the outputs calls `output_shapes`, as everywhere else.
    output_shape: Any = option(  # type: ignore[assignment]
        default=None, convert=_to_sizes, kw_only=True
    )
    attention_axes: Any = axis_number(default=None, several=True, optional=True, kw_only=True)

    @property
    def query_heads(self) -> tuple[int, int]:
        return self.num_heads, self.key_dim

    @property
    def value_heads(self) -> tuple[int, int]:
        return self.num_heads, self.value_dim or self.key_dim

    def ends(self, query: Shape) -> tuple[int, ...]:
        return super().ends(query) if self.output_shape is None else self.output_shape

    def attended(self, rank: int) -> tuple[int, ...]:
        if self.attention_axes is None:
            return tuple(range(1, rank - 1))
        return tuple(axis % rank for axis in as_tuple(self.attention_axes))

    def axis_problems(self, query: Shape) -> Sequence[Problem]:
        rank = len(query) + 1
        axes = () if self.attention_axes is None else as_tuple(self.attention_axes)
        known = range(1, rank - 1)
        wrong = [axis for axis in axes if not (-rank < axis < rank and axis % rank in known)]
        given = f"inputs of shape {(None, *query)}"
        expected = f"axes from 1 to {rank - 2}"
        fix = f"Axis 0 counts the rows, axis {rank - 1} the features."
        return [
            Problem(f"{self.label}(attention_axes={axis})", given, expected, fix) for axis in wrong
        ]
