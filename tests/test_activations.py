"""Activation functions compute what Keras's compute, and have the same slopes."""

import inspect

import jax
import jax.numpy as jnp
import keras
import numpy as np
import pytest

from pellucid import activations
from pellucid.errors import ArgumentError, NotSaveableError

NOT_FUNCTIONS = {"get", "serialize", "deserialize"}
KNOWN = sorted({function.registered_name for function in activations.ACTIVATIONS.values()})
OPTIONS = {
    "celu": [{"alpha": 0.5}],
    "elu": [{"alpha": 0.5}],
    "gelu": [{"approximate": True}],
    "glu": [{"axis": 0}],
    "hard_shrink": [{"threshold": 0.9}],
    "leaky_relu": [{"negative_slope": 0.4}],
    "log_softmax": [{"axis": 0}],
    "relu": [
        {"max_value": 1.0},
        {"negative_slope": 0.2},
        {"threshold": 0.7},
        {"max_value": 1.5, "negative_slope": 0.2, "threshold": 0.7},
    ],
    "soft_shrink": [{"threshold": 0.9}],
    "softmax": [{"axis": 0}, {"axis": (0, 1)}],
    "sparsemax": [{"axis": 0}],
    "squareplus": [{"b": 2.0}],
    "threshold": [{"threshold": 0.3, "default_value": -7.0}],
}
CASES = [
    (name, options)
    for name in KNOWN
    for options in [*([{}] if name != "threshold" else []), *OPTIONS.get(name, [])]
]
every = pytest.mark.parametrize(("name", "options"), CASES)

COMPARED = [(name, options) for name, options in CASES if name != "sparsemax"]
"""Keras 3.15 computes a sparsemax that does not sum to 1; ours is held against its definition."""
as_in_keras = pytest.mark.parametrize(("name", "options"), COMPARED)


@pytest.fixture
def x():
    """Numbers on both sides of every threshold, none of them on one."""
    return np.random.default_rng(3).permutation(np.linspace(-6.13, 6.27, 48)).reshape(6, 8)


def test_the_functions_are_those_of_keras():
    public = {
        name
        for name, one in inspect.getmembers(keras.activations, inspect.isfunction)
        if not name.startswith("_")
    } - NOT_FUNCTIONS
    assert public <= set(activations.ACTIVATIONS)
    assert set(activations.ACTIVATIONS) - public == {"exp"}
    for name in public:
        assert getattr(activations, name) is activations.ACTIVATIONS[name]


@pytest.mark.parametrize("name", KNOWN)
def test_arguments_and_defaults_are_those_of_keras(name):
    ours = inspect.signature(getattr(activations, name)).parameters
    theirs = inspect.signature(getattr(keras.activations, name)).parameters
    assert {key: one.default for key, one in ours.items()} == {
        key: one.default for key, one in theirs.items()
    }


@as_in_keras
def test_values(name, options, x):
    ours = getattr(activations, name)(x.astype("float32"), **options)
    theirs = getattr(keras.activations, name)(x.astype("float32"), **options)
    np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-6)


@as_in_keras
def test_slopes(name, options, x):
    def slope(function):
        ramp = jnp.arange(48.0)

        def weighed(x):
            outputs = function(x, **options).reshape(-1)
            return jnp.sum(outputs * ramp[: outputs.size])

        return jax.grad(weighed)(jnp.asarray(x, "float32"))

    ours, theirs = slope(getattr(activations, name)), slope(getattr(keras.activations, name))
    np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-4)


@every
@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32"])
def test_the_type_is_kept(name, options, dtype, x):
    outputs = getattr(activations, name)(jnp.asarray(x, dtype), **options)
    assert str(outputs.dtype) == dtype


@pytest.mark.parametrize("name", sorted(set(KNOWN) - {"threshold", "exponential", "glu"}))
def test_great_numbers_give_no_nan(name):
    x = jnp.asarray([[-1e4, -50.0, 0.0, 50.0, 1e4]], "float32")
    function = getattr(activations, name)
    assert not np.isnan(function(x)).any()
    assert not np.isnan(jax.grad(lambda x: function(x).sum())(x)).any()


def test_the_slope_of_relu_at_zero_is_zero():
    assert float(jax.grad(activations.relu)(0.0)) == 0.0


@pytest.mark.parametrize("axis", [-1, 0])
def test_sparsemax_is_the_nearest_distribution(axis, x):
    """The nearest distribution is `max(x - t, 0)`; here `t` is found by halving intervals."""
    scores = np.moveaxis(x, axis, -1)
    low, high = scores.max(-1) - 1, scores.max(-1)
    for _ in range(60):
        middle = (low + high) / 2
        total = np.maximum(scores - middle[:, None], 0).sum(-1)
        low, high = np.where(total > 1, middle, low), np.where(total > 1, high, middle)
    expected = np.moveaxis(np.maximum(scores - low[:, None], 0), -1, axis)
    outputs = activations.sparsemax(x.astype("float32"), axis)
    np.testing.assert_allclose(outputs, expected, atol=1e-6)
    np.testing.assert_allclose(outputs.sum(axis), 1, rtol=1e-5)


@pytest.mark.parametrize("name", sorted(activations.ACTIVATIONS))
def test_names_lead_to_functions_and_back(name):
    function = activations.get(name)
    assert activations.get(function) is function
    assert activations.get(name.upper()) is function
    assert activations.deserialize(activations.serialize(function)) is function


def test_aliases():
    assert activations.get("swish") is activations.silu is activations.swish
    assert activations.get("hard_swish") is activations.hard_silu is activations.hard_swish
    assert activations.get(None) is activations.linear


def test_a_function_of_ones_own_is_taken_as_it_is():
    assert activations.get(jnp.sin) is jnp.sin


WRONG = [
    (
        "rleu",
        "activation: got the unknown name 'rleu', expected a known activation. "
        "Did you mean 'relu'?",
    ),
    (7, "activation: got 7, expected a name such as 'relu' or a function."),
]


@pytest.mark.parametrize(("given", "message"), WRONG)
def test_messages(given, message):
    with pytest.raises(ArgumentError) as caught:
        activations.get(given)
    assert str(caught.value) == message


def test_an_unknown_name_lists_what_is_known_if_nothing_is_near():
    with pytest.raises(ArgumentError, match="Known: celu, elu, exp, exponential"):
        activations.get("xyzzy")


def test_a_function_of_ones_own_cannot_be_named_in_a_file():
    with pytest.raises(NotSaveableError) as caught:
        activations.serialize(lambda x: x)
    assert str(caught.value) == (
        "activation: got '<lambda>', a Python function, expected a known activation: "
        "a model file holds no code. Use a named one, or write a small layer class."
    )


@pytest.mark.parametrize("name", [name for name in KNOWN if name != "threshold"])
def test_it_is_known_which_take_each_number_by_itself_and_give_0_for_0(name):
    function = activations.get(name)
    x = jnp.array([-1.2, 0.0, 0.4, 1.3])
    pairs = jnp.stack([x, x], axis=1)
    results = function(pairs)
    slopes = jax.jacobian(lambda pair: function(pair)[0])(jnp.array([0.7, 0.2]))
    alone = results.shape == pairs.shape and not np.any(slopes[1:])
    assert alone is (name not in activations.ACROSS)
    assert (name in activations.ZERO_AT_ZERO) is (alone and float(function(jnp.zeros(1))[0]) == 0)
