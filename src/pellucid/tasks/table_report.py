"""What a page says of a table and of a network that was trained on it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from pellucid.data.table import Column, Table
from pellucid.data.table.encode import ENCODING_OF_KIND
from pellucid.page import Item, Section, Sentence
from pellucid.page import Table as PageTable
from pellucid.report.data_summary import column_row, label_table
from pellucid.report.evaluation import ClassAnswers, Evaluation, NumberAnswers
from pellucid.report.run_report import RunReport
from pellucid.tasks.kept import kept_classes, kept_table, numbers_in
from pellucid.tasks.learned import flattery
from pellucid.tasks.scores import Predictions, named_scores
from pellucid.tasks.table import TableModel
from pellucid.types import NumpyArray
from pellucid.wording import count_text

KINDS = {encoding: kind for kind, encoding in ENCODING_OF_KIND.items()}


def rows_of_table(found: TableModel, data: Any) -> tuple[NumpyArray, NumpyArray]:
    """Return features and targets as the network takes them.

    Args:
        found: The model.
        data: A file, Table, frame or dict of columns with the target.

    Raises:
        DataError: A column is missing, or a label was unseen in training.
    """
    table = found.table_of(data)
    return found.encoder.transform(table), found.target.encode(table).values


def table_page(found: TableModel, data: Any, kept: Path) -> RunReport:
    """Return what a page says of a table's model beside its run.

    Args:
        found: The model.
        data: A table to describe and to evaluate on; None for what the run kept.
        kept: The file of its predictions of test rows.

    Raises:
        DataError: A column is missing, a label was unseen in training.
        FileError: The predictions are none of this model.
    """
    table = None if data is None else found.table_of(data)
    return RunReport(
        title=f"Predicting {found.target.name}",
        evaluation=_evaluation(found, table, kept),
        data=_data(found, table),
    )


def _evaluation(found: TableModel, table: Table | None, test: Path) -> Evaluation | None:
    """Return how good the network is on a table, else on the test rows of its run."""
    if table is not None:
        judged = _judged(found, "", found.actual(table), found.predicted(table))
        return replace(judged, warnings=flattery(test, found.contents(table)))
    return (
        _judged(found, " never seen in training", *_kept(found, test)) if test.is_file() else None
    )


def _kept(found: TableModel, path: Path) -> tuple[NumpyArray, Predictions]:
    """Return the truth and the answers that a run kept of its test rows."""
    if found.classes:
        table, predicted = kept_classes(path, found.target.labels)
    else:
        table = kept_table(path, ("actual", "predicted"))
        predicted = Predictions(numbers_in(path, table["predicted"]))
    truth = table.select(["actual"]).renamed({"actual": found.target.name})
    return found.actual(truth), predicted


def _judged(
    found: TableModel, which: str, actual: NumpyArray, predicted: Predictions
) -> Evaluation:
    of = f"On {count_text(len(actual), 'row')}{which}"
    answers = (
        NumberAnswers(actual, predicted.values, found.target.name)
        if predicted.probabilities is None
        else ClassAnswers(actual, predicted.probabilities, found.target.labels)
    )
    scores = named_scores(found.compared(actual, predicted))
    return Evaluation(of, scores, [answers])


def _data(found: TableModel, table: Table | None) -> Section:
    """Return the columns that the network takes, and what the table holds of them."""
    taken = [(one.name, KINDS[type(one)], len(one.features)) for one in found.encoder.columns]
    if table is None:
        headers = ["column", "taken for", "features"]
        return Section("Data", [PageTable("Columns that the network takes", headers, taken)])
    table = found.encoder.align(table)
    headers = ["column", "taken for", "missing", "smallest", "mean", "largest", "different"]
    rows = [[name, kind, *_range(table[name])] for name, kind, _ in taken]
    items: list[Item] = [
        Sentence(f"{count_text(table.rows, 'row')} of {count_text(len(table.names), 'column')}."),
        PageTable("Columns that the network takes", headers, rows),
        _target(found, table),
    ]
    return Section("Data", items)


def _range(column: Column) -> list[Any]:
    if column.storage == "number":
        return column_row(column.name, column.values)[2:]
    return [int(column.missing.sum()), None, None, None, len(column.tally()[0])]


def _target(found: TableModel, table: Table) -> PageTable:
    name, actual = found.target.name, found.actual(table)
    if found.classes:
        counts = np.bincount(actual, minlength=found.classes)
        return label_table(name, found.target.labels, counts)
    headers = ["target", "missing", "smallest", "mean", "largest", "different"]
    row = column_row(name, actual)
    return PageTable("The target", headers, [[row[0], *row[2:]]])
