"""Additive attention."""

from collections.abc import Mapping, Sequence

from pellucid import initializers
from pellucid.description import flag
from pellucid.layers.attention.scored import ScoredAttention
from pellucid.layers.common import known_size
from pellucid.layers.weight import Weight
from pellucid.ops.attention import additive_scores
from pellucid.types import Array, Shape


class AdditiveAttention(ScoredAttention):
    """Look up values by `softmax(sum(scale * tanh(query + key)))`, one scale a feature.

    Args:
        use_scale: Whether the scale is learned; 1 where it is not.
        dropout: Share of the attention weights that is dropped while training, at least 0 and
            below 1.
        seed: Sets this layer's draws apart; they follow the model's seed in any case.

    Call:
        As for `Attention`.

    Input shape:
        A list of (batch, queries, width), (batch, keys, features) and (batch, keys, width).
    Output shape:
        (batch, queries, features), 0 where a query is padding; weights (batch, queries, keys).

    Raises:
        ArgumentError: `dropout` is out of range.
        ShapeError: Query, value, key or a mask do not fit together.

    Example:
        >>> import numpy as np, pellucid
        >>> query, value = np.ones((1, 2, 4), "float32"), np.ones((1, 3, 4), "float32")
        >>> pellucid.layers.AdditiveAttention()([query, value]).shape
        (1, 2, 4)

    Source: Bahdanau, Cho, Bengio, "Neural Machine Translation by Jointly Learning to Align and
    Translate" (2015).

    Differs from Keras: where a query may see no key, its even weights have no gradient.
    """

    use_scale: bool = flag(default=True)

    def build(self, shape: Sequence[Shape]) -> Mapping[str, Weight]:
        if not self.use_scale:
            return {}
        width = known_size(self, shape[0])
        return {"scale": Weight((width,), initializers.GlorotUniform())}

    def scores(self, weights: Mapping[str, Array], query: Array, key: Array) -> Array:
        return additive_scores(query, key, 1.0, weights.get("scale", 1.0))
