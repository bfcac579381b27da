"""The parts of a report, judged by what stands in them."""

from typing import ClassVar

import numpy as np

from pellucid.insight.findings import Diagnosis, Finding
from pellucid.insight.remedies import Remedy
from pellucid.page import Heading, Plot, Section, Sentence, Table, page_text
from pellucid.report.data_summary import data_section
from pellucid.report.evaluation import (
    ClassAnswers,
    Evaluation,
    NumberAnswers,
    evaluation_section,
)
from pellucid.report.findings import findings_section
from pellucid.report.run_report import RunReport
from pellucid.report.treatment import treatment_section
from pellucid.training.heat_map import HeatMap
from pellucid.training.history import History


class Scale(Remedy):
    name = "scale-inputs"
    words = "Put a Normalization layer first."


FAULT = Finding(
    "dead-units",
    "fault",
    "Most units are off.",
    {"dead": 0.75, "units": 8.0},
    (Scale(),),
    layer="dense",
    step=20,
    cause="unscaled-inputs",
)
MAPS = [
    HeatMap("Signal", ["dense", "out"], [0, 20], np.array([[1.0, 0.1], [1.0, 1.0]])),
    HeatMap("Dead", ["dense", "out"], [0, 20], np.array([[0.5, 0.75], [0.0, 0.0]]), share=True),
    HeatMap("Saturated", ["dense", "out"], [0, 20], np.array([[0.0, 0.0], [0.5, 0.5]]), share=True),
    HeatMap("Gradient", ["dense/kernel"], [0, 20], np.ones((1, 2))),
]


def of_kind(section, kind):
    return [item for item in section.items if isinstance(item, kind)]


def test_a_finding_is_told_with_place_meaning_numbers_pictures_and_remedies():
    section = findings_section(Diagnosis((FAULT,)), MAPS)
    assert of_kind(section, Heading) == [Heading("dead-units (dense, step 20)", "fault")]
    assert of_kind(section, Sentence) == [
        Sentence("Most units are off. It follows from unscaled-inputs.")
    ]
    evidence, remedies = of_kind(section, Table)
    assert evidence.rows == [("dead", 0.75), ("units", 8)]
    assert [type(value) for _, value in evidence.rows] == [float, int]
    assert remedies.rows == [(1, "scale-inputs", "Put a Normalization layer first.")]
    assert [plot.alt for plot in of_kind(section, Plot)] == [
        "Signal of dense against the training step.",
        "Dead of dense against the training step.",
    ]


def test_that_nothing_was_found_is_told_but_not_that_nobody_looked():
    assert findings_section(Diagnosis()).items == [Sentence("Nothing found.")]
    assert findings_section(None).items == []
    seen = Diagnosis(unseen="The rows were not looked at.")
    assert findings_section(seen).items[-1] == Sentence("The rows were not looked at.")


def test_a_treatment_is_any_value_with_cells():
    class Tried:
        headers: ClassVar = ["remedy", "val_loss"]
        cells: ClassVar = [["none", 2.0], ["scale-inputs", 0.5]]

    (table,) = treatment_section(Tried()).items
    assert table.rows == [["none", 2.0], ["scale-inputs", 0.5]]
    assert treatment_section(None).items == []


SHARES = np.array([[0.9, 0.1], [0.4, 0.6], [0.2, 0.8]])


def titles(section):
    found = [plot.figure.axes[0].get_title(loc="left") for plot in of_kind(section, Plot)]
    return [title or "?" for title in found]


def test_classes_are_shown_by_four_pictures():
    answers = ClassAnswers(np.array([0, 1, 1]), SHARES, ["no", "yes"])
    section = evaluation_section(Evaluation("On 3 rows", {"net": {"accuracy": 1.0}}, [answers]))
    shown = titles(section)
    assert shown == ["Confusion matrix", "ROC curve", "Precision and recall", "Calibration"]
    assert of_kind(section, Plot)[0].alt == "Confusion matrix: 100.0% of 3 rows are right."
    assert section.items[0] == Sentence("On 3 rows.")


