"""A page about a model: what `Model.report` gathers for it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pellucid.errors import Problem
from pellucid.errors import report as report_problems
from pellucid.graph.summary import summary_text
from pellucid.insight.findings import Diagnosis
from pellucid.models.evaluating import evaluate
from pellucid.models.feeding import read_inputs, read_labels
from pellucid.models.predicting import predict
from pellucid.models.preparing import ensure_built
from pellucid.models.treatment import Treatment
from pellucid.page import check_page_path, write_page
from pellucid.report.data_summary import data_section
from pellucid.report.evaluation import ClassAnswers, Evaluation, NumberAnswers
from pellucid.report.run_report import NO_DATA, RunReport
from pellucid.training.objective import LINKS
from pellucid.types import NumpyArray
from pellucid.wording import count_text

MOST_NUMBERS = 3
"""Of an output with several numbers a row, so many are drawn."""


@dataclass(frozen=True)
class Told:
    """What a page says that the model does not know; see `Model.report`."""

    title: str | None = None
    columns: Sequence[str] = ()
    labels: Sequence[Any] | None = None
    diagnosis: Diagnosis | None = None
    treatment: Treatment | None = None


def report(model: Any, path: Any, x: Any, y: Any, told: Told) -> Path:
    """Write a page about a model; see `Model.report`."""
    check_page_path(path, "report(path=...)")
    _check_told(told)
    if x is None and y is not None:
        report_problems([Problem("report(x=...)", "labels without rows", "both or neither")])
    if x is not None:
        ensure_built(model, x)
    return write_page(path, run_report(model, x, y, told).page())


def run_report(model: Any, x: Any, y: Any, told: Told) -> RunReport:
    """Return what is known of a model, and of rows where there are any."""
    data, evaluation = NO_DATA, None
    if x is not None:
        inputs = dict(
            zip(model.input_names, read_inputs(model.network, model.input_names, x), strict=True)
        )
        labels = (
            {}
            if y is None
            else dict(zip(model.output_names, read_labels(model.output_names, y), strict=True))
        )
        _check_columns(inputs, told.columns)
        data = data_section(inputs, labels, told.columns)
        if y is not None:
            evaluation = _evaluation(model, x, y, list(labels.values()), told.labels)
    return RunReport(
        told.title or model.name,
        model.history,
        _diagnosis(model, told),
        told.treatment,
        evaluation,
        data,
        summary_text(model.graph, model.network),
        settings(model),
    )


def _check_told(told: Told) -> None:
    """Refuse what is of another kind, all at once.

    Raises:
        ArgumentError: Names each argument.
    """
    several = "a list of names"
    wanted = (
        ("title", told.title, str, "text", ""),
        ("columns", told.columns, Iterable, several, ""),
        ("labels", told.labels, Iterable, several, ""),
        ("diagnosis", told.diagnosis, Diagnosis, "a diagnosis", "Write model.diagnose()."),
        ("treatment", told.treatment, Treatment, "a treatment", "Write model.treat()."),
    )
    report_problems(
        Problem(f"report({name}=...)", repr(value), expected, fix)
        for name, value, kind, expected, fix in wanted
        if value is not None
        and (not isinstance(value, kind) or (kind is Iterable and isinstance(value, str)))
    )


def _diagnosis(model: Any, told: Told) -> Diagnosis | None:
    """Return the findings that were given, else those of `fit(diagnose=True)`."""
    if told.diagnosis is not None or model.history is None:
        return told.diagnosis
    return model.history.diagnosis


def settings(model: Any) -> dict[str, Any]:
    """Return what a model was compiled and fitted with, by name."""
    asked: dict[str, Any] = {"seed": model.seed, "parameters": model.count_params()}
    if model.compiled is not None:
        asked["optimizer"] = repr(model.compiled.optimizer)
        asked["loss"] = ", ".join(
            "none" if one is None else repr(one) for one in model.compiled.losses
        )
    if model.history is not None:
        asked |= {name: value for name, value in model.history.params.items() if name != "verbose"}
    return asked


def _check_columns(inputs: Mapping[str, NumpyArray], columns: Sequence[str]) -> None:
    widths = [array.shape[1] for array in inputs.values() if array.ndim == 2]
    if columns and len(columns) not in widths:
        given = count_text(len(columns), "name")
        expected = " or ".join(map(str, widths)) or "none: no input is a table"
        report_problems([Problem("report(columns=...)", given, expected)])


def _evaluation(
    model: Any, x: Any, y: Any, labels: Sequence[NumpyArray], names: Sequence[Any] | None
) -> Evaluation:
    scores = evaluate(model, x, y, None, 0, None, None, "report")
    predicted = predict(model, x, None, None)
    outputs = list(predicted.values()) if isinstance(predicted, dict) else predicted
    if len(labels) == 1:
        outputs = [predicted]
    numbers = {name: float(value) for name, value in scores.items() if np.ndim(value) == 0}
    answers = [
        one
        for place, loss in enumerate(model.compiled.losses)
        if loss is not None
        for one in _answers(
            model.output_names[place],
            loss,
            np.asarray(labels[place]),
            np.asarray(outputs[place]),
            names,
        )
    ]
    return Evaluation(f"On {count_text(len(labels[0]), 'row')}", {model.name: numbers}, answers)


def _answers(
    name: str, loss: Any, actual: NumpyArray, outputs: NumpyArray, names: Sequence[Any] | None
) -> Iterator[ClassAnswers | NumberAnswers]:
    """Yield what can be drawn of an output: nothing where it has several answers a row."""
    if outputs.ndim != 2 or actual.ndim > 2:
        return
    if loss.link is None:
        yield from _numbers(name, actual.reshape(len(actual), -1), outputs)
        return
    probabilities = np.asarray(LINKS[loss.link](outputs) if loss.from_logits else outputs)
    if probabilities.shape[1] == 1:
        probabilities = np.concatenate([1 - probabilities, probabilities], axis=1)
    elif loss.link == "sigmoid":
        return
    one_hot = actual.ndim == 2 and actual.shape[1] > 1
    classes = actual.argmax(axis=1) if one_hot else actual.reshape(-1)
    if not np.isin(classes, np.arange(probabilities.shape[1])).all():
        # Shares between two classes belong to neither.
        return
    yield ClassAnswers(
        classes.astype(np.int64), probabilities, _class_names(names, probabilities.shape[1])
    )


def _class_names(names: Sequence[Any] | None, classes: int) -> list[str]:
    if names is None:
        return [str(number) for number in range(classes)]
    if len(names) != classes:
        given = count_text(len(names), "name")
        report_problems([Problem("report(labels=...)", given, f"{classes}, one for each class")])
    return [str(name) for name in names]


def _numbers(name: str, actual: NumpyArray, outputs: NumpyArray) -> Iterator[NumberAnswers]:
    if actual.shape != outputs.shape:
        return
    for place in range(min(outputs.shape[1], MOST_NUMBERS)):
        called = name if outputs.shape[1] == 1 else f"{name}[{place}]"
        yield NumberAnswers(actual[:, place], outputs[:, place], called)
