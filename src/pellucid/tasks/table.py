"""A table on disk to a trained, evaluated and saved network, and back to predictions."""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from pellucid import report
from pellucid.data.table import (
    Kinds,
    Prepared,
    Table,
    TableEncoder,
    TargetEncoder,
    as_table,
    prepare_folds,
    prepare_table,
    read_table,
    split_rows,
)
from pellucid.errors import (
    ArgumentError,
    FileError,
    PellucidError,
    Problem,
)
from pellucid.errors import report as report_problems
from pellucid.models import Model, load_model
from pellucid.seed import checked_seed
from pellucid.tasks.answers import Answers
from pellucid.tasks.arguments import problems_of
from pellucid.tasks.class_pictures import class_pictures
from pellucid.tasks.committee import (
    EPOCHS,
    MEMBERS,
    Design,
    Member,
    train_committee,
)
from pellucid.tasks.evaluation import Evaluation, confusion_text
from pellucid.tasks.learned import Contents, marks_of_rows
from pellucid.tasks.run import Run, plain_name, result_folder, write_run
from pellucid.tasks.scores import (
    Predictions,
    linear_baseline,
    score_classes,
    score_numbers,
)
from pellucid.types import NumpyArray
from pellucid.wording import count_text

FORMAT = 1
"""Version of the preprocessing document in a model file."""


@dataclass(frozen=True)
class TableModel:
    """A network together with how raw rows become its inputs and its outputs answers.

    Args:
        model: The network.
        encoder: Features from raw rows.
        target: The target's values.
        reading: How the training file was read: separator, missing marks.
        baseline: Share of each class in the training rows, or their mean.
    """

    model: Model
    encoder: TableEncoder
    target: TargetEncoder
    reading: Mapping[str, Any]
    baseline: tuple[float, ...]

    @property
    def classes(self) -> int:
        """Number of classes; 0 for a number."""
        return len(self.target.labels)

    def table_of(self, source: Any) -> Table:
        """Return raw rows, read and named as in training: a path, a frame or a dict of columns."""
        from_file = isinstance(source, (str, os.PathLike))
        return self.encoder.align(self.read(source) if from_file else as_table(source))

    def predicted(self, data: Any) -> Predictions:
        """Return predictions for raw rows: a path, a Table, a frame or a dict of columns."""
        return self.answers(self.encoder.transform(self.table_of(data)))

    def predict(self, source: Any) -> Answers:
        """Return predictions for raw rows in the target's own words."""
        return Answers(_prediction_columns(self, self.predicted(source)))

    def evaluate(self, source: Any) -> Evaluation:
        """Return scores on raw rows that have the target."""
        table = self.table_of(source)
        predicted, actual = self.predicted(table), self.actual(table)
        labels = [str(one) for one in self.target.labels]
        return Evaluation(
            f"On {count_text(table.rows, 'row')}:",
            self.compared(actual, predicted),
            confusion_text(actual, predicted.values, labels),
            contents=self.contents(table),
        )

    def contents(self, table: Table) -> Contents:
        """Return what tells rows that have the target from others."""
        table = self.encoder.align(table)
        return Contents(marks_of_rows(table, [*self.encoder.inputs, self.target.name]), "row")

    def answers(self, features: NumpyArray) -> Predictions:
        """Return predictions for features."""
        outputs = np.asarray(self.model.predict(features, verbose=0))
        if self.target.task == "number":
            return Predictions(np.asarray(self.target.decode(outputs), np.float64))
        if self.target.task == "binary":
            positive = outputs.reshape(-1)
            both = np.stack([1 - positive, positive], axis=1)
            return Predictions((positive >= 0.5).astype(np.int64), both)
        return Predictions(outputs.argmax(axis=1), outputs)

    def labelled(self, predicted: Predictions) -> NumpyArray:
        """Return predictions in the target's own words or units."""
        if self.target.task == "number":
            return predicted.values
        return self.target.label_values[predicted.values]

    def actual(self, table: Table) -> NumpyArray:
        """Return the true class numbers, or numbers in their own units."""
        if self.target.task == "number":
            return self.target.numbers(table)
        return self.target.encode(table).values

    def score(self, actual: NumpyArray, predicted: Predictions) -> dict[str, float | None]:
        """Return the scores of predictions."""
        score = score_numbers if self.target.task == "number" else score_classes
        return score(actual, predicted)

    def compared(
        self, actual: NumpyArray, predicted: Predictions
    ) -> dict[str, dict[str, float | None]]:
        """Return the scores of predictions, and those of the baseline that looks at no input."""
        name = "mean" if self.target.task == "number" else "majority"
        constant = self.constant(len(actual))
        return {"network": self.score(actual, predicted), name: self.score(actual, constant)}

    def constant(self, rows: int) -> Predictions:
        """Return the baseline that looks at no input."""
        if self.target.task == "number":
            return Predictions(np.full(rows, self.baseline[0]))
        only = np.full(rows, int(np.argmax(self.baseline)))
        return Predictions(only, np.tile(self.baseline, (rows, 1)))

    def document(self) -> dict[str, Any]:
        """Return the preprocessing as plain values, for the model file."""
        return {
            "format": FORMAT,
            "kind": "table",
            "encoder": self.encoder.get_config(),
            "target": self.target.get_config(),
            "reading": dict(self.reading),
            "baseline": list(self.baseline),
        }

    def read(self, path: Any) -> Table:
        """Read a file as the training file was read."""
        options = {key: self.reading.get(key) for key in READING}
        return read_table(path, header=not self.encoder.positional, **options)


