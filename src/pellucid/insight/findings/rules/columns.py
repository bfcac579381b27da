"""Columns that say nothing, or the same as another, and rows that say nothing."""

from collections.abc import Iterator
from itertools import chain, islice

import numpy as np

from pellucid.insight.findings.case import Case
from pellucid.insight.findings.finding import Finding
from pellucid.insight.findings.outcome import FEWEST_ROWS
from pellucid.insight.findings.views import (
    MOST_VALUES,
    channels,
    is_coded,
    is_number,
    labels,
    share_text,
    varying,
)
from pellucid.insight.remedies import DropColumns
from pellucid.types import NumpyArray
from pellucid.wording import count_text

DROWNED, EMPTY = 0.5, 0.6
"""Share of columns that are copies, and that never change, from which little else is heard."""

BLANK = 0.1
"""Share of images or sequences of one value throughout that are no chance."""


def constant_features(case: Case) -> Iterator[Finding]:
    """Yield the finding of columns that never change, and of images or sequences that are empty."""
    yield from islice(chain(_constant_columns(case), _alike(case), _blank(case)), 1)


def _constant_columns(case: Case) -> Iterator[Finding]:
    table = channels(case)
    if table is None or len(table) < 2:
        return
    constant = np.flatnonzero(~varying(table))
    if not len(constant):
        return
    every = len(constant) == table.shape[1]
    yield Finding(
        "constant-features",
        "fault" if every else "warning" if len(constant) > EMPTY * table.shape[1] else "note",
        f"{_listed(case, constant)} the same value in every row"
        f"{', so that all rows look alike' if every else ''}. "
        f"{'Nothing can' if every else 'A column that never changes cannot'} help to tell rows "
        "apart.",
        {"constant columns": float(len(constant)), "columns": float(table.shape[1])},
        () if every else (DropColumns(tuple(map(int, constant))),),
    )


def _alike(case: Case) -> Iterator[Finding]:
    """Yield the finding of images or sequences that are all the same one."""
    rows = _laid_out(case)
    if rows is None or not (rows == rows[0]).all():
        return
    yield Finding(
        "constant-features",
        "fault",
        f"All {len(rows):,} rows hold the same values, so that all rows look alike. Nothing can "
        "help to tell rows apart.",
        {"rows": float(len(rows))},
    )


def _blank(case: Case) -> Iterator[Finding]:
    """Yield the finding of images or sequences of one value though their labels differ.

    An empty image that stands for a class of its own, or for no event, is an answer like others.
    """
    rows, y = _laid_out(case), labels(case)
    if rows is None or y is None:
        return
    blank = (rows == rows[:, :1]).all(axis=1)
    share = float(blank.mean())
    if share <= BLANK or (y[: len(rows)][blank] == y[blank.argmax()]).all():
        return
    yield Finding(
        "constant-features",
        "warning",
        f"{int(blank.sum()):,} of {len(rows):,} rows ({share_text(share)}) hold one value "
        "throughout, as an image does that is all black, and their labels differ. Nothing tells "
        "such rows apart; were they read as they should be?",
        {"rows of one value": float(blank.sum()), "share": share},
    )


def _laid_out(case: Case) -> NumpyArray | None:
    """Return the sampled images or sequences, each as one row; None for tables and codes."""
    array = case.train.inputs[0]
    if array.ndim < 3 or len(array) < FEWEST_ROWS or not is_number(array) or is_coded(case):
        return None
    rows = case.sample[: max(FEWEST_ROWS, MOST_VALUES // max(array[0].size, 1))]
    return array[rows].reshape(len(rows), -1)


def duplicate_features(case: Case) -> Iterator[Finding]:
    """Yield the finding of columns that repeat an earlier one."""
    table = channels(case)
    if table is None or len(table) < 8 or table.shape[1] < 2:
        return
    seen: dict[bytes, int] = {}
    repeated = []
    for number in map(int, np.flatnonzero(varying(table))):
        earlier = seen.setdefault(np.ascontiguousarray(table[:, number]).tobytes(), number)
        if earlier != number:
            repeated.append(number)
    if repeated:
        yield Finding(
            "duplicate-features",
            "warning" if len(repeated) > DROWNED * table.shape[1] else "note",
            f"{_listed(case, repeated)} the same values as an earlier column in every row. The "
            "network counts what they say twice, and learns nothing more from them.",
            {"repeated columns": float(len(repeated)), "columns": float(table.shape[1])},
            (DropColumns(tuple(repeated)),),
        )


def _listed(case: Case, found: "np.ndarray | list[int]") -> str:
    """Return the columns as the beginning of a sentence, with the verb."""
    if len(found) == 1:
        told = case.train.column(int(found[0]))
        return f"{told[0].upper()}{told[1:]} holds"
    if len(found) <= 3:
        told = ", ".join(case.train.column(int(one)) for one in found)
        return f"{told[0].upper()}{told[1:]} hold"
    return f"{count_text(len(found), 'column')} hold"
