"""The code of a set-up makes the set-up again."""

import numpy as np
import pytest

import pellucid
from pellucid.insight.remedies import (
    AddBatchNormalization,
    Rows,
    ScaleInputs,
    ScaleTargets,
    SetLearningRate,
    Setup,
    StopEarly,
    UseOptimizer,
)
from pellucid.layers import (
    LSTM,
    Activation,
    Add,
    Bidirectional,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    Input,
)
from pellucid.models.code import graph_code, setup_code
from pellucid.models.forks import model_of, setup_of

X = np.array([[0.0, 1.0], [4.0, 5.0]], np.float32)


def convolution():
    return pellucid.Sequential(
        [
            Input((6, 6, 1)),
            Conv2D(2, (3, 3), activation="relu", padding="same"),
            Flatten(),
            Dense(1),
        ]
    )


def recurrence():
    entry = Input((None, 2), batch_size=4)
    return pellucid.Sequential([entry, Bidirectional(LSTM(3, dropout=0.5)), Dense(1)], name="lags")


def named():
    return pellucid.Sequential(
        [Input((2,), name="rows"), Dense(3, name="dense_1"), Dense(3), Activation("tanh")]
    )


def branches():
    x, z = Input((2,), name="x"), Input((2,), name="z")
    shared = Dense(2, kernel_initializer="he_normal", name="class")
    joined = Add()([shared(x), shared(z), Dropout(0.5)(x, training=True)])
    return pellucid.Model([x, z], [joined, Dense(1)(joined * 2)])


def nested():
    inner = pellucid.Sequential([Input((2,)), Dense(2)], name="inner")
    x = Input((2,))
    return pellucid.Model(x, Dense(1)(inner(inner(x))))


def states():
    x = Input((5, 2))
    out, hidden, _ = LSTM(3, return_sequences=True, return_state=True)(x)
    return pellucid.Model(x, [out, Dense(1)(hidden)])


@pytest.mark.parametrize(
    "make", [convolution, recurrence, named, branches, nested, states], ids=lambda one: one.__name__
)
def test_the_code_of_a_graph_draws_it_again(make):
    model = make()
    names = {"pellucid": pellucid}
    exec("\n".join(graph_code(model.graph, "model")), names)
    assert names["model"].graph.get_config() == model.graph.get_config()


def setup():
    graph = pellucid.Sequential([Input((2,)), Dense(4, "relu"), Dense(1)]).graph
    told = {"optimizer": pellucid.optimizers.SGD(0.5), "loss": "mse", "metrics": ["mae"]}
    return Setup(graph, told, {"epochs": 3}, Rows(X, X[:, 0]), Rows(X, X[:, 0]), seed=4)


def test_the_code_of_a_set_up_reads_as_a_person_writes_it():
    assert setup_code(setup(), ["Leave out the rows that hold NaN."]) == (
        """import pellucid

# Leave out the rows that hold NaN.
model = pellucid.Sequential(
    [
        pellucid.Input(shape=(2,)),
        pellucid.layers.Dense(4, activation="relu"),
        pellucid.layers.Dense(1),
    ],
    seed=4,
)
model.compile(
    optimizer=pellucid.optimizers.SGD(learning_rate=0.5),
    loss="mse",
    metrics=["mae"],
)
model.fit(x, y, epochs=3, validation_data=validation)
"""
    )


def test_a_learning_rate_is_shown_even_where_it_is_the_default():
    made = UseOptimizer("adam").apply(setup())
    assert "optimizer=pellucid.optimizers.Adam(learning_rate=0.001)," in setup_code(made)


def test_the_code_of_a_treated_set_up_trains_the_same_model():
    made = setup()
    for remedy in (
        ScaleInputs(),
        ScaleTargets(),
        AddBatchNormalization(),
        SetLearningRate(0.01),
        StopEarly(),
    ):
        made = remedy.apply(made)
    names = {"pellucid": pellucid, "x": X, "y": X[:, 0], "validation": (X, X[:, 0])}
    exec(setup_code(made).replace("x, y,", "x, y, verbose=0,"), names)
    model = names["model"]
    assert model.graph.get_config() == made.graph.get_config()
    assert model.optimizer.get_config() == made.compile["optimizer"].get_config()
    assert model.seed == 4
    assert len(model.history.history["val_loss"]) == 3


def test_a_dict_of_outputs_keeps_its_names():
    x = Input((2,))
    model = pellucid.Model(x, {"price": Dense(1)(x), "sold": Dense(1, "sigmoid")(x)}, seed=4)
    model.compile("adam", {"price": "mse", "sold": "binary_crossentropy"})
    y = {"price": [1.0, 2.0], "sold": [0, 1]}
    model.fit(X, y, verbose=0)
    made, _ = setup_of(model, model.last_run)
    code = setup_code(made, validated_by={})
    assert '(input_layer, {"price": dense, "sold": dense_1}, seed=4)' in code
    names = {"pellucid": pellucid, "x": X, "y": y}
    exec(code.replace("x, y,", "x, y, verbose=0,"), names)
    assert names["model"].output_names == ["price", "sold"]
    assert model_of(made, 1).output_names == ["price", "sold"]
