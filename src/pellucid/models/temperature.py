"""The temperature that makes probabilities of classes as sure as they should be.

Source: Guo et al., "On Calibration of Modern Neural Networks" (2017).
"""

import warnings

import numpy as np

from pellucid.errors import PellucidWarning, Problem
from pellucid.types import NumpyArray

COLDEST, HOTTEST = 0.05, 20.0
"""Between which temperatures the best one is sought."""


def logits_of(probabilities: NumpyArray, least: float) -> NumpyArray:
    """Return the logarithms of probabilities, those below `least` counting as it."""
    return np.log(np.maximum(probabilities, least))


def tempered(logits: NumpyArray, temperature: float) -> NumpyArray:
    """Return the probabilities `softmax(logits / temperature)` along the last axis."""
    scaled = logits / temperature
    raised = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    return raised / raised.sum(axis=-1, keepdims=True)


def best_temperature(logits: NumpyArray, truth: NumpyArray) -> float:
    """Return the temperature of the least log loss, by halving the range in which it lies.

    Args:
        logits: Logarithms of probabilities, shape (..., classes).
        truth: Share of each class in what happened, of the same shape; 1 for a class alone.

    Returns:
        From `COLDEST` to `HOTTEST`; one of the two where the best lies beyond.

    Example:
        >>> import numpy as np
        >>> from pellucid.models.temperature import best_temperature
        >>> too_sure = np.log([[0.9, 0.1]] * 3)
        >>> round(best_temperature(too_sure, np.eye(2)[[0, 0, 1]]), 2)
        3.17
    """
    happened = (truth * logits).sum(axis=-1)

    def too_hot(temperature: float) -> bool:
        # The slope of the log loss by 1/T; the loss is convex in it.
        expected = (tempered(logits, temperature) * logits).sum(axis=-1)
        return float(np.mean(expected - happened)) < 0

    if too_hot(COLDEST):
        return COLDEST
    if not too_hot(HOTTEST):
        return HOTTEST
    low, high = COLDEST, HOTTEST
    while high / low > 1 + 1e-9:
        middle = float(np.sqrt(low * high))
        low, high = (low, middle) if too_hot(middle) else (middle, high)
    return float(np.sqrt(low * high))


def warn_of_bound(temperature: float, where: str) -> None:
    """Say that the best temperature lies beyond those that are tried.

    Args:
        temperature: What `best_temperature` found.
        where: What the message begins with.

    Warns:
        PellucidWarning: It is the coldest or the hottest one.
    """
    if temperature in (COLDEST, HOTTEST):
        given = f"no best temperature from {COLDEST:g} to {HOTTEST:g}"
        fix = "Give more rows, some of which the model gets wrong."
        expected = "probabilities that are sometimes right and sometimes wrong"
        warnings.warn(str(Problem(where, given, expected, fix)), PellucidWarning, stacklevel=3)
