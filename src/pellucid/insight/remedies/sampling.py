"""How often and in which order rows come."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from pellucid.insight.remedies.changes import labels_array, with_fit
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
