"""How much a network computes, counted from its traced program."""

import math
from collections.abc import Iterator
from typing import Any

import jax
import numpy as np
from jax.extend.core import ClosedJaxpr, Jaxpr

from pellucid.graph import Network
from pellucid.layers.context import Context

OPEN_LENGTH = 64
"""The length that is assumed where a network leaves one open."""


def forward_work(network: Network, rows: int) -> float:
    """Return how many numbers one pass over `rows` computes; a product and its sum count as one.

    The passes backward cost about twice as much again.
    """

    def forward(values: Any, feeds: Any, key: Any, real: Any) -> Any:
        done = network.apply(values, feeds, Context(training=True, key=key, rows=real))
        return done.outputs

    values = [jax.ShapeDtypeStruct(one.spec.shape, np.float32) for one in network.weights]
    feeds = [
        jax.ShapeDtypeStruct((rows, *_closed(network.shapes[node])), network.dtypes[node])
        for node in network.feeds
    ]
    key, real = jax.ShapeDtypeStruct((), np.uint32), jax.ShapeDtypeStruct((rows,), np.float32)
    return count(jax.make_jaxpr(forward)(values, feeds, key, real).jaxpr)


def count(jaxpr: Jaxpr) -> float:
    """Return how many numbers a traced function computes."""
    return sum(_cost(equation) for equation in jaxpr.eqns)


def _closed(shape: tuple[int | None, ...]) -> tuple[int, ...]:
    return tuple(OPEN_LENGTH if size is None else size for size in shape)


def _cost(equation: Any) -> float:
    inner = [count(one) for one in _inner(equation.params)]
    if inner:
        # A loop's length is known of `scan` alone; of branches the longest counts.
        return max(inner) * equation.params.get("length", 1)
    produced = sum(math.prod(out.aval.shape) for out in equation.outvars)
    return produced * _terms(equation)


def _terms(equation: Any) -> float:
    """Return how many products each number that `equation` gives is the sum of."""
    if equation.primitive.name == "dot_general":
        (summed, _), _ = equation.params["dimension_numbers"]
        shape = equation.invars[0].aval.shape
        return math.prod(shape[axis] for axis in summed)
    if equation.primitive.name == "conv_general_dilated":
        kernel = equation.invars[1].aval.shape
        filters = kernel[equation.params["dimension_numbers"].rhs_spec[0]]
        return math.prod(kernel) / filters
    return 1


def _inner(params: dict[str, Any]) -> Iterator[Jaxpr]:
    for value in params.values():
        for one in value if isinstance(value, (tuple, list)) else (value,):
            if isinstance(one, ClosedJaxpr):
                yield one.jaxpr
            elif isinstance(one, Jaxpr):
                yield one
