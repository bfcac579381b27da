"""By what the forks of a treatment are judged: metric, rows, and how classes count."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from pellucid import metrics
from pellucid.errors import ArgumentError, Problem, did_you_mean, report
from pellucid.insight.findings import Diagnosis
from pellucid.insight.remedies import DropOverlap, FixOutput, Remedy, Rows, Setup
from pellucid.insight.remedies.changes import (
    count_rows,
    first_array,
    labels_array,
    take,
    with_first_array,
)
from pellucid.insight.remedies.cleaning import found_in
from pellucid.insight.remedies.remedy import Entries
from pellucid.insight.remedies.sampling import class_numbers
from pellucid.training.policies import direction
from pellucid.wording import count_text

IMBALANCE = 10
"""How many times as many rows the largest class has, above which classes count equally."""

MOST_CLASSES = 100
"""Kinds of labels up to which those that are no class numbers are taken for names of classes."""


@dataclass(frozen=True)
class Yardstick:
    """By what forks are judged.

    Args:
        metric: Name or object of the metric, or "loss".
        higher: Whether higher is better.
        rows: Numbers of the validation rows that judge; None for all.
        balanced: Whether every class counts as much as any other.
        fallback: Score of a run that failed: that of the best constant answer; None if unknown.
        leaks: Parts of the first input that give the answer away: in rows that judge, those of
            other rows.
        seed: Seed of the order in which those parts are put.
    """

    metric: Any
    higher: bool
    rows: Any = None
    balanced: bool = False
    fallback: float | None = None
    leaks: tuple[Entries, ...] = ()
    seed: int = 0

    @property
    def sign(self) -> float:
        """1 where higher is better, else -1."""
        return 1.0 if self.higher else -1.0

    def judged_rows(self, rows: Rows, original: Rows) -> Rows:
        """Return the rows that judge, weighed; `original` are those before remedies."""
        if self.leaks and first_array(rows).shape[1:] == first_array(original).shape[1:]:
            rows = self._without_leaks(rows)
        if self.rows is not None and count_rows(rows) == count_rows(original):
            rows = take(rows, self.rows)
        if not self.balanced:
            return rows
        classes = class_numbers(labels_array(rows))
        if classes is None:
            return rows
        found, counts = np.unique(classes, return_counts=True)
        weights = dict(zip(found, len(classes) / (len(found) * counts), strict=True))
        return replace(rows, sample_weight=np.array([weights[one] for one in classes], np.float32))

    def _without_leaks(self, rows: Rows) -> Rows:
        """Return the rows with the parts that give answers away in another order."""
        values = first_array(rows).copy()
        order = np.random.default_rng([self.seed, len(values)]).permutation(len(values))
        for _, part in self.leaks:
            values[part] = values[order][part]
        return with_first_array(rows, values)


def yardstick_of(
    setup: Setup, remedies: Sequence[Remedy], metric: Any, given: Any
) -> tuple[Yardstick, list[str]]:
    """Return by what the forks of a set-up are judged, and sentences about it.

    Args:
        setup: The run as it was.
        remedies: What is tried on it.
        metric: Name or object of the metric; None to have it chosen.
        given: The diagnosis that the remedies come from, if they do.

    Raises:
        ArgumentError: There is no such metric.
    """
    assert setup.validation is not None
    several = isinstance(setup.train.y, dict)
    classes = None if several else _classes(setup, remedies)
    if metric is None:
        metric = "loss" if several else "mse" if classes is None else "accuracy"
        if classes is not None and isinstance(given, Diagnosis) and "overfit" in given:
            metric = "crossentropy"
    _check_metric(metric)
    rows, notes = _clean_rows(setup.train, setup.validation, remedies)
    leaks = tuple(one.leak for one in remedies if one.leak is not None)
    notes += [
        f"Judged with {which} taken from other rows: they give the answer away."
        for which, _ in leaks
    ]
    counts = None if classes is None else np.unique(classes, return_counts=True)[1]
    balanced = counts is not None and metric != "loss" and _is_imbalanced(counts)
    if balanced:
        notes.append("Classes are far from equal: in the score each counts the same.")
    fallback = (
        _constant_error(setup.train, setup.validation, metric)
        if counts is None
        else _constant_score(counts, balanced, metric)
    )
    name = metric if isinstance(metric, str) else metric.name
    higher = direction(name, "auto") > 0
    return Yardstick(metric, higher, rows, balanced, fallback, leaks, setup.seed), notes


def _clean_rows(train: Rows, validation: Rows, remedies: Sequence[Remedy]) -> tuple[Any, list[str]]:
    """Return the validation rows that are not trained on, and a sentence; None where all judge."""
    if not any(isinstance(one, DropOverlap) for one in remedies):
        return None, []
    clean = ~found_in(validation, train)
    if clean.all() or not clean.any():
        return None, []
    rows = np.flatnonzero(clean)
    told = count_text(len(rows), "validation row")
    return rows, [f"Judged by the {told} that are not among the training rows."]


def _is_imbalanced(counts: Any) -> bool:
    return bool(counts.max() > IMBALANCE * counts.min())


def _constant_score(counts: Any, balanced: bool, metric: Any) -> float | None:
    """Return what the best constant answer scores where there are classes; None if unknown."""
    shares = np.full(len(counts), 1 / len(counts)) if balanced else counts / counts.sum()
    if metric in ("accuracy", "acc"):
        return float(shares.max())
    return float(-(shares * np.log(shares)).sum()) if metric == "crossentropy" else None


def _constant_error(train: Rows, validation: Rows, metric: Any) -> float | None:
    """Return the squared error of the training rows' mean; None for another metric."""
    if metric not in ("mse", "mean_squared_error"):
        return None
    labels = labels_array(validation).astype(np.float64)
    center = np.nanmean(labels_array(train).astype(np.float64), axis=0)
    return float(np.nanmean((labels - center) ** 2))


def _classes(setup: Setup, remedies: Sequence[Remedy]) -> Any:
    """Return the training rows' classes; None where the labels are numbers to be met."""
    losses = [setup.compile.get("loss")]
    losses += [one.loss for one in remedies if isinstance(one, FixOutput)]
    about_classes = any(
        word in (one if isinstance(one, str) else type(one).__name__).lower()
        for one in losses
        if one is not None
        for word in ("crossentropy", "cross_entropy", "hinge", "ce", "bce")
        if (word in ("ce", "bce") and one == word) or len(word) > 3
    )
    if not about_classes:
        return None
    labels = labels_array(setup.train)
    found = class_numbers(labels)
    if found is not None or labels.size != len(labels):
        return found
    # Labels that name classes in another way, as 0.5 does: a remedy may number them.
    kinds, numbers = np.unique(labels, return_inverse=True)
    return numbers.reshape(-1) if len(kinds) <= MOST_CLASSES else None


def _check_metric(metric: Any) -> None:
    if metric == "loss":
        return
    try:
        metrics.check(metric)
    except ArgumentError:
        if not isinstance(metric, str):
            raise
        known = ["loss", "accuracy", "crossentropy", *metrics.METRICS.names]
        fix = did_you_mean(metric.removeprefix("val_"), known)
        expected = "the name of a metric, or 'loss'"
        report([Problem("treat(metric=...)", repr(metric), expected, fix)])
