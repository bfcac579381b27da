"""Labels that are NaN or infinite, which no loss can use."""

import numpy as np

from pellucid.errors import Problem
from pellucid.training.pairing.findings import Findings
from pellucid.training.pairing.told import place_text
from pellucid.types import NumpyArray


def check_finite(where: str, y: NumpyArray) -> Findings:
    """Yield the problem of labels that are NaN or infinite; the first row is named."""
    # The extremes tell it without an array of truth values as large as the labels.
    if y.dtype.kind != "f" or (np.isfinite(y.min()) and np.isfinite(y.max())):
        return
    fix = "Leave out the rows without a label: kept = np.isfinite(y).reshape(len(y), -1).all(1)."
    yield Problem(where, place_text(y, ~np.isfinite(y)), "finite numbers", fix)