READING = ("separator", "missing")
"""How a file is read that a model file keeps; whether there is a header, the encoder knows."""


def load_table_model(path: Any) -> TableModel:
    """Read a model that `pellucid train` saved.

    Raises:
        FileError: The file is damaged, or its model was not trained on a table.
    """
    return table_model_of(load_model(path), path)


def table_model_of(model: Model, path: Any) -> TableModel:
    """Return a model that was read from `path` with its preprocessing.

    Raises:
        FileError: The preprocessing is damaged, or the model was not trained on a table.
    """
    document = model.preprocessing
    if not isinstance(document, dict) or document.get("kind") != "table":
        raise FileError(
            f"{path}: got a model without the preprocessing of a table, expected one made by "
            "`pellucid train`. Use pellucid.load_model(path).predict(array) instead."
        )
    try:
        encoder = TableEncoder.from_config(document["encoder"])
        target = TargetEncoder.from_config(document["target"])
        reading = _checked_reading(document["reading"])
        baseline = tuple(float(one) for one in document["baseline"])
    except (KeyError, TypeError, ValueError, PellucidError) as error:
        raise FileError(f"{path}: preprocessing.json: {error}") from None
    if document.get("format") != FORMAT:
        raise FileError(
            f"{path}: got preprocessing of format {document.get('format')!r}, expected {FORMAT}. "
            "The file was written by a newer version: update pellucid."
        )
    found = TableModel(model, encoder, target, reading, baseline)
    _check_fit(path, found)
    return found


def _checked_reading(reading: Any) -> dict[str, Any]:
    if not isinstance(reading, dict) or set(reading) - set(READING):
        raise FileError("got reading options of another form, expected separator and missing")
    return reading


def _check_fit(path: Any, found: TableModel) -> None:
    features, outputs = len(found.encoder.features), found.target.outputs
    shape, end = found.model.input_shape, found.model.output_shape
    shares = len(found.baseline) == max(found.classes, 1)
    if shape != (None, features) or end != (None, outputs) or not shares:
        raise FileError(
            f"{path}: got preprocessing for {features} features and {outputs} outputs with a "
            f"network from {shape} to {end}, expected the two to fit."
        )


@dataclass(frozen=True, kw_only=True)
class TableRun(Run):
    """What `train_table` did; see `Run`.

    Args:
        prepared: Kinds, split and notes.
    """

    trained: TableModel
    prepared: Prepared


