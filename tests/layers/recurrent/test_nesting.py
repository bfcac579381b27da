"""Layers within layers: names of weights, what trains, files."""

import numpy as np
import pytest

import pellucid
from pellucid import Input, layers
from pellucid.description import tunables

X = np.random.default_rng(0).normal(size=(6, 4, 3)).astype("float32")
Y = np.arange(6.0)


def network():
    """Return a model with layers within layers within layers."""
    stack = layers.RNN([layers.LSTMCell(3, dropout=0.2), layers.LSTMCell(2)], return_sequences=True)
    return pellucid.Sequential(
        [
            Input((4, 3)),
            layers.Bidirectional(layers.GRU(2, return_sequences=True), name="both"),
            layers.Bidirectional(stack),
            layers.TimeDistributed(layers.Dense(2, activation="tanh")),
            layers.TimeDistributed(layers.BatchNormalization()),
            layers.SimpleRNN(1),
        ]
    )


PATHS = [
    "both/forward_gru/kernel",
    "both/forward_gru/recurrent_kernel",
    "both/forward_gru/bias",
    "both/backward_gru/kernel",
    "both/backward_gru/recurrent_kernel",
    "both/backward_gru/bias",
    *(
        f"bidirectional/{way}_rnn/stacked_rnn_cells/{cell}/{name}"
        for way in ("forward", "backward")
        for cell in ("lstm_cell", "lstm_cell_1")
        for name in ("kernel", "recurrent_kernel", "bias")
    ),
    "time_distributed/dense/kernel",
    "time_distributed/dense/bias",
    "time_distributed_1/batch_normalization/gamma",
    "time_distributed_1/batch_normalization/beta",
    "time_distributed_1/batch_normalization/moving_mean",
    "time_distributed_1/batch_normalization/moving_variance",
    "simple_rnn/kernel",
    "simple_rnn/recurrent_kernel",
    "simple_rnn/bias",
]


def test_weights_have_the_names_of_the_layers_around_them():
    assert list(network().variables_by_path) == PATHS


def test_a_network_of_nested_layers_trains_and_survives_a_file(tmp_path):
    model = network()
    model.compile("adam", "mse")
    before = model.get_weights()
    model.fit(X, Y, epochs=2, verbose=0)
    for path, old, new in zip(PATHS, before, model.get_weights(), strict=True):
        assert (old != new).any(), path
    model.save(tmp_path / "model.pellucid")
    loaded = pellucid.models.load_model(tmp_path / "model.pellucid")
    np.testing.assert_array_equal(loaded.predict(X, verbose=0), model.predict(X, verbose=0))
    again = pellucid.models.model_from_json(model.to_json())
    again.set_weights(model.get_weights())
    np.testing.assert_array_equal(again.predict(X, verbose=0), model.predict(X, verbose=0))
    loaded.fit(X, Y, initial_epoch=2, epochs=3, verbose=0)


def test_numbers_of_inner_layers_are_data_of_programs():
    model = network()
    names = [name for name, _ in model.network.numbers()]
    assert "bidirectional.layer.cell.cells.0.dropout" in names
    assert "bidirectional.backward_layer.cell.cells.0.dropout" in names
    assert not any(name.startswith("both") for name in names)
    assert tunables(layers.LSTM(2)) == []


@pytest.mark.parametrize("late", [False, True])
def test_an_inner_layer_may_be_frozen(late):
    dense = layers.Dense(2, trainable=late)
    model = pellucid.Sequential([Input((4, 3)), layers.TimeDistributed(dense), layers.GRU(1)])
    model.compile("sgd", "mse")
    dense.trainable = False
    before = model.get_weights()
    model.fit(X, Y, verbose=0)
    changed = [bool((a != b).any()) for a, b in zip(before, model.get_weights(), strict=True)]
    assert changed == [False, False, True, True, True]


def test_both_directions_are_copies_with_names_of_their_own():
    lstm = layers.LSTM(2, name="reader", return_sequences=True)
    both = layers.Bidirectional(lstm)
    names = both.forward_layer.name, both.backward_layer.name
    assert names == ("forward_reader", "backward_reader")
    assert both.backward_layer.go_backwards
    assert both.forward_layer.zero_output_for_mask
    assert not lstm.zero_output_for_mask
    assert both.forward_layer is not lstm


def test_both_directions_start_differently():
    weights = layers.Bidirectional(layers.GRU(2)).init(0, (4, 3))
    assert (weights["forward_gru/kernel"] != weights["backward_gru/kernel"]).any()


def test_a_layer_has_no_trace_of_what_it_lies_in():
    both = layers.Bidirectional(layers.GRU(2))
    config = both.get_config()
    assert config["layer"]["class"] == "layer.GRU"
    assert config["backward_layer"]["config"]["go_backwards"]


def test_last_activations_of_steps_are_left_to_the_loss():
    head = layers.TimeDistributed(layers.Dense(3, activation="softmax"))
    model = pellucid.Sequential([Input((4, 3)), head])
    model.compile("sgd", "sparse_categorical_crossentropy")
    assert model.network.output_activation(0) == "softmax"
    far = [np.full((3, 3), 0.0, "float32"), np.array([0, 200, 0], "float32")]
    model.set_weights(far)
    labels = np.zeros((6, 4), int)
    labels[0, 0] = 1
    # 23 of 24 steps are 200 nats off, which probabilities that were rounded to 0 could not tell.
    assert model.evaluate(X, labels, verbose=0) == pytest.approx(200 * 23 / 24, rel=1e-5)


def test_steps_are_normalised_together_and_padding_left_out():
    layer = layers.TimeDistributed(layers.BatchNormalization(momentum=0.0))
    mask = np.arange(4) < np.array([4, 2, 1, 3, 4, 4])[:, None]
    state = layer.run(layer.init(0, (4, 3)), X, layers.Context(training=True, mask=mask)).state
    found = state["batch_normalization/moving_mean"]
    np.testing.assert_allclose(found, X[mask].mean(0), rtol=1e-5, atol=1e-6)


def test_penalties_within_steps_are_those_of_the_layer_on_whole_sequences():
    dense = layers.Dense(2, activity_regularizer="l2")
    distributed = layers.TimeDistributed(layers.Dense(2, activity_regularizer="l2"))
    kernel, bias = dense.init(0, (4, 3)).values()
    one = dense.run({"kernel": kernel, "bias": bias}, X, layers.Context())
    given = {"dense/kernel": kernel, "dense/bias": bias}
    other = distributed.run(given, X, layers.Context())
    np.testing.assert_allclose(other.outputs, one.outputs, rtol=1e-6)
    np.testing.assert_allclose(other.penalty, one.penalty, rtol=1e-6)
