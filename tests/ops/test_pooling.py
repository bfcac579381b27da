"""Pooling against Keras."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import keras
import numpy as np
import pytest

from pellucid.ops import pooling

SPACES = {1: (9,), 2: (7, 6), 3: (5, 4, 6)}


@pytest.mark.parametrize("space", [1, 2, 3])
@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("kind", ["max", "average"])
def test_pooling_is_keras(space: int, padding: str, stride: int, kind: str) -> None:
    inputs = np.random.default_rng(0).normal(size=(2, *SPACES[space], 3)).astype("float32")
    size, strides = (2, 3, 2)[:space], (stride,) * space
    ours = {"max": pooling.max_pool, "average": pooling.average_pool}[kind]
    theirs = {"max": keras.ops.max_pool, "average": keras.ops.average_pool}[kind]
    expected = theirs(inputs, size, strides, padding)
    np.testing.assert_allclose(ours(inputs, size, strides, padding), expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize(
    ("size", "strides"), [((2, 2), (2, 2)), ((3, 2), (2, 1)), ((2, 2), (3, 3)), ((3, 3), (1, 1))]
)
@pytest.mark.parametrize("kind", ["max", "average"])
def test_gradients_are_keras(
    kind: str, size: tuple[int, int], strides: tuple[int, int], padding: str
) -> None:
    # Few different values, so that a window often has several largest ones.
    rng = np.random.default_rng(0)
    inputs = rng.integers(0, 3, (2, 8, 7, 3)).astype("float32")
    ours = {"max": pooling.max_pool, "average": pooling.average_pool}[kind]
    theirs = {"max": keras.ops.max_pool, "average": keras.ops.average_pool}[kind]
    weights = rng.normal(size=theirs(inputs, size, strides, padding).shape).astype("float32")

    def gradient(pool: Callable[..., Any]) -> Any:
        weighed = lambda inputs: jnp.sum(pool(inputs, size, strides, padding) * weights)  # noqa: E731
        return jax.jit(jax.grad(weighed))(inputs)

    np.testing.assert_allclose(gradient(ours), gradient(theirs), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("kind", ["max", "average"])
def test_large_windows_are_keras(kind: str) -> None:
    inputs = np.random.default_rng(0).normal(size=(2, 100, 3)).astype("float32")
    ours = {"max": pooling.max_pool, "average": pooling.average_pool}[kind]
    theirs = {"max": keras.ops.max_pool, "average": keras.ops.average_pool}[kind]
    expected = theirs(inputs, (70,), (10,), "same")
    np.testing.assert_allclose(ours(inputs, (70,), (10,), "same"), expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float64"])
@pytest.mark.parametrize("pool", [pooling.max_pool, pooling.average_pool])
def test_types_are_kept(pool: Callable[..., Any], dtype: str) -> None:
    with jax.enable_x64(True):
        inputs = jnp.ones((1, 5, 5, 2), dtype)
        back = jax.grad(lambda inputs: jnp.sum(pool(inputs, (2, 2), (2, 2), "same")))(inputs)
        assert pool(inputs, (2, 2), (2, 2), "same").dtype == back.dtype == dtype


def test_many_batches_at_once_are_each_alone() -> None:
    inputs = np.random.default_rng(0).normal(size=(3, 2, 7, 5, 3)).astype("float32")

    def gradient(inputs: Any) -> Any:
        return jax.grad(lambda x: jnp.sum(pooling.max_pool(x, (3, 2), (2, 2), "same") ** 2))(inputs)

    together = jax.jit(jax.vmap(gradient))(inputs)
    np.testing.assert_allclose(together[1], jax.jit(gradient)(inputs[1]), rtol=1e-6)
