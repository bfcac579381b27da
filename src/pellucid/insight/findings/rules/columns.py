"""Columns of a table that say nothing, or the same as another."""

from collections.abc import Iterator

import numpy as np

from pellucid.insight.findings.case import Case
from pellucid.insight.findings.finding import Finding
from pellucid.insight.findings.views import channels, varying
from pellucid.insight.remedies import DropColumns
from pellucid.wording import count_text

DROWNED = 0.8
"""Share of the columns that are copies from which the others can hardly be heard."""


def constant_features(case: Case) -> Iterator[Finding]:
    """Yield the finding of columns that never change."""
    table = channels(case)
    if table is None or len(table) < 2 or table.shape[1] < 2:
        return
    constant = np.flatnonzero(~varying(table))
    if not len(constant):
        return
    every = len(constant) == table.shape[1]
    yield Finding(
        "constant-features",
        "fault" if every else "note",
        f"{_listed(case, constant)} the same value in every row"
        f"{', so that all rows look alike' if every else ''}. "
        f"{'Nothing can' if every else 'A column that never changes cannot'} help to tell rows "
        "apart.",
        {"constant columns": float(len(constant)), "columns": float(table.shape[1])},
        () if every else (DropColumns(tuple(map(int, constant))),),
    )


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
