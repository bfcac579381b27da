"""What a model is asked for, in the terms in which scikit-learn scores answers."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pellucid.insight.remedies.sampling import class_numbers
from pellucid.training.objective import LINKS
from pellucid.training.trainer import Table
from pellucid.types import NumpyArray

CLASSES, LABELS, NUMBERS = "classes", "several labels a row", "numbers"


@dataclass(frozen=True, eq=False)
class Truth:
    """The labels of all rows as scikit-learn takes them.

    Args:
        kind: `CLASSES`, `LABELS` or `NUMBERS`; None where scikit-learn has no scores for it.
        values: Class numbers (rows,), marks (rows, labels), or numbers (rows,) or (rows, outputs).
        count: Number of classes.
        link: What turns outputs into probabilities, where that is still to be done.
        told: What messages call it.
    """

    kind: str | None
    values: NumpyArray
    count: int = 0
    link: str | None = None
    told: str = ""

    @property
    def classes(self) -> NumpyArray | None:
        """The class of each row; None where labels are no classes."""
        return self.values if self.kind == CLASSES else None

    def probabilities(self, output: NumpyArray) -> NumpyArray:
        """Return the probability of each class, shape (rows, classes), from the model's output."""
        shown = np.asarray(output if self.link is None else LINKS[self.link](output), np.float64)
        if self.kind == CLASSES and shown.shape[1] == 1:
            return np.concatenate([1 - shown, shown], axis=1)
        # In float32 they add up to 1 only nearly, which scikit-learn would refuse.
        return shown / shown.sum(axis=1, keepdims=True) if self.kind == CLASSES else shown

    def answers(self, output: NumpyArray) -> Any:
        """Return what looks to scikit-learn's scorers like a fitted model with these answers.

        Its methods take row numbers instead of rows.

        Args:
            output: The model's output for the rows 0, 1, and so on.
        """
        if self.kind == NUMBERS:
            return _stored(NUMBERS)(output[:, 0] if output.shape[1] == 1 else output)
        probabilities = self.probabilities(output)
        if self.kind == LABELS:
            marked = (probabilities > 0.5).astype(int)
            return _stored(LABELS)(marked, [np.arange(2)] * self.count)
        # As `predict` of scikit-learn: of two classes the second where it is the likelier.
        predicted = probabilities.argmax(axis=1)
        return _stored(CLASSES)(predicted, np.arange(self.count), probabilities)


def truth_of(model: Any, table: Table) -> Truth:
    """Return what a compiled model is asked for on the rows of `table`.

    Args:
        model: A compiled model.
        table: Its rows.
    """
    labels = table.y[0]
    if len(table.y) > 1:
        return Truth(None, labels, told="a model with several outputs")
    loss = model.compiled.losses[0]
    shape = model.network.shapes[model.network.outputs[0]]
    if len(shape) != 1 or labels.ndim > 2:
        return Truth(None, labels, told="outputs with several axes a row")
    ending = model.network.output_activation(0)
    kind = getattr(loss, "link", None) or (ending if ending in LINKS else None)
    link = kind if getattr(loss, "from_logits", False) else None
    width = int(shape[0])
    if kind == "sigmoid" and width > 1:
        marks = labels.shape[1:] == (width,) and bool(np.isin(labels, (0, 1)).all())
        if marks:
            return Truth(LABELS, labels.astype(int), width, link, LABELS)
    elif kind is not None:
        numbers, count = class_numbers(labels), max(2, width)
        if numbers is not None and numbers.min() >= 0 and numbers.max() < count:
            told = "two classes" if count == 2 else f"{count} classes"
            return Truth(CLASSES, numbers, count, link, told)
    flat = labels.reshape(len(labels), -1)
    if flat.shape[1] != width or getattr(loss, "link", None) is not None:
        return Truth(None, labels, told="labels that are neither classes nor the outputs' numbers")
    return Truth(NUMBERS, flat[:, 0] if width == 1 else flat, told=NUMBERS)


@functools.cache
def _stored(kind: str) -> Any:
    """Return the class of models that know the answer of each row by its number."""
    from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin

    mixin: Any = RegressorMixin if kind == NUMBERS else ClassifierMixin

    class Stored(mixin, BaseEstimator):
        """Answers that are known already."""

        def __init__(self, predicted: Any = None, classes: Any = None) -> None:
            self.predicted = predicted
            self.classes_ = classes

        def predict(self, numbers: Sequence[int]) -> NumpyArray:
            """Return the answers of these rows."""
            return self.predicted[numbers]

    if kind != CLASSES:
        return Stored

    class StoredClasses(Stored):
        """Classes and their probabilities."""

        def __init__(
            self, predicted: Any = None, classes: Any = None, probabilities: Any = None
        ) -> None:
            super().__init__(predicted, classes)
            self.probabilities = probabilities

        def predict_proba(self, numbers: Sequence[int]) -> NumpyArray:
            """Return the probability of each class for these rows."""
            return self.probabilities[numbers]

    return StoredClasses
