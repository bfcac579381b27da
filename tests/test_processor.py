"""What depends on the processor."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

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
