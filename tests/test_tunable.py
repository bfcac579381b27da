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


def test_options_may_be_of_any_kind():
    layer = layers.Dense(4, Tunable("relu", options=["tanh", "relu"]))
    assert layer.activation.__name__ == "relu"
    with pytest.raises(ArgumentError, match="tahn"):
        layers.Dense(4, Tunable("relu", options=["tahn"]))
