"""How much each value of an example contributes to an output, told by gradients."""

from collections.abc import Callable, Mapping
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from pellucid.errors import Problem, did_you_mean, report
from pellucid.insight.grad_cam import grad_cam
from pellucid.insight.occlusion import occlusion
from pellucid.insight.subject import Subject, raw_scores
from pellucid.keywords import arguments_of, refuse_unknown
from pellucid.types import Array, NumpyArray

STEPS = 64
"""Points on the way from the baseline to the example."""


def gradient(subject: Subject) -> NumpyArray:
    """Return the derivative of the score by every value that goes in: d score / d x.

    Where whole numbers go into an embedding, it is taken at the embedding.

    Args:
        subject: Network, example and output value.

    Returns:
        Shape of the example, (1, ...) left off.

    Source: Simonyan, Vedaldi, Zisserman, "Deep Inside Convolutional Networks" (2014).
    """
    slopes, _ = _slopes(subject, np.ones(1, np.float32), 0.0)
    return slopes[0]


def integrated_gradients(subject: Subject, baseline: float = 0.0, steps: int = STEPS) -> NumpyArray:
    """Return each value's share of the difference between the example's score and a baseline's.

    `(x - b) * mean over a in (0, 1) of d score(b + a (x - b)) / d x`. The shares add up to
    score(x) - score(b), but for the error of the mean.

    Args:
        subject: Network, example and output value.
        baseline: Value of every part of an example that shows nothing.
        steps: Points between the two at which gradients are taken (midpoint rule).

    Returns:
        Shape of the example, (1, ...) left off.

    Source: Sundararajan, Taly, Yan, "Axiomatic Attribution for Deep Networks" (2017).
    """
    shares = (np.arange(steps, dtype=np.float32) + 0.5) / steps
    slopes, entering = _slopes(subject, shares, baseline)
    return slopes.mean(axis=0) * (entering - baseline)


def _slopes(subject: Subject, shares: NumpyArray, baseline: float) -> tuple[NumpyArray, NumpyArray]:
    """Return the score's gradient at points on the way from the baseline, and the example."""
    place, chosen = subject.place, subject.chosen

    def make(network: Any, values: Any, feeds: Any, shares: Array, base: Array, target: Array):
        entering: dict[str, Array] = {}

        def score(delta: Array) -> Array:
            def change(node: int, result: Array) -> Array:
                if node != place:
                    return result
                entering["x"] = result[0]
                along = shares.reshape((-1,) + (1,) * (result.ndim - 1))
                return base + along * (result - base) + delta

            found = raw_scores(network, values, feeds, change)
            return jnp.sum(jnp.take(found, target, axis=1)), entering["x"]

        shape = (len(shares), *_open(network.shapes[place], feeds, subject))
        slopes, x = jax.grad(score, has_aux=True)(jnp.zeros(shape, jnp.float32))
        return slopes, x

    rows = [np.repeat(feed, len(shares), axis=0) for feed in subject.feeds]
    run = subject.program(("slopes", place, subject.input), make)
    slopes, x = run(rows, shares, np.float32(baseline), np.int32(chosen))
    return np.asarray(slopes), np.asarray(x)


def _open(shape: tuple[int | None, ...], feeds: Any, subject: Subject) -> tuple[int, ...]:
    """Return a node's shape with sizes that were left open taken from the example."""
    given = subject.rows_of_input.shape[1:]
    return tuple(given[axis] if size is None else size for axis, size in enumerate(shape))


METHODS: Mapping[str, Callable[..., NumpyArray]] = {
    "gradient": gradient,
    "integrated_gradients": integrated_gradients,
    "grad_cam": grad_cam,
    "occlusion": occlusion,
}


def explain(subject: Subject, method: str, options: Mapping[str, Any]) -> NumpyArray:
    """Return what `method` says the network looks at.

    Raises:
        ArgumentError: There is no such method, or it has no such option.
    """
    if method not in METHODS:
        known = ", ".join(f"'{name}'" for name in METHODS)
        fix = did_you_mean(str(method), list(METHODS))
        report([Problem("saliency(method=...)", repr(method), f"one of {known}", fix)])
    chosen = METHODS[method]
    known = [name for name in arguments_of(chosen) if name != "subject"]
    where = f"saliency(method='{method}')"
    if options and not known:
        report([Problem(where, f"the argument '{next(iter(options))}'", "none: it has no options")])
    refuse_unknown(where, set(options) - {*known}, known)
    return chosen(subject, **options)
