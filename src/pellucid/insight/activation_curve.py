"""An activation function as numbers: its values, its derivative, its range, where it is flat."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np

from pellucid import activations
from pellucid.activations import ACTIVATIONS, ActivationLike
from pellucid.errors import ArgumentError
from pellucid.types import Array, NumpyArray

FLAT_SLOPE = 0.05
"""A unit hardly learns where the derivative is smaller than this."""

FLAT_WIDTH = 0.75
"""A shorter stretch is only the turn at a minimum."""

POINTS = 1201

FAR = np.sinh(np.linspace(-15.0, 15.0, 6001))
"""From -1.6 million to 1.6 million, close together around 0."""

UNBOUNDED = 1e4
"""A value beyond this, at the far points, grows without end."""

ARGUMENTS = {"threshold": (0.5, 0.0)}
"""What is given to the known function that has arguments without defaults."""

Interval = tuple[float, float]


@dataclass(frozen=True)
class ActivationCurve:
    """An activation function along a line.

    Args:
        name: What it is called.
        x: Shape (points,).
        y: Its values.
        slope: Its derivative.
        low: Its smallest value at any x, maybe -inf.
        high: Its largest value at any x, maybe inf.
        flat: Where it saturates, within the line: the derivative is smaller than 0.05. The ends
            of the line count as infinite.
    """

    name: str
    x: NumpyArray
    y: NumpyArray
    slope: NumpyArray
    low: float
    high: float
    flat: tuple[Interval, ...]


def catalogue() -> list[str]:
    """Return the name of every known activation function, once each."""
    return sorted({function.registered_name for function in ACTIVATIONS.values()})  # type: ignore[attr-defined]


def activation_curve(
    activation: ActivationLike, limits: tuple[float, float] = (-6.0, 6.0)
) -> ActivationCurve:
    """Return an activation function along a line, with its automatic derivative.

    A function of a whole vector, such as softmax, is taken for two values of which the second
    is 0: its first result as a function of the first value.

    Args:
        activation: Name, function of arrays, or layer without weights.
        limits: Where the line begins and ends.

    Raises:
        ArgumentError: The name is unknown; a near one is suggested. Or the function cannot be
            differentiated, as one of NumPy, or gives no array of the shape that went in.

    Example:
        >>> from pellucid.insight import activation_curve
        >>> curve = activation_curve("hard_sigmoid")
        >>> curve.low, curve.high, curve.slope.max().round(3)
        (0.0, 1.0, np.float64(0.167))
    """
    function = activations.get(activation)
    name = getattr(function, "registered_name", None) or _name(function)
    arguments = ARGUMENTS.get(name, ())
    x = np.linspace(*limits, POINTS)
    with jax.enable_x64(True), _traceable(name):
        scalar, beside = _of_one_value(lambda x: function(x, *arguments))
        y, slope = jax.jvp(scalar, (jnp.asarray(x),), (jnp.ones(POINTS),))
        far = np.asarray(scalar(jnp.asarray(FAR)))
        y, slope = np.asarray(y), np.asarray(slope)
    low, high = far.min(), far.max()
    shown = f"{name}({', '.join(f'{one:g}' for one in arguments)})" if arguments else name
    return ActivationCurve(
        f"{shown} beside a 0" if beside else shown,
        x,
        y,
        slope,
        -np.inf if low < -UNBOUNDED else float(low),
        np.inf if high > UNBOUNDED else float(high),
        tuple(_flat(x, slope)),
    )


@contextlib.contextmanager
def _traceable(name: str) -> Iterator[None]:
    """Say of a function that fails on JAX's arrays how to write one that does not."""
    try:
        yield
    except Exception as error:
        # Any error may come out of a function of the user's.
        told = str(error).splitlines()[0] if str(error) else type(error).__name__
        near = f"jax.numpy.{name}" if hasattr(jnp, name) else "jax.numpy"
        raise ArgumentError(
            f"activation_curves: got the function '{name}', which cannot be differentiated on an "
            f"array of JAX ({told}), expected one that takes such an array and returns another of "
            f"the same shape. Write it with {near}."
        ) from error


def _name(function: object) -> str:
    return getattr(function, "__name__", type(function).__name__)


def _of_one_value(function: Callable[[Array], Array]) -> tuple[Callable[[Array], Array], bool]:
    """Return a function of each value by itself, and whether the other value had to be given."""
    probe = jnp.array([[-1.0, 0.5, 2.0, 0.0]])
    first, second = function(probe), function(probe.at[0, -1].set(9.0))
    if first.shape == probe.shape and bool(jnp.all(first[0, :3] == second[0, :3])):
        return lambda x: function(x[:, None])[:, 0], False
    return lambda x: function(jnp.stack([x, jnp.zeros_like(x)], axis=1))[:, 0], True


def _flat(x: NumpyArray, slope: NumpyArray) -> Iterator[Interval]:
    flat = np.concatenate([[False], np.abs(slope) < FLAT_SLOPE, [False]])
    turns = np.flatnonzero(flat[1:] != flat[:-1]).reshape(-1, 2)
    for begin, end in turns:
        low = -np.inf if begin == 0 else float(x[begin])
        high = np.inf if end == len(x) else float(x[end - 1])
        if high - low > FLAT_WIDTH:
            yield low, high
