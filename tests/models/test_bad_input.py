"""Bad input to a model is answered before anything is compiled, with one clear sentence."""

import re

import numpy as np
import pandas as pd
import polars as pl
import pytest

import pellucid
from pellucid import callbacks, layers
from pellucid.errors import (
    ArgumentError,
    DataError,
    FileError,
    NotSaveableError,
    PellucidWarning,
    ShapeError,
)

X = np.random.default_rng(0).normal(size=(20, 3)).astype("float32")
Y = (X[:, :1] > 0).astype("float32")
HOLES = X.copy()
HOLES[4, 1], HOLES[7, 2] = np.nan, np.inf
WORDS = {"a": [1.0, 2.0], "b": ["x", "y"], "c": [1, 2]}
FILL = "Fill the holes (for example with the column's median) or drop those rows."
ENCODE = (
    "Encode them first, for example with StringLookup, or train from the file with "
    "`pellucid train`, which encodes every kind of column."
)
NO_CODE = "a model file holds no code. Use a named function, or write a small layer or loss class"


def made(units=1, activation="sigmoid", loss="binary_crossentropy"):
    model = pellucid.Sequential([pellucid.Input((3,)), layers.Dense(units, activation)])
    model.compile("adam", loss)
    return model


def fit(x=X, y=Y, model=None, **options):
    return (model or made()).fit(x, y, verbose=0, **options)


def classes():
    return made(3, "softmax", "sparse_categorical_crossentropy")


def disconnected():
    a, b = pellucid.Input((3,)), pellucid.Input((3,), name="b")
    return pellucid.Model(a, layers.Dense(1)(layers.Add()([a, b])))


def twins():
    return pellucid.Sequential(
        [pellucid.Input((3,)), layers.Dense(1, name="x"), layers.Dense(1, name="x")]
    )


