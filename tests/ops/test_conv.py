"""Convolutions against Keras, and their gradients against those that JAX derives."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import keras
import numpy as np
import pytest
from jax import lax

from pellucid.ops import conv
from pellucid.types import NumpyArray

SPACES = {1: (9,), 2: (7, 6), 3: (5, 4, 6)}


def draw(*shape: int, seed: int = 0) -> NumpyArray:
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


@pytest.mark.parametrize("space", [1, 2, 3])
@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize(("stride", "dilation", "groups"), [(1, 1, 1), (2, 1, 2), (1, 2, 1)])
def test_convolution_is_keras(
    space: int, padding: str, stride: int, dilation: int, groups: int
) -> None:
    inputs, kernel = draw(2, *SPACES[space], 4), draw(*(3, 2, 2)[:space], 4 // groups, 6)
    strides, gaps = (stride,) * space, (dilation,) * space
    ours = conv.convolve(inputs, kernel, strides, padding, gaps, groups)
    theirs = keras.ops.conv(inputs, kernel, strides, padding, dilation_rate=gaps)
    np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("space", [1, 2])
@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize(("stride", "dilation"), [(1, 1), (2, 1), (1, 2)])
def test_depthwise_is_keras(space: int, padding: str, stride: int, dilation: int) -> None:
    inputs, kernel = draw(2, *SPACES[space], 3), draw(*(3, 2)[:space], 3, 2)
    strides, gaps = (stride,) * space, (dilation,) * space
    ours = conv.depthwise(inputs, kernel, strides, padding, gaps)
    theirs = keras.ops.depthwise_conv(inputs, kernel, strides, padding, dilation_rate=gaps)
    np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("space", [1, 2, 3])
@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize(
    ("stride", "dilation", "extra"),
    [(1, 1, None), (2, 1, None), (2, 1, 1), (1, 2, None), (3, 1, 0)],
)
def test_transposed_convolution_is_keras(
    space: int, padding: str, stride: int, dilation: int, extra: int | None
) -> None:
    inputs, kernel = draw(2, *SPACES[space], 4), draw(*(3, 2, 1)[:space], 5, 4)
    strides, gaps = (stride,) * space, (dilation,) * space
    more = None if extra is None else (extra,) * space
    ours = conv.transpose_convolve(inputs, kernel, strides, padding, more, gaps)
    theirs = keras.ops.conv_transpose(inputs, kernel, strides, padding, more, dilation_rate=gaps)
    np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-5)


def test_explicit_padding_is_a_padded_input() -> None:
    inputs, kernel = draw(2, 6, 3), draw(3, 3, 4)
    ours = conv.convolve(inputs, kernel, (1,), [(2, 0)])
    padded = np.pad(inputs, ((0, 0), (2, 0), (0, 0)))
    np.testing.assert_allclose(ours, conv.convolve(padded, kernel, (1,), "valid"), rtol=1e-6)


@dataclass(frozen=True)
class Case:
    """One formulation, reached by a shape: inputs, kernel and options of `convolve`."""

    inputs: tuple[int, ...]
    kernel: tuple[int, ...]
    stride: int = 1
    padding: Any = "same"
    dilation: int = 1
    groups: int = 1

    @property
    def space(self) -> int:
        return len(self.inputs) - 2

    def ours(self, inputs: Any, kernel: Any) -> Any:
        strides, gaps = (self.stride,) * self.space, (self.dilation,) * self.space
        return conv.convolve(inputs, kernel, strides, self.padding, gaps, self.groups)

    def derived(self, inputs: Any, kernel: Any) -> Any:
        letters = "DHW"[-self.space :]
        return lax.conv_general_dilated(
            inputs,
            kernel,
            (self.stride,) * self.space,
            self.padding.upper() if isinstance(self.padding, str) else self.padding,
            rhs_dilation=(self.dilation,) * self.space,
            dimension_numbers=(f"N{letters}C", f"{letters}IO", f"N{letters}C"),
            feature_group_count=self.groups,
        )


CASES = {
    "Winograd, images": Case((4, 9, 11, 16), (3, 3, 16, 20)),
    "Winograd, valid": Case((4, 13, 10, 20), (3, 2, 20, 16), padding="valid"),
    "Winograd, 5 taps": Case((2, 12, 12, 16), (5, 5, 16, 16)),
    "Winograd, sequences": Case((4, 60, 32), (3, 32, 32), padding=[(2, 0)]),
    "Winograd, long kernels": Case((4, 70, 32), (5, 32, 32), padding="valid"),
    "few terms": Case((3, 9, 8, 3), (3, 3, 3, 5)),
    "many terms": Case((3, 9, 8, 9), (3, 3, 9, 5)),
    "strides": Case((3, 9, 8, 9), (3, 3, 9, 5), stride=2),
    "strides that leave inputs unseen": Case((3, 9, 8, 9), (2, 2, 9, 5), 3, "valid"),
    "dilation": Case((3, 9, 8, 9), (3, 2, 9, 5), dilation=2),
    "one tap": Case((3, 9, 8, 9), (1, 1, 9, 5)),
    "sequences": Case((3, 20, 3), (4, 3, 5), stride=2, padding="valid"),
    "volumes": Case((2, 5, 6, 7, 3), (3, 2, 2, 3, 4)),
    "volumes, strides": Case((2, 5, 6, 7, 3), (2, 3, 2, 3, 4), stride=2),
    "groups": Case((3, 9, 8, 6), (3, 3, 3, 4), groups=2),
    "a channel by itself": Case((3, 9, 8, 4), (3, 3, 1, 4), groups=4),
    "two kernels a channel, strides": Case((3, 19, 4), (3, 1, 8), stride=2, groups=4),
    "a channel by itself, dilation": Case((3, 9, 8, 4), (3, 3, 1, 4), dilation=2, groups=4),
}


def with_gradients(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a compiled function that gives outputs, and gradients by inputs and kernel."""

    def run(inputs: Any, kernel: Any, gradient: Any) -> tuple[Any, ...]:
        outputs, back = jax.vjp(function, inputs, kernel)
        return outputs, *back(gradient)

    return jax.jit(run)


