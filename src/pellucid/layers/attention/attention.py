"""Dot-product attention."""

from collections.abc import Mapping, Sequence

from pellucid import initializers
from pellucid.description import choice, flag
from pellucid.layers.attention.scored import ScoredAttention
from pellucid.layers.weight import Weight
from pellucid.ops.attention import additive_scores, dot_scores
from pellucid.types import Array, Shape


class Attention(ScoredAttention):
    """Look up values by how well queries fit keys: `softmax(query @ key.T) @ value`.

    Args:
        use_scale: Whether scores are multiplied by a number that is learned.
        score_mode: "dot" scores by `query @ key.T`, "concat" by
            `weight * sum(tanh(scale * (query + key)))` with a weight that is learned.
        dropout: Share of the attention weights that is dropped while training, at least 0 and
            below 1.
        seed: Sets this layer's draws apart; they follow the model's seed in any case.

    Call:
        `layer([query, value])` or `layer([query, value, key])`; values are their own keys where
        none are given. `mask=[query_mask, value_mask]` says which steps are real: (batch, steps)
        each, or None. `use_causal_mask=True` keeps a query from later steps.
        `return_attention_scores=True` returns the weights as well.

    Input shape:
        A list of (batch, queries, width), (batch, keys, features) and (batch, keys, width).
    Output shape:
        (batch, queries, features), 0 where a query is padding; weights (batch, queries, keys).

    Raises:
        ArgumentError: A field is out of range, or `score_mode` is unknown.
        ShapeError: Query, value, key or a mask do not fit together.

    Example:
        >>> import numpy as np, pellucid
        >>> query, value = np.ones((1, 2, 4), "float32"), np.ones((1, 3, 4), "float32")
        >>> layer = pellucid.layers.Attention()
        >>> outputs, weights = layer([query, value], return_attention_scores=True)
        >>> outputs.shape, (3 * weights[0, 0]).tolist()
        ((1, 2, 4), [1.0, 1.0, 1.0])

    Source: Luong, Pham, Manning, "Effective Approaches to Attention-based Neural Machine
    Translation" (2015).

    Differs from Keras: where a query may see no key, its even weights have no gradient.
    """

    use_scale: bool = flag(default=False)
    score_mode: str = choice(("dot", "concat"), default="dot")

    def build(self, shape: Sequence[Shape]) -> Mapping[str, Weight]:
        learned = ["scale"] if self.use_scale else []
        learned += ["concat_score_weight"] if self.score_mode == "concat" else []
        return {name: Weight((), initializers.Ones()) for name in learned}

    def scores(self, weights: Mapping[str, Array], query: Array, key: Array) -> Array:
        scale = weights.get("scale", 1.0)
        if self.score_mode == "concat":
            return additive_scores(query, key, scale, weights["concat_score_weight"])
        return dot_scores(query, key) * scale
