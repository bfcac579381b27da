"""What recurrent layers do beyond the laws and Keras's outputs: masks, states, dropout, cells."""

import jax
import jax.numpy as jnp
import keras
import numpy as np
import pytest

import pellucid
from pellucid import layers
from pellucid.errors import DataError
from pellucid.layers import Context, Input

ROWS, STEPS, INPUTS, UNITS = 4, 5, 3, 6

MADE = {
    "SimpleRNN": lambda **options: layers.SimpleRNN(UNITS, **options),
    "GRU": lambda **options: layers.GRU(UNITS, **options),
    "LSTM": lambda **options: layers.LSTM(UNITS, **options),
    "RNN": lambda **options: layers.RNN([layers.GRUCell(UNITS), layers.LSTMCell(UNITS)], **options),
    "Bidirectional": lambda **options: layers.Bidirectional(layers.LSTM(UNITS, **options)),
}
every = pytest.mark.parametrize("make", MADE.values(), ids=MADE)


def sequences(steps=STEPS, rows=ROWS):
    return np.random.default_rng(0).normal(size=(rows, steps, INPUTS)).astype("float32")


def computed(layer, x, mask=None, **options):
    weights = layer.init(0, x.shape[1:])
    result = layer.run(weights, x, Context(mask=mask, **options))
    return [np.asarray(one) for one in jax.tree.leaves(result.outputs)]


# -- masks --------------------------------------------------------------------------------------

LENGTHS = np.array([5, 3, 1, 4])


def test_a_row_of_padding_alone_keeps_its_first_states():
    x, states = sequences(), [np.full((ROWS, UNITS), fill, "float32") for fill in (0.5, -0.5)]
    layer = layers.LSTM(UNITS, return_state=True, return_sequences=True)
    outputs, h, c = layer(x, initial_state=states, mask=np.zeros((ROWS, STEPS), bool))
    np.testing.assert_array_equal(outputs, np.full((ROWS, STEPS, UNITS), 0.5))
    np.testing.assert_array_equal(h, states[0])
    np.testing.assert_array_equal(c, states[1])


MASKED = [
    (layers.LSTM(2), [None]),
    (layers.LSTM(2, return_sequences=True), ["as it is"]),
    (layers.GRU(2, return_sequences=True, go_backwards=True), ["turned"]),
    (layers.LSTM(2, return_sequences=True, return_state=True), ["as it is", None, None]),
    (layers.Bidirectional(layers.GRU(2)), [None]),
    (layers.Bidirectional(layers.GRU(2, return_sequences=True)), ["as it is"]),
    (
        layers.Bidirectional(layers.GRU(2, return_sequences=True), merge_mode=None),
        ["as it is", "as it is"],
    ),
    (layers.TimeDistributed(layers.Dense(2)), ["as it is"]),
]


@pytest.mark.parametrize(("layer", "expected"), MASKED)
def test_masks_of_outputs(layer, expected):
    x, mask = sequences(), np.arange(STEPS) < LENGTHS[:, None]
    found = layer.compute_mask(x, mask)
    found = found if isinstance(found, list) else [found]
    known = {"as it is": mask, "turned": mask[:, ::-1], None: None}
    assert len(found) == len(expected)
    for one, name in zip(found, expected, strict=True):
        assert (one is None) == (name is None)
        np.testing.assert_array_equal(one, known[name])


def test_masks_within_steps():
    words = np.array([[[1, 2, 0], [3, 0, 0], [0, 0, 0]]])
    embedding = layers.TimeDistributed(layers.Embedding(5, 2, mask_zero=True))
    inner = embedding.compute_mask(words)
    np.testing.assert_array_equal(inner, words != 0)
    reader = layers.TimeDistributed(layers.LSTM(2))
    outer = reader.compute_mask(np.ones((1, 3, 3, 2), "float32"), inner)
    np.testing.assert_array_equal(outer, [[True, True, False]])


def test_words_of_sentences_are_read_with_their_masks():
    words = np.array([[[1, 2, 0], [3, 0, 0]], [[4, 1, 2], [2, 0, 0]]])
    entry = Input((2, 3), dtype="int32")
    embedded = layers.TimeDistributed(layers.Embedding(5, 2, mask_zero=True))(entry)
    model = pellucid.Model(entry, layers.TimeDistributed(layers.GRU(3))(embedded))
    found = model.predict(words, verbose=0)
    table, *gru = model.get_weights()
    reader = layers.GRU(3)
    reader(table[[[1]]])
    reader.set_weights(gru)
    for row, step, number in ((0, 0, 2), (0, 1, 1), (1, 0, 3), (1, 1, 1)):
        alone = reader(table[words[row, step, :number]][None])
        np.testing.assert_allclose(found[row, step], alone[0], rtol=1e-5, atol=1e-6)


