"""Models from values of parameters."""

import numpy as np
import pytest

import pellucid
from pellucid import layers
from pellucid.errors import ArgumentError, near
from pellucid.models.renewing import renewed
from pellucid.tuning.blueprint import Blueprint


def model():
    one = pellucid.Sequential(
        [
            layers.Input((3,)),
            layers.Dense(4, "relu", name="hidden"),
            layers.Dropout(0.2, name="drop"),
            layers.Dense(1, name="out"),
        ],
        seed=3,
    )
    one.compile(pellucid.optimizers.SGD(0.1, momentum=0.5), "mse")
    return one


def build(width, rate=0.1):
    one = pellucid.Sequential([layers.Input((3,)), layers.Dense(width), layers.Dense(1)])
    one.compile(pellucid.optimizers.SGD(rate), "mse")
    return one


def test_parameters_of_a_model_are_changed_in_a_copy():
    source = model()
    before = source.get_weights()
    changed, fit = Blueprint(source, "tune").make(
        {
            "learning_rate": 0.3,
            "optimizer.momentum": 0.9,
            "hidden.units": 6,
            "hidden.kernel_regularizer.l2": 0.01,
            "Dropout.rate": 0.4,
            "batch_size": 16,
        },
        5,
    )
    assert fit == {"batch_size": 16}
    assert changed.seed == 5
    assert (changed.optimizer.learning_rate, changed.optimizer.momentum) == (0.3, 0.9)
    assert changed.get_layer("hidden").units == 6
    assert changed.get_layer("hidden").kernel_regularizer.l2 == 0.01
    assert changed.get_layer("drop").rate == 0.4
    assert [one.shape for one in changed.get_weights()] == [(3, 6), (6,), (6, 1), (1,)]
    assert source.get_layer("hidden").units == 4
    assert source.optimizer.learning_rate == 0.1
    for one, other in zip(source.get_weights(), before, strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_layer_s_own_value_goes_before_that_of_its_class():
    changed, _ = Blueprint(model(), "tune").make({"hidden.units": 5, "Dense.units": 2}, 1)
    assert [changed.get_layer(name).units for name in ("hidden", "out")] == [5, 2]


def test_a_function_gets_its_keywords():
    made, fit = Blueprint(build, "tune").make({"width": 7, "rate": 0.2, "epochs": 3}, 9)
    assert made.seed == 9
    assert made.layers[0].units == 7
    assert made.optimizer.learning_rate == 0.2
    assert fit == {"epochs": 3}


def test_the_seed_alone_draws_the_weights():
    blueprint = Blueprint(build, "tune")
    one, same, other = (blueprint.make({"width": 2}, seed)[0].get_weights() for seed in (1, 1, 2))
    np.testing.assert_array_equal(one[0], same[0])
    assert not np.array_equal(one[0], other[0])


@pytest.mark.parametrize(
    ("source", "name", "told"),
    [
        (
            model,
            "hiden.units",
            "tune: parameter: got 'hiden.units', expected the name of a parameter. "
            "Did you mean 'hidden.units'?",
        ),
        (
            lambda: build,
            "widht",
            "tune: parameter: got 'widht', expected the name of a parameter. Did you mean 'width'?",
        ),
    ],
)
def test_an_unknown_parameter_is_told_with_a_near_name(source, name, told):
    with pytest.raises(ArgumentError) as error:
        Blueprint(source(), "tune").check([name])
    assert str(error.value) == told


def test_what_is_no_model_is_refused():
    with pytest.raises(ArgumentError) as error:
        Blueprint(3, "tune")
    assert str(error.value) == (
        "tune: model: got 3, expected a compiled model, or a function that returns one."
    )
    with pytest.raises(ArgumentError, match="expected a compiled model"):
        Blueprint(lambda: 3, "tune").make({}, 1)


def test_a_function_s_parameter_without_a_value_is_told():
    with pytest.raises(ArgumentError) as error:
        Blueprint(build, "cross_validate").make({}, 1)
    assert str(error.value) == (
        "cross_validate: build: got no value for 'width', expected one for each parameter without "
        "a default. Give it a default: width=..."
    )


def test_outputs_keep_the_names_of_a_dict():
    entry = layers.Input((3,))
    outputs = {"age": layers.Dense(1)(entry), "kind": layers.Dense(2, "softmax")(entry)}
    source = pellucid.Model(entry, outputs)
    source.compile("sgd", {"age": "mse", "kind": "sparse_categorical_crossentropy"})
    for copy in (Blueprint(source, "test").make({}, 1)[0], renewed(source, 1)):
        assert copy.output_names == ["age", "kind"]
        assert set(copy.predict(np.ones((2, 3)), verbose=0)) == {"age", "kind"}


def test_of_names_that_differ_in_capitals_the_one_as_typed_is_suggested():
    assert near("dens.units", ["dense.units", "Dense.units"]) == "dense.units"
    assert near("Dens.units", ["dense.units", "Dense.units"]) == "Dense.units"
    assert near("DENSE.unit", ["dense.units"]) == "dense.units"
    assert near("rate", ["dense.units"]) is None
