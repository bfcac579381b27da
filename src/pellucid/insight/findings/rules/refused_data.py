"""Data that `fit` would refuse for a reason that no other rule tells."""

from collections.abc import Iterator

import numpy as np

from pellucid.insight.findings.case import Case, Data
from pellucid.insight.findings.finding import Finding
from pellucid.insight.remedies import FixLabels, Remedy


def refused_data(case: Case) -> Iterator[Finding]:
    """Yield a finding for each sentence with which the rows themselves are refused."""
    if case.table is not None and (case.validation is None or case.validation_table is not None):
        return
    held = [data for data in (case.train, case.validation) if data is not None]
    if any(map(_has_holes, held)) and all(map(_fits, held)):
        return  # told as nonfinite-data
    text = any(one.dtype.kind == "U" for one in case.train.labels)
    for sentence in case.refusals:
        remedies = (FixLabels("number"),) if text and sentence.startswith("y") else ()
        yield _finding(sentence, case.train.rows, remedies)


def _finding(sentence: str, rows: int, remedies: tuple[Remedy, ...] = ()) -> Finding:
    return Finding(
        "refused-data",
        "fault",
        f"Training could not begin with these data. {sentence}",
        {"rows": float(rows)},
        remedies,
    )


def _has_holes(data: Data) -> bool:
    arrays = [one for one in (*data.inputs, *data.labels) if one.dtype.kind == "f"]
    return not all(np.isfinite(one).all() for one in arrays)


def _fits(data: Data) -> bool:
    arrays = (*data.inputs, *data.labels)
    return len({len(one) for one in arrays}) == 1 and all(
        one.dtype.kind in "biuf" for one in arrays
    )