# -- states as inputs and outputs ---------------------------------------------------------------


@every
def test_a_sequence_in_two_pieces_equals_the_sequence(make):
    if make is MADE["Bidirectional"]:
        pytest.skip("what runs back begins at the end")
    x, layer = sequences(), make(return_sequences=True, return_state=True)
    whole, *last = layer(x)
    first, *states = layer(x[:, :2])
    second, *later = layer(x[:, 2:], initial_state=states)
    np.testing.assert_allclose(jnp.concatenate([first, second], 1), whole, rtol=1e-5, atol=1e-6)
    for one, other in zip(jax.tree.leaves(later), jax.tree.leaves(last), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)


def test_states_may_be_given_in_all_of_kerass_ways():
    x, layer = sequences(), layers.LSTM(UNITS)
    h, c = (np.full((ROWS, UNITS), fill, "float32") for fill in (0.5, -0.5))
    ways = [layer(x, initial_state=[h, c]), layer(x, [h, c]), layer([x, h, c])]
    for one in ways[1:]:
        np.testing.assert_array_equal(one, ways[0])
    gru = layers.GRU(UNITS)
    np.testing.assert_array_equal(gru(x, initial_state=h), gru(x, initial_state=[h]))


def test_an_encoder_hands_its_states_to_a_decoder():
    source, target = Input((None, INPUTS)), Input((None, 2))
    encoder = layers.LSTM(UNITS, return_state=True)
    decoder = layers.LSTM(UNITS, return_sequences=True, return_state=True)
    head = layers.Dense(2)
    _, *states = encoder(source)
    outputs, _, _ = decoder(target, initial_state=states)
    model = pellucid.Model([source, target], head(outputs))
    model.compile("adam", "mse")
    x, y = sequences(), np.random.default_rng(1).normal(size=(ROWS, 3, 2)).astype("float32")
    model.fit([x, y], y, verbose=0)

    # The two halves on their own, as a sentence is translated word by word.
    first = pellucid.Model(source, states)
    h, c = Input((UNITS,)), Input((UNITS,))
    outputs, *following = decoder(target, initial_state=[h, c])
    second = pellucid.Model([target, h, c], [head(outputs), *following])
    held = first.predict(x, verbose=0)
    steps = []
    for step in range(3):
        outputs, *held = second.predict([y[:, step : step + 1], *held], verbose=0)
        steps.append(outputs)
    whole = model.predict([x, y], verbose=0)
    np.testing.assert_allclose(np.concatenate(steps, 1), whole, rtol=1e-4, atol=1e-5)


def test_states_of_a_stack_of_cells_come_cell_by_cell():
    cells = [layers.LSTMCell(4), layers.GRUCell(2)]
    layer = layers.RNN(cells, return_state=True)
    outputs, lower, upper = layer(sequences())
    assert [one.shape for one in (outputs, *lower, *upper)] == [(4, 2), (4, 4), (4, 4), (4, 2)]
    _, again, _ = layer(sequences(), initial_state=[lower, upper])
    assert len(again) == 2
    drawn = layer(Input((STEPS, INPUTS)))
    assert [one.inner_shape for one in jax.tree.leaves(drawn)] == [(2,), (4,), (4,), (2,)]


def test_a_cell_gives_states_in_the_form_in_which_it_gets_them():
    x, h = np.ones((2, 3), "float32"), np.zeros((2, 4), "float32")
    outputs, state = layers.GRUCell(4)(x, h)
    assert outputs.shape == state.shape == (2, 4)
    _, states = layers.GRUCell(4)(x, [h])
    assert isinstance(states, list)
    _, (lower, upper) = layers.StackedRNNCells([layers.LSTMCell(4), layers.GRUCell(4)])(
        x, [[h, h], h]
    )
    assert len(lower) == 2
    assert len(upper) == 1
    with_zeros, _ = layers.LSTMCell(4, kernel_initializer="ones")(x)
    assert with_zeros.shape == (2, 4)


