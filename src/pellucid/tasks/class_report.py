"""What a page says of files with classes and of a network that tells them apart."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from pellucid.data.file_rows import FileRows
from pellucid.data.table.values import levels_of
from pellucid.page import Section, Sentence
from pellucid.report.data_summary import label_table
from pellucid.report.evaluation import ClassAnswers, Evaluation
from pellucid.report.run_report import NO_DATA, RunReport
from pellucid.tasks.classifier import Classifier, labels_of, numbered
from pellucid.tasks.kept import kept_classes
from pellucid.tasks.learned import flattery
from pellucid.tasks.scores import Predictions, named_scores, score_classes
from pellucid.types import NumpyArray
from pellucid.wording import count_text

LOOKED_AT_BYTES, LEAST_LOOKED_AT = 256 << 20, 64
"""Bytes of examples that a diagnosis looks at where they do not fit into memory; and how many
examples at least."""


def rows_of_classes(found: Classifier, data: Any) -> tuple[Any, NumpyArray]:
    """Return what the network takes, and the numbers of the classes.

    Of examples that stay in their files some are returned, from all places.

    Args:
        found: The model.
        data: Raw files with their classes.

    Raises:
        FileError: The classes are not known.
    """
    examples = found.read(data)
    x, labels = examples.x, labels_of(examples, found.noun, data)
    if not isinstance(x, FileRows):
        return x, labels
    most = max(LEAST_LOOKED_AT, LOOKED_AT_BYTES // x.row_bytes)
    rows = np.linspace(0, len(x) - 1, min(len(x), most)).astype(int)
    return x.array(rows), labels[rows]


def class_page(found: Classifier, data: Any, kept: Path) -> RunReport:
    """Return what a page says of a classifier beside its run.

    Args:
        found: The model.
        data: Raw files to describe and to evaluate on; None for what the run kept.
        kept: The file of its predictions of test examples.

    Raises:
        FileError: The classes are not known, or the predictions are none of this model.
    """
    title = f"{count_text(len(found.classes), 'class')} of {found.noun}s"
    if data is not None:
        examples = found.read(data)
        labels = labels_of(examples, found.noun, data)
        judged = replace(
            _judged(found, "", labels, found.answers(examples.x)),
            warnings=flattery(kept, found.contents(examples.x)),
        )
        counts = np.bincount(labels, minlength=len(found.classes))
        told = Sentence(f"{count_text(len(labels), found.noun)}.")
        section = Section("Data", [told, label_table("class", found.classes, counts)])
        return RunReport(title=title, evaluation=judged, data=section)
    if not kept.is_file():
        return RunReport(title=title)
    table, predicted = kept_classes(kept, found.classes)
    # Classes that are numbers are spelled as they were in training.
    labels = numbered(levels_of(table["actual"]).tolist(), found.classes, str(kept))
    judged = _judged(found, " never seen in training", labels, predicted)
    return RunReport(title=title, evaluation=judged, data=NO_DATA)


def _judged(
    found: Classifier, which: str, labels: NumpyArray, predicted: Predictions
) -> Evaluation:
    said = {"network": predicted, "majority": found.constant(len(labels))}
    scores = named_scores({who: score_classes(labels, one) for who, one in said.items()})
    assert predicted.probabilities is not None
    answers = ClassAnswers(labels, predicted.probabilities, found.classes)
    of = f"On {count_text(len(labels), found.noun)}{which}"
    return Evaluation(of, scores, [answers])
