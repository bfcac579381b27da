"""Marks of a model are found by name, and kept by its file and its copies."""

import numpy as np
import pytest

import pellucid
from pellucid import Tunable, layers
from pellucid.errors import ArgumentError, FileError, NotSaveableError
from pellucid.models.marks import give_marks, marks_of
from pellucid.regularizers import L1, L2
from pellucid.saving.archive import read_archive, write_archive
from pellucid.tuning.blueprint import Blueprint

MARKS = {
    "optimizer.learning_rate": Tunable(1e-3, 1e-4, np.float64(1e-1), log=True),
    "loss.label_smoothing": Tunable(0.1, 0.0, 0.3),
    "hidden.units": Tunable(4, 2, 8, step=2),
    "hidden.activation": Tunable("relu", options=["tanh", "gelu"]),
    "hidden.kernel_regularizer": Tunable(None, options=[L1(0.1)]),
    "last.end.kernel_regularizer.l2": Tunable(0.01, 1e-4, 1.0, log=True),
}


def marked():
    model = pellucid.Sequential(
        [
            layers.Input((3,)),
            layers.Dense(
                MARKS["hidden.units"],
                MARKS["hidden.activation"],
                kernel_regularizer=MARKS["hidden.kernel_regularizer"],
                name="hidden",
            ),
            layers.Dense(
                2,
                kernel_regularizer=L2(MARKS["last.end.kernel_regularizer.l2"]),
                name="last.end",
            ),
        ]
    )
    loss = pellucid.losses.CategoricalCrossentropy(True, MARKS["loss.label_smoothing"])
    model.compile(pellucid.optimizers.Adam(MARKS["optimizer.learning_rate"]), loss)
    return model


def test_all_marks_of_optimiser_loss_and_layers_are_parameters():
    assert marks_of(marked()) == MARKS
    names = [*Blueprint(marked(), "tune").marked()]
    assert names == ["learning_rate", *[*MARKS][1:]]


def test_a_parameter_of_a_layer_with_dots_in_its_name_is_found():
    made, _ = Blueprint(marked(), "tune").make({"last.end.kernel_regularizer.l2": 0.5}, 0)
    assert made.get_layer("last.end").kernel_regularizer.l2 == 0.5


def test_a_file_keeps_them(tmp_path):
    marked().save(tmp_path / "m.pellucid")
    found = marks_of(pellucid.load_model(tmp_path / "m.pellucid"))
    assert found.keys() == MARKS.keys()
    for name, mark in found.items():
        if name != "hidden.kernel_regularizer":
            assert mark == Tunable(**{**vars(MARKS[name]), "options": mark.options})
    assert found["hidden.activation"].options == ("tanh", "gelu")
    (penalty,) = found["hidden.kernel_regularizer"].options
    assert penalty.get_config() == L1(0.1).get_config()
    plain = marks_of(pellucid.load_model(tmp_path / "m.pellucid", compile=False))
    assert [*plain] == [*MARKS][2:]


def test_a_clone_keeps_those_of_layers():
    assert marks_of(pellucid.models.clone_model(marked())) == dict([*MARKS.items()][2:])


def test_a_mark_with_a_function_is_not_saved(tmp_path):
    model = pellucid.Sequential(
        [layers.Input((3,)), layers.Dense(2, Tunable("relu", options=[lambda x: x]), name="d")]
    )
    with pytest.raises(NotSaveableError) as told:
        model.save(tmp_path / "m.pellucid")
    assert str(told.value) == (
        f"{tmp_path / 'm.pellucid'}: a Tunable mark: got '<lambda>', a Python function, expected a "
        "name or a description: a model file holds no code. Write a small class and pass it to "
        "load_model(custom_objects={...})."
    )


def test_marks_that_suit_no_place_are_refused():
    model = marked()
    for name, told in (
        ("hiden.units", "sequential: mark: got 'hiden.units', expected the name of a layer"),
        ("hidden.unit", "Dense: got the field 'unit', expected one of its own. Did you mean 'un"),
        ("hidden.units.l2", "Dense: got the field 'units.l2', expected one of its own."),
        ("hidden.units", "Dense(units=...): got 0, expected a whole number at least 1"),
    ):
        with pytest.raises(ArgumentError) as error:
            give_marks(model, {name: Tunable(4, 0, 8)})
        assert str(error.value).startswith(told)


@pytest.mark.parametrize(
    "forged",
    [
        [],
        {"hidden.units": 3},
        {"hidden.units": {"default": 4, "low": 2, "high": 8, "more": 1}},
        {"hidden.units": {"default": 4, "low": 2, "high": "many"}},
        {"hidden.__class__": {"default": 4, "low": 2, "high": 8}},
        {"hidden.units": {"default": {"class": "layer.Lambda", "config": {}}, "options": [4]}},
        {"a": {"default": 4, "low": 2, "high": 8}},
    ],
)
def test_forged_marks_are_refused(tmp_path, forged):
    refuse(tmp_path, {"tunable": forged}, "training.json: tunable: ")


@pytest.mark.parametrize("forged", ["output", ["a", "a"], [1, 2], ["a"]])
def test_forged_names_of_outputs_are_refused(tmp_path, forged):
    x = layers.Input((3,))
    model = pellucid.Model(x, {"price": layers.Dense(1)(x), "sold": layers.Dense(1)(x)})
    refuse(tmp_path, {"outputs": forged}, "training.json: got outputs ", model)


def refuse(folder, change, told, model=None):
    path = folder / "m.pellucid"
    (marked() if model is None else model).save(path)
    with read_archive(path) as archive:
        documents = dict(archive.documents)
        arrays = {"weights": archive.arrays("weights")}
    documents["training"] = {**documents["training"], **change}
    write_archive(path, "model", documents, arrays)
    with pytest.raises(FileError) as error:
        pellucid.load_model(path)
    assert str(error.value).startswith(f"{path}: {told}")


def test_a_file_and_a_clone_keep_the_names_of_a_dict_of_outputs(tmp_path):
    x = layers.Input((3,))
    model = pellucid.Model(x, {"price": layers.Dense(1)(x), "sold": layers.Dense(1)(x)})
    model.compile("sgd", {"price": "mse", "sold": "mae"})
    model.save(tmp_path / "m.pellucid")
    again = pellucid.load_model(tmp_path / "m.pellucid")
    rows = np.arange(6, dtype=np.float32).reshape(2, 3)
    for name, found in again.predict(rows, verbose=0).items():
        np.testing.assert_array_equal(found, model.predict(rows, verbose=0)[name])
    assert again.output_names == ["price", "sold"]
    assert pellucid.models.clone_model(model).output_names == ["price", "sold"]
    again.fit(rows, {"price": rows[:, 0], "sold": rows[:, 1]}, verbose=0)
