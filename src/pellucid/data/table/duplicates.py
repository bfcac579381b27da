"""Rows that are the same."""

from collections.abc import Sequence

import numpy as np

from pellucid.data.table.table import Column, Table
from pellucid.data.table.values import levels_of
from pellucid.types import NumpyArray


def duplicate_groups(table: Table, names: Sequence[str]) -> NumpyArray:
    """Return a number for each row, equal for rows with equal values in the named columns.

    Args:
        table: The table.
        names: Columns to compare.

    Returns:
        int64, shape (rows,), counting from 0.

    Example:
        >>> from pellucid.data.table import as_table
        >>> from pellucid.data.table.duplicates import duplicate_groups
        >>> table = as_table({"x": [1, 2, 1], "y": ["a", "a", "a"]})
        >>> duplicate_groups(table, ["x", "y"]).tolist()
        [0, 1, 0]
    """
    groups = np.arange(table.rows) if not names else np.zeros(table.rows, np.int64)
    for name in names:
        codes = _codes(table[name])
        # All rows differ already: further columns cannot make any two equal.
        if groups.max(initial=0) == table.rows - 1:
            break
        _, groups = np.unique(groups * (codes.max(initial=0) + 1) + codes, return_inverse=True)
    return groups


def _codes(column: Column) -> NumpyArray:
    """Return a whole number from 0 for each value; equal values, and missing ones, share one."""
    if column.storage != "text":
        return column.coded.codes + 1
    # Spellings such as 1.0 and 1 are one level.
    return np.unique(levels_of(column).astype(str), return_inverse=True)[1]
