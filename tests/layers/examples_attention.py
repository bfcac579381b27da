"""Examples of the layers of `pellucid.layers.attention`."""

from layers.example import PENALISED, Example

BOTH = ("return_attention_scores", "use_causal_mask")
SCORES, CAUSAL = BOTH[:1], BOTH[1:]

QUERIES = [[1, 1, 0], [0, 1, 1], [1, 0, 1]]
KEYS = [[0, 1], [1, 0], [1, 1]]
FIRST = [[1, 1, 0], [1, 1, 1], [1, 0, 1]]
NOTHING = [[0, 1], [0, 0], [1, 0]]
"""Masks of three queries and two keys: padding behind, before and between,
never at the first step, and nothing but padding."""

QUERY, VALUE, KEY = (3, 4), (2, 5), (2, 4)
GRID = (3, 2, 4)
"""A query, and values and keys for it; inputs with two axes to attend over."""

PENALISED_WEIGHTS = {name: one for name, one in PENALISED.items() if "activity" not in name}
HEADS = {"num_heads": 2, "key_dim": 3}
GROUPS = {"head_dim": 3, "num_query_heads": 4, "num_key_value_heads": 2}

EXAMPLES: tuple[Example, ...] = (
    Example("AdditiveAttention", {}, [QUERY, VALUE, KEY]),
    Example("AdditiveAttention", {"use_scale": False}, [QUERY, KEY], mask=(QUERIES, KEYS)),
    Example("AdditiveAttention", {}, [QUERY, KEY], mask=(None, NOTHING), smooth=False),
    Example("AdditiveAttention", {"dropout": 0.4}, [QUERY, KEY], random=True, settings=BOTH),
    Example("Attention", {}, [QUERY, KEY]),
    Example("Attention", {}, [QUERY, VALUE, KEY], mask=(QUERIES, KEYS), settings=SCORES),
    Example("Attention", {"use_scale": True}, [QUERY, QUERY], mask=(None, FIRST), settings=BOTH),
    Example(
        "Attention",
        {"use_scale": True, "score_mode": "concat"},
        [QUERY, KEY],
        mask=(QUERIES, None),
        settings=CAUSAL,
    ),
    Example("Attention", {"score_mode": "concat"}, [QUERY, VALUE, KEY]),
    # Where a query may see nothing Keras's weights are even, but their gradients are not.
    Example("Attention", {}, [QUERY, KEY], mask=(None, NOTHING), settings=SCORES, smooth=False),
    Example("Attention", {"score_mode": "concat"}, [QUERY, KEY], mask=(None, NOTHING), keras=None),
    Example("Attention", {"dropout": 0.4, "seed": 3}, [QUERY, KEY], random=True),
    Example("GroupQueryAttention", GROUPS, [QUERY, KEY]),
    Example(
        "GroupQueryAttention",
        {**GROUPS, "use_gate": True, "use_bias": False},
        [QUERY, VALUE, KEY],
        mask=(QUERIES, KEYS, None),
        settings=SCORES,
    ),
    Example(
        "GroupQueryAttention",
        {**GROUPS, **PENALISED_WEIGHTS, "num_key_value_heads": 1, "sliding_window": 2},
        [QUERY, QUERY],
        settings=CAUSAL,
    ),
    # Keras counts this layer's outputs twice.
    Example("GroupQueryAttention", {**GROUPS, **PENALISED}, [QUERY, KEY], keras=None),
    Example("GroupQueryAttention", {**GROUPS, "dropout": 0.3}, [QUERY, KEY], random=True),
    Example("MultiHeadAttention", HEADS, [QUERY, KEY]),
    Example("MultiHeadAttention", {**HEADS, "value_dim": 2}, [QUERY, VALUE, KEY], settings=SCORES),
    Example(
        "MultiHeadAttention",
        {**HEADS, "output_shape": 5, "use_bias": False},
        [QUERY, KEY],
        mask=(QUERIES, NOTHING),
    ),
    Example(
        "MultiHeadAttention",
        {**HEADS, "kernel_initializer": "he_normal", "bias_initializer": "ones"},
        [QUERY, VALUE, KEY],
        mask=(QUERIES, NOTHING, None),
        settings=BOTH,
    ),
    Example(
        "MultiHeadAttention",
        {**HEADS, **PENALISED, "bias_constraint": "non_neg", "use_gate": True},
        [QUERY, QUERY],
        settings=CAUSAL,
    ),
    Example("MultiHeadAttention", {**HEADS, "sliding_window": 2}, [QUERY, QUERY, QUERY, (3, 3)]),
    Example("MultiHeadAttention", {**HEADS, "flash_attention": False}, [GRID, GRID]),
    Example(
        "MultiHeadAttention",
        {**HEADS, "attention_axes": (2,), "output_shape": (2, 3)},
        [GRID, GRID],
        settings=SCORES,
    ),
    Example("MultiHeadAttention", {**HEADS, "attention_axes": 1}, [GRID, (2, 2, 4)]),
    Example(
        "MultiHeadAttention",
        {**HEADS, "dropout": 0.3, "seed": 2},
        [QUERY, KEY],
        mask=(None, KEYS),
        random=True,
    ),
    Example("PositionEmbedding", {"sequence_length": 5}, QUERY, mask=QUERIES, keras=None),
    Example(
        "PositionEmbedding", {"sequence_length": 3, "initializer": "uniform"}, QUERY, keras=None
    ),
    Example("SinePositionEncoding", {}, QUERY, keras=None),
    Example("SinePositionEncoding", {"max_wavelength": 20}, (4, 3), keras=None),
)
