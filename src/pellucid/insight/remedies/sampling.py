"""How often and in which order rows come."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from pellucid.insight.remedies.changes import count_rows, joined, labels_array, take, with_fit
from pellucid.insight.remedies.remedy import Remedy
from pellucid.insight.remedies.setup import Setup
from pellucid.types import NumpyArray


@dataclass(frozen=True)
class BalanceClasses(Remedy):
    """Weigh each class by the inverse of its share: `rows / (classes * rows of the class)`.

    Weights that were given are replaced.
    """

    name: ClassVar[str] = "balance-classes"

    @property
    def words(self) -> str:
        return "Weigh rare classes more: fit(class_weight={class: rows / (classes * its rows)})."

    def apply(self, setup: Setup) -> Setup:
        classes = class_numbers(labels_array(setup.train))
        if classes is None:
            return setup
        found, counts = np.unique(classes, return_counts=True)
        weights = counts.sum() / (len(found) * counts)
        return with_fit(
            setup,
            class_weight={
                int(one): round(float(weight), 4)
                for one, weight in zip(found, weights, strict=True)
            },
        )


@dataclass(frozen=True)
class ShuffleRows(Remedy):
    """Put the rows in a new order each epoch."""

    name: ClassVar[str] = "shuffle-rows"

    @property
    def words(self) -> str:
        return "Let the rows come in a new order each epoch: fit(shuffle=True)."

    def apply(self, setup: Setup) -> Setup:
        return setup if setup.fit.get("shuffle", True) else with_fit(setup, shuffle=True)


@dataclass(frozen=True)
class ShuffleBeforeSplit(Remedy):
    """Put the rows in a new order before some of them are held out to judge by."""

    name: ClassVar[str] = "shuffle-before-split"

    @property
    def words(self) -> str:
        return (
            "Shuffle the rows before they are divided: validation_split takes the last rows as "
            "they lie."
        )

    def row_code(self, setup: Setup) -> tuple[str, ...]:
        return (
            f"order = np.random.default_rng({setup.seed}).permutation(len(x))",
            "x, y = x[order], y[order]",
        )

    def apply(self, setup: Setup) -> Setup:
        fair = judged_fairly(setup)
        if fair.shuffled is None or fair.train is fair.shuffled:
            return setup
        return replace(fair, train=fair.shuffled)


def judged_fairly(setup: Setup) -> Setup:
    """Return the set-up with rows to judge by that are drawn from all rows by its seed.

    It trains on those of its own training rows that do not judge.
    """
    if setup.validation is None or setup.shuffled is not None:
        return setup
    whole, kept = joined(setup.train, setup.validation), count_rows(setup.train)
    order = np.random.default_rng(setup.seed).permutation(count_rows(whole))
    train, held = order[:kept], order[kept:]
    return replace(
        setup,
        train=take(whole, np.sort(train[train < kept])),
        validation=take(whole, held),
        shuffled=take(whole, train),
    )


def class_numbers(labels: NumpyArray) -> NumpyArray | None:
    """Return each row's class as a whole number; None where labels are no classes."""
    if labels.dtype.kind not in "iufb" or not np.isfinite(labels.astype(np.float64)).all():
        return None
    if labels.ndim == 2 and labels.shape[1] > 1:
        one_hot = ((labels == 0) | (labels == 1)).all() and (labels.sum(axis=1) == 1).all()
        return labels.argmax(axis=1) if one_hot else None
    flat = labels.reshape(-1)
    whole = len(flat) == len(labels) and (flat == np.floor(flat)).all()
    return flat.astype(np.int64) if whole else None
