"""Checks on the values of labels that hold for every loss."""

import numpy as np

from pellucid.errors import Problem
from pellucid.types import NumpyArray


def not_finite(where: str, y: NumpyArray) -> list[Problem]:
    """Return the problem of labels that are NaN or infinite; the first row is named."""
    if y.dtype.kind != "f":
        return []
    finite = np.isfinite(y)
    if finite.all():
        return []
    rows = np.flatnonzero(~finite.reshape(len(y), -1).all(axis=1))
    value = y[rows[0]][~finite[rows[0]]].reshape(-1)[0]
    also = f" ({len(rows):,} such rows in all)" if len(rows) > 1 else ""
    fix = "Leave those rows out: kept = np.isfinite(y).reshape(len(y), -1).all(axis=1)."
    return [Problem(where, f"{value} in row {rows[0]}{also}", "finite numbers", fix)]
