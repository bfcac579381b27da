"""One-hot labels that are not shares of one whole."""

import numpy as np

from pellucid.training.pairing.findings import Doubt, Findings
from pellucid.training.pairing.pairing import Pairing
from pellucid.training.pairing.shares import ROUNDING
from pellucid.training.pairing.told import place_text

TOLERANCE = 1e-2
"""How far the sum of a row may be from 1: smoothed and averaged labels are rounded."""


def check_one_hot(pairing: Pairing) -> Findings:
    """Yield doubts about rows outside 0 to 1, or with several labels."""
    y = pairing.y
    if pairing.low < -ROUNDING or pairing.high > 1 + ROUNDING:
        yield Doubt(
            pairing.labels,
            place_text(y, (y < -ROUNDING) | (y > 1 + ROUNDING)),
            "one-hot rows, or probabilities from 0 to 1",
            "For numbers write activation='linear' and loss='mse'; to weigh rows use "
            "sample_weight.",
        )
        return
    sums = y.sum(axis=pairing.class_axis)
    # Rows of zeros have no loss; some use them to leave steps of a sequence out.
    several = (np.abs(sums - 1) > TOLERANCE) & (sums != 0)
    if several.any():
        yield Doubt(
            pairing.labels,
            f"labels that sum to {place_text(sums, several, 'sum')}",
            "rows that sum to 1",
            "For several labels a row write activation='sigmoid' and loss='binary_crossentropy'.",
        )
