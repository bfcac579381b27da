"""Labels of a hinge loss that are no signs."""

import numpy as np

from pellucid.errors import Problem
from pellucid.training.pairing.findings import Findings
from pellucid.training.pairing.pairing import Pairing
from pellucid.training.pairing.told import place_text, value_text


def check_signs(pairing: Pairing) -> Findings:
    """Yield the problem of labels that are neither -1 and 1 nor 0 and 1."""
    y = pairing.y
    other = (y != -1) & (y != 0) & (y != 1)
    if other.any():
        given = f"label {place_text(y, other, 'label')}"
        yield Problem(pairing.labels, given, "labels -1 and 1, or 0 and 1", _mapping(pairing))
    elif pairing.low == -1 and (y == 0).any():
        yield Problem(
            pairing.labels,
            f"labels -1 and 1 and also {place_text(y, y == 0, 'label')}",
            "labels -1 and 1, or 0 and 1",
            "Leave out the rows with 0, or for three classes use a crossentropy.",
        )


def _mapping(pairing: Pairing) -> str:
    distinct = np.unique(pairing.y)
    if len(distinct) == 2:
        return f"Write y = np.where(y == {value_text(pairing.high)}, 1, -1)."
    return "Write -1 or 1 for every row; for several classes use a crossentropy."