def train_table(
    data: Any,
    target: str,
    *,
    output: Any = None,
    task: str = "auto",
    time: str | None = None,
    group: str | None = None,
    epochs: int | None = None,
    batch_size: int | None = None,
    validation: float = 0.2,
    test: float = 0.2,
    seed: int = 0,
    separator: str | None = None,
    header: bool | None = None,
    missing: Any = None,
    drop: Sequence[str] = (),
    kinds: Mapping[str, str] | None = None,
    members: int = MEMBERS,
    probe: str | None = None,
    verbose: Any = "auto",
) -> TableRun:
    """Train a committee of networks on a table and evaluate it on rows it has never seen.

    Args:
        data: Path of a file, or a Table, frame or dict of columns.
        target: Column to predict.
        output: Folder for the results; for a file one named after it and the target when
            absent, for other data none. "" for none.
        task: "auto", "binary", "classes" or "number".
        time: Column by which the newest rows are the test.
        group: Column whose equal values stay on one side.
        epochs: Most epochs of each member, 300 when absent.
        batch_size: Rows in a step; by the number of rows when absent.
        validation: Share of the rows left for training that says when to stop, above 0.
        test: Share of all rows to evaluate on.
        seed: Seed of everything random.
        separator: Character between fields of a file; found when absent.
        header: Whether the file's first line names the columns; found when absent.
        missing: Further marks of missing values.
        drop: Columns to leave out.
        kinds: Kinds of columns, instead of those found.
        members: Networks in the committee, at least 1.
        probe: "economy" or "full" to look into the first network while it trains.
        verbose: 0 silent, else progress.

    Raises:
        ArgumentError: An argument is out of range, or names what is not there.
        DataError: The data cannot be learned from.
        FileError: A file cannot be read or written.

    Example:
        >>> from pellucid.tasks import train_table
        >>> wide, high = [i % 7 + 0.5 for i in range(60)], [i % 11 + 0.5 for i in range(60)]
        >>> rows = {"w": wide, "h": high, "y": [w * h for w, h in zip(wide, high)]}
        >>> run = train_table(rows, "y", epochs=2, members=1, verbose=0)
        >>> sorted(run.scores["network"])
        ['mae', 'r2', 'rmse']
    """
    read = read_table_task(
        data,
        target,
        output=output,
        task=task,
        time=time,
        group=group,
        epochs=epochs,
        batch_size=batch_size,
        validation=validation,
        test=test,
        seed=seed,
        separator=separator,
        header=header,
        missing=missing,
        drop=drop,
        kinds=kinds,
        members=members,
        probe=probe,
        verbose=verbose,
    )
    return read.run(Design(batch_size=batch_size))


@dataclass(frozen=True)
class MemberRows:
    """The rows by which a committee learns.

    Args:
        x: Features of all rows but the test's.
        y: Their targets.
        parts: The rows of each member.
    """

    x: NumpyArray
    y: NumpyArray
    parts: Sequence[Member]


@dataclass(frozen=True)
class TableTask:
    """A table that is read, and how a committee is trained on it.

    Args:
        prepared: Its rows.
        reading: How the file was read.
        folder: Where everything is written, or None.
        time: Column by which the newest rows are the test.
        group: Column whose equal values stay on one side.
        validation: Share of the rows left for training that says when to stop.
        epochs: Most epochs of each member.
        members: Networks in the committee.
        seed: Seed of everything random.
        probe: What looks into the first network.
        verbose: 0 silent, else progress.
    """

    prepared: Prepared
    reading: Mapping[str, Any]
    folder: Path | None
    time: str | None
    group: str | None
    validation: float
    epochs: int
    members: int
    seed: int
    probe: str | None
    verbose: Any

    def run(self, design: Design) -> TableRun:
        """Train a committee, evaluate it on the test rows and write it to the folder.

        Args:
            design: What was chosen of its members.
        """
        prepared, rows, shown = self.prepared, self.rows, self.verbose != 0
        model = train_committee(
            rows.x,
            rows.y,
            rows.parts,
            prepared.target.task,
            prepared.target.outputs,
            epochs=self.epochs,
            design=design,
            seed=self.seed,
            verbose=1 if shown and sys.stdout.isatty() else 0,
            probe=self.probe,
            tell=print if shown else _silent,
        )
        known = _own_values(prepared)
        baseline = _baseline(prepared, known)
        table_model = TableModel(model, prepared.encoder, prepared.target, self.reading, baseline)
        scores, predicted = _scores(table_model, prepared, rows.x, known)
        tested = f"On {count_text(len(prepared.test.y), 'row')} never seen in training:"
        run = TableRun(
            trained=table_model,
            scores=scores,
            tested=tested,
            answers=_answers(table_model, prepared, predicted),
            folder=self.folder,
            notes=tuple(prepared.notes),
            learned=table_model.contents(_known_table(prepared)).marks,
            prepared=prepared,
        )
        if self.folder is not None:
            actual = table_model.actual(prepared.test.table)
            write_run(run, _pictures(table_model, actual, predicted), _facts(table_model, prepared))
        return run

    def folds(self, count: int) -> Iterator["TableTask"]:
        """Yield the same task, in silence, for each fold of the rows that is the test.

        Raises:
            DataError: A fold would have no rows, or one class alone to learn from.
        """
        folds = prepare_folds(
            self.prepared,
            count,
            validation=self.validation,
            time=self.time,
            groups=self.group,
            seed=self.seed,
        )
        return (replace(self, prepared=one, folder=None, verbose=0) for one in folds)

    @cached_property
    def rows(self) -> MemberRows:
        """All rows but the test's, and which of them each member learns from."""
        prepared = self.prepared
        first, rest = prepared.training, prepared.validation
        x, y = np.concatenate([first.x, rest.x]), np.concatenate([first.y, rest.y])
        own = Member(np.arange(len(first.y)), np.arange(len(first.y), len(y)))
        if self.time is not None:
            # The past predicts the future: every member is stopped by the newest rows.
            return MemberRows(x, y, [own] * self.members)
        table = _known_table(prepared)
        parts = [own]
        for number in range(1, self.members):
            split = split_rows(
                table,
                y,
                validation=self.validation,
                test=0.0,
                groups=self.group,
                columns=list(prepared.kinds.used),
                seed=self.seed + number,
            )
            parts.append(Member(split.training, split.validation))
        return MemberRows(x, y, parts)


