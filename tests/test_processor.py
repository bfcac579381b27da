"""What depends on the processor."""

import sys

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import pellucid
from pellucid import layers
from pellucid.layers.context import Context
from pellucid.processor import apart, on_cpu

on_cpu_only = pytest.mark.skipif(not on_cpu(), reason="says how programs for CPUs are compiled")


def sums(array: jax.Array) -> jax.Array:
    return array[1:] + array[:-1]


@on_cpu_only
def test_what_is_apart_is_compiled_as_a_call_of_its_own() -> None:
    def program(array: jax.Array) -> jax.Array:
        return apart(sums, apart(sums, array)) * 2

    text = jax.jit(program).lower(jnp.ones(8)).compile().as_text()
    assert text.count(" call(") == 2


@on_cpu_only
def test_it_stays_apart_inside_loops_and_gradients() -> None:
    def program(array: jax.Array) -> jax.Array:
        def step(_: int, array: jax.Array) -> jax.Array:
            return array + jax.grad(lambda array: jnp.sum(apart(sums, array) ** 2))(array)

        return jax.lax.fori_loop(0, 3, step, array)

    assert " call(" in jax.jit(program).lower(jnp.ones(8)).compile().as_text()


@on_cpu_only
def test_a_function_with_the_same_settings_is_compiled_once() -> None:
    traced = []

    def shifted(array: jax.Array, by: int) -> jax.Array:
        traced.append(by)
        return jnp.roll(array, by)

    for by in (1, 2, 1, 2):
        np.testing.assert_array_equal(apart(shifted, jnp.arange(4), by=by), np.roll(range(4), by))
    assert traced == [1, 2]


def test_it_computes_what_the_function_does() -> None:
    array = np.arange(6.0, dtype="float32")
    np.testing.assert_array_equal(apart(sums, array), sums(array))
    batched = jax.vmap(lambda row: apart(sums, row))(np.stack([array, array]))
    np.testing.assert_array_equal(batched, np.stack([sums(array)] * 2))


@pytest.fixture
def as_on_a_gpu(monkeypatch):
    """Let every module compute in the way that is meant for GPUs."""
    for name, module in list(sys.modules.items()):
        if name.startswith("pellucid.") and hasattr(module, "on_cpu"):
            monkeypatch.setattr(module, "on_cpu", lambda: False)


PRODUCTS = {
    "Dense": ((6,), lambda: layers.Dense(4, "relu")),
    "Conv2D": ((6, 6, 2), lambda: layers.Conv2D(3, 3)),
    "DepthwiseConv2D": ((6, 6, 2), lambda: layers.DepthwiseConv2D(3)),
    "SeparableConv1D": ((6, 2), lambda: layers.SeparableConv1D(3, 3)),
    "Conv1DTranspose": ((6, 2), lambda: layers.Conv1DTranspose(3, 3)),
    "SimpleRNN": ((5, 2), lambda: layers.SimpleRNN(3)),
    "LSTM": ((5, 2), lambda: layers.LSTM(3, return_sequences=True)),
    "GRU": ((5, 2), lambda: layers.GRU(3)),
    "Bidirectional": ((5, 2), lambda: layers.Bidirectional(layers.LSTM(3))),
    "MultiHeadAttention": ((5, 4), lambda: lambda x: layers.MultiHeadAttention(2, 3)(x, x)),
}


def products_of(jaxpr):
    """Yield the precision of every product of matrices and every convolution."""
    for equation in jaxpr.eqns:
        if equation.primitive.name in ("dot_general", "conv_general_dilated"):
            yield equation.params["precision"]
        for value in jax.tree.leaves(list(equation.params.values()), is_leaf=_is_jaxpr):
            if _is_jaxpr(value):
                yield from products_of(getattr(value, "jaxpr", value))


def _is_jaxpr(value):
    return hasattr(value, "eqns")


@pytest.mark.parametrize("kind", PRODUCTS)
@pytest.mark.usefixtures("as_on_a_gpu")
def test_on_a_gpu_products_and_their_gradients_keep_all_digits(kind):
    shape, made = PRODUCTS[kind]
    entrance = layers.Input(shape)
    network = pellucid.Model(entrance, made()(entrance), seed=0).network

    def total(values, x):
        return jnp.sum(network.apply(values, [x], Context()).outputs[0])

    x = np.ones((2, *shape), np.float32)
    traced = jax.make_jaxpr(jax.grad(total, (0, 1)))(network.values(0), x)
    highest = (jax.lax.Precision.HIGHEST, jax.lax.Precision.HIGHEST)
    found = list(products_of(traced.jaxpr))
    assert len(found) >= 3
    assert set(found) == {highest}


@pytest.mark.parametrize("told", [None, "tensorfloat32"])
@pytest.mark.usefixtures("as_on_a_gpu")
def test_whole_programs_do_as_jax_was_told_and_else_keep_all_digits(told):
    seen = set()

    def loss(y_true, y_pred):
        seen.add(jax.config.jax_default_matmul_precision)
        return jnp.mean((y_true - y_pred) ** 2, -1)

    model = pellucid.Sequential([layers.Input((2,)), layers.Dense(1)], seed=0)
    model.compile("sgd", loss)
    with jax.default_matmul_precision(told):
        model.fit(np.ones((4, 2), np.float32), np.ones((4, 1), np.float32), epochs=1, verbose=0)
    assert seen == {told or "float32"}
    assert jax.config.jax_default_matmul_precision is None
