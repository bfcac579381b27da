"""Far more, or far fewer, trained values than the rows can use."""

from collections.abc import Iterator

from pellucid.insight.findings.case import Case
from pellucid.insight.findings.finding import Finding
from pellucid.insight.remedies import ShrinkModel, Widen
from pellucid.wording import number_text

MANY = 1000.0
"""Trained values a row from which it is worth a note."""

FEW, ROWS = 0.002, 5000
"""Trained values a row that are few, and rows from which that counts."""


def parameter_count(case: Case) -> Iterator[Finding]:
    """Yield a note on a network that is very large, or very small, for its rows.

    Many parameters alone are normal: what they do to the score, only validation rows show.
    """
    network, rows = case.network, case.train.rows
    size = network.trained_size
    if not rows or not size:
        return
    evidence = {"trained values": float(size), "rows": float(rows), "values a row": size / rows}
    if size / rows > MANY:
        yield Finding(
            "too-many-parameters",
            "note",
            f"The network has {size:,} trained values for {rows:,} rows, "
            f"{number_text(size / rows)} for each. It can learn every row by heart, so judge it "
            "by rows that it does not train on.",
            evidence,
            (ShrinkModel(),),
        )
    elif size / rows < FEW and rows >= ROWS:
        yield Finding(
            "too-few-parameters",
            "note",
            f"The network has {size:,} trained values for {rows:,} rows. So many rows can teach "
            "more than so small a network can hold.",
            evidence,
            (Widen(),),
        )