def test_steps_left_open_take_sequences_of_any_length():
    model = pellucid.Sequential([layers.GRU(2, input_shape=(None, INPUTS)), layers.Dense(1)])
    model.compile("sgd", "mse")
    for steps in (1, 4, 7):
        x = sequences(steps)
        assert model.predict(x, verbose=0).shape == (ROWS, 1)
        model.fit(x, np.arange(4.0), verbose=0)
    with pytest.raises(DataError, match=r"x, for gru \(GRU\): got sequences of no steps"):
        model.predict(sequences(0), verbose=0)


# -- dropout ------------------------------------------------------------------------------------


def kept_of(layer, shape=(400, 3, 50)):
    """Return what a layer that adds up its inputs makes of ones while training."""
    ones = {"kernel_initializer": "ones", "recurrent_initializer": "zeros", "activation": None}
    layer = layer(1, return_sequences=True, use_bias=False, **ones)
    weights = layer.init(0, shape[1:])
    context = Context(training=True, key=np.uint32(5))
    return np.asarray(layer.run(weights, np.ones(shape, "float32"), context).outputs)[..., 0]


def test_dropout_drops_its_share_of_the_features_in_all_steps_alike():
    sums = kept_of(lambda *args, **options: layers.SimpleRNN(*args, dropout=0.4, **options))
    np.testing.assert_array_equal(sums, np.repeat(sums[:, :1], 3, axis=1))
    dropped = 1 - sums[:, 0] * 0.6 / 50
    assert abs(dropped.mean() - 0.4) < 5 * np.sqrt(0.24 / (400 * 50))
    np.testing.assert_allclose(dropped.std(), np.sqrt(0.24 / 50), rtol=0.2)


LINEAR = {"activation": None, "recurrent_activation": None, "use_bias": False}
GATED = {**LINEAR, "recurrent_dropout": 0.25}
SHARES = [
    (layers.SimpleRNN(100, activation=None, use_bias=False, recurrent_dropout=0.25), lambda h: h),
    (layers.LSTM(100, **GATED), lambda h: h**3),
    (layers.GRU(100, **GATED), lambda h: h + (1 - h) * h**2),
    (layers.GRU(100, reset_after=False, **GATED), lambda h: h + (1 - h) * h**2),
    (layers.ConvLSTM1D(100, 1, **GATED), lambda h: h**3),
]
"""Layers, and what one linear step without inputs makes of ones for h and zeros for c, where each
gate sees h / (1 - rate) as it is: o (f c + i g), or z h + (1 - z) g with g = r h."""


@pytest.mark.parametrize(("layer", "expected"), SHARES)
def test_recurrent_dropout_drops_its_share_of_the_state(layer, expected):
    rows, space = 50, layer.own_cell().state_shapes((1, 1))[0][:-1]
    x = np.zeros((rows, 1, *space, 1), "float32")
    ones = np.ones((rows, *space, 100), "float32")
    inputs = [x, ones, *[0 * ones] * (layer.own_cell().number_of_states - 1)]
    weights = layer.init(0, [one.shape[1:] for one in inputs])
    gates = weights["recurrent_kernel"].shape[-1] // 100
    kernel = np.tile(np.eye(100, dtype="float32"), gates)
    weights["recurrent_kernel"] = kernel.reshape(weights["recurrent_kernel"].shape)
    still = np.asarray(layer.run(weights, inputs, Context()).outputs)
    np.testing.assert_allclose(still, expected(ones), rtol=1e-6)
    context = Context(training=True, key=np.uint32(5))
    outputs = np.asarray(layer.run(weights, inputs, context).outputs)
    assert abs((outputs == 0).mean() - 0.25) < 5 * np.sqrt(0.1875 / outputs.size)
    np.testing.assert_allclose(outputs[outputs != 0], expected(1 / 0.75), rtol=1e-5)


def test_masks_of_inputs_state_directions_and_cells_differ():
    options = {"dropout": 0.5, "recurrent_dropout": 0.5}
    key, shape = np.uint32(5), (9, 8)
    cell = layers.GRUCell(8, **options)
    masks = []
    for place in (None, 0, 1):
        context = Context(training=True, key=key)
        context = context if place is None else context.at(place)
        ones = jnp.ones(shape)
        masks += [cell.drop_inputs(ones, context), cell.state_mask(ones, context)]
    assert len({np.asarray(mask).tobytes() for mask in masks}) == 6


