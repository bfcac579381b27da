"""Activations whose slope can be told from their result, so that nothing else need be kept."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from pellucid.types import Array


class Sloped(NamedTuple):
    """An activation y = f(z) with its slope as a function of y.

    Args:
        name: Its name.
        function: f.
        slope: The derivative of f at z, from y.
    """

    name: str
    function: Callable[[Array], Array]
    slope: Callable[[Array], Array]


def _sigmoid(z: Array) -> Array:
    """Return the logistic function by the hyperbolic tangent, which costs half of it."""
    return 0.5 * jnp.tanh(0.5 * z) + 0.5


_SLOPED: Mapping[str, Sloped] = {
    one.name: one
    for one in (
        Sloped("tanh", jnp.tanh, lambda y: 1 - y * y),
        Sloped("sigmoid", _sigmoid, lambda y: y * (1 - y)),
        Sloped("relu", jax.nn.relu, lambda y: (y > 0).astype(y.dtype)),
        Sloped("linear", lambda z: z, jnp.ones_like),
    )
}

_JAX_NAMES: Mapping[Any, str] = {jnp.tanh: "tanh", jax.nn.sigmoid: "sigmoid", jax.nn.relu: "relu"}


def sloped(activation: Any) -> Sloped | None:
    """Return what is known of a function of JAX or a registered one; None for others."""
    name = getattr(activation, "registered_name", None) or _JAX_NAMES.get(activation)
    return None if name is None else _SLOPED.get(name)


def activate(z: Array, gates: Sequence[Sloped]) -> Array:
    """Return `z` with `gates[k]` applied to the k-th of equal blocks of columns.

    Since 1 / (1 + exp(-z)) = (1 + tanh(z / 2)) / 2, one pass serves both usual functions:
    s tanh(s z) + (1 - s), with s = 1 for the tangent and s = 1/2 for the sigmoid.
    """
    names = [gate.name for gate in gates]
    if len(set(names)) == 1:
        return gates[0].function(z)
    if set(names) == {"tanh", "sigmoid"}:
        scale = [1.0 if name == "tanh" else 0.5 for name in names]
        s = np.repeat(scale, z.shape[-1] // len(gates)).astype(z.dtype)
        return s * jnp.tanh(s * z) + (1 - s)
    blocks = jnp.split(z, len(gates), axis=-1)
    return jnp.concatenate(
        [gate.function(block) for gate, block in zip(gates, blocks, strict=True)], axis=-1
    )