def read_table_task(
    data: Any,
    target: str,
    *,
    output: Any,
    task: str,
    time: str | None,
    group: str | None,
    epochs: int | None,
    batch_size: int | None,
    validation: float,
    test: float,
    seed: int,
    separator: str | None,
    header: bool | None,
    missing: Any,
    drop: Sequence[str],
    kinds: Mapping[str, str] | None,
    members: int,
    probe: str | None,
    verbose: Any,
) -> TableTask:
    """Read a table, check what is asked of it, and make the folder of the results.

    Args:
        data: As in `train_table`, like all that follows.
        target: Column to predict.
        output: Folder.
        task: What the target is.
        time: Column of time.
        group: Column of groups.
        epochs: Most epochs.
        batch_size: Rows in a step.
        validation: Share.
        test: Share.
        seed: Seed.
        separator: Character between fields.
        header: Whether the first line names the columns.
        missing: Marks of missing values.
        drop: Columns to leave out.
        kinds: Kinds of columns.
        members: Networks in the committee.
        probe: What looks in.
        verbose: 0 for silence.

    Raises:
        ArgumentError: An argument is out of range, or names what is not there.
        DataError: The data cannot be learned from.
        FileError: A file cannot be read, or no folder can be made.
    """
    seed = checked_seed(seed, "seed")
    from_file = isinstance(data, (str, os.PathLike))
    reading = {"separator": separator, "missing": missing}
    table = read_table(data, header=header, **reading) if from_file else as_table(data)
    _check_train(table, target, drop, test, validation, members, epochs, batch_size)
    prepared = prepare_table(
        table,
        target,
        task=None if task == "auto" else task,
        kinds={**(kinds or {}), **dict.fromkeys(drop, "ignored")} or None,
        validation=validation * (1 - test),
        test=test,
        time=time,
        groups=group,
        seed=seed,
    )
    folder = _folder(data if from_file else None, target, output)
    if verbose != 0:
        print(_plan_text(prepared))
    return TableTask(
        prepared,
        reading,
        folder,
        time,
        group,
        validation,
        epochs or EPOCHS,
        members,
        seed,
        probe,
        verbose,
    )


def _silent(text: str) -> None:
    """Say nothing."""


def _check_train(
    table: Table,
    target: str,
    drop: Sequence[str],
    test: float,
    validation: float,
    members: int,
    epochs: int | None,
    batch_size: int | None,
) -> None:
    problems = [table.unknown(name, "drop") for name in drop if name not in table.names]
    if target in drop:
        problems.append(Problem("drop", f"the target '{target}'", "columns other than the target"))
    problems += problems_of(
        validation=validation, test=test, members=members, epochs=epochs, batch_size=batch_size
    )
    report_problems(problems, ArgumentError)


def _plan_text(prepared: Prepared) -> str:
    kinds: Kinds = prepared.kinds
    rows = [len(part.y) for part in (prepared.training, prepared.validation, prepared.test)]
    lines = [str(kinds), *prepared.notes]
    lines.append(
        f"{count_text(rows[0], 'row')} to train, {rows[1]:,} to say when to stop, "
        f"{rows[2]:,} to evaluate; {count_text(len(prepared.encoder.features), 'feature')}."
    )
    return "\n".join(lines)


