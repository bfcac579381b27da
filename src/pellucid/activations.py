"""Activation functions: what a layer does to each of its outputs.

All are plain functions of arrays that JAX can trace. A known one carries its name in the
attribute `registered_name`, by which configurations and files speak of it.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias, TypeVar

import jax
import jax.numpy as jnp

from pellucid.description import Description
from pellucid.errors import ArgumentError, NotSaveableError, did_you_mean
from pellucid.types import Array

Activation: TypeAlias = Callable[..., Array]
F = TypeVar("F", bound=Activation)

ActivationLike: TypeAlias = str | Activation | Mapping[str, Any] | None
"""What `get` takes: a name, a function, a layer without weights or its configuration."""

ACTIVATIONS: dict[str, Activation] = {}
"""The known activation functions by name, alternative names among them."""

ACROSS = frozenset({"glu", "log_softmax", "softmax", "sparsemax"})
"""Those whose results depend on several numbers. The others take each number by itself."""

ZERO_AT_ZERO = frozenset(
    {"celu", "elu", "gelu", "hard_shrink", "hard_silu", "hard_tanh", "leaky_relu", "linear"}
    | {"mish", "relu", "relu6", "selu", "silu", "soft_shrink", "softsign", "tanh", "tanh_shrink"}
)
"""Those that take each number by itself and give 0 for 0."""


def _known_as(*names: str) -> Callable[[F], F]:
    """Enter a function under `names`; files use the first."""

    def enter(function: F) -> F:
        function.registered_name = names[0]  # type: ignore[attr-defined]
        ACTIVATIONS.update(dict.fromkeys(names, function))
        return function

    return enter


@_known_as("celu")
def celu(x: Array, alpha: float = 1.0) -> Array:
    """Continuously differentiable exponential linear unit.

    `max(x, 0) + min(alpha * (exp(x / alpha) - 1), 0)`.

    Example:
        >>> import pellucid
        >>> float(pellucid.activations.celu(2.0))
        2.0

    Source: Barron, "Continuously Differentiable Exponential Linear Units" (2017).
    """
    return jax.nn.celu(x, alpha)


@_known_as("elu")
def elu(x: Array, alpha: float = 1.0) -> Array:
    """Exponential linear unit: `x` where positive, else `alpha * (exp(x) - 1)`.

    Example:
        >>> import pellucid
        >>> float(pellucid.activations.elu(2.0))
        2.0

    Source: Clevert et al., "Fast and Accurate Deep Network Learning by ELUs" (2016).
    """
    return jax.nn.elu(x, alpha)


@_known_as("exponential", "exp")
def exponential(x: Array) -> Array:
    """Exponential function: `exp(x)`.

    Example:
        >>> import pellucid
        >>> float(pellucid.activations.exponential(0.0))
        1.0
    """
    return jnp.exp(x)


@_known_as("gelu")
def gelu(x: Array, approximate: bool = False) -> Array:
    """Gaussian error linear unit: `x` times the normal distribution function at `x`.

    Args:
        x: Array of any shape.
        approximate: Whether the distribution function is approximated with tanh.

    Example:
        >>> import pellucid
        >>> round(float(pellucid.activations.gelu(1.0)), 4)
        0.8413

    Source: Hendrycks and Gimpel, "Gaussian Error Linear Units" (2016).
    """
    return jax.nn.gelu(x, approximate)


@_known_as("glu")
def glu(x: Array, axis: int = -1) -> Array:
    """Gated linear unit: the first half of `axis` times the sigmoid of the second half.

    Args:
        x: Array whose size along `axis` is even.
        axis: Axis that is halved.

    Example:
        >>> import numpy as np, pellucid
        >>> pellucid.activations.glu(np.array([2.0, 0.0], "float32")).tolist()
        [1.0]

    Source: Dauphin et al., "Language Modeling with Gated Convolutional Networks" (2017).
    """
    return jax.nn.glu(x, axis)


@_known_as("hard_shrink")
def hard_shrink(x: Array, threshold: float = 0.5) -> Array:
    """Hard shrinkage: `x` where `abs(x) > threshold`, else 0.

    Example:
        >>> import pellucid
        >>> float(pellucid.activations.hard_shrink(0.4))
        0.0
    """
    x = jnp.asarray(x)
    return jnp.where(jnp.abs(x) > threshold, x, jnp.zeros_like(x))


@_known_as("hard_sigmoid")
def hard_sigmoid(x: Array) -> Array:
    """Piecewise linear approximation of the sigmoid: `clip(x / 6 + 1 / 2, 0, 1)`.

    Example:
        >>> import pellucid
        >>> float(pellucid.activations.hard_sigmoid(0.0))
        0.5
    """
    return jax.nn.hard_sigmoid(x)


@_known_as("hard_silu", "hard_swish")
def hard_silu(x: Array) -> Array:
    """Piecewise approximation of SiLU: `x * hard_sigmoid(x)`.

    Example:
        >>> import pellucid
        >>> float(pellucid.activations.hard_silu(4.0))
        4.0

    Source: Howard et al., "Searching for MobileNetV3" (2019).
    """
    return jax.nn.hard_silu(x)


@_known_as("hard_tanh")
def hard_tanh(x: Array) -> Array:
    """Piecewise linear approximation of tanh: `clip(x, -1, 1)`.

    Example:
        >>> import pellucid
        >>> float(pellucid.activations.hard_tanh(1.5))
        1.0
    """
    return jax.nn.hard_tanh(x)


@_known_as("leaky_relu")
def leaky_relu(x: Array, negative_slope: float = 0.2) -> Array:
    """Leaky rectified linear unit: `x` where positive, else `negative_slope * x`.

    Example:
        >>> import pellucid
        >>> round(float(pellucid.activations.leaky_relu(-1.0)), 3)
        -0.2

    Source: Maas et al., "Rectifier Nonlinearities Improve Neural Network Acoustic Models" (2013).
    """
    return jax.nn.leaky_relu(x, negative_slope)


@_known_as("linear")
def linear(x: Array) -> Array:
    """Identity: `x` itself.

    Example:
        >>> import pellucid
        >>> pellucid.activations.linear(3.0)
        3.0
    """
    return x


@_known_as("log_sigmoid")
def log_sigmoid(x: Array) -> Array:
    """Logarithm of the sigmoid, computed without overflow: `-log(1 + exp(-x))`.

    Example:
        >>> import pellucid
        >>> round(float(pellucid.activations.log_sigmoid(0.0)), 4)
        -0.6931
    """
    return jax.nn.log_sigmoid(x)


@_known_as("log_softmax")
def log_softmax(x: Array, axis: int | tuple[int, ...] = -1) -> Array:
    """Logarithm of the softmax: `x - log(sum(exp(x)))` along `axis`.

    Example:
        >>> import numpy as np, pellucid
        >>> print(np.asarray(pellucid.activations.log_softmax(np.zeros(2, "float32"))).round(4))
        [-0.6931 -0.6931]
    """
    return jax.nn.log_softmax(x, axis)


@_known_as("mish")
def mish(x: Array) -> Array:
    """Self-regularised smooth unit: `x * tanh(log(1 + exp(x)))`.

    Example:
        >>> import pellucid
        >>> round(float(pellucid.activations.mish(1.0)), 4)
        0.8651

    Source: Misra, "Mish: A Self Regularized Non-Monotonic Activation Function" (2019).
    """
    return jax.nn.mish(x)


@_known_as("relu")
def relu(
    x: Array,
    negative_slope: float = 0.0,
    max_value: float | None = None,
    threshold: float = 0.0,
) -> Array:
    """Rectified linear unit: `max(x, 0)`.

    In general `min(x, max_value)` where `x > threshold`, else
    `negative_slope * (x - threshold)`.

    Args:
        x: Array of any shape.
        negative_slope: Slope below the threshold.
        max_value: Upper bound of the result; None for none.
        threshold: Value of `x` up to which the unit is off.

    Example:
        >>> import numpy as np, pellucid
        >>> pellucid.activations.relu(np.array([-1.0, 2.0], "float32")).tolist()
        [0.0, 2.0]

    Source: Glorot et al., "Deep Sparse Rectifier Neural Networks" (2011).
    """
    if threshold == 0.0:
        above = jax.nn.relu(x)
    else:
        x = jnp.asarray(x)
        above = jnp.where(x > threshold, x, jnp.zeros_like(x))
    if max_value is not None:
        above = jnp.minimum(above, jnp.asarray(max_value, above.dtype))
    if negative_slope == 0.0:
        return above
    return above - negative_slope * jax.nn.relu(threshold - x)


@_known_as("relu6")
def relu6(x: Array) -> Array:
    """Rectified linear unit bounded by 6: `min(max(x, 0), 6)`.

    Example:
        >>> import pellucid
        >>> float(pellucid.activations.relu6(8.0))
        6.0
    """
    return jax.nn.relu6(x)


@_known_as("selu")
def selu(x: Array) -> Array:
    """Scaled exponential linear unit, which keeps mean 0 and variance 1 from layer to layer.

    `1.0507 * elu(x, alpha=1.6733)`.

    Example:
        >>> import pellucid
        >>> round(float(pellucid.activations.selu(1.0)), 4)
        1.0507

    Source: Klambauer et al., "Self-Normalizing Neural Networks" (2017).
    """
    return jax.nn.selu(x)


@_known_as("sigmoid")
def sigmoid(x: Array) -> Array:
    """Logistic function: `1 / (1 + exp(-x))`.

    Example:
        >>> import pellucid
        >>> float(pellucid.activations.sigmoid(0.0))
        0.5
    """
    return jax.nn.sigmoid(x)


@_known_as("silu", "swish")
def silu(x: Array) -> Array:
    """Sigmoid linear unit, also called swish: `x * sigmoid(x)`.

    Example:
        >>> import pellucid
        >>> round(float(pellucid.activations.silu(1.0)), 4)
        0.7311

    Source: Ramachandran et al., "Swish: a Self-Gated Activation Function" (2017).
    """
    return jax.nn.silu(x)


swish = silu
hard_swish = hard_silu


@_known_as("soft_shrink")
def soft_shrink(x: Array, threshold: float = 0.5) -> Array:
    """Soft shrinkage: `sign(x) * max(abs(x) - threshold, 0)`.

    Example:
        >>> import pellucid
        >>> float(pellucid.activations.soft_shrink(-2.0))
        -1.5
    """
    x = jnp.asarray(x)
    below = jnp.where(x < -threshold, x + threshold, jnp.zeros_like(x))
    return jnp.where(x > threshold, x - threshold, below)


@_known_as("softmax")
def softmax(x: Array, axis: int | tuple[int, ...] = -1) -> Array:
    """Probabilities from scores: `exp(x) / sum(exp(x))` along `axis`.

    Example:
        >>> import numpy as np, pellucid
        >>> pellucid.activations.softmax(np.zeros((1, 4), "float32")).tolist()
        [[0.25, 0.25, 0.25, 0.25]]

    Source: Bridle, "Training Stochastic Model Recognition Algorithms as Networks" (1990).
    """
    return jax.nn.softmax(x, axis)


@_known_as("softplus")
def softplus(x: Array) -> Array:
    """Smooth rectifier: `log(1 + exp(x))`.

    Example:
        >>> import pellucid
        >>> round(float(pellucid.activations.softplus(0.0)), 4)
        0.6931
    """
    return jax.nn.softplus(x)


@_known_as("softsign")
def softsign(x: Array) -> Array:
    """Smooth sign: `x / (1 + abs(x))`.

    Example:
        >>> import pellucid
        >>> float(pellucid.activations.softsign(1.0))
        0.5
    """
    return jax.nn.soft_sign(x)


@_known_as("sparse_plus")
def sparse_plus(x: Array) -> Array:
    """Sparse counterpart of softplus: 0 up to -1, `(x + 1)**2 / 4` up to 1, then `x`.

    Example:
        >>> import pellucid
        >>> float(pellucid.activations.sparse_plus(0.0))
        0.25
    """
    return jax.nn.sparse_plus(x)


@_known_as("sparse_sigmoid")
def sparse_sigmoid(x: Array) -> Array:
    """Slope of `sparse_plus`: `clip((x + 1) / 2, 0, 1)`.

    Example:
        >>> import pellucid
        >>> float(pellucid.activations.sparse_sigmoid(0.0))
        0.5
    """
    return jax.nn.sparse_sigmoid(x)


@_known_as("sparsemax")
def sparsemax(x: Array, axis: int = -1) -> Array:
    """Projection of scores onto probabilities, many of them exactly zero.

    `max(x - t, 0)` with the number `t` that makes the result sum to 1 along `axis`.

    Example:
        >>> import numpy as np, pellucid
        >>> pellucid.activations.sparsemax(np.array([2.0, 0.0], "float32")).tolist()
        [1.0, 0.0]

    Source: Martins and Astudillo, "From Softmax to Sparsemax" (2016).

    Differs from Keras: the result sums to 1, as in the paper; that of Keras 3.15 need not.
    """
    x = jnp.asarray(x)
    scores = jnp.moveaxis(x, axis, -1)
    ordered = jnp.flip(jnp.sort(scores, axis=-1), axis=-1)
    totals = jnp.cumsum(ordered, axis=-1)
    place = jnp.arange(1, scores.shape[-1] + 1, dtype=scores.dtype)
    support = jnp.sum(1 + place * ordered > totals, axis=-1, keepdims=True)
    inside = jnp.take_along_axis(totals, support - 1, axis=-1)
    level = (inside - 1) / support.astype(scores.dtype)
    return jnp.moveaxis(jnp.maximum(scores - level, 0), -1, axis)


@_known_as("squareplus")
def squareplus(x: Array, b: float = 4) -> Array:
    """Algebraic counterpart of softplus: `(x + sqrt(x**2 + b)) / 2`.

    Example:
        >>> import pellucid
        >>> float(pellucid.activations.squareplus(0.0))
        1.0

    Source: Barron, "Squareplus: A Softplus-Like Algebraic Rectifier" (2021).
    """
    return jax.nn.squareplus(x, b)


@_known_as("tanh")
def tanh(x: Array) -> Array:
    """Hyperbolic tangent: `(exp(x) - exp(-x)) / (exp(x) + exp(-x))`.

    Example:
        >>> import pellucid
        >>> float(pellucid.activations.tanh(0.0))
        0.0
    """
    return jnp.tanh(x)


@_known_as("tanh_shrink")
def tanh_shrink(x: Array) -> Array:
    """Hyperbolic tangent shrinkage: `x - tanh(x)`.

    Example:
        >>> import pellucid
        >>> float(pellucid.activations.tanh_shrink(0.0))
        0.0
    """
    return x - jnp.tanh(x)


@_known_as("threshold")
def threshold(x: Array, threshold: float, default_value: float) -> Array:
    """Threshold: `x` where `x > threshold`, else `default_value`.

    Example:
        >>> import pellucid
        >>> float(pellucid.activations.threshold(1.0, 2.0, -5.0))
        -5.0
    """
    x = jnp.asarray(x)
    return jnp.where(x > threshold, x, jnp.asarray(default_value, x.dtype))


def get(identifier: ActivationLike) -> Activation:
    """Return the activation function meant by a name, function or layer.

    Args:
        identifier: Name such as "relu"; None for `linear`; a function of one's own; a layer
            without weights such as `LeakyReLU(0.1)`, or its configuration.

    Raises:
        ArgumentError: The name is unknown (a near one is suggested), or the object is no function.

    Example:
        >>> import pellucid
        >>> pellucid.activations.get("swish").registered_name
        'silu'
    """
    if identifier is None:
        return linear
    if isinstance(identifier, str):
        return _named(identifier)
    if isinstance(identifier, Mapping):
        return _layer(_layer_makers[-1](identifier))
    if isinstance(identifier, Description):
        return _layer(identifier)
    if callable(identifier):
        return identifier
    raise ArgumentError(
        f"activation: got {identifier!r}, expected a name such as 'relu' or a function."
    )


_layer_makers: list[Callable[[Mapping[str, Any]], Any]] = []


def make_layers_with(maker: Callable[[Mapping[str, Any]], Any]) -> None:
    """Say what makes a layer from its configuration; layers are built on activations, not below.

    Args:
        maker: Function of a configuration that returns a layer.
    """
    _layer_makers.append(maker)


def _named(name: str) -> Activation:
    function = ACTIVATIONS.get(name) or ACTIVATIONS.get(name.lower())
    if function is None:
        raise ArgumentError(
            f"activation: got the unknown name '{name}', expected a known activation. "
            f"{did_you_mean(name, sorted(ACTIVATIONS))}"
        )
    return function


def _layer(layer: Any) -> Activation:
    if layer.kind != "layer" or not layer.weightless:
        raise ArgumentError(
            f"activation: got {layer!r}, expected a function or a layer without weights. "
            "Put a layer with weights after this one instead."
        )
    return layer


def serialize(activation: Activation) -> str:
    """Return the name by which files speak of a known activation function.

    Raises:
        NotSaveableError: The function is not one of the known ones.

    Example:
        >>> import pellucid
        >>> pellucid.activations.serialize(pellucid.activations.relu)
        'relu'
    """
    name = getattr(activation, "registered_name", None)
    if name is None:
        shown = getattr(activation, "__name__", activation)
        raise NotSaveableError(
            f"activation: got {shown!r}, a Python function, expected a known activation: "
            "a model file holds no code. Use a named one, or write a small layer class."
        )
    return name


def deserialize(name: str) -> Activation:
    """Return the activation function called `name`.

    Example:
        >>> import pellucid
        >>> pellucid.activations.deserialize("relu") is pellucid.activations.relu
        True
    """
    return get(name)
