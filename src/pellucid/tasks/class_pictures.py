"""What can be drawn of predicted classes."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from pellucid import report
from pellucid.tasks.scores import Predictions
from pellucid.types import NumpyArray


def class_pictures(
    actual: NumpyArray, predicted: Predictions, classes: Sequence[str]
) -> dict[str, Any]:
    """Return the confusion matrix and, where every class occurs, ROC curves.

    Args:
        actual: Class numbers, shape (rows,).
        predicted: Class numbers and probabilities.
        classes: Names of the classes.
    """
    labels, named = [*classes], np.array(classes, object)
    truth = named[actual]
    drawn = {
        "confusion": report.confusion_matrix(truth, named[predicted.values], labels=labels),
    }
    if len(np.unique(actual)) == len(labels):
        assert predicted.probabilities is not None
        scores = predicted.probabilities
        scores = scores[:, 1] if len(labels) == 2 else scores
        drawn["roc"] = report.roc_curve(truth, scores, labels=labels)
    return drawn
