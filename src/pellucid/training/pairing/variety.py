"""Labels that are the same in every row, from which nothing can be learned."""

import numpy as np

from pellucid.errors import Problem
from pellucid.training.pairing.findings import Doubt, Findings
from pellucid.training.pairing.pairing import Pairing
from pellucid.training.pairing.told import value_text
from pellucid.wording import count_text

CLASSES = ("labels", "groups", "one-hot", "shares", "signs")


def check_variety(pairing: Pairing) -> Findings:
    """Yield the problem of one class only, or the doubt about a constant target."""
    y = pairing.y
    if len(y) < 2:
        return
    rows = count_text(len(y), "row")
    label = _only_label(pairing)
    if label is not None:
        yield Problem(
            pairing.labels,
            f"the label {label} in all {rows}",
            "at least two classes",
            "Check how the rows were chosen; shuffle a sorted table before it is split.",
        )
    elif _constant(pairing):
        target = "one row of targets"
        if pairing.low == pairing.high:
            target = f"the target {value_text(pairing.low)}"
        yield Doubt(
            pairing.labels,
            f"{target} in all {rows}",
            "targets that vary",
            "Check which column y was taken from.",
        )


def _only_label(pairing: Pairing) -> str | None:
    """Return the one label that all rows have; None where there are several."""
    y, ignored = pairing.y, getattr(pairing.loss, "ignore_class", None)
    if pairing.targets not in CLASSES or not pairing.whole:
        return None
    if pairing.low == pairing.high:
        return value_text(pairing.low)
    if pairing.targets == "labels" and ignored is not None:
        kept = y[y != ignored]
        return value_text(float(kept[0])) if (kept == kept[0]).all() else None
    if pairing.targets in ("one-hot", "shares") and y.ndim > 1 and pairing.high == 1:
        axis = pairing.class_axis
        each = np.moveaxis(y, axis, -1).reshape(-1, y.shape[axis])
        if _same_rows(each) and np.count_nonzero(each[0]) == 1:
            return str(int(each[0].argmax()))
    return None


def _constant(pairing: Pairing) -> bool:
    return pairing.low == pairing.high or _same_rows(pairing.y)


def _same_rows(y: np.ndarray) -> bool:
    # The last row is compared first: nearly always that settles it.
    return bool((y[0] == y[-1]).all() and (y == y[0]).all())
