"""How much a network computes, and how often its parts would meet, from its traced program."""

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax.extend.core import ClosedJaxpr, Jaxpr

from pellucid.graph import Network
from pellucid.layers.context import Context

OPEN_LENGTHS = (64, 32, 16, 8, 4, 2, 1)
"""The lengths that are tried where a network leaves one open; the first that it takes counts."""

MOST_SCORED = 1024
"""Rows that are scored at once at most."""

CACHED_NUMBERS = 2**21
"""Numbers of one layer's result up to which the next layer finds them in a processor's cache."""


class Work(NamedTuple):
    """What one pass forward and backward asks of devices that share a batch's rows.

    Args:
        numbers: Numbers computed in the pass forward; a product and its sum count as one. The
            pass backward costs about twice as much.
        meetings: Steps of loops at which the devices would add up gradients of weights.
    """

    numbers: float
    meetings: float


def widest(network: Network) -> int:
    """Return how many numbers a row has where it has most; open lengths count as one."""
    return max(math.prod(size or 1 for size in shape) for shape in network.shapes)


def scoring_rows(network: Network, batch: int) -> int:
    """Return how many rows to score at once: several batches, as far as results stay in cache.

    Args:
        network: What is computed.
        batch: Rows in a training step.
    """
    held = batch * widest(network)
    fitting = (times for times in (8, 4, 2) if times * held <= CACHED_NUMBERS)
    return max(batch, min(MOST_SCORED, next(fitting, 1) * batch))


def forward_work(network: Network, rows: int) -> Work:
    """Return what `network` computes for a batch of `rows`."""
    fitting = (_work_at(network, rows, length) for length in OPEN_LENGTHS)
    return next((found for found in fitting if found is not None), Work(0, 0))


def _work_at(network: Network, rows: int, length: int) -> Work | None:
    """Return what is computed where open lengths are `length`; None where they cannot be."""

    def forward(values: Any, feeds: Any, key: Any, real: Any) -> Any:
        done = network.apply(values, feeds, Context(training=True, key=key, rows=real))
        return done.outputs

    values = [jax.ShapeDtypeStruct(one.spec.shape, np.float32) for one in network.weights]
    feeds = [
        jax.ShapeDtypeStruct((rows, *_closed(network.shapes[node], length)), network.dtypes[node])
        for node in network.feeds
    ]
    key, real = jax.ShapeDtypeStruct((), np.uint32), jax.ShapeDtypeStruct((rows,), np.float32)
    try:
        return count(jax.make_jaxpr(forward)(values, feeds, key, real).jaxpr)
    except Exception:
        return None


def count(jaxpr: Jaxpr) -> Work:
    """Return what a traced function computes."""
    found = [_cost(equation) for equation in jaxpr.eqns]
    return Work(sum(one.numbers for one in found), sum(one.meetings for one in found))


def _closed(shape: tuple[int | None, ...], length: int) -> tuple[int, ...]:
    return tuple(length if size is None else size for size in shape)


def _cost(equation: Any) -> Work:
    name, params = equation.primitive.name, equation.params
    inner = [count(one) for one in _inner(params)]
    if not inner:
        produced = sum(math.prod(out.aval.shape) for out in equation.outvars)
        return Work(produced * _terms(equation), 0)
    # Of branches the longest counts. A loop's length is known of `scan` alone.
    longest = max(inner)
    if name == "custom_vjp_call":
        # Its author has said what happens backward: after a loop, and not within.
        return Work(longest.numbers, 0)
    if name == "scan":
        meetings = max(longest.meetings, float(_has_weights(equation)))
        return Work(longest.numbers * params["length"], meetings * params["length"])
    return longest


def _has_weights(scan: Any) -> bool:
    """Return True if a loop uses numbers that are the same at each step.

    Their gradient is added up as the loop runs backward, over all rows.
    """
    constants = scan.invars[: scan.params["num_consts"]]
    return any(jnp.issubdtype(one.aval.dtype, jnp.floating) for one in constants)


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
