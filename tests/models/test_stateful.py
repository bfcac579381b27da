"""Stateful layers: states go on from batch to batch, in predict, evaluate and fit."""

import jax
import jax.numpy as jnp
import keras
import numpy as np
import pytest

import pellucid
from pellucid import callbacks, layers
from pellucid.errors import ArgumentError, PellucidWarning, ShapeError

ROWS, STEPS, INPUTS = 4, 3, 2
PIECES = 5

RNG = np.random.default_rng(0)
LONG = RNG.normal(size=(ROWS, PIECES * STEPS, INPUTS)).astype("float32")
LABELS = RNG.normal(size=(ROWS, PIECES * STEPS, 1)).astype("float32")


def in_batches(array):
    """Return long sequences as rows: batch after batch a piece of each."""
    pieces = np.split(array, PIECES, axis=1)
    return np.concatenate(pieces)


X, Y = in_batches(LONG), in_batches(LABELS)


def made(rows=ROWS, steps=STEPS, seed=3):
    options = {"stateful": True, "return_sequences": True}
    return pellucid.Sequential(
        [
            layers.LSTM(4, batch_input_shape=(rows, steps, INPUTS), dropout=0.2, **options),
            layers.RNN([layers.GRUCell(3), layers.SimpleRNNCell(3)], **options),
            layers.Dense(1),
        ],
        seed=seed,
    )


def compiled(**options):
    model = made(**options)
    model.compile(pellucid.optimizers.SGD(0.1), "mse", metrics=["mae"])
    return model


def fitted(model, **options):
    return model.fit(X, Y, shuffle=False, verbose=0, **options)


def states_of(model):
    return np.concatenate([one.ravel() for layer in model.layers[:2] for one in layer.states])


# -- predict and evaluate -----------------------------------------------------------------------


def convolutional(rows=ROWS, steps=STEPS):
    options = {"stateful": True, "return_sequences": True}
    return pellucid.Sequential(
        [
            pellucid.Input(batch_shape=(rows, steps, INPUTS)),
            layers.Reshape((steps, INPUTS, 1)),
            layers.ConvLSTM1D(2, 2, **options),
            layers.ConvLSTM1D(3, 1, strides=2, data_format="channels_first", **options),
            layers.Reshape((steps, 3)),
            layers.Dense(1),
        ]
    )


def masked(rows=ROWS, steps=STEPS):
    return pellucid.Sequential(
        [
            pellucid.Input(batch_shape=(rows, steps, INPUTS)),
            layers.Masking(),
            layers.GRU(3, stateful=True, return_sequences=True),
            layers.LSTM(4, stateful=True, return_sequences=True),
            layers.Dense(1),
        ]
    )


GAPS = LONG * (np.random.default_rng(1).random((*LONG.shape[:2], 1)) > 0.4)
"""Long sequences with steps of zeros, which `masked` leaves out."""