def test_a_class_without_rows_has_no_rates():
    answers = ClassAnswers(np.array([1, 1, 1]), SHARES, ["no", "yes"])
    shown = titles(evaluation_section(Evaluation("On 3 rows", {}, [answers])))
    assert shown == ["Confusion matrix", "Calibration"]


def test_numbers_are_shown_by_two_pictures():
    answers = NumberAnswers(np.array([1.0, 2.0]), np.array([1.5, 2.0]), "price")
    shown = titles(evaluation_section(Evaluation("On 2 rows", {}, [answers])))
    assert shown == ["Predicted against actual", "Residuals"]


def test_scores_of_all_stand_in_one_table():
    scores = {"network": {"MAE": 1.0, "R2": 0.5}, "mean": {"MAE": 2.0}}
    evaluation = Evaluation("On 2 rows", scores)
    (table,) = of_kind(evaluation_section(evaluation), Table)
    assert list(table.headers) == ["", "MAE", "R2"]
    assert table.rows == [["network", 1.0, 0.5], ["mean", 2.0, None]]
    assert evaluation.headline == "On 2 rows: MAE 1.0000, R2 0.5000."
    assert Evaluation("On 2 rows", {}).headline == ""


def test_columns_are_told_with_missing_values_and_ranges():
    x = np.array([[1.0, np.nan], [3.0, 4.0], [3.0, np.nan]], np.float32)
    y = np.array([0, 1, 1])
    section = data_section({"x": x}, {"y": y}, ["age", "income"])
    columns, labels = of_kind(section, Table)
    assert of_kind(section, Sentence) == [Sentence("x: 3 rows of 2.")]
    assert columns.rows == [
        ["age", "number", 0, 1.0, 7 / 3, 3.0, 2],
        ["income", "number", 2, 4.0, 4.0, 4.0, 1],
    ]
    assert labels.rows == [("0", 1, "33.3%"), ("1", 2, "66.7%")]


def test_what_is_no_table_is_summed_up():
    images = np.arange(2 * 4 * 4 * 3).reshape(2, 4, 4, 3)
    hot, real = np.eye(3)[[2, 0]], np.array([[0.5], [1.5]])
    section = data_section({"images": images}, {"hot": hot, "real": real})
    columns, labels, numbers = of_kind(section, Table)
    assert of_kind(section, Sentence) == [Sentence("images: 2 rows of 4 x 4 x 3.")]
    assert columns.rows == [["images", "whole number", 0, 0.0, 47.5, 95.0, 96]]
    assert labels.rows == [("0", 1, "50.0%"), ("2", 1, "50.0%")]
    assert numbers.rows == [["real", "number", 0, 0.5, 1.0, 1.5, 2]]


def test_a_column_of_nothing_has_no_range():
    section = data_section({"x": np.full((2, 1), np.nan)}, {})
    (columns,) = of_kind(section, Table)
    assert columns.rows == [["0", "number", 2, None, None, None, 0]]


def test_what_matters_most_comes_first_and_what_is_absent_is_left_out():
    history = History()
    history.append(0, {"loss": 1.0})
    whole = RunReport(
        "t",
        history,
        Diagnosis((FAULT,)),
        None,
        Evaluation("On 2 rows", {"net": {"loss": 0.5}}),
        data_section({"x": np.ones((2, 1))}, {}),
        "Model: net",
        answers=Section("Samples", [Sentence("once upon a time")]),
    )
    page = whole.page()
    assert page.verdict.split("\n") == [
        "1 fault; first: dead-units (dense, step 20)",
        "On 2 rows: loss 0.5000.",
        "1 epoch; best loss 1.0000 at epoch 1.",
    ]
    assert [section.title for section in page.sections if section.items] == [
        "Findings",
        "Evaluation",
        "Samples",
        "Learning curves",
        "Data",
        "Model",
        "Settings and environment",
    ]
    bare = RunReport("t").page()
    assert bare.verdict == "The model was not trained."
    assert page_text(bare).count("<h2") == 1
