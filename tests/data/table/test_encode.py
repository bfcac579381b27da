"""A table to a matrix."""

import json

import numpy as np
import pandas
import polars
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid.data.table import TableEncoder, as_table, infer_kinds
from pellucid.errors import ArgumentError, DataError, PellucidError

ROWS = 60
PEOPLE = {
    "id": list(range(ROWS)),
    "age": [20 + (place * 7) % 40 for place in range(ROWS)],
    "income": [None if place % 9 == 0 else 1.5**place for place in range(ROWS)],
    "city": [("Rome", "Oslo", "Bern")[place % 3] for place in range(ROWS)],
    "sex": [("M", "F")[place % 2] for place in range(ROWS)],
    "member": [place % 5 < 2 for place in range(ROWS)],
    "since": [f"20{10 + place % 10}-{1 + place % 12:02d}-03" for place in range(ROWS)],
    "same": [1] * ROWS,
    "ill": ["yes", "no"] * (ROWS // 2),
}
ENCODER = TableEncoder.fit(PEOPLE, target="ill")


def rows(indices):
    return {name: [values[place] for place in indices] for name, values in PEOPLE.items()}


def test_the_features():
    assert ENCODER.features == (
        "age",
        "income", "income is missing",
        "city=Bern", "city=Oslo", "city=Rome",
        "sex=M",
        "member",
        "since time",
        "since month sin", "since month cos",
        "since weekday sin", "since weekday cos",
    )  # fmt: skip
    assert ENCODER.inputs == ("age", "income", "city", "sex", "member", "since")
    matrix = ENCODER.transform(PEOPLE)
    assert (matrix.shape, matrix.dtype) == ((ROWS, len(ENCODER.features)), np.float32)
    assert ENCODER.encode(PEOPLE).notes == ()


@given(st.permutations(list(PEOPLE)))
def test_the_order_of_columns_does_not_matter(names):
    shuffled = {name: PEOPLE[name] for name in names}
    np.testing.assert_array_equal(ENCODER.transform(shuffled), ENCODER.transform(PEOPLE))


def test_further_columns_do_not_matter():
    more = {"new": ["x"] * ROWS, **PEOPLE}
    np.testing.assert_array_equal(ENCODER.transform(more), ENCODER.transform(PEOPLE))


def test_only_the_used_columns_are_needed():
    needed = {name: PEOPLE[name] for name in ENCODER.inputs}
    np.testing.assert_array_equal(ENCODER.transform(needed), ENCODER.transform(PEOPLE))


@given(st.lists(st.integers(0, ROWS - 1), min_size=1, max_size=ROWS))
def test_a_row_is_encoded_the_same_whatever_stands_beside_it(indices):
    whole = ENCODER.transform(PEOPLE)
    np.testing.assert_array_equal(ENCODER.transform(rows(indices)), whole[indices])


@given(st.permutations(range(ROWS)))
def test_the_order_of_rows_does_not_matter_in_training(indices):
    other = TableEncoder.fit(rows(indices), target="ill", kinds={"id": "ignored"})
    assert other.features == ENCODER.features
    np.testing.assert_allclose(other.transform(PEOPLE), ENCODER.transform(PEOPLE), atol=1e-5)


@pytest.mark.parametrize("frame", [pandas.DataFrame, polars.DataFrame])
def test_any_frame_gives_the_same_matrix(frame):
    np.testing.assert_array_equal(ENCODER.transform(frame(PEOPLE)), ENCODER.transform(PEOPLE))


def test_a_configuration_survives_json():
    config = ENCODER.get_config()
    again = TableEncoder.from_config(json.loads(json.dumps(config)))
    assert again.get_config() == config
    np.testing.assert_array_equal(again.transform(PEOPLE), ENCODER.transform(PEOPLE))


def test_numbers_are_learned_from_the_rows_given_alone():
    few = TableEncoder.fit(
        rows(range(10)), target="ill", kinds=infer_kinds(as_table(PEOPLE), target="ill")
    )
    assert few.columns[0].center == np.median(PEOPLE["age"][:10])  # fmt: skip


def test_data_without_names_goes_by_place():
    table = as_table(np.array([[1.0, 5.0, 0.0], [2.0, 3.0, 1.0], [3.0, 1.0, 0.0]]))
    first = TableEncoder.fit(table, target="column_1")
    whole = first.transform(table)
    np.testing.assert_array_equal(
        first.transform(np.array([[5.0, 0.0], [3.0, 1.0], [1.0, 0.0]])), whole
    )
    named = as_table({"column_3": [0.0], "column_2": [5.0]})
    np.testing.assert_array_equal(first.transform(named), whole[:1])  # fmt: skip


def refuse(data, encoder=ENCODER):
    with pytest.raises(DataError) as caught:
        encoder.transform(as_table(data, source="new.csv"))
    return str(caught.value)


def test_missing_columns():
    data = {"Age": [1], **{name: values[:1] for name, values in PEOPLE.items() if name != "age"}}
    del data["city"]
    assert refuse(data) == (
        "2 problems:\n"
        "  1. new.csv: got no column 'age', expected all columns that the model learned from. "
        "Is it the column 'Age'? Then rename that.\n"
        "  2. new.csv: got no column 'city', expected all columns that the model learned from."
    )


def test_text_in_number_columns():
    data = {**rows([0, 1]), "age": ["31", "abc"], "income": ["much", "2"], "since": ["x", None]}
    assert refuse(data) == (
        "3 problems:\n"
        "  1. new.csv, column 'age': got 'abc' (row 2), expected numbers. Correct them, or if they "
        "stand for a missing value say so: missing=['abc']; if they are levels: "
        "kinds={'age': 'category'}.\n"
        "  2. new.csv, column 'income': got 'much' (row 1), expected numbers. Correct them, or if "
        "they stand for a missing value say so: missing=['much']; if they are levels: "
        "kinds={'income': 'category'}.\n"
        "  3. new.csv, column 'since': got 'x' (row 1), expected dates. Correct them, or if they "
        "stand for a missing value say so: missing=['x']; if they are levels: "
        "kinds={'since': 'category'}."
    )


def test_infinity_and_dates_in_number_columns():
    assert refuse({**rows([0]), "age": [np.inf]}) == (
        "new.csv, column 'age': got inf (row 1), expected finite numbers. Correct them, or if they "
        "stand for a missing value say so: missing=['inf', '-inf']."
    )
    date = np.array(["2020-01-01"], "datetime64[D]")
    assert refuse({**rows([0]), "age": date}) == (
        "new.csv, column 'age': got dates, expected numbers, as in training."
    )


def test_a_wrong_number_of_columns_without_names():
    table = as_table(np.arange(12.0).reshape(4, 3) ** 2)
    encoder = TableEncoder.fit(table, target="column_3")
    assert refuse(np.zeros((1, 4)), encoder) == (
        "new.csv: got 4 columns, expected 3 as in training or 2 without the target."
    )
    assert refuse(np.zeros((1, 1)), TableEncoder.fit(table)) == (
        "new.csv: got 1 columns, expected 3 as in training."
    )


def test_no_names_where_training_had_names():
    assert refuse(np.zeros((1, 8))) == (
        "new.csv: got no column names, expected those of training: id, age, income, city, sex and "
        "3 more. Give it a header, or read it with columns=[...]."
    )


def test_names_where_training_had_none():
    encoder = TableEncoder.fit(as_table(np.arange(12.0).reshape(4, 3) ** 2))
    assert refuse({"a": [1], "b": [2], "c": [3]}, encoder) == (
        "new.csv: got column names (a, b, c), expected none, as in training. "
        "Read it with columns=['column_1', 'column_2'] and so on, or drop its header."
    )


def test_nothing_to_learn_from():
    with pytest.raises(DataError) as caught:
        TableEncoder.fit({"id": list(range(30)), "one": [1] * 30, "y": [1.5, 2.5] * 15}, target="y")
    assert str(caught.value) == (
        "table: got no column to learn from ('id' is identifier: 30 distinct whole numbers and its "
        "name, 'one' is constant: always 1), expected at least one column of numbers, categories "
        "or dates that varies."
    )


def config(**changes):
    return {**ENCODER.get_config(), **changes}


def column(place, **changes):
    columns = json.loads(json.dumps(ENCODER.get_config()["columns"]))
    columns[place]["config"].update(changes)
    return config(columns=columns)


FORGED = {
    "no dict": (3, "TableEncoder: got a configuration of type int, expected the dict that "),
    "no columns": (config(columns=[]), "TableEncoder(columns=...): got list, expected a list of "),
    "a class from elsewhere": (
        config(columns=[{"class": "layer.Dense", "config": {"units": 3}}]),
        "TableEncoder(columns=...): column_encoding: got the configuration ",
    ),
    "an unknown class": (
        config(columns=[{"class": "column_encoding.Evil", "config": {}}]),
        "TableEncoder(columns=...): column_encoding: got the unknown name 'Evil', ",
    ),
    "no encoding": (config(columns=[None]), "TableEncoder(columns=...): got other values in it, "),
    "names twice": (config(names=["age", "age"]), "TableEncoder(names=...): got ['age', 'age'], "),
    "names of numbers": (config(names=[1]), "TableEncoder(names=...): got [1], "),
    "a target that is a feature": (
        config(target="age"),
        "TableEncoder(columns=...): got an encoding of 'age', expected one encoding for each of ",
    ),
    "a further key": (config(evil=1), "TableEncoder: got the unknown argument 'evil', "),
    "not a number": (column(0, spread=float("nan")), "NumberEncoding(spread=...): got nan, "),
    "zero spread": (column(0, spread=0.0), "NumberEncoding(spread=...): got 0.0, "),
    "infinite": (column(0, center=float("inf")), "NumberEncoding(center=...): got inf, "),
    "text for a number": (column(0, mean="0"), "NumberEncoding(mean=...): got '0', "),
    "an unknown notation": (
        column(0, notation="roman"),
        "NumberEncoding(notation=...): got 'roman', ",
    ),
    "levels that are a number": (column(2, levels=7), "CategoryEncoding(levels=...): got 7, "),
    "levels that are long": (
        column(2, levels=["x" * 200_000]),
        "CategoryEncoding(levels=...): got ['xxxxxxx",
    ),
    "no truth value": (column(3, rare=1), "CategoryEncoding(rare=...): got 1, expected True or "),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_configuration_is_refused(name):
    forged, message = FORGED[name]
    with pytest.raises(ArgumentError) as caught:
        TableEncoder.from_config(forged)
    assert (
        str(caught.value)
        .removeprefix("TableEncoder(columns=...): ")
        .startswith(message.removeprefix("TableEncoder(columns=...): "))
    )
    assert len(str(caught.value)) < 600


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(st.data())
def test_any_change_of_a_configuration_is_clear(data):
    forged = json.loads(json.dumps(ENCODER.get_config()))
    place = data.draw(st.sampled_from(range(len(forged["columns"]))))
    part = data.draw(
        st.sampled_from([forged, forged["columns"][place], forged["columns"][place]["config"]])
    )
    part[data.draw(st.sampled_from(sorted(part)))] = data.draw(JSON)  # fmt: skip
    try:
        encoder = TableEncoder.from_config(forged)
    except PellucidError:
        return
    assert encoder.get_config()
