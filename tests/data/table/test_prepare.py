"""From a table to the parts that a training run needs."""

import numpy as np
import pytest

from pellucid.data.table import TableEncoder, as_table, prepare_table
from pellucid.errors import ArgumentError, DataError


def people(rows=200):
    rng = np.random.default_rng(0)
    age = rng.integers(20, 80, rows)
    return {
        "id": list(range(rows)),
        "age": age,
        "city": [("Rome", "Oslo", "Bern")[place % 3] for place in range(rows)],
        "height": np.where(rng.random(rows) < 0.1, np.nan, rng.normal(170, 10, rows)),
        "group": [f"g{place % 20}" for place in range(rows)],
        "old": ["yes" if one > 50 else "no" for one in age],
        "price": rng.normal(100, 10, rows) + age,
    }


def test_parts_fit_together():
    prepared = prepare_table(people(), "old", kinds={"age": "ignored"})
    sizes = [len(part.x) for part in (prepared.training, prepared.validation, prepared.test)]
    assert sizes == [130, 30, 40]
    for part, rows in zip(
        (prepared.training, prepared.validation, prepared.test),
        (prepared.split.training, prepared.split.validation, prepared.split.test),
        strict=True,
    ):
        assert part.table["id"].values.tolist() == rows.tolist()
        assert part.x.shape == (len(rows), len(prepared.encoder.features))
        labels = np.array(["no", "yes"])[part.y]
        assert labels.tolist() == part.table["old"].values.tolist()
        np.testing.assert_array_equal(prepared.encoder.transform(part.table), part.x)


def test_features_and_target_are_learned_from_the_training_rows_alone():
    prepared = prepare_table(people(), "price", kinds={"old": "ignored"})
    training = prepared.training
    again = TableEncoder.fit(training.table, target="price", kinds=prepared.kinds)
    assert again.get_config() == prepared.encoder.get_config()
    np.testing.assert_allclose(training.y.mean(), 0, atol=1e-6)
    np.testing.assert_allclose(training.y.std(), 1, atol=1e-5)


def test_the_groups_are_no_feature():
    prepared = prepare_table(people(), "price", groups="group")
    assert prepared.kinds["group"].kind == "ignored"
    assert prepared.kinds["group"].reason == "names the groups"
    held = [set(part.table["group"].values) for part in (prepared.training, prepared.test)]
    assert not held[0] & held[1]


def test_everything_is_noted():
    columns = people()
    columns["answer"] = [{"yes": 7, "no": 3}[one] for one in columns["old"]]
    columns["old"] = [None, *columns["old"][1:]]
    prepared = prepare_table(columns, "old")
    assert prepared.notes == (
        "1 row without a value of 'old' left out.",
        "Target 'old': two classes, 'yes' (positive) and 'no'.",
        "Column 'age' may hold the answer: thresholds on it separate the classes of 'old' without "
        "error. If it is not known of a new row, leave it out: kinds={'age': 'ignored'}.",
        "Column 'answer' holds the answer: its values and those of 'old' go together one to one. "
        "It is left out; to use it, say kinds={'answer': 'number'}.",
    )
    assert "answer" not in prepared.encoder.inputs


def test_no_validation_or_test_rows_when_not_asked_for():
    prepared = prepare_table(people(), "price", validation=0, test=0)
    assert prepared.training.x.shape[0] == 200
    assert prepared.test.x.shape == (0, len(prepared.encoder.features))
    assert prepared.validation.y.shape == (0,)


def test_a_predicted_row_needs_no_target():
    prepared = prepare_table(people(), "price")
    row = {name: values[:1] for name, values in people().items() if name != "price"}
    assert prepared.encoder.transform(row).shape == (1, len(prepared.encoder.features))


@pytest.mark.parametrize(
    ("target", "arguments", "error", "start"),
    [
        ("prise", {}, ArgumentError, "table: target: got no column 'prise'"),
        ("price", {"task": "clas"}, ArgumentError, "task=...: got 'clas'"),
        ("price", {"validation": 1.2}, ArgumentError, "validation=...: got 1.2"),
        ("price", {"time": "tim"}, ArgumentError, "time=...: got no column 'tim'"),
        ("price", {"kinds": {"agee": "number"}}, ArgumentError, "kinds=...: got no column 'agee'"),
        ("id", {"task": "classes"}, DataError, "table, target 'id': got 200 classes in 200 rows"),
    ],
)
def test_the_message(target, arguments, error, start):
    with pytest.raises(error) as caught:
        prepare_table(as_table(people()), target, **arguments)
    assert str(caught.value).startswith(start)


def test_a_target_is_read_alike_in_all_parts_and_how_is_said():
    # One row in the test part alone shows that points separate thousands.
    prices = [f"{number}.{number + 100}" for number in range(1, 60)] + ["1.200.500"]
    rows = {"day": list(range(60)), "wide": [3, 1, 4] * 20, "price": prices}
    prepared = prepare_table(rows, "price", time="day")
    assert "Target 'price' is written with points between thousands: '1.200.500' is read as " in (
        " ".join(prepared.notes)
    )
    told = prepared.target.decode(prepared.training.y[:, None])
    assert told[0] == pytest.approx(1101, rel=1e-4)