@pytest.mark.parametrize(
    ("make", "long"),
    [(made, LONG), (convolutional, LONG), (masked, GAPS)],
    ids=["cells", "convolutional", "masked"],
)
def test_a_long_sequence_in_pieces_equals_one_piece(make, long):
    whole, model, x = make(steps=PIECES * STEPS), make(), in_batches(long)
    model.set_weights(whole.get_weights())
    expected = in_batches(whole.predict(long, verbose=0))
    np.testing.assert_allclose(model.predict(x, verbose=0), expected, rtol=1e-5, atol=1e-6)
    model.reset_states()
    for piece, one in zip(np.split(x, PIECES), np.split(expected, PIECES), strict=True):
        np.testing.assert_allclose(model.predict(piece, verbose=0), one, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("make", "long"),
    [(convolutional, LONG), (masked, GAPS)],
    ids=["convolutional", "masked"],
)
def test_training_leaves_the_states_that_predicting_leaves(make, long):
    trained, model, x = make(), make(), in_batches(long)
    model.set_weights(trained.get_weights())
    # So small a rate leaves the weights as they are.
    trained.compile(pellucid.optimizers.SGD(1e-30), "mse")
    trained.fit(x, Y, shuffle=False, verbose=0)
    model.predict(x, verbose=0)
    first = x[:ROWS]
    expected = model.predict(first, verbose=0)
    np.testing.assert_allclose(trained.predict(first, verbose=0), expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("long", [LONG, GAPS], ids=["whole", "masked"])
def test_both_directions_go_on_each_from_its_own_states(long):
    both = layers.LSTM(3, return_sequences=True)
    model = pellucid.Sequential(
        [
            pellucid.Input(batch_shape=(ROWS, STEPS, INPUTS)),
            layers.Masking(),
            layers.Bidirectional(both.replace(stateful=True)),
        ]
    )
    x, bare = in_batches(long), layers.Bidirectional(both.replace(return_state=True))
    bare(x[:ROWS])
    bare.set_weights(model.get_weights())
    states = None
    for piece, found in zip(
        np.split(x, PIECES), np.split(model.predict(x, verbose=0), PIECES), strict=True
    ):
        real = (piece != 0).any(axis=-1)
        outputs, *states = bare(piece, initial_state=states, mask=real)
        np.testing.assert_allclose(found, outputs, rtol=1e-5, atol=1e-6)
    for held, last in zip(model.layers[1].states, states, strict=True):
        np.testing.assert_allclose(held, last, rtol=1e-5, atol=1e-6)


def test_predict_evaluate_generators_and_calls_go_on_alike():
    batches = np.split(X, PIECES)
    ends, outputs = [], []
    for run in (
        lambda model: model.predict(X, verbose=0),
        lambda model: model.predict(iter(batches), verbose=0),
        lambda model: np.concatenate([model.predict_on_batch(one) for one in batches]),
        lambda model: np.concatenate([np.asarray(model(one)) for one in batches]),
        lambda model: np.concatenate([np.asarray(_by_layers(model, one)) for one in batches]),
    ):
        model = made()
        outputs.append(run(model))
        ends.append(states_of(model))
    for other in outputs[1:]:
        np.testing.assert_allclose(other, outputs[0], rtol=1e-5, atol=1e-6)
    scored = compiled()
    scored.evaluate(X, Y, verbose=0)
    for other in [*ends[1:], states_of(scored)]:
        np.testing.assert_allclose(other, ends[0], rtol=1e-5, atol=1e-6)
    assert abs(ends[0]).min() > 0


def _by_layers(model, x):
    for layer in model.layers:
        x = layer(x)
    return x


def test_evaluate_scores_each_batch_with_its_states():
    model = compiled()
    outputs = model.predict(X, verbose=0)
    model.reset_states()
    logs = model.evaluate(X, Y, verbose=0, return_dict=True)
    assert logs["loss"] == pytest.approx(np.mean((outputs - Y) ** 2), rel=1e-5)
    assert logs["mae"] == pytest.approx(np.mean(abs(outputs - Y)), rel=1e-5)


def test_resetting_begins_anew():
    model = made()
    first = model.predict(X, verbose=0)
    second = model.predict(X, verbose=0)
    assert abs(first - second).max() > 1e-4
    model.reset_states()
    assert not states_of(model).any()
    np.testing.assert_array_equal(model.predict(X, verbose=0), first)
    for layer in model.layers[:2]:
        layer.reset_state()
    np.testing.assert_array_equal(model.predict(X, verbose=0), first)


def test_both_directions_keep_states():
    layer = layers.Bidirectional(layers.GRU(3, stateful=True, return_state=True))
    first = layer(LONG[:, :STEPS])
    assert [one.shape for one in layer.states] == [(ROWS, 3), (ROWS, 3)]
    for held, given in zip(layer.states, first[1:], strict=True):
        np.testing.assert_array_equal(held, given)
    bare = layers.Bidirectional(layers.GRU(3))
    bare(LONG[:, :STEPS])
    bare.set_weights(layer.get_weights())
    expected = bare(LONG[:, STEPS : 2 * STEPS], initial_state=layer.states)
    second = layer(LONG[:, STEPS : 2 * STEPS])
    np.testing.assert_allclose(second[0], expected, rtol=1e-5, atol=1e-6)
    layer.reset_states()
    assert not any(one.any() for one in layer.states)


# -- training -----------------------------------------------------------------------------------


def keras_steps(kinds, weights, epochs, rate):
    """Return the weights after training in Keras, states handed from batch to batch by hand.

    Keras 3.15 on JAX forgets the states of stateful layers in `fit`.
    """
    cells = [
        getattr(keras.layers, kind)(4, return_sequences=True, return_state=True) for kind in kinds
    ]
    head = keras.layers.Dense(1)
    width = INPUTS
    for layer in cells:
        layer.build((ROWS, STEPS, width))
        width = 4
    head.build((ROWS, STEPS, width))
    parts = [*cells, head]
    held, left = [], [*weights]
    for layer in parts:
        held.append([left.pop(0) for _ in layer.weights])

    def loss(held, states, x, y):
        following = []
        for layer, own, state in zip(cells, held, states, strict=False):
            rest = [one.value for one in layer.non_trainable_variables]
            (x, *new), _ = layer.stateless_call(own, rest, x, initial_state=state)
            following.append(new)
        outputs, _ = head.stateless_call(held[-1], [], x)
        return jnp.mean((outputs - y) ** 2), following

    step = jax.jit(jax.grad(loss, has_aux=True))
    states = [[jnp.zeros((ROWS, 4))] * (2 if kind == "LSTM" else 1) for kind in kinds]
    for _ in range(epochs):
        for x, y in zip(np.split(X, PIECES), np.split(Y, PIECES), strict=True):
            slopes, states = step(held, states, x, y)
            held = jax.tree.map(lambda one, slope: one - rate * slope, held, slopes)
    return [np.asarray(one) for own in held for one in own], states


def test_training_over_batches_equals_keras():
    kinds = ("LSTM", "GRU", "SimpleRNN")
    options = {"stateful": True, "return_sequences": True}
    model = pellucid.Sequential(
        [
            pellucid.Input(batch_shape=(ROWS, STEPS, INPUTS)),
            *(getattr(layers, kind)(4, **options) for kind in kinds),
            layers.Dense(1),
        ]
    )
    model.compile(pellucid.optimizers.SGD(0.3), "mse")
    before = model.get_weights()
    fitted(model, epochs=2)
    expected, states = keras_steps(kinds, before, 2, 0.3)
    for one, other in zip(model.get_weights(), expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=2e-4, atol=2e-5)
    held = [one for layer in model.layers[:3] for one in layer.states]
    for one, other in zip(held, jax.tree.leaves(states), strict=True):
        np.testing.assert_allclose(one, other, rtol=2e-4, atol=2e-5)


def test_batches_one_by_one_train_like_all_at_once():
    whole, single, streamed = compiled(), compiled(), compiled()
    fitted(whole)
    batches = list(zip(np.split(X, PIECES), np.split(Y, PIECES), strict=True))
    streamed.fit(iter(batches), verbose=0)
    for x, y in batches:
        single.train_on_batch(x, y)
    for model in (streamed, single):
        # Masks of dropout follow the step's number, which is the same in all three.
        for one, other in zip(model.get_weights(), whole.get_weights(), strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(states_of(model), states_of(whole), rtol=1e-5, atol=1e-6)


def test_epochs_go_on_from_one_another_unless_a_callback_resets():
    class Reset(callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            self.model.reset_states()

    going, cut, reset = compiled(), compiled(), compiled()
    fitted(going, epochs=4)
    fitted(cut, epochs=1)
    fitted(cut, initial_epoch=1, epochs=4)
    fitted(reset, epochs=4, callbacks=[Reset()])
    for one, other in zip(going.get_weights(), cut.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    assert abs(going.get_weights()[0] - reset.get_weights()[0]).max() > 1e-6


def test_validation_begins_where_training_left_and_changes_nothing():
    model, without = compiled(), compiled()
    history = fitted(model, validation_data=(X[: 2 * ROWS], Y[: 2 * ROWS]))
    fitted(without)
    np.testing.assert_array_equal(states_of(model), states_of(without))
    scored = without.evaluate(X[: 2 * ROWS], Y[: 2 * ROWS], verbose=0)
    assert history.history["val_loss"][0] == pytest.approx(scored[0], rel=1e-5)


# -- weights and files --------------------------------------------------------------------------


def test_states_are_no_weights(tmp_path, capsys):
    model = compiled()
    fitted(model)
    other = made(rows=1)
    other.set_weights(model.get_weights())
    assert model.count_params() == other.count_params() == sum(w.size for w in model.weights)
    assert len(model.layers[0].get_weights()) == len(model.layers[0].weights) == 3
    assert model.non_trainable_weights == []
    model.summary()
    assert f"Total parameters: {model.count_params():,}" in capsys.readouterr().out
    model.save_weights(tmp_path / "model.weights.pellucid")
    other.load_weights(tmp_path / "model.weights.pellucid")
    model.save(tmp_path / "model.pellucid")
    loaded = pellucid.models.load_model(tmp_path / "model.pellucid")
    model.reset_states()
    expected = model.predict(X, verbose=0)
    np.testing.assert_array_equal(loaded.predict(X, verbose=0), expected)
    one = other.predict(LONG[:1, :STEPS], verbose=0)
    np.testing.assert_allclose(one, expected[:1], rtol=1e-5, atol=1e-6)


# -- what goes wrong ----------------------------------------------------------------------------

HELD = "stateful layers hold a state for each row of a batch"

PROBLEMS = [
    (
        lambda model: fitted(model, batch_size=2),
        ArgumentError,
        f"fit(batch_size=...): got 2, expected 4 as in the model's Input: {HELD}. Leave it out.",
    ),
    (
        lambda model: fitted(model, validation_batch_size=8, validation_split=0.2),
        ArgumentError,
        "fit(validation_batch_size=...): got 8, expected 4 as in the model's Input: "
        f"{HELD}. Leave it out.",
    ),
    (
        lambda model: model.predict(X, batch_size=32, verbose=0),
        ArgumentError,
        "predict(batch_size=...): got 32, expected 4 as in the model's Input: "
        f"{HELD}. Leave it out.",
    ),
    (
        lambda model: model.evaluate(X, Y, batch_size=1, verbose=0),
        ArgumentError,
        "evaluate(batch_size=...): got 1, expected 4 as in the model's Input: "
        f"{HELD}. Leave it out.",
    ),
    (
        lambda model: model.fit(X[:11], Y[:11], shuffle=False, verbose=0),
        ShapeError,
        f"fit(x=...): got 11 rows, expected a multiple of 4, the batch size: {HELD}. "
        "Leave the last 3 rows out: x[:8].",
    ),
    (
        lambda model: fitted(model, validation_data=(X[:3], Y[:3])),
        ShapeError,
        f"fit(validation_data=...): got 3 rows, expected a multiple of 4, the batch size: {HELD}.",
    ),
    (
        lambda model: model.fit(X[:16], Y[:16], validation_split=0.3, shuffle=False, verbose=0),
        ShapeError,
        f"fit(x=...): got 11 rows, expected a multiple of 4, the batch size: {HELD}. "
        "Leave the last 3 rows out: x[:8].",
    ),
    (
        lambda model: model.predict(X[:9], verbose=0),
        ShapeError,
        f"x: got 9 rows, expected a multiple of 4, the batch size: {HELD}. "
        "Leave the last 1 row out: x[:8].",
    ),
    (
        lambda model: model.evaluate(X[:9], Y[:9], verbose=0),
        ShapeError,
        f"x: got 9 rows, expected a multiple of 4, the batch size: {HELD}. "
        "Leave the last 1 row out: x[:8].",
    ),
    (
        lambda model: model(X[:3]),
        ShapeError,
        f"x: got 3 rows, expected a multiple of 4, the batch size: {HELD}.",
    ),
    (
        lambda model: model.train_on_batch(X[:8], Y[:8]),
        ShapeError,
        f"train_on_batch(x=...): got 8 rows, expected 4, the batch size: {HELD}.",
    ),
    (
        lambda model: model.fit(iter([(X[:8], Y[:8])]), verbose=0),
        ShapeError,
        f"batch 0 of the generator: x: got 8 rows, expected 4, the batch size: {HELD}.",
    ),
]


@pytest.mark.parametrize(("run", "error", "message"), PROBLEMS)
def test_batches_of_another_size_are_refused(run, error, message):
    with pytest.raises(error) as caught:
        run(compiled())
    assert str(caught.value) == message


def test_an_input_without_a_batch_size():
    with pytest.raises(ShapeError) as caught:
        pellucid.Sequential([layers.GRU(3, stateful=True, input_shape=(None, 2), name="memory")])
    assert str(caught.value) == (
        "memory (GRU)(stateful=True): got inputs with the number of rows in a batch left open, "
        "expected a known one: each row goes on where that row of the batch before ended. "
        "Give it in Input(batch_shape=(32, 10, 2))."
    )


def test_shuffled_rows_are_warned_of():
    with pytest.warns(PellucidWarning) as caught:
        compiled().fit(X, Y, verbose=0)
    assert str(caught[0].message) == (
        "fit(shuffle=...): got True with stateful layers, expected False: row i of a batch goes "
        "on where row i of the batch before ended."
    )


def test_a_layer_keeps_states_for_batches_of_one_size():
    layer = layers.GRU(3, stateful=True, name="memory")
    layer(X[:4])
    with pytest.raises(ShapeError) as caught:
        layer(X[:5])
    assert str(caught.value) == (
        "memory (GRU): got 5 rows, expected 4 as in the batch before: stateful layers hold a "
        "state for each row of a batch."
    )
    with pytest.raises(ShapeError) as caught:
        pellucid.Sequential([pellucid.Input(batch_shape=(2, STEPS, INPUTS)), layer])
    assert str(caught.value) == (
        "memory (GRU): has states for 4 rows from an earlier use, expected 2 as in every batch "
        "of this model. Make a second model with layers of its own, and "
        "set_weights(model.get_weights())."
    )


def test_a_model_may_be_built_with_its_batch_size():
    model = pellucid.Sequential([layers.GRU(3, stateful=True)])
    model.build((ROWS, STEPS, INPUTS))
    assert model.input_shape == (ROWS, STEPS, INPUTS)
    assert model.predict(X, verbose=0).shape == (len(X), 3)


def test_letters_by_the_old_tutorial():
    model = pellucid.Sequential(
        [
            layers.Embedding(5, 3, batch_input_shape=[ROWS, None]),
            layers.GRU(4, return_sequences=True, stateful=True),
            layers.Dense(5),
        ]
    )
    letters = RNG.integers(5, size=(ROWS * 2, 6))
    assert model.predict(letters, verbose=0).shape == (ROWS * 2, 6, 5)
