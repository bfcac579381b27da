"""What `pellucid train` left, as one page."""

import os
from pathlib import Path
from typing import Any

import numpy as np

from pellucid.data.table import Column, Table, as_table, read_table
from pellucid.data.table.encode import ENCODING_OF_KIND
from pellucid.errors import FileError, Problem, report
from pellucid.graph.summary import summary_text
from pellucid.models import load_model
from pellucid.models.reporting import settings
from pellucid.page import Item, Section, Sentence, check_page_path, write_page
from pellucid.page import Table as PageTable
from pellucid.report.data_summary import column_row, label_table
from pellucid.report.evaluation import ClassAnswers, Evaluation, NumberAnswers
from pellucid.report.run_report import RunReport
from pellucid.tasks.doctor import examine_table
from pellucid.tasks.scores import SCORE_NAMES, Predictions
from pellucid.tasks.table import TableModel, table_model_of
from pellucid.types import NumpyArray
from pellucid.wording import count_text

KINDS = {encoding: kind for kind, encoding in ENCODING_OF_KIND.items()}

TEST = "predictions.csv"
"""The file in a run's folder that has the answers to the rows never seen in training."""


def report_saved(model: Any, path: Any, data: Any = None) -> Path:
    """Write a page about a saved model; about one of a table it tells most.

    Args:
        model: Path of the model. If `train_table` left predictions of test rows beside it, and
            there are no `data`, the network is judged by them.
        path: The file to write, ending in `.html`.
        data: A file, Table, frame or dict of columns with the target, to describe and to
            evaluate on.

    Returns:
        `path`.

    Raises:
        ArgumentError: `path` ends in something else.
        DataError: A column is missing, a label was unseen in training.
        FileError: A file cannot be read or written, or there are data and the model was not
            trained on a table.

    Example:
        >>> import pathlib, tempfile
        >>> from pellucid.tasks import report_saved, train_table
        >>> wide = [number % 7 + 0.5 for number in range(60)]
        >>> rows = {"w": wide, "y": [2 * one for one in wide]}
        >>> folder = pathlib.Path(tempfile.mkdtemp())
        >>> run = train_table(rows, "y", output=folder, epochs=1, members=1, verbose=0)
        >>> report_saved(folder / "model.pellucid", folder / "report.html").name
        'report.html'
    """
    check_page_path(path, "report_saved(path=...)")
    loaded = load_model(model)
    if data is None and loaded.preprocessing is None:
        return loaded.report(path, title=Path(model).stem)
    found = table_model_of(loaded, model)
    table = None
    if data is not None:
        table = found.read(data) if isinstance(data, (str, os.PathLike)) else as_table(data)
    told = RunReport(
        title=f"Predicting {found.target.name}",
        history=loaded.history,
        diagnosis=None if table is None else examine_table(found, table),
        evaluation=_evaluation(found, table, Path(model).with_name(TEST)),
        data=_data(found, table),
        summary=summary_text(loaded.graph, loaded.network),
        settings=settings(loaded),
    )
    return write_page(path, told.page())


def _evaluation(found: TableModel, table: Table | None, test: Path) -> Evaluation | None:
    """Return how good the network is on a table, else on the test rows of its run."""
    if table is not None:
        return _judged(found, "", found.actual(table), found.predicted(table))
    return (
        _judged(found, " never seen in training", *_kept(found, test)) if test.is_file() else None
    )


def _kept(found: TableModel, path: Path) -> tuple[NumpyArray, Predictions]:
    """Return the truth and the answers that a run kept of its test rows."""
    table = read_table(path, header=True)
    labels = found.target.labels
    columns = [f"probability of {label}" for label in labels] or ["predicted"]
    report(
        (
            Problem(f"{path}", f"no column '{name}'", "the predictions of this model")
            for name in ("actual", *columns)
            if name not in table
        ),
        FileError,
    )
    actual = found.actual(table.select(["actual"]).renamed({"actual": found.target.name}))
    numbers = [_numbers(path, table[name]) for name in columns]
    if not labels:
        return actual, Predictions(numbers[0])
    probabilities = np.stack(numbers, axis=1)
    return actual, Predictions(probabilities.argmax(axis=1), probabilities)


def _numbers(path: Path, column: Column) -> NumpyArray:
    if column.storage != "number" or column.missing.any():
        expected = "a number in each row"
        report([Problem(f"{path}, column '{column.name}'", "other values", expected)], FileError)
    return column.values


def _judged(
    found: TableModel, which: str, actual: NumpyArray, predicted: Predictions
) -> Evaluation:
    of = f"On {count_text(len(actual), 'row')}{which}"
    answers = (
        NumberAnswers(actual, predicted.values, found.target.name)
        if predicted.probabilities is None
        else ClassAnswers(actual, predicted.probabilities, found.target.labels)
    )
    scores = {
        who: {SCORE_NAMES[name]: value for name, value in own.items()}
        for who, own in found.compared(actual, predicted).items()
    }
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
