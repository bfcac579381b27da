"""The column to predict."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid.data.table import TargetEncoder, as_table, drop_unlabelled
from pellucid.data.table.target import BINARY, CLASSES, NUMBER_TASK, TASKS
from pellucid.errors import ArgumentError, DataError, PellucidError


def fit(values, task=None):
    return TargetEncoder.fit(as_table({"y": values}, source="houses.csv"), "y", task)


def codes(target, values):
    return target.transform(as_table({"y": values})).tolist()


TARGETS = {
    "two words": (["R", "M"] * 5, BINARY, ("M", "R")),
    "three words": (["b", "a", "c"] * 5, CLASSES, ("a", "b", "c")),
    "truth": ([True, False] * 5, BINARY, ("false", "true")),
    "minus one and one": ([1, -1] * 5, BINARY, ("-1", "1")),
    "zero and one": ([0.0, 1.0] * 5, BINARY, ("0", "1")),
    "two numbers": ([2.5, 7.0] * 5, BINARY, ("2.5", "7")),
    "from one": ([3, 1, 2] * 5, CLASSES, ("1", "2", "3")),
    "digits": (list(range(10)) * 3, CLASSES, tuple("0123456789")),
    "from minus one": ([-1, 0, 1] * 5, CLASSES, ("-1", "0", "1")),
    "ratings from three": ([3, 4, 5, 6, 7, 8] * 5, NUMBER_TASK, ()),
    "counts with a gap": ([0, 1, 2, 4] * 5, NUMBER_TASK, ()),
    "many whole numbers": (list(range(1, 30)) * 2, NUMBER_TASK, ()),
    "fractions": ([0.0, 0.5, 1.0] * 5, NUMBER_TASK, ()),
    "numbers with commas": (["1,250", "3,100", "999"] * 9, NUMBER_TASK, ()),
    "a full stop": (["<=50K.", ">50K.", "<=50K"] * 5, BINARY, ("<=50K", ">50K")),
    "codes": (["001", "002", "003"] * 5, CLASSES, ("001", "002", "003")),
}


@pytest.mark.parametrize("name", TARGETS)
def test_the_task_and_the_labels(name):
    values, task, labels = TARGETS[name]
    target = fit(values)
    assert (target.task, target.labels) == (task, labels)
    assert target.outputs == (len(labels) if task == CLASSES else 1)


def test_a_task_given_wins():
    assert fit([3, 4, 5, 6] * 5, "classes").labels == ("3", "4", "5", "6")
    assert fit([1, 2, 3] * 5, "number").task == NUMBER_TASK
    assert fit(["1", "2"] * 5, "number").task == NUMBER_TASK
    assert fit([0, 1] * 5, "classes").task == BINARY


def test_classes_there_and_back():
    target = fit(["rose", "iris", "tulip"] * 3)
    assert codes(target, ["tulip", "rose"]) == [2, 1]
    assert target.transform(as_table({"y": ["iris"]})).dtype == np.int32
    assert target.decode([[0.2, 0.3, 0.5], [0.9, 0, 0.1]]).tolist() == ["tulip", "iris"]


def test_two_classes_there_and_back():
    target = fit([1, -1] * 5)
    assert codes(target, [-1, 1, "1.0"]) == [0, 1, 1]
    for outputs in ([0.2, 0.5, 0.9], [[0.2], [0.5], [0.9]]):
        decoded = target.decode(outputs)
        assert (decoded.tolist(), decoded.dtype) == ([-1, 1, 1], np.int64)


def test_labels_keep_what_they_are():
    assert fit([0.5, 1.5, 0.5]).label_values.tolist() == [0.5, 1.5]
    assert fit([2, 1, 3] * 2).label_values.dtype == np.int64
    assert fit(["001", "002"] * 3).label_values.tolist() == ["001", "002"]


def test_numbers_there_and_back(rng):
    prices = rng.normal(200, 30, 500)
    target = fit(prices)
    learned = target.transform(as_table({"y": prices}))
    assert learned.dtype == np.float32
    np.testing.assert_allclose([learned.mean(), learned.std()], [0, 1], atol=1e-5)
    np.testing.assert_allclose(target.decode(learned), prices, rtol=1e-5)
    np.testing.assert_allclose(target.decode(learned[:, None]), prices, rtol=1e-5)
    np.testing.assert_array_equal(target.numbers(as_table({"y": prices})), prices)


def test_skewed_numbers_there_and_back(rng):
    prices = rng.lognormal(12, 1.2, 2000)
    target = fit(prices)
    learned = target.transform(as_table({"y": prices}))
    assert target.softness is not None
    assert abs(np.mean(learned**3)) < 0.5
    np.testing.assert_allclose(target.decode(learned), prices, rtol=1e-4)


NUMBERS = st.floats(-1e30, 1e30).filter(lambda number: number == 0 or abs(number) > 1e-30)


@given(st.lists(NUMBERS, min_size=2, unique=True), st.booleans())
def test_decoding_undoes_encoding(numbers, as_labels):
    target = fit(numbers, None if as_labels and len(numbers) == 2 else "number")
    if target.task == NUMBER_TASK:
        back = target.decode(target.transform(as_table({"y": numbers})))
        spread = np.ptp(numbers) + max(map(abs, numbers))
        np.testing.assert_allclose(back, numbers, rtol=1e-3, atol=1e-5 * spread)
    else:
        assert target.decode(codes(target, numbers)).tolist() == numbers


def test_labels_spelled_otherwise_are_known_and_noted():
    target = fit(["<=50K", ">50K"] * 5)
    encoded = target.encode(as_table({"y": ["<=50K.", ">50K.", ">50k"]}))
    assert encoded.values.tolist() == [0, 1, 1]
    assert encoded.notes == (
        "Label '<=50K.' is read as '<=50K'.",
        "Label '>50K.' is read as '>50K'.",
        "Label '>50k' is read as '>50K'.",
    )


def test_capitals_may_tell_labels_apart():
    target = fit(["a", "A", "b"] * 3)
    assert target.labels == ("A", "a", "b")
    assert codes(target, ["a", "A", "B"]) == [1, 0, 2]


def test_what_is_predicted_is_told():
    notes = {
        "Target 'y': two classes, 'R' (positive) and 'M'.": ["R", "M"] * 5,
        "Target 'y': 3 classes, 'a', 'b', 'c'.": ["a", "b", "c"] * 5,
        "Target 'y': 3 classes, '1', '2', '3'. If they are quantities, say task='number'.": (
            [1, 2, 3] * 5
        ),
        "Target 'y': a number. It is trained on standardised: losses of epochs are in those "
        "units, scores in its own.": [1.5, 2.5, 3.5],
        "Target 'y': a number. It is trained on standardised, its skew reduced (asinh): losses of "
        "epochs are in those units, scores in its own.": list(np.exp(np.linspace(0, 9, 200))),
    }
    assert {fit(values).note: values for values in notes.values()} == notes


def test_rows_without_a_target():
    table = as_table({"x": [1, 2, 3], "y": ["a", None, "b"]})
    kept = drop_unlabelled(table, "y")
    assert kept["x"].values.tolist() == [1, 3]
    assert kept.notes == ("1 row without a value of 'y' left out.",)
    assert drop_unlabelled(kept, "y") is kept
    assert TargetEncoder.fit(table, "y").labels == ("a", "b")


WORDS = [f"word{place}" for place in range(40)]
MESSAGES = {
    "one class": (
        ["a"] * 5,
        None,
        "got one class only, 'a' in all 5 rows, expected two or more classes.",
    ),
    "a constant number": ([24] * 5, None, "got 24 in all 5 rows, expected values that differ."),
    "no value": ([None, None], None, "got no value in any row, expected a column with values."),
    "identifiers": (
        WORDS,
        None,
        "got 40 different texts in 40 rows, expected classes that come again, or numbers. "
        "Choose another target.",
    ),
    "dates": (
        [f"2020-01-{1 + place}" for place in range(25)],
        None,
        "got dates, expected classes or numbers. Choose another target.",
    ),
    "too many classes": (
        [place + 0.5 for place in range(40)],
        "classes",
        "got 40 classes in 40 rows, expected at least two rows a class on average. "
        "Say task='number'.",
    ),
    "three classes for two": (
        ["a", "b", "c"] * 5,
        "binary",
        "task='binary': got 3 classes (a, b, c), expected two. Say task='classes'.",
    ),
    "words for a number": (
        ["a", "b"] * 5,
        "number",
        "task='number': got text ('a', 'b'), expected numbers.",
    ),
    "one class but for a full stop": (
        ["yes", "yes."] * 5,
        None,
        "got one class only, 'yes', expected two or more classes.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MESSAGES)
def test_the_message(name):
    values, task, message = MESSAGES[name]
    with pytest.raises(DataError) as caught:
        fit(values, task)
    separator = ", " if message.startswith("task=") else ": "
    assert str(caught.value) == f"houses.csv, target 'y'{separator}{message}"


def test_stray_text_among_numbers():
    values = [str(20 + place * 0.5) for place in range(200)]
    values[6] = "abc"
    with pytest.raises(DataError) as caught:
        fit(values)
    assert str(caught.value) == (
        "houses.csv, column 'y': got 'abc' (row 7), expected numbers. Correct them, or if they "
        "stand for a missing value say so: missing=['abc']; if they are levels: "
        "kinds={'y': 'category'}."
    )


def test_infinite_numbers():
    with pytest.raises(DataError, match=r"column 'y': got inf \(row 2\), expected finite numbers"):
        fit([1.5, np.inf, 3.5])


@pytest.mark.parametrize(
    ("name", "task", "message"),
    [
        (
            "prise",
            None,
            "houses.csv: target: got no column 'prise', expected a column of the table. "
            "Did you mean 'price'?",
        ),
        (
            "price",
            "clases",
            "task=...: got 'clases', expected one of binary, classes, number. "
            "Did you mean 'classes'?",
        ),
    ],
)
def test_the_message_for_an_argument(name, task, message):
    with pytest.raises(ArgumentError) as caught:
        TargetEncoder.fit(as_table({"price": [1, 2]}, source="houses.csv"), name, task)
    assert str(caught.value) == message


TRANSFORM = {
    "a label unseen in training": (
        ["virginica", "setosa", "setsa"],
        "2 problems:\n"
        "  1. new.csv, target 'y': got the label 'virginica' (row 1), expected one seen in "
        "training: 'setosa', 'versicolor'.\n"
        "  2. new.csv, target 'y': got the label 'setsa' (row 3), expected one seen in training: "
        "'setosa', 'versicolor'. Did you mean 'setosa'?",
    ),
    "no value": (
        ["setosa", None],
        "new.csv, target 'y': got no value in 1 row (row 2), expected a value in each row. "
        "Drop them with drop_unlabelled(table, target).",
    ),
}


@pytest.mark.parametrize("name", TRANSFORM)
def test_the_message_for_new_rows(name):
    values, message = TRANSFORM[name]
    target = fit(["setosa", "versicolor"] * 5)
    with pytest.raises(DataError) as caught:
        target.transform(as_table({"y": values}, source="new.csv"))
    assert str(caught.value) == message


def test_text_where_numbers_were():
    with pytest.raises(
        DataError, match=r"^new.csv, column 'y': got 'x' \(row 1\), expected numbers"
    ):
        fit([1.5, 2.5, 3.5]).transform(as_table({"y": ["x"]}, source="new.csv"))


@pytest.mark.parametrize("name", TARGETS)
def test_a_configuration_survives_json(name):
    values = TARGETS[name][0]
    target = fit(values)
    again = TargetEncoder.from_config(json.loads(json.dumps(target.get_config())))
    assert again.get_config() == target.get_config()
    assert codes(again, values) == codes(target, values)


CONFIG = fit([1.5, 2.5, 3.5]).get_config()
FORGED = [
    (3, "TargetEncoder: got a configuration of type int, expected the dict that "),
    ({**CONFIG, "task": "regression"}, "TargetEncoder(task=...): got 'regression', "),
    ({**CONFIG, "labels": ["a", "a"]}, "TargetEncoder(labels=...): got ['a', 'a'], "),
    ({**CONFIG, "labels": ["a", "b"]}, "TargetEncoder(task='number'): got 2 labels, expected no "),
    ({**CONFIG, "task": "binary"}, "TargetEncoder(task='binary'): got 0 labels, expected two "),
    ({**CONFIG, "scale": 0.0}, "TargetEncoder(scale=...): got 0.0, "),
    ({**CONFIG, "center": float("nan")}, "TargetEncoder(center=...): got nan, "),
    ({**CONFIG, "softness": -1.0}, "TargetEncoder(softness=...): got -1.0, "),
]


@pytest.mark.parametrize(("forged", "message"), FORGED)
def test_a_forged_configuration_is_refused(forged, message):
    with pytest.raises(ArgumentError) as caught:
        TargetEncoder.from_config(forged)
    assert str(caught.value).startswith(message)


@given(
    st.sampled_from(sorted(CONFIG)),
    st.one_of(st.none(), st.booleans(), st.floats(), st.integers(), st.text(), st.lists(st.text())),
)
def test_any_change_of_a_configuration_is_clear(key, value):
    try:
        target = TargetEncoder.from_config({**CONFIG, key: value})
    except PellucidError:
        return
    assert target.task in TASKS