def _known_table(prepared: Prepared) -> Table:
    """Return all rows but the test's."""
    rows = np.concatenate([prepared.split.training, prepared.split.validation])
    return prepared.table.take(rows)


def _own_values(prepared: Prepared) -> NumpyArray:
    """Return the targets of all rows but the test's: classes, or numbers in their own units."""
    parts = (prepared.training, prepared.validation)
    if prepared.target.task == "number":
        return np.concatenate([prepared.target.numbers(part.table) for part in parts])
    return np.concatenate([part.y for part in parts])


def _baseline(prepared: Prepared, known: NumpyArray) -> tuple[float, ...]:
    if prepared.target.task == "number":
        return (float(np.mean(known)),)
    counts = np.bincount(known, minlength=len(prepared.target.labels))
    return tuple((counts / len(known)).tolist())


def _scores(
    found: TableModel, prepared: Prepared, x: NumpyArray, known: NumpyArray
) -> tuple[dict[str, dict[str, float | None]], Predictions]:
    task, classes, test = found.target.task, found.classes, prepared.test
    actual = found.actual(test.table)
    predicted = found.answers(test.x)
    constant = found.constant(len(actual))
    linear = linear_baseline(x, known, test.x, task, classes)
    names = (
        ("mean", "linear regression")
        if task == "number"
        else (
            "majority",
            "logistic regression",
        )
    )
    return {
        "network": found.score(actual, predicted),
        names[1]: found.score(actual, linear),
        names[0]: found.score(actual, constant),
    }, predicted


def _folder(path: Any, target: str, output: Any) -> Path | None:
    """Make the folder of the results before the time is spent on them."""
    if output == "" or (output is None and path is None):
        return None
    return result_folder("" if path is None else f"{Path(path).stem}-{plain_name(target)}", output)


def _answers(found: TableModel, prepared: Prepared, predicted: Predictions) -> Answers:
    """Return what is said of the test rows, beside the truth."""
    actual = found.actual(prepared.test.table)
    columns: dict[str, list[Any]] = {"row": (prepared.split.test + 1).tolist()}
    labels = found.target.label_values if found.classes else None
    columns["actual"] = (actual if labels is None else labels[actual]).tolist()
    return Answers(columns | _prediction_columns(found, predicted))


def _facts(found: TableModel, prepared: Prepared) -> dict[str, Any]:
    return {
        "target": found.target.name,
        "task": found.target.task,
        "rows": {
            "training": len(prepared.training.y),
            "validation": len(prepared.validation.y),
            "test": len(prepared.test.y),
        },
    }


def _pictures(found: TableModel, actual: NumpyArray, predicted: Predictions) -> dict[str, Any]:
    name = found.target.name
    if found.target.task != "number":
        return class_pictures(actual, predicted, [str(one) for one in found.target.labels])
    return {
        "predicted": report.predicted_against_actual(actual, predicted.values, name=name),
        "residuals": report.residuals(actual, predicted.values, name=name),
    }


def _prediction_columns(found: TableModel, predicted: Predictions) -> dict[str, list[Any]]:
    columns = {"predicted": found.labelled(predicted).tolist()}
    if predicted.probabilities is not None:
        for number, label in enumerate(found.target.labels):
            column = np.asarray(predicted.probabilities[:, number], np.float64)
            columns[f"probability of {label}"] = np.round(column, 6).tolist()
    return columns


def evaluate_table(model: Any, data: Any) -> Evaluation:
    """Evaluate a saved model on a table that has the target.

    Args:
        model: Path of a model that `train_table` saved.
        data: Path of a file, or a Table, frame or dict of columns.

    Raises:
        DataError: A column is missing, a label was unseen in training.
        FileError: The model was not trained on a table.
    """
    return load_table_model(model).evaluate(data)


def predict_table(model: Any, data: Any, output: Any = None) -> Answers:
    """Predict the target for each row of a table.

    Args:
        model: Path of a model that `train_table` saved.
        data: Path of a file, or a Table, frame or dict of columns; the target may be absent.
        output: CSV file to write, if any.

    Raises:
        DataError: A column is missing; a near name is suggested.
        FileError: The model was not trained on a table, or the output cannot be written.
    """
    return load_table_model(model).predict(data).written(output)
