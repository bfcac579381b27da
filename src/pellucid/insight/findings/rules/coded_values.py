"""Codes such as -999 that stand among numbers for what was not measured."""

import numpy as np

from pellucid.insight.findings.case import Case
from pellucid.insight.findings.finding import Finding
from pellucid.insight.findings.views import channels, share_text
from pellucid.insight.remedies import FillMissing, ScaleInputs
from pellucid.types import NumpyArray
from pellucid.wording import count_text

APART, APART_OF_MOST = 3.0, 30.0
"""Distance of a code from all other values, in ranges of these; where most rows hold it.

A zero that most rows hold is an amount, as of a gain that few make, even if no small one is made.
"""

FEWEST_CELLS, FEWEST_OTHERS = 3, 10
"""Cells that repeat a code exactly, and distinct other values that make a column of numbers."""


def coded_values(case: Case) -> Finding | None:
    """Return the finding of one value, far outside all others of its column, that repeats.

    What was measured does not repeat exactly where nothing else lies for several times the range
    of all other values: such a value was written by hand.
    """
    table = channels(case)
    codes = {} if table is None else _codes(table)
    if table is None or not codes:
        return None
    cells = sum(int((table[:, column] == code).sum()) for column, code in codes.items())
    share = cells / len(table) / len(codes)
    first, code = next(iter(codes.items()))
    where = case.train.column(first)
    more = f" and {count_text(len(codes) - 1, 'other column')}" if len(codes) > 1 else ""
    return Finding(
        "unscaled-inputs",
        "warning",
        f"In {where}{more}, {share_text(share)} of the values are a code, such as "
        f"{code:g}, far outside all others: it stands for what was not measured. The "
        "network takes it for an amount, and all that was measured is small beside it.",
        {"cells": float(cells), "columns": float(len(codes)), "column": float(first), "code": code},
        (FillMissing(tuple(codes.items())), ScaleInputs()),
    )


def _codes(table: NumpyArray) -> dict[int, float]:
    """Return by column the value at one end that is a code, where there is one."""
    found = {}
    for column in range(table.shape[1]):
        values, counts = np.unique(table[:, column], return_counts=True)
        if len(values) <= FEWEST_OTHERS or not np.isfinite(values).all():
            continue
        for code, rest, count in (
            (values[0], values[1:], counts[0]),
            (values[-1], values[:-1], counts[-1]),
        ):
            gap = float(np.abs(rest - code).min())
            apart = APART if count <= len(table) / 2 else APART_OF_MOST
            if count >= FEWEST_CELLS and gap > apart * float(rest[-1] - rest[0]):
                found[column] = float(code)
    return found
