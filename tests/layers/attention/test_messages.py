"""What attention layers answer to what they cannot use, word by word."""

import numpy as np
import pytest

import pellucid
from pellucid import layers
from pellucid.errors import ArgumentError, ShapeError

QUERY, VALUE, KEY = (np.ones((2, *shape), "float32") for shape in ((3, 4), (5, 4), (5, 6)))
MASK = np.ones((2, 3), bool)
TARGETS = np.random.default_rng(0).normal(size=QUERY.shape)
HEADS = layers.MultiHeadAttention(2, 3)
PLAIN = layers.Attention()


def answer(call):
    with pytest.raises((ArgumentError, ShapeError)) as caught:
        call()
    return str(caught.value)


CASES = {
    "score mode": (
        lambda: layers.Attention(score_mode="cocnat"),
        "Attention(score_mode=...): got 'cocnat', expected one of 'dot', 'concat'. "
        "Did you mean 'concat'?",
    ),
    "what Keras 2 had": (
        lambda: layers.Attention(causal=True),
        "Attention: got the unknown argument 'causal', expected one of its own arguments. "
        "Say it in the call: layer([query, value], use_causal_mask=True).",
    ),
    "heads": (
        lambda: layers.MultiHeadAttention(0, 3),
        "MultiHeadAttention(num_heads=...): got 0, expected a whole number at least 1 "
        "(the number of heads).",
    ),
    "sizes": (
        lambda: layers.MultiHeadAttention(2, 3, output_shape=(None, 3)),
        "MultiHeadAttention(output_shape=...): got (None, 3), expected a size, or several such "
        "as (2, 3). Leave it out for that of the query.",
    ),
    "groups": (
        lambda: layers.GroupQueryAttention(4, num_query_heads=6, num_key_value_heads=4),
        "GroupQueryAttention(num_key_value_heads=...): got 4, expected a divisor of "
        "num_query_heads=6. Each head of keys and values serves as many heads of queries.",
    ),
    "axes": (
        lambda: layers.MultiHeadAttention(2, 3, attention_axes=(0, 2))(QUERY, VALUE),
        "2 problems:\n"
        "  1. MultiHeadAttention(attention_axes=0): got inputs of shape (None, 3, 4), expected "
        "axes from 1 to 1. Axis 0 counts the rows, axis 2 the features.\n"
        "  2. MultiHeadAttention(attention_axes=2): got inputs of shape (None, 3, 4), expected "
        "axes from 1 to 1. Axis 0 counts the rows, axis 2 the features.",
    ),
    "one input": (
        lambda: PLAIN([QUERY]),
        "Attention: got 1 input, expected a list of 2 or 3, [query, value] or "
        "[query, value, key]. For self-attention write layer([x, x]).",
    ),
    "no list": (
        lambda: PLAIN(QUERY, VALUE),
        "Attention: got 2 inputs one by one, expected a list of them.",
    ),
    "no value": (
        lambda: HEADS(QUERY),
        "MultiHeadAttention: got no value, expected layer(query, value). "
        "For self-attention write layer(x, x).",
    ),
    "too many": (
        lambda: HEADS(QUERY, VALUE, VALUE, MASK, MASK),
        "MultiHeadAttention: got 5 inputs one by one, expected "
        "layer(query, value, key, attention_mask=...).",
    ),
    "twice": (
        lambda: HEADS(QUERY, VALUE, value=VALUE),
        "MultiHeadAttention: got 'value' twice, expected "
        "layer(query, value, key, attention_mask=...).",
    ),
    "unknown": (
        lambda: HEADS(QUERY, VALUE, causal_mask=True, mask=MASK),
        "2 problems:\n"
        "  1. MultiHeadAttention: got the unknown argument 'causal_mask', expected one of its own "
        "arguments. Did you mean 'use_causal_mask'?\n"
        "  2. MultiHeadAttention: got the unknown argument 'mask', expected one of its own "
        "arguments. Did you mean 'key_mask'?",
    ),
    "rank": (
        lambda: HEADS(QUERY[:, 0], VALUE),
        "MultiHeadAttention: got a query of shape (None, 4), expected 3 axes, "
        "(batch, steps, features). Add an axis of steps, such as x[:, None].",
    ),
    "rank of groups": (
        lambda: layers.GroupQueryAttention(4, 2, 1)(QUERY[None], VALUE[None]),
        "3 problems:\n"
        + "\n".join(
            f"  {number}. GroupQueryAttention: got a {name} of shape {shape}, "
            "expected 3 axes, (batch, steps, features)."
            for number, name, shape in (
                (1, "query", (None, 2, 3, 4)),
                (2, "value", (None, 2, 5, 4)),
                (3, "key", (None, 2, 5, 4)),
            )
        ),
    ),
    "other ranks": (
        lambda: HEADS(QUERY[None], VALUE),
        "2 problems:\n"
        + "\n".join(
            f"  {number}. MultiHeadAttention: got a {name} of shape (None, 5, 4), "
            "expected 4 axes, (batch, ..., steps, features)."
            for number, name in ((1, "value"), (2, "key"))
        ),
    ),
    "widths": (
        lambda: PLAIN([QUERY, VALUE, KEY]),
        "Attention: got a query of shape (None, 3, 4) and a key of shape (None, 5, 6), expected "
        "as many features in both. Bring them to one width first, for example with Dense.",
    ),
    "value and key": (
        lambda: HEADS(QUERY, VALUE, KEY[:, 1:]),
        "MultiHeadAttention: got a value of shape (None, 5, 4) and a key of shape (None, 4, 6), "
        "expected as many steps in both. Each value has one key.",
    ),
    "axes that are not attended": (
        lambda: layers.MultiHeadAttention(2, 3, attention_axes=2)(QUERY[:, None], VALUE[None]),
        "MultiHeadAttention: got a query of shape (None, 1, 3, 4) and a key of shape "
        "(None, 2, 5, 4), expected equal sizes but for features and the attended axes (2,).",
    ),
    "rows": (
        lambda: PLAIN([QUERY, VALUE[:1]]),
        "Attention: got inputs of 2 and 1 rows, expected as many in each.",
    ),
    "one mask": (
        lambda: PLAIN([QUERY, VALUE], mask=MASK),
        "Attention(mask=...): got one mask, expected a list of two: [query_mask, value_mask].",
    ),
    "mask of a value": (
        lambda: PLAIN([QUERY, VALUE], mask=[MASK, MASK]),
        "Attention(value_mask=...): got shape (2, 3), expected shape (2, 5), one value for each "
        "step of (2, 5, 4). True or 1 marks a real step.",
    ),
    "masks": (
        lambda: HEADS(QUERY, VALUE, query_mask=MASK[0], value_mask=MASK),
        "2 problems:\n"
        "  1. MultiHeadAttention(query_mask=...): got shape (3,), expected shape (2, 3), one "
        "value for each step of (2, 3, 4). True or 1 marks a real step.\n"
        "  2. MultiHeadAttention(value_mask=...): got shape (2, 3), expected shape (2, 5), one "
        "value for each step of (2, 5, 4). True or 1 marks a real step.",
    ),
    "mask for pairs": (
        lambda: HEADS(QUERY, VALUE, attention_mask=np.ones((2, 5, 3))),
        "MultiHeadAttention(attention_mask=...): got shape (None, 5, 3), expected shape "
        "(None, 3, 5), a value for each query and key.",
    ),
    "list as mask for pairs": (
        lambda: HEADS(QUERY, VALUE, attention_mask=[[[True], [True, False]]]),
        "MultiHeadAttention(attention_mask=...): got rows of different lengths, expected as many "
        "values in each row. Fill them up with False.",
    ),
    "keys of no steps": (
        lambda: HEADS(QUERY, VALUE[:, :0]),
        "MultiHeadAttention: got keys and values of no steps, shape (None, 0, 4), expected at "
        "least one step.",
    ),
    "keys of no steps in a list": (
        lambda: PLAIN([QUERY, VALUE[:, :0]]),
        "Attention: got keys and values of no steps, shape (None, 0, 4), expected at least one "
        "step.",
    ),
    "mask beside symbols": (
        lambda: HEADS(*[layers.Input((3, 4))] * 2, attention_mask=np.ones((3, 3))),
        "MultiHeadAttention(attention_mask=...): got an array beside symbolic inputs, expected a "
        "symbolic tensor. Make it an Input; for a fixed order there are use_causal_mask and "
        "sliding_window.",
    ),
    "open width": (
        lambda: layers.AdditiveAttention()([layers.Input((3, None)), layers.Input((5, 4))]),
        "AdditiveAttention: got inputs of shape (None, 3, None) with the size of axis -1 left "
        "open, expected a known size: a weight is as long as that axis. "
        "Give the size in Input(shape=...).",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_answers(case):
    call, expected = CASES[case]
    assert answer(call) == expected


def looking(library_layer, masks=None):
    """Return a model of open length in which a layer attends from one sequence to another."""
    ends = [layers.Input((None, 4)), layers.Input((None, 4))]
    given = {name: layers.Input((None,) * axes) for name, axes in (masks or {}).items()}
    if isinstance(library_layer, layers.MultiHeadAttention):
        seen = library_layer(*ends, **given)
    else:
        seen = library_layer(ends, **({"mask": [*given.values()]} if given else {}))
    return pellucid.Model([*ends, *given.values()], seen)


ATTENTION = {
    "look (Attention)": lambda: layers.Attention(name="look"),
    "look (AdditiveAttention)": lambda: layers.AdditiveAttention(name="look"),
    "look (MultiHeadAttention)": lambda: layers.MultiHeadAttention(2, 3, name="look"),
}


@pytest.mark.parametrize("label", ["look (Attention)", "look (MultiHeadAttention)"])
def test_keys_of_no_steps_in_a_model_of_open_length(label):
    expected = (
        f"{label}: got keys and values of no steps, shape (None, 0, 4), expected at least one step."
    )
    model = looking(ATTENTION[label]())
    assert answer(lambda: model.predict([QUERY, VALUE[:, :0]])) == expected
    model.compile("sgd", "mse")
    assert answer(lambda: model.fit([QUERY, VALUE[:, :0]], TARGETS, verbose=0)) == expected
    x = layers.Input((None, 4))
    layer = ATTENTION[label]()
    itself = layer(x, x) if "Head" in label else layer([x, x])
    assert answer(lambda: pellucid.Model(x, itself).predict(QUERY[:, :0])) == expected


@pytest.mark.parametrize("label", ATTENTION)
@pytest.mark.parametrize(("name", "steps"), [("query_mask", 3), ("value_mask", 5)])
def test_a_mask_of_other_steps_in_a_model_of_open_length(label, name, steps):
    lengths = {"query_mask": 3, "value_mask": 5}
    model = looking(ATTENTION[label](), dict.fromkeys(lengths, 1))
    wrong = [np.ones((2, 4 if one == name else size)) for one, size in lengths.items()]
    assert answer(lambda: model.predict([QUERY, VALUE, *wrong])) == (
        f"{label}({name}=...): got shape (None, 4), expected shape (None, {steps}), one value for "
        f"each step of (None, {steps}, 4). True or 1 marks a real step."
    )


def test_an_attention_mask_of_other_steps_in_a_model_of_open_length():
    label = "look (MultiHeadAttention)"
    model = looking(ATTENTION[label](), {"attention_mask": 2})
    assert answer(lambda: model.predict([QUERY, VALUE, np.ones((2, 5, 3))])) == (
        f"{label}(attention_mask=...): got shape (None, 5, 3), expected shape (None, 3, 5), a "
        "value for each query and key."
    )


def test_masks_may_be_lists():
    rows = [[True, False, True], [True, True, True]]
    expected = PLAIN([QUERY, QUERY], mask=[np.array(rows), None])
    np.testing.assert_array_equal(PLAIN([QUERY, QUERY], mask=[rows, None]), expected)
    expected = HEADS(QUERY, QUERY, value_mask=np.array(rows))
    np.testing.assert_array_equal(HEADS(QUERY, QUERY, value_mask=rows), expected)
