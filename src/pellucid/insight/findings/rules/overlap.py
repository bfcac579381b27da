"""Rows that occur more than once: within the training rows, and on both sides of the split."""

from collections.abc import Iterator

import numpy as np

from pellucid.insight.findings.case import Case, Data
from pellucid.insight.findings.finding import Finding
from pellucid.insight.findings.views import share_text
from pellucid.insight.remedies import DropOverlap
from pellucid.types import NumpyArray
from pellucid.wording import count_text

FEWEST = 20
"""Rows below which equal ones are taken for a toy example."""

SEEN, MOSTLY_SEEN = 0.05, 0.5
"""Share of validation rows among the training rows that is too much, and that spoils the score."""

REPEATED = 0.1
"""Share of training rows that repeat an earlier one from which it is worth a note."""


def train_val_overlap(case: Case) -> Iterator[Finding]:
    """Yield the finding of validation rows that are trained on.

    Data with few distinct rows, such as answers to three questions, repeat by themselves and
    are not blamed.
    """
    if case.validation is None or min(case.train.rows, case.validation.rows) < FEWEST:
        return
    train, judged = _marks(case.train), _marks(case.validation)
    if train is None or judged is None:
        return
    known = set(train)
    seen = sum(one in known for one in judged)
    share = seen / len(judged)
    if share <= max(SEEN, 3 * (1 - len(known) / len(train))):
        return
    yield Finding(
        "train-val-overlap",
        "fault" if share > MOSTLY_SEEN else "warning",
        f"{share_text(share)} of the validation rows are also among the training rows. The score "
        "on them says what the network remembers, not what it can do with a new row.",
        {"rows in both": float(seen), "validation rows": float(len(judged)), "share": share},
        (DropOverlap(),),
    )


def duplicate_rows(case: Case) -> Iterator[Finding]:
    """Yield the finding of training rows whose inputs repeat those of others."""
    marks = None if case.train.rows < FEWEST else _marks(case.train)
    if marks is None:
        return
    repeated = len(marks) - len(set(marks))
    if repeated > REPEATED * len(marks):
        yield Finding(
            "duplicate-rows",
            "note",
            f"{count_text(repeated, 'training row')} of {len(marks):,} repeat an earlier one. "
            "Repeated rows weigh more in the loss, and a random split would lay copies on both "
            "sides.",
            {"repeated rows": float(repeated), "rows": float(len(marks))},
        )


def _marks(data: Data) -> list[bytes] | None:
    """Return the bytes of each row's inputs; None where they cannot be compared."""
    if not data.rows or not all(_comparable(one, data.rows) for one in data.inputs):
        return None
    rows = [
        np.ascontiguousarray(one.reshape(data.rows, -1), _common(one.dtype)) for one in data.inputs
    ]
    return [b"".join(one[number].tobytes() for one in rows) for number in range(data.rows)]


def _comparable(array: NumpyArray, rows: int) -> bool:
    return len(array) == rows and array.dtype.kind in "biufU"


def _common(dtype: "np.dtype[np.generic]") -> "np.dtype[np.generic]":
    """Return the type in which the same numbers have the same bytes on both sides."""
    return dtype if dtype.kind == "U" else np.dtype(np.float32)
