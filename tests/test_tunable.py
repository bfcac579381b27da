"""Marks where a number stands."""

import pytest

import pellucid
from pellucid import Tunable, layers
from pellucid.description import marks
from pellucid.errors import ArgumentError


def test_a_description_keeps_the_default_as_its_value_and_the_mark_beside_it():
    units, rate = Tunable(32, 8, 128), Tunable(1e-3, 1e-4, 1e-1, log=True)
    layer = layers.Dense(units, kernel_regularizer=pellucid.regularizers.L2(Tunable(0.01, 0, 1)))
    assert layer.units == 32
    assert layer.get_config()["units"] == 32
    assert [name for name, _ in marks(layer, "dense")] == [
        "dense.units",
        "dense.kernel_regularizer.l2",
    ]
    adam = pellucid.optimizers.Adam(rate)
    assert adam.learning_rate == 1e-3
    assert dict(marks(adam, "optimizer")) == {"optimizer.learning_rate": rate}


def test_every_end_of_a_mark_must_suit_its_place():
    with pytest.raises(ArgumentError) as told:
        layers.Dropout(Tunable(0.2, 0, 1.5))
    assert str(told.value).startswith("Dropout(rate=...): got 1.5, expected a number")
    with pytest.raises(ArgumentError):
        layers.Dense(Tunable(8, 0, 16))


@pytest.mark.parametrize("arguments", [(3,), (3, 1)])
def test_a_mark_without_a_range_is_refused(arguments):
    with pytest.raises(ArgumentError) as told:
        Tunable(*arguments)
    given = ", ".join(map(str, arguments))
    assert str(told.value) == (
        f"Tunable: got {given}, expected both ends of a range, or options. "
        "Write Tunable(3, low, high) or Tunable(..., options=[...])."
    )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            (0.9, 0.0, 0.5),
            "got 0.9, 0.0, 0.5, expected a default from 0 to 0.5. Widen the range, or take another "
            "default than 0.9.",
        ),
        (
            (0.2, 0.5, 0.0),
            "got 0.2, 0.5, 0.0, expected a low end below the high one. Write Tunable(0.2, 0.0, "
            "0.5).",
        ),
        (
            (0.2, 0.2, 0.2),
            "got 0.2, 0.2, 0.2, expected a low end below the high one. For one value leave the "
            "mark out.",
        ),
        (
            (0.1, 0.0, 1.0, True),
            "got 0.1, 0.0, 1.0 on a logarithmic scale, expected a low end above 0. Write a low end "
            "such as 0.001, or leave log out.",
        ),
        (
            ("a", 0.0, 1.0),
            "got 'a', 0.0, 1.0, expected three finite numbers: the default and both ends.",
        ),
    ],
)
def test_a_range_that_is_none_is_refused_where_it_is_written(arguments, told):
    with pytest.raises(ArgumentError) as error:
        Tunable(*arguments)
    assert str(error.value) == f"Tunable: {told}"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (
            [],
            "got options=[], expected at least one option. Give one beside the default, or leave "
            "the mark out.",
        ),
        (
            "tanh",
            "got options='tanh', expected a list of options. Write options=['tanh'].",
        ),
        (3, "got options=3, expected a list of options."),
    ],
)
def test_options_that_are_none_are_refused_where_they_are_written(options, told):
    with pytest.raises(ArgumentError) as error:
        Tunable("relu", options=options)
    assert str(error.value) == f"Tunable: {told}"


def test_a_whole_optimizer_is_no_place_for_a_mark():
    model = pellucid.Sequential([layers.Input((2,)), layers.Dense(1)])
    with pytest.raises(ArgumentError) as error:
        model.compile(Tunable("adam", options=["sgd"]), Tunable("mse", options=["mae"]))
    assert str(error.value) == (
        "2 problems:\n"
        "  1. compile(optimizer=...): got a Tunable of ['adam', 'sgd'], expected one optimizer. "
        "Write optimizer='adam' and tune(model, {\"optimizer\": ['adam', 'sgd']}, ...).\n"
        "  2. compile(loss=...): got a Tunable of ['mse', 'mae'], expected one loss. "
        "Write loss='mse' and tune(model, {\"loss\": ['mse', 'mae']}, ...)."
    )


def test_options_may_be_of_any_kind():
    layer = layers.Dense(4, Tunable("relu", options=["tanh", "relu"]))
    assert layer.activation.__name__ == "relu"
    with pytest.raises(ArgumentError, match="tahn"):
        layers.Dense(4, Tunable("relu", options=["tahn"]))
