"""Attention with fewer heads for keys and values than for queries."""

from collections.abc import Iterator
from typing import ClassVar

from pellucid.description import count
from pellucid.errors import Problem
from pellucid.layers.attention.headed import HeadedAttention


class GroupQueryAttention(HeadedAttention):
    """Look up values with several heads, of which groups share keys and values.

    As `MultiHeadAttention`; head h of the queries looks with head
    `h // (num_query_heads / num_key_value_heads)` of keys and values.

    Args:
        head_dim: Width of each head.
        num_query_heads: Number of heads of the query.
        num_key_value_heads: Number of heads of key and value, a divisor of `num_query_heads`.
        dropout: Share of the attention weights that is dropped while training, at least 0 and
            below 1.
        use_bias: Whether biases are added to the projections.
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
        As for `MultiHeadAttention`.

    Input shape:
        (batch, queries, features), (batch, keys, features) and (batch, keys, features).
    Output shape:
        (batch, queries, features of the query); weights (batch, num_query_heads, queries, keys).

    Raises:
        ArgumentError: A field is out of range, or the heads cannot be shared evenly.
        ShapeError: Query, value, key or a mask do not fit together.

    Example:
        >>> import numpy as np, pellucid
        >>> x = np.ones((2, 5, 8), "float32")
        >>> layer = pellucid.layers.GroupQueryAttention(4, num_query_heads=4, num_key_value_heads=2)
        >>> layer(x, x).shape, layer.get_weights()[2].shape
        ((2, 5, 8), (8, 2, 4))

    Source: Ainslie et al., "GQA: Training Generalized Multi-Query Transformer Models from
    Multi-Head Checkpoints" (2023).

    Differs from Keras: `activity_regularizer` counts the outputs once; Keras does so twice.
    """

    input_rank: ClassVar[int | None] = 3

    head_dim: int = count(meaning="the width of each head")
    num_query_heads: int = count(meaning="the number of heads of the query")
    num_key_value_heads: int = count(meaning="the number of heads of key and value")

    def problems(self) -> Iterator[Problem]:
        if self.num_query_heads % self.num_key_value_heads:
            where = f"{type(self).__name__}(num_key_value_heads=...)"
            expected = f"a divisor of num_query_heads={self.num_query_heads}"
            fix = "Each head of keys and values serves as many heads of queries."
            yield Problem(where, str(self.num_key_value_heads), expected, fix)

    @property
    def query_heads(self) -> tuple[int, int]:
        return self.num_query_heads, self.head_dim

    @property
    def key_heads(self) -> tuple[int, int]:
        return self.num_key_value_heads, self.head_dim