def test_a_rate_of_zero_draws_no_mask():
    layer = layers.LSTM(2)
    weights, x = layer.init(0, (STEPS, INPUTS)), sequences()

    def program(layer):
        context = Context(training=True, key=np.uint32(1))
        return str(jax.make_jaxpr(lambda x: layer.run(weights, x, context).outputs)(x))

    assert "shift_right_logical" not in program(layer)
    assert "shift_right_logical" in program(layer.replace(dropout=0.1))


# -- first values -------------------------------------------------------------------------------


GATED_LAYERS = [
    ("LSTM", {"units": 2}, (4, 3)),
    ("LSTMCell", {"units": 2}, (3,)),
    ("ConvLSTM1D", {"filters": 2, "kernel_size": 2}, (4, 3, 1)),
    ("ConvLSTM2D", {"filters": 2, "kernel_size": 2}, (4, 3, 3, 1)),
]


@pytest.mark.parametrize("first", ["zeros", "ones"])
@pytest.mark.parametrize("open_gate", [True, False])
@pytest.mark.parametrize(("name", "options", "shape"), GATED_LAYERS)
def test_first_biases_are_those_of_keras(name, options, shape, open_gate, first):
    options = {**options, "bias_initializer": first, "unit_forget_bias": open_gate}
    ours, theirs = (getattr(library.layers, name)(**options) for library in (pellucid, keras))
    theirs.build((None, *shape))
    np.testing.assert_array_equal(ours.init(0, shape)["bias"], theirs.get_weights()[2])


# -- cells of one's own -------------------------------------------------------------------------


class Running(layers.Cell):
    """The running mean and maximum of a projection, the mean as output."""

    units: int
    share: float = 0.5

    @property
    def state_size(self):
        return [self.units, self.units]

    def build(self, shape):
        first = pellucid.initializers.GlorotUniform()
        return {"kernel": layers.Weight((shape[-1], self.units), first)}

    def step(self, weights, inputs, states, context):
        mean, most = states
        given = inputs @ weights["kernel"]
        mean = self.share * mean + (1 - self.share) * given
        return mean, [mean, jnp.maximum(most, given)]


def test_a_cell_of_ones_own_trains_saves_and_clones(tmp_path):
    model = pellucid.Sequential([Input((STEPS, INPUTS)), layers.RNN(Running(2)), layers.Dense(1)])
    model.compile("adam", "mse")
    x = sequences()
    before = model.get_weights()[0]
    model.fit(x, np.arange(4.0), verbose=0)
    assert (model.get_weights()[0] != before).any()
    model.save(tmp_path / "model.pellucid")
    own = {"Running": Running}
    loaded = pellucid.models.load_model(tmp_path / "model.pellucid", custom_objects=own)
    np.testing.assert_array_equal(loaded.predict(x, verbose=0), model.predict(x, verbose=0))
    clone = pellucid.models.clone_model(model)
    clone.set_weights(model.get_weights())
    np.testing.assert_array_equal(clone.predict(x, verbose=0), model.predict(x, verbose=0))


def test_a_cell_of_ones_own_is_masked_and_stacked():
    layer = layers.RNN([Running(2), layers.GRUCell(3)], return_state=True, return_sequences=True)
    x, mask = sequences(), np.arange(STEPS) < LENGTHS[:, None]
    outputs, (mean, most), (state,) = layer(x, mask=mask)
    assert outputs.shape == (ROWS, STEPS, 3)
    alone = layer(x[1:2, : LENGTHS[1]])
    for one, other in zip((mean, most, state), jax.tree.leaves(alone[1:]), strict=True):
        np.testing.assert_allclose(one[1:2], other, rtol=1e-5, atol=1e-6)


def cells(library):
    stack = [library.layers.GRUCell(2), library.layers.LSTMCell(3)]
    return [
        library.layers.SimpleRNNCell(4),
        library.layers.GRUCell(4),
        library.layers.LSTMCell(4),
        library.layers.StackedRNNCells(stack),
    ]


@pytest.mark.parametrize("number", range(4))
def test_initial_states_are_those_of_keras(number):
    ours, theirs = cells(pellucid)[number], cells(keras)[number]
    given, expected = (jax.tree.leaves(one.get_initial_state(5)) for one in (ours, theirs))
    for one, other in zip(given, expected, strict=True):
        np.testing.assert_array_equal(one, other)
