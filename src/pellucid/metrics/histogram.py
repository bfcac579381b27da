"""How many scores of positives and negatives lie between neighbouring thresholds.

For hundreds of thresholds a histogram is the cheap form of the confusion matrix: a score is
entered once, by the number of thresholds that it exceeds.
"""

from typing import NamedTuple

import jax.numpy as jnp

from pellucid.metrics.confusion import Marked
from pellucid.types import Array


class Confusion(NamedTuple):
    """Weights of true and false predictions at each threshold, which is the first axis."""

    true_positives: Array
    false_positives: Array
    true_negatives: Array
    false_negatives: Array


def exceeded(scores: Array, thresholds: tuple[float, ...], evenly: bool) -> Array:
    """Return how many of the ascending `thresholds` each score exceeds.

    Args:
        scores: Any shape.
        thresholds: Ascending.
        evenly: Whether the thresholds lie evenly from 0 to 1; the ends may lie just outside.
    """
    if not evenly:
        return jnp.searchsorted(jnp.asarray(thresholds, jnp.float32), scores, side="left")
    steps = len(thresholds) - 1
    number = jnp.ceil(jnp.clip(jnp.nan_to_num(scores), 0.0, 1.0) * steps).astype(jnp.int32)
    return jnp.maximum(number, 1) if thresholds[0] < 0 else number


def histogram(marked: Marked, places: Array, bins: int) -> Array:
    """Return the weights of positives and of negatives in each bin, shape (2, bins)."""
    weights = jnp.stack([marked.positive.reshape(-1), marked.negative.reshape(-1)])
    return jnp.zeros((2, bins), jnp.float32).at[:, places.reshape(-1)].add(weights)


def confusion(counts: Array) -> Confusion:
    """Return the confusion matrix at each threshold from histograms.

    Args:
        counts: Shape (2, thresholds + 1, ...).

    Returns:
        Arrays of shape (thresholds, ...).
    """
    above = jnp.flip(jnp.cumsum(jnp.flip(counts, axis=1), axis=1), axis=1)[:, 1:]
    below = jnp.cumsum(counts, axis=1)[:, :-1]
    return Confusion(above[0], above[1], below[1], below[0])
