"""`Sequential` without an input shape takes that of what it is first called on, as Keras's does."""

import keras
import numpy as np
import pytest

import pellucid
from pellucid import layers
from pellucid.errors import ArgumentError, ShapeError

IMAGES = np.random.default_rng(0).normal(size=(2, 6, 6, 3)).astype("float32")
ROWS = np.random.default_rng(1).normal(size=(5, 4)).astype("float32")


def scaled(library):
    """Return layers in a row that do not know their input's shape."""
    layers = library.layers
    return library.Sequential([layers.Rescaling(2.0), layers.Conv2D(2, 3)], name="scaled")


def in_functional(library):
    entry = library.Input((6, 6, 3))
    return library.Model(entry, library.layers.Flatten()(scaled(library)(entry)))


def in_sequential(library):
    flat = library.layers.Flatten()
    return library.Sequential([library.Input((6, 6, 3)), scaled(library), flat])


def first_in_sequential(library):
    model = library.Sequential([scaled(library), library.layers.Flatten()])
    model(IMAGES)
    return model


def called_on_an_array(library):
    model = scaled(library)
    model(IMAGES)
    return model


WAYS = [in_functional, in_sequential, first_in_sequential, called_on_an_array]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_a_model_without_an_input_takes_the_shape_of_what_it_is_called_on(way):
    ours, theirs = way(pellucid), way(keras)
    # Called on an array, Keras's model takes its number of rows as well.
    assert ours.output_shape == (None, *theirs.output_shape[1:])
    theirs.set_weights(ours.get_weights())
    expected = theirs.predict(IMAGES, verbose=0)
    np.testing.assert_allclose(ours.predict(IMAGES), expected, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(np.asarray(ours(IMAGES)), expected, rtol=1e-5, atol=1e-6)


def test_augmentation_trains_inside_a_model_and_survives_saving(tmp_path):
    layers = pellucid.layers
    augmentation = pellucid.Sequential(
        [layers.RandomFlip("horizontal"), layers.RandomRotation(0.1)]
    )
    entry = pellucid.Input((6, 6, 3))
    hidden = layers.Flatten()(augmentation(entry))
    model = pellucid.Model(entry, layers.Dense(1)(hidden))
    model.compile("adam", "mse")
    model.fit(IMAGES, np.arange(2.0), epochs=2, verbose=0)
    model.save(tmp_path / "model.pellucid")
    again = pellucid.load_model(tmp_path / "model.pellucid")
    np.testing.assert_array_equal(again.predict(IMAGES), model.predict(IMAGES))


def test_it_is_one_model_wherever_it_is_called():
    shared = pellucid.Sequential([pellucid.layers.Dense(3)])
    one, other = pellucid.Input((4,)), pellucid.Input((4,))
    model = pellucid.Model([one, other], pellucid.layers.Add()([shared(one), shared([other])]))
    assert model.count_params() == shared.count_params() == 15
    twice = 2 * shared.predict(ROWS)
    np.testing.assert_allclose(model.predict([ROWS, ROWS]), twice, rtol=1e-6)


def test_it_takes_the_type_and_the_rows_of_its_input():
    model = pellucid.Sequential([pellucid.layers.Flatten()])
    model(pellucid.Input((2, 2), batch_size=3, dtype="int32"))
    assert (model.inputs[0].dtype, model.input_shape) == ("int32", (3, 2, 2))


def test_it_keeps_the_shape_it_took():
    model = pellucid.Sequential([pellucid.layers.Dense(3)])
    model(ROWS)
    model.add(pellucid.layers.Dense(2))
    assert model.output_shape == (None, 2)
    with pytest.raises(ArgumentError) as caught:
        model(pellucid.Input((5,)))
    assert str(caught.value) == (
        "sequential: got inputs of shapes [(None, 5)], expected [(None, 4)]."
    )


def test_a_shape_that_a_layer_cannot_take_leaves_it_free_for_another():
    model = pellucid.Sequential([pellucid.layers.Conv2D(2, 3)])
    with pytest.raises(ShapeError, match="4 axes"):
        model(pellucid.Input((4,)))
    assert model(pellucid.Input((6, 6, 3))).shape == (None, 4, 4, 2)


def test_inner_models_without_names_are_numbered_as_layers_are():
    first, second, named = (
        pellucid.Sequential([layers.Input((2,)), layers.Dense(1)], name=name)
        for name in (None, None, "named")
    )
    x = layers.Input((2,))
    model = pellucid.Model(x, layers.Concatenate()([first(x), second(x), named(x)]))
    assert [one.name for one in (first, second, named)] == ["sequential", "sequential_1", "named"]
    assert [one.name for one in model.layers[1:4]] == ["sequential", "sequential_1", "named"]
    assert {path.split("/")[0] for path in model.variables_by_path} == {
        "sequential",
        "sequential_1",
        "named",
    }


STATEFUL = {
    "lstm": (
        lambda library: library.layers.LSTM(4, return_sequences=True, return_state=True),
        "Sequential: got 3 outputs before LSTM, expected one array between layers in a row. They "
        "are the outputs and states of LSTM: leave return_state=True out of it, or take "
        "the first of what it gives.",
    ),
    "both directions": (
        lambda library: library.layers.Bidirectional(
            library.layers.GRU(4, return_sequences=True, return_state=True)
        ),
        "Sequential: got 3 outputs before LSTM, expected one array between layers in a row. They "
        "are the outputs and states of Bidirectional: leave return_state=True "
        "out of it, or take the first of what it gives.",
    ),
    "an inner model": (
        lambda library: library.Sequential(
            [library.Input((3, 4)), library.layers.LSTM(4, return_state=True)]
        ),
        "Sequential: got 3 outputs before LSTM, expected one array between layers in a row. Merge "
        "them first, for example with Concatenate().",
    ),
}


@pytest.mark.parametrize("which", STATEFUL)
@pytest.mark.parametrize("shaped", [True, False])
def test_states_are_no_inputs_of_the_next_layer_as_in_keras(which, shaped):
    first, text = STATEFUL[which]

    def build(library):
        entry = [library.Input((3, 4))] if shaped else []
        model = library.Sequential([*entry, first(library), library.layers.LSTM(4)])
        model.build((None, 3, 4))

    with pytest.raises(ValueError, match="3 input"):
        build(keras)
    with pytest.raises(ArgumentError) as caught:
        build(pellucid)
    assert str(caught.value) == text


@pytest.mark.parametrize("then", ["nothing", "Concatenate", "Add"])
def test_states_may_end_a_row_or_be_merged_as_in_keras(then):
    found = []
    for library in (pellucid, keras):
        merging = [] if then == "nothing" else [getattr(library.layers, then)()]
        model = library.Sequential(
            [library.Input((3, 2)), library.layers.GRU(4, return_state=True), *merging]
        )
        if found:
            model.set_weights(found[0][0].get_weights())
        found.append((model, model.predict(np.ones((2, 3, 2)), verbose=0)))
    for one, other in zip(*(np.atleast_3d(outputs) for _, outputs in found), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)
