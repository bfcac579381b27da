"""Gaps in a series, filled from the past alone."""

import numpy as np

from pellucid.data.table.table import Column
from pellucid.types import NumpyArray


def fill_forward(column: Column) -> Column:
    """Return a column in which each missing value is the last one before it.

    Where nothing comes before, the value stays missing: what comes after must not be known yet.

    Args:
        column: Values in the order of time.

    Example:
        >>> from pellucid.data.series import fill_forward
        >>> from pellucid.data.table import as_table
        >>> fill_forward(as_table({"y": [None, 3.0, None]})["y"]).values.tolist()
        [nan, 3.0, 3.0]
    """
    places = last_present(column.missing)
    known = places >= 0
    values = column.values[np.maximum(places, 0)]
    return Column(column.name, np.where(known, values, column.values), ~known)


def last_present(missing: NumpyArray) -> NumpyArray:
    """Return the place of the last value up to each step, -1 where there is none.

    Args:
        missing: Shape (steps,).
    """
    places = np.where(missing, -1, np.arange(len(missing)))
    return np.maximum.accumulate(places)