CASES = {
    "nan": (
        lambda: fit(HOLES),
        DataError,
        f"x: got nan in row 4, column 1 (2 such values in all), expected finite numbers. {FILL}",
    ),
    "nan in a frame": (
        lambda: fit(pd.DataFrame(HOLES, columns=["a", "b", "c"])),
        DataError,
        f"x: got nan in row 4, column 'b' (2 such values in all), expected finite numbers. {FILL}",
    ),
    "a hole in a frame": (
        lambda: fit(pl.DataFrame({"a": [1.0, None], "b": [1, 2], "c": [1, 2]}), Y[:2]),
        DataError,
        f"x: got nan in row 1, column 'a', expected finite numbers. {FILL}",
    ),
    "text in a pandas frame": (
        lambda: fit(pd.DataFrame(WORDS), Y[:2]),
        DataError,
        f"x, column 'b': got text such as 'x', expected numbers. {ENCODE}",
    ),
    "text in a polars frame": (
        lambda: fit(pl.DataFrame(WORDS), Y[:2]),
        DataError,
        f"x, column 'b': got text such as 'x', expected numbers. {ENCODE}",
    ),
    "text in a list": (
        lambda: fit([[1, 2, "x"], [1, 2, 3]], Y[:2]),
        DataError,
        "x: got 'x' in row 0, column 2, expected numbers.",
    ),
    "text labels": (
        lambda: fit(y=np.array(["a", "b"] * 10)),
        DataError,
        "y: got text such as 'a', expected numbers. Number the classes first: "
        "np.unique(y, return_inverse=True)[1].",
    ),
    "width": (
        lambda: fit(X[:, :2]),
        ShapeError,
        "x: got shape (20, 2), expected shape (None, 3). The data has 2 columns; build the model "
        "with Input(shape=(2,)) or give it 3 columns.",
    ),
    "rank": (
        lambda: fit(X[:, None]),
        ShapeError,
        "x: got shape (20, 1, 3), expected shape (None, 3). Write x.reshape(-1, 3).",
    ),
    "one row without the batch axis": (
        lambda: made().predict(X[0]),
        ShapeError,
        "x: got shape (3,), expected shape (None, 3). For a single row write x[None], which adds "
        "the batch axis.",
    ),
    "lengths": (
        lambda: fit(y=Y[:10]),
        DataError,
        "data: got different numbers of rows (x has 20, y has 10), expected one number.",
    ),
    "activation": (
        lambda: layers.Dense(3, activation="rellu"),
        ArgumentError,
        "Dense(activation=...): activation: got the unknown name 'rellu', expected a known "
        "activation. Did you mean 'relu'?",
    ),
    "optimizer": (
        lambda: made().compile("adaam", "mse"),
        ArgumentError,
        "optimizer: got the unknown name 'adaam', expected a known optimizer. Did you mean 'adam'?",
    ),
    "loss": (
        lambda: made().compile("adam", "binary_crosentropy"),
        ArgumentError,
        "loss: got the unknown name 'binary_crosentropy', expected a known loss. "
        "Did you mean 'binary_crossentropy'?",
    ),
    "metric": (
        lambda: made().compile("adam", "mse", metrics=["acuracy"]),
        ArgumentError,
        "metric: got the unknown name 'acuracy', expected a known metric. Did you mean 'accuracy'?",
    ),
    "keyword": (
        lambda: fit(epoch=3),
        ArgumentError,
        "fit: got the unknown argument 'epoch', expected one of its own arguments. "
        "Did you mean 'epochs'?",
    ),
    "layer name": (
        lambda: made().get_layer("dens"),
        ArgumentError,
        "get_layer: got the unknown name 'dens', expected the name of a layer. "
        "Did you mean 'dense'?",
    ),
    "dropout": (
        lambda: layers.Dropout(1.7),
        ArgumentError,
        "Dropout(rate=...): got 1.7, expected a number at least 0 and below 1 (the share of "
        "values that is dropped).",
    ),
    "units": (
        lambda: layers.Dense(-3),
        ArgumentError,
        "Dense(units=...): got -3, expected a whole number at least 1 (the number of outputs).",
    ),
    "one class": (
        lambda: fit(y=Y * 0),
        DataError,
        "y for output 'dense': got the label 0 in all 20 rows, expected at least two classes. "
        "Check how the rows were chosen; shuffle a sorted table before it is split.",
    ),
    "more classes than outputs": (
        lambda: fit(y=np.arange(20) % 5, model=classes()),
        DataError,
        "y for output 'dense': got label 3 in row 3 (8 of 20 labels), expected class numbers "
        "0 to 2. Give the last layer 5 units.",
    ),
    "labels from 1": (
        lambda: fit(y=1 + np.arange(20) % 3, model=classes()),
        DataError,
        "y for output 'dense': got label 3 in row 2 (6 of 20 labels), expected class numbers "
        "0 to 2. The labels start at 1: write y = y - 1.",
    ),
    "constant target": (
        lambda: fit(y=Y * 0 + 2, model=made(1, None, "mse")),
        PellucidWarning,
        "y for output 'dense': got the target 2 in all 20 rows, expected targets that vary. "
        "Check which column y was taken from.",
    ),
    "validation_split 1.2": (
        lambda: fit(validation_split=1.2),
        ArgumentError,
        "fit(validation_split=...): got 1.2, expected a number from 0 to below 1 (the share of "
        "the rows, taken from the end). For a fifth write validation_split=0.2.",
    ),
    "batch 0 and epochs 2.5, together": (
        lambda: fit(batch_size=0, epochs=2.5),
        ArgumentError,
        "2 problems:\n"
        "  1. fit(batch_size=...): got 0, expected a whole number of at least 1 (the number of "
        "rows in a step).\n"
        "  2. fit(epochs=...): got 2.5, expected a whole number of at least 1 (the epoch at "
        "which to end).",
    ),
    "no compile": (
        lambda: pellucid.Sequential([pellucid.Input((3,)), layers.Dense(1)]).fit(X, Y),
        ArgumentError,
        "fit: got a model that is not compiled, expected a loss and an optimizer. "
        'Call model.compile(optimizer="adam", loss="mse") first.',
    ),
    "no labels": (
        lambda: fit(y=None),
        ArgumentError,
        "fit(y=...): got no labels, expected one for each row. Write fit(x, y).",
    ),
    "class weight": (
        lambda: fit(class_weight={0: 1.0}),
        ArgumentError,
        "fit(class_weight=...): got no weight for class 1, expected one for each of 0, 1.",
    ),
    "sample weight": (
        lambda: fit(sample_weight=np.ones(3)),
        ShapeError,
        "sample_weight: got shape (3,), expected (20,), one number a row.",
    ),
    "a callback's class": (
        lambda: fit(callbacks=[callbacks.EarlyStopping]),
        ArgumentError,
        "fit(callbacks=...): got the class EarlyStopping, expected an object. "
        "Write EarlyStopping().",
    ),
    "no callback": (
        lambda: fit(callbacks=["stop"]),
        ArgumentError,
        "fit(callbacks=...): got str, expected callbacks such as EarlyStopping().",
    ),
    "validation data": (
        lambda: fit(validation_data=X),
        ArgumentError,
        "fit(validation_data=...): got ndarray, expected (x, y) or (x, y, sample_weight).",
    ),
    "an empty generator": (
        lambda: fit(iter([]), None),
        ArgumentError,
        "fit(x=generator): got no batch, expected at least one.",
    ),
    "arrays for symbols": (
        lambda: pellucid.Model(X, Y),
        ArgumentError,
        "Model(inputs=...): got ndarray, expected the result of Input(...) or of a layer called "
        "on it. Write for example x = Input(shape=(8,)); y = Dense(1)(x); Model(x, y).",
    ),
    "an input left out": (
        disconnected,
        ArgumentError,
        "Model(inputs=...): got no input 'b', though an output depends on it. Expected every "
        "Input that the outputs depend on to be listed in inputs=[...].",
    ),
    "a layer's class": (
        lambda: pellucid.Sequential([layers.Dense]),
        ArgumentError,
        "Sequential.add: got Dense, expected a layer or a model. "
        "Write Dense(...) with its arguments.",
    ),
    "two of one name": (
        twins,
        ArgumentError,
        "Model: got two layers called 'x', expected each name once. Rename one: name='x_2'.",
    ),
    "weights of another shape": (
        lambda: made().set_weights([np.zeros((3, 2)), np.zeros(1)]),
        ShapeError,
        "dense/kernel: got shape (3, 2), expected shape (3, 1).",
    ),
    "too few weights": (
        lambda: made().set_weights([np.zeros((3, 1))]),
        ShapeError,
        "sequential.set_weights: got 1 array, expected a list of 2 (dense/kernel, dense/bias).",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_message(name):
    call, error, message = CASES[name]
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value) == message


def test_a_seed_out_of_range():
    with pytest.raises(ArgumentError, match=r"got -1, expected a whole number"):
        pellucid.Sequential([pellucid.Input((3,)), layers.Dense(1)], seed=-1)


FILES = {
    "keras": (
        lambda path: made().save(path / "m.keras"),
        FileError,
        r"got the ending \.keras, expected \.pellucid\. Keras's own formats are not written; "
        r"save to .*m\.pellucid\.$",
    ),
    "no folder": (
        lambda path: made().save(path / "no" / "m.pellucid"),
        FileError,
        r"got the folder 'no', which does not exist, expected an existing folder\.",
    ),
    "missing": (
        lambda path: pellucid.load_model(path / "m.pellucid"),
        FileError,
        r"m\.pellucid: got no such file, expected a \.pellucid file\. Check the path\.$",
    ),
    "lambda layer": (
        lambda path: pellucid.Sequential(
            [pellucid.Input((3,)), layers.Lambda(lambda x: x), layers.Dense(1)]
        ).save(path / "m.pellucid"),
        NotSaveableError,
        r"layer 'lambda': got a Lambda, which holds a Python function, expected layers without "
        r"one: a model file holds no code\. Write a small Layer class instead, and pass it to",
    ),
    "lambda activation": (
        lambda path: made(activation=lambda x: x, loss="mse").save(path / "m.pellucid"),
        NotSaveableError,
        r"Dense\.activation: got '<lambda>', a Python function, expected a name or a "
        f"description: {NO_CODE}",
    ),
    "loss function": (
        lambda path: made(loss=lambda a, b: (a - b) ** 2).save(path / "m.pellucid"),
        NotSaveableError,
        rf"got '<lambda>', a Python function, expected a name or a description: {NO_CODE}",
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_message_about_files_and_nothing_half_written(name, tmp_path):
    call, error, message = FILES[name]
    with pytest.raises(error) as caught:
        call(tmp_path)
    assert re.search(message, str(caught.value))
    assert list(tmp_path.iterdir()) == []


LEGAL = {
    "lists": ([[1.0, 2, 3], [2, 3, 4.5]], [[0], [1]]),
    "float64": (X.astype("float64"), Y.astype("float64")),
    "whole numbers": ((X * 10).astype(int), Y.astype(int)),
    "booleans": (X > 0, Y > 0),
    "flat labels": (X, Y[:, 0]),
    "frames": (pd.DataFrame(X), pd.Series(Y[:, 0])),
    "polars": (pl.DataFrame(X), pl.Series(Y[:, 0])),
    "read-only, strided": (np.asfortranarray(X)[::2], Y[::2]),
}


@pytest.mark.parametrize("name", LEGAL)
def test_legal_forms_of_data(name):
    x, y = LEGAL[name]
    model = made()
    history = fit(x, y, model, epochs=2, batch_size=500)
    assert np.isfinite(history.history["loss"]).all()
    assert model.predict(x).shape == (len(x), 1)


def test_jax_arrays_are_legal():
    import jax.numpy as jnp

    assert len(fit(jnp.asarray(X), jnp.asarray(Y), epochs=2)) == 2


def test_the_classic_count():
    model = pellucid.Sequential(
        [
            pellucid.Input((224, 224, 3)),
            layers.Flatten(),
            layers.Dense(4, kernel_initializer="zeros"),
        ]
    )
    lines = []
    model.summary(print_fn=lines.append)
    assert model.count_params() == 602_112 + 4
    assert [array.size for array in model.get_weights()] == [602_112, 4]
    assert "602,116" in lines[0]


@pytest.mark.parametrize("rows", [0, 1, 2, 33, 100])
def test_predict_equals_its_rows(rows):
    model = made()
    x = np.random.default_rng(1).normal(size=(100, 3)).astype("float32")
    whole = model.predict(x)
    np.testing.assert_allclose(model.predict(x[:rows]), whole[:rows], rtol=1e-5)


def test_predict_of_one_row_sees_new_weights():
    model = made()
    first = model.predict(X[:1])
    assert model.predict(X[:1]) == first
    model.set_weights([np.zeros((3, 1)), np.zeros(1)])
    assert model.predict(X[:1]) == 0.5


def test_copies_that_would_lose_weights_are_refused():
    import copy

    model = made()
    for take in (copy.copy, copy.deepcopy):
        with pytest.raises(NotSaveableError, match=r"Write model\.save\(path\) and load_model"):
            take(model)


def test_class_weights_leave_validation_rows_alone():
    model, weights = made(), {0: 1.0, 1: 30.0}
    history = fit(model=model, class_weight=weights, validation_split=0.2, epochs=2)
    score = model.evaluate(X[16:], Y[16:], verbose=0)
    assert history.history["val_loss"][-1] == pytest.approx(score, rel=1e-5)


def test_verbose_policies_say_when_they_acted(capsys):
    stop = callbacks.EarlyStopping("loss", min_delta=9, patience=2, verbose=1)
    plateau = callbacks.ReduceLROnPlateau("loss", min_delta=9, patience=1, verbose=1)
    fit(epochs=9, callbacks=[stop, plateau])
    told = capsys.readouterr().out
    assert "Epoch 3: early stopping" in told
    assert "the learning rate was reduced to 0.0001" in told
