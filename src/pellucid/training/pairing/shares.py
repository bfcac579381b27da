"""Yes-or-no labels outside 0 to 1."""

import numpy as np

from pellucid.errors import Problem
from pellucid.training.pairing.findings import Findings
from pellucid.training.pairing.pairing import Pairing
from pellucid.training.pairing.told import place_text, value_text

ROUNDING = 1e-5
"""How far a label may pass a bound by the rounding of 32-bit numbers."""


def check_shares(pairing: Pairing) -> Findings:
    """Yield the problem of labels outside 0 to 1, with how to map them."""
    if pairing.low >= -ROUNDING and pairing.high <= 1 + ROUNDING:
        return
    y = pairing.y
    outside = (y < -ROUNDING) | (y > 1 + ROUNDING)
    yield Problem(
        pairing.labels,
        f"label {place_text(y, outside, 'label')}",
        "labels from 0 to 1",
        _distribution(pairing) if pairing.targets == "distribution" else _mapping(pairing),
    )


def _distribution(pairing: Pairing) -> str:
    return "Write y = y / y.sum(axis=-1, keepdims=True), or loss='mse' for numbers."


def _mapping(pairing: Pairing) -> str:
    """Return how these labels become 0 and 1, or which loss takes them as they are."""
    low, high = pairing.low, pairing.high
    if pairing.whole and low >= 0 and high == 255:
        return "Write y = y / 255."
    distinct = np.unique(pairing.y)
    if len(distinct) == 2:
        return f"Write {_two(low, high)}."
    if pairing.whole and low >= 0 and pairing.units == 1:
        return (
            f"For class numbers give the last layer {int(high) + 1} units, activation='softmax' "
            "and loss='sparse_categorical_crossentropy'; for numbers write activation='linear' "
            "and loss='mse'."
        )
    return "Bring y into 0 to 1, or for numbers write activation='linear' and loss='mse'."


def _two(low: float, high: float) -> str:
    if (low, high) == (-1.0, 1.0):
        return "y = (y + 1) / 2"
    if low == int(low) and high == low + 1:
        return f"y = y - {value_text(low)}" if low >= 0 else f"y = y + {value_text(-low)}"
    return f"y = y == {value_text(high)}"