def relative_error(given: Any, expected: Any) -> float:
    given, expected = np.asarray(given), np.asarray(expected)
    assert given.shape == expected.shape
    return float(np.abs(given - expected).max() / np.abs(expected).max())


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_outputs_and_gradients_are_those_of_the_definition(case: Case) -> None:
    inputs, kernel = draw(*case.inputs), draw(*case.kernel, seed=1)
    gradient = draw(*jax.eval_shape(case.derived, inputs, kernel).shape, seed=2)
    with jax.enable_x64(True):
        double = [array.astype("float64") for array in (inputs, kernel, gradient)]
        expected = with_gradients(case.derived)(*double)
        exact = with_gradients(case.ours)(*double)
    assert [array.dtype for array in exact] == ["float64"] * 3
    for given, right in zip(exact, expected, strict=True):
        assert relative_error(given, right) < 1e-13
    for given, right in zip(
        with_gradients(case.ours)(inputs, kernel, gradient), expected, strict=True
    ):
        assert given.dtype == "float32"
        assert relative_error(given, right) < 1e-5


@pytest.mark.parametrize("name", ["Winograd, images", "few terms", "a channel by itself"])
def test_many_kernels_at_once_are_each_alone(name: str) -> None:
    case = CASES[name]
    inputs, kernels = draw(2, *case.inputs), draw(2, *case.kernel, seed=1)

    def gradients(inputs: Any, kernel: Any) -> Any:
        return jax.grad(lambda *both: jnp.sum(jnp.square(case.ours(*both))), (0, 1))(inputs, kernel)

    together = jax.jit(jax.vmap(gradients))(inputs, kernels)
    apart = [jax.jit(gradients)(*pair) for pair in zip(inputs, kernels, strict=True)]
    for given, one, two in zip(together, *apart, strict=True):
        assert relative_error(given, np.stack([one, two])) < 1e-5


@pytest.mark.parametrize("name", ["Winograd, sequences", "many terms", "a channel by itself"])
def test_gradients_can_be_differentiated_again(name: str) -> None:
    case = CASES[name]
    inputs, kernel = draw(*case.inputs), draw(*case.kernel, seed=1)

    def penalty(function: Callable[..., Any]) -> Callable[..., Any]:
        def slope(inputs: Any, kernel: Any) -> Any:
            by_inputs = jax.grad(lambda x: jnp.sum(jnp.tanh(function(x, kernel))))(inputs)
            return jnp.sum(jnp.square(by_inputs))

        return jax.jit(jax.grad(slope, 1))

    given, expected = penalty(case.ours)(inputs, kernel), penalty(case.derived)(inputs, kernel)
    assert relative_error(given, expected) < 1e-4


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_half_precision_is_kept(dtype: str) -> None:
    case = CASES["Winograd, images"]
    inputs, kernel = draw(*case.inputs), draw(*case.kernel, seed=1)
    given = case.ours(jnp.asarray(inputs, dtype), jnp.asarray(kernel, dtype))
    assert given.dtype == dtype
    rounding = float(jnp.finfo(dtype).eps)
    assert relative_error(given.astype("float32"), case.derived(inputs, kernel)) < 2 * rounding


@pytest.mark.parametrize("space", [1, 2, 3])
@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize(("stride", "extra"), [(1, None), (2, None), (3, 0), (3, 2)])
def test_gradients_of_the_transpose_are_those_of_the_definition(
    space: int, padding: str, stride: int, extra: int | None
) -> None:
    inputs, kernel = draw(2, *SPACES[space], 4), draw(*(2, 3, 1)[:space], 5, 4, seed=1)
    more = None if extra is None else (extra,) * space
    shape = keras.ops.conv_transpose(inputs, kernel, (stride,) * space, padding, more).shape
    gradient = draw(*shape, seed=2)

    def ours(inputs: Any, kernel: Any) -> Any:
        return conv.transpose_convolve(inputs, kernel, (stride,) * space, padding, more)

    def theirs(inputs: Any, kernel: Any) -> Any:
        return keras.ops.conv_transpose(inputs, kernel, (stride,) * space, padding, more)

    given = with_gradients(ours)(inputs, kernel, gradient)
    expected = with_gradients(theirs)(inputs, kernel, gradient)
    for one, other in zip(given, expected, strict=True):
        assert relative_error(one, other) < 1e-5
