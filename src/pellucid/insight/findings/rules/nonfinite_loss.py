"""A run that met a number that is not finite."""

from collections.abc import Iterator

from pellucid.insight.findings.case import Case
from pellucid.insight.findings.finding import Finding
from pellucid.insight.findings.trial import steps_of
from pellucid.insight.remedies import ClipGradients, ScaleInputs, ScaleLearningRate


def nonfinite_loss(case: Case) -> Iterator[Finding]:
    """Yield the finding of a loss or gradient that became NaN or infinite."""
    found = case.failure
    if found is None:
        return
    step = None
    if case.table is not None:
        step = found.epoch * steps_of(case) + found.step + 1
    row = {} if found.row is None else {"row": float(found.row)}
    yield Finding(
        "nonfinite-loss",
        "fault",
        f"The numbers grew until one was {found.value}: {found.cause.rstrip('.')}. "
        "From there on nothing can be learned, because every weight would become NaN.",
        {"epoch": float(found.epoch + 1), **row},
        (ScaleLearningRate(0.1), ClipGradients(), ScaleInputs()),
        layer=found.layer,
        step=step,
    )
