"""Changed copies of graphs."""

import numpy as np
import pytest

import pellucid
from pellucid.errors import ArgumentError
from pellucid.graph.editing import (
    appended,
    copied,
    dropped,
    inserted_after,
    inserted_first,
    layer_paths,
    makers_of,
    mapped,
    replaced,
)
from pellucid.layers import Activation, Dense, Dropout, Input, Rescaling
from pellucid.models.storing import model_around

X = np.array([[1.0, -2.0], [3.0, 4.0]], np.float32)


def sequential():
    return pellucid.Sequential([Input((2,)), Dense(3, "relu"), Dense(1)], seed=1)


def functional():
    """Two branches that read the input, joined: x -> a, b -> a + b."""
    x = Input((2,), name="x")
    a, b = Dense(2, name="a")(x), Dense(2, name="b")(x)
    return pellucid.Model(x, pellucid.layers.Add(name="sum")([a, b]), seed=1)


def names(graph):
    return [path for path, _ in layer_paths(graph)]


def test_a_layer_is_inserted_behind_another_in_a_row_of_layers():
    graph = inserted_after(sequential().graph, "dense", Activation("tanh"))
    assert names(graph) == ["dense", "activation", "dense_1"]
    assert [layer.name for layer in model_around(graph).layers] == names(graph)


def test_layers_that_stay_keep_their_arrays():
    model = sequential()
    twice = model_around(appended(model.graph, Rescaling(2.0)))
    assert np.array_equal(twice.predict(X, verbose=0), 2 * model.predict(X, verbose=0))


def test_all_that_took_a_result_take_the_new_layers():
    model = functional()
    halved = model_around(inserted_first(model.graph, Rescaling(0.5)))
    np.testing.assert_allclose(
        halved.predict(X, verbose=0), model.predict(X / 2, verbose=0), rtol=1e-6
    )
    part = model_around(inserted_after(model.graph, "a", Rescaling(0.0)))
    expected = X @ model.get_layer("b").get_weights()[0]
    np.testing.assert_allclose(part.predict(X, verbose=0), expected, rtol=1e-6)


def test_an_inserted_layer_gets_a_free_name():
    graph = inserted_after(sequential().graph, "dense", Dense(3))
    assert names(graph) == ["dense", "dense_2", "dense_1"]


def test_a_dropped_layer_leaves_its_input_to_those_behind_it():
    model = sequential()
    graph = inserted_after(model.graph, "dense", Dropout(0.5))
    back = dropped(graph, "dropout")
    assert back.get_config() == model.graph.get_config()
    last = model_around(dropped(model.graph, "dense_1"))
    assert last.output_shape == (None, 3)


def test_a_replaced_layer_takes_the_name_and_the_graph_is_left_as_it_was():
    model = sequential()
    before = model.graph.get_config()
    graph = replaced(model.graph, "dense", Dense(5))
    assert names(graph) == names(model.graph)
    assert model_around(copied(graph)).layers[0].units == 5
    assert model.graph.get_config() == before


def test_a_change_reaches_the_layers_of_inner_models():
    inner = sequential()
    outer = pellucid.Sequential([Input((2,)), inner, Dense(1, name="last")])
    paths = names(outer.graph)
    assert paths == ["sequential/dense", "sequential/dense_1", "last"]
    wide = mapped(
        outer.graph,
        lambda path, layer: layer.replace(units=7) if path == "sequential/dense" else layer,
    )
    assert dict(layer_paths(wide))["sequential/dense"].units == 7
    assert mapped(outer.graph, lambda path, layer: layer) is outer.graph


def test_a_copy_has_arrays_of_its_own_drawn_from_the_seed():
    model = sequential()
    other = model_around(copied(model.graph), seed=1)
    assert np.array_equal(other.predict(X, verbose=0), model.predict(X, verbose=0))
    other.layers[0].set_weights([np.zeros((2, 3)), np.zeros(3)])
    assert model.layers[0].get_weights()[0].any()


def test_the_makers_of_an_output_are_told_from_the_last_to_the_one_with_weights():
    layers = [Input((2,)), Dense(3), Dense(1), Activation("sigmoid"), Rescaling(2.0)]
    assert makers_of(pellucid.Sequential(layers).graph) == ["rescaling", "activation", "dense_1"]
    assert makers_of(functional().graph) == ["sum"]


def test_an_unknown_layer_is_answered_with_the_near_one():
    with pytest.raises(ArgumentError) as told:
        replaced(sequential().graph, "dens_1", Dense(1))
    assert str(told.value) == (
        "change 'dens_1': got an unknown layer, expected one of the model's. "
        "Did you mean 'dense_1'?"
    )


def test_an_insertion_into_an_inner_model_is_refused():
    outer = pellucid.Sequential([Input((2,)), sequential(), Dense(1)])
    with pytest.raises(ArgumentError) as told:
        inserted_after(outer.graph, "sequential/dense", Dropout(0.5))
    assert str(told.value) == (
        "change 'sequential/dense': got a layer of an inner model, expected one of the model "
        "itself. Take the inner model's layers into the model, or change the inner model on its "
        "own."
    )


def test_a_layer_of_several_inputs_cannot_be_dropped():
    with pytest.raises(ArgumentError, match="drop 'sum': got a layer that takes no or several"):
        dropped(functional().graph, "sum")
