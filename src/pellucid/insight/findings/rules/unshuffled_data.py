"""Rows that are sorted by class and stay so."""

from collections.abc import Iterator

import numpy as np

from pellucid.insight.findings.case import Case
from pellucid.insight.findings.finding import Finding
from pellucid.insight.findings.views import class_numbers, classes, is_number
from pellucid.insight.remedies import ShuffleBeforeSplit, ShuffleRows
from pellucid.types import NumpyArray
from pellucid.wording import number_text

LONGER = 10.0
"""Factor by which runs of one class are longer than by chance."""

SORTED, FEWEST_SORTED = 0.98, 50
"""Rank correlation of targets with the number of their row, and rows from which it counts."""

FEWEST, BY_CHANCE = 10, 1e-3
"""Validation rows below which nothing is said of their classes; a chance that is none."""


def unshuffled_data(case: Case) -> Iterator[Finding]:
    """Yield the finding of batches that hold one class at a time."""
    yield from _split_apart(case)
    settings = case.settings
    if settings.shuffle or case.network.stateful or settings.batch_size >= case.train.rows / 2:
        return
    if classes(case) is None:
        yield from _sorted_numbers(case)
        return
    label = class_numbers(case.train.labels[0])
    if label is None or len(label) < 20:
        return
    shares = np.unique(label, return_counts=True)[1] / len(label)
    if len(shares) < 2:
        return
    run = len(label) / (1 + np.count_nonzero(np.diff(label)))
    expected = 1 / (1 - float(shares @ shares))
    if run <= LONGER * expected or run < settings.batch_size / 2:
        return
    yield Finding(
        "unshuffled-data",
        "warning",
        f"Rows of one class stand together, {number_text(run)} in a row, and shuffle=False leaves "
        "them so. Each batch teaches one class alone, and the next batch undoes it.",
        {"mean run": float(run), "by chance": expected, "batch size": float(settings.batch_size)},
        (ShuffleRows(),),
    )


def _sorted_numbers(case: Case) -> Iterator[Finding]:
    """Yield the finding of rows of a table that are sorted by what is to be foretold.

    A series that rises is in order for a reason of its own, so sequences are left alone.
    """
    y = case.train.labels[0] if case.train.labels else np.zeros(0)
    if (
        case.train.inputs[0].ndim > 2
        or not is_number(y)
        or y.size != len(y)
        or len(y) < FEWEST_SORTED
    ):
        return
    held = np.asarray(y, np.float64).reshape(-1)
    if not np.isfinite(held).all() or held.std() == 0:
        return
    order = abs(float(np.corrcoef(np.argsort(np.argsort(held)), np.arange(len(held)))[0, 1]))
    if order <= SORTED:
        return
    yield Finding(
        "unshuffled-data",
        "warning",
        f"The rows are sorted by their targets (rank correlation {number_text(order)}), and "
        "shuffle=False leaves them so. Each batch teaches about the same number, and the next "
        "batches undo it.",
        {"rank correlation": order, "batch size": float(case.settings.batch_size)},
        (ShuffleRows(),),
    )


def _split_apart(case: Case) -> Iterator[Finding]:
    """Yield the finding of rows that were divided by class, and not by lot."""
    found = _divided_by_class(case)
    if found is None:
        return
    kinds = np.unique(found)
    told = f"class {kinds[0]}" if len(kinds) == 1 else f"{len(kinds)} of the classes"
    drawn = bool(case.settings.validation_split)
    yield Finding(
        "unshuffled-data",
        "warning",
        f"All {len(found):,} validation rows are of {told}, so their score says nothing of the "
        "others. "
        + (
            "The rows are sorted by class, and validation_split takes the last of them as they lie."
            if drawn
            else "Were the rows sorted by class when they were divided? Shuffle them before."
        ),
        {"validation rows": float(len(found)), "classes among them": float(len(kinds))},
        (ShuffleBeforeSplit(),) if drawn else (),
    )


def is_divided_by_class(case: Case) -> bool:
    """Say whether validation rows differ from training rows by being of other classes."""
    return _divided_by_class(case) is not None


def _divided_by_class(case: Case) -> NumpyArray | None:
    """Return the classes of validation rows that were divided by class; None for others."""
    if case.validation is None or not case.validation.labels or classes(case) is None:
        return None
    label, held = class_numbers(case.train.labels[0]), class_numbers(case.validation.labels[0])
    if label is None or held is None or len(held) < FEWEST or len(np.unique(label)) < 2:
        return None
    row: NumpyArray = np.concatenate([label, held])
    in_order = bool((row[1:] >= row[:-1]).all() or (row[1:] <= row[:-1]).all())
    kinds = np.unique(held)
    by_chance = float(np.mean(label == held[0])) ** len(held)
    alone = len(kinds) == 1 and by_chance < BY_CHANCE
    return held if alone or (in_order and case.settings.validation_split) else None
