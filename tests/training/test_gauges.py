"""Every quantity that probes read, against NumPy on small networks with known weights."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import pellucid
from pellucid import layers, optimizers
from pellucid.layers.context import Context
from pellucid.training.gauges import POSITIONS
from pellucid.training.presets import Economy, Full
from pellucid.training.program import Program

RATE = 0.5


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def rms(x):
    return np.sqrt(np.mean(np.square(x)))


@pytest.fixture(scope="module")
def dense():
    """Return rows, weights before and after one step, and what was read of it.

    The batch has room for 8 rows and holds 7, so that padding is there to be left out.
    """
    rng = np.random.default_rng(1)
    x = rng.normal(size=(15, 3)).astype("float32")
    y = rng.integers(0, 2, (15, 1)).astype("float32")
    model = pellucid.Sequential(
        [
            pellucid.Input((3,)),
            layers.Dense(4, "relu", name="first"),
            layers.Dense(3, "tanh", name="second"),
            layers.Dense(1, "sigmoid", name="last"),
        ]
    )
    model.compile(optimizers.SGD(RATE), "binary_crossentropy")
    given = [one.get_weights() for one in model.layers]
    first, second, last = [[2 * kernel, bias + 0.1] for kernel, bias in given]
    first[1][0] = -100.0
    second[0] *= 3
    for layer, weights in zip(model.layers, (first, second, last), strict=True):
        layer.set_weights(weights)
    history = model.fit(x, y, batch_size=8, epochs=1, shuffle=False, verbose=0, probe=Full(every=1))
    return x, y, (first, second, last), history.probes


def walked(x, y, weights):
    """Return what a textbook's forward and backward pass give."""
    (w1, b1), (w2, b2), (w3, b3) = weights
    in1 = x @ w1 + b1
    out1 = np.maximum(in1, 0)
    in2 = out1 @ w2 + b2
    out2 = np.tanh(in2)
    in3 = out2 @ w3 + b3
    out3 = sigmoid(in3)
    d3 = (out3 - y) / len(x)
    s2 = d3 @ w3.T
    d2 = s2 * (1 - out2**2)
    s1 = d2 @ w2.T
    d1 = s1 * (in1 > 0)
    return {
        "loss": -np.mean(y * np.log(out3) + (1 - y) * np.log(1 - out3)),
        "first": (in1, out1, s1, x.T @ d1, d1.sum(0)),
        "second": (in2, out2, s2, out1.T @ d2, d2.sum(0)),
        "last": (in3, out3, d3, out2.T @ d3, d3.sum(0)),
    }


def test_values_of_every_layer(dense):
    x, y, weights, probes = dense
    done = walked(x[:8], y[:8], weights)
    for layer in ("first", "second", "last"):
        before, after, signal, *_ = done[layer]
        for subject, values in (("preactivation", before), ("activation", after)):
            found = {
                "mean": values.mean(),
                "rms": rms(values),
                **{f"p{one}": np.percentile(values, one) for one in (5, 50, 95)},
            }
            for name, value in found.items():
                read = probes[layer, f"{subject}/{name}"].value[0]
                np.testing.assert_allclose(read, value, rtol=2e-4, atol=1e-5, err_msg=name)
        np.testing.assert_allclose(probes[layer, "activation/zeros"].value[0], (after == 0).mean())
        np.testing.assert_allclose(probes[layer, "signal/rms"].value[0], rms(signal), rtol=1e-4)
    assert probes["run", "loss"].value[0] == pytest.approx(done["loss"], rel=1e-5)
    assert probes["run", "learning_rate"].value.tolist() == [RATE, RATE]
    assert probes.steps == [0, 1]


def test_off_and_saturated_units(dense):
    x, y, weights, probes = dense
    done = walked(x[:8], y[:8], weights)
    off = (done["first"][1] == 0).all(axis=0)
    assert off[0]
    assert probes["first", "activation/dead"].value[0] == pytest.approx(off.mean())
    tanh, logistic = done["second"][1], done["last"][1]
    near = (np.abs(tanh) >= 1 - 0.014).mean()
    assert near > 0
    assert probes["second", "activation/saturated"].value[0] == pytest.approx(near)
    ends = ((logistic <= 0.007) | (logistic >= 0.993)).mean()
    assert probes["last", "activation/saturated"].value[0] == pytest.approx(ends)
    assert ("second", "activation/dead") not in probes
    assert ("first", "activation/saturated") not in probes


def test_weights_gradients_and_updates(dense):
    x, y, weights, probes = dense
    done = walked(x[:8], y[:8], weights)
    halves = [
        walked(x[:8][part], y[:8][part], weights) for part in (slice(0, 8, 2), slice(1, 8, 2))
    ]
    for layer, (kernel, bias) in zip(("first", "second", "last"), weights, strict=True):
        for place, (name, weight) in enumerate((("kernel", kernel), ("bias", bias)), 3):
            gradient = done[layer][place]
            apart = halves[0][layer][place] - halves[1][layer][place]
            expected = {
                "rms": rms(weight),
                "gradient": rms(gradient),
                "update": RATE * rms(gradient) / rms(weight),
                "gradient/noise": rms(apart) / 2 / rms(gradient),
                "gradient/nonfinite": 0.0,
            }
            for quantity, value in expected.items():
                read = probes[layer, f"{name}/{quantity}"].value[0]
                np.testing.assert_allclose(read, value, rtol=1e-3, atol=1e-7, err_msg=quantity)


def test_padding_of_the_last_batch_does_not_count(dense):
    """The second batch has 7 rows and one of padding; its weights are those after one step."""
    x, y, weights, probes = dense
    first = walked(x[:8], y[:8], weights)
    moved = [
        [kernel - RATE * first[layer][3], bias - RATE * first[layer][4]]
        for layer, (kernel, bias) in zip(("first", "second", "last"), weights, strict=True)
    ]
    done = walked(x[8:], y[8:], moved)
    for layer in ("first", "second", "last"):
        values = done[layer][1]
        found = (values.mean(), rms(values), np.percentile(values, 50))
        for name, value in zip(("mean", "rms", "p50"), found, strict=True):
            read = probes[layer, f"activation/{name}"].value[1]
            np.testing.assert_allclose(read, value, rtol=1e-3, atol=1e-5, err_msg=name)
        read = probes[layer, "kernel/gradient"].value[1]
        np.testing.assert_allclose(read, rms(done[layer][3]), rtol=1e-3)


def test_a_unit_is_dead_only_if_no_row_of_late_switched_it_on():
    x = np.full((16, 1), -1.0, "float32")
    x[13] = 1.0
    model = pellucid.Sequential([pellucid.Input((1,)), layers.Dense(1, "relu"), layers.Dense(1)])
    model.compile(optimizers.SGD(1e-9), "mse")
    model.layers[0].set_weights([np.ones((1, 1)), np.zeros(1)])
    probe = Economy(every=1, quantities=("activation/dead",))
    history = model.fit(x, x, batch_size=4, epochs=2, shuffle=False, verbose=0, probe=probe)
    assert history.probes["dense", "activation/dead"].value.tolist() == [1, 1, 1, 0, 0, 0, 0, 0]


def sequence_model():
    inputs = pellucid.Input((5, 2), name="series")
    words = pellucid.Input((4,), dtype="int32", name="words")
    embedded = layers.Embedding(6, 3, name="embedding")(words)
    seen = layers.MultiHeadAttention(2, 3, name="attention")(embedded, embedded)
    steps = layers.LSTM(3, name="memory")(inputs)
    pooled = layers.GlobalAveragePooling1D()(seen)
    joined = layers.Concatenate()([steps, pooled])
    normal = layers.BatchNormalization(name="normal")(joined)
    shared = layers.Dense(6, "relu", name="shared")
    end = layers.Dense(1, name="end")(shared(shared(normal)))
    other = layers.Dense(2, "softmax", name="other")(normal)
    model = pellucid.Model([inputs, words], [end, other])
    model.compile("sgd", ["mse", "sparse_categorical_crossentropy"])
    return model


@pytest.fixture(scope="module")
def sequence():
    rng = np.random.default_rng(2)
    series = rng.normal(size=(6, 5, 2)).astype("float32")
    words = rng.integers(0, 6, (6, 4)).astype("int32")
    targets = [rng.normal(size=(6, 1)).astype("float32"), rng.integers(0, 2, 6)]
    model = sequence_model()
    values = model.network.values(model.seed)
    history = model.fit(
        [series, words], targets, batch_size=6, shuffle=False, verbose=0, probe="full"
    )
    return model, values, [series, words], targets, history.probes


def test_the_signal_fades_from_the_last_step_to_the_first(sequence):
    model, values, (series, words), (numbers, classes), probes = sequence

    def loss(series):
        done = model.network.apply(values, [series, words], Context(training=True))
        odds = jnp.log(done.outputs[1])[jnp.arange(6), classes]
        return jnp.mean((done.outputs[0] - numbers) ** 2) - jnp.mean(odds)

    slope = np.asarray(jax.grad(loss)(series))
    by_step = [rms(slope[:, step]) for step in range(5)][::-1]
    places = np.linspace(0, 4, POSITIONS).round().astype(int)
    read = [probes["memory", f"signal/back/{place}"].value[0] for place in range(POSITIONS)]
    np.testing.assert_allclose(read, [by_step[place] for place in places], rtol=1e-3)
    assert ("embedding", "signal/back/0") not in probes


def test_the_entropy_of_attention(sequence):
    model, values, (_, words), _, probes = sequence
    named = {w.path: v for w, v in zip(model.network.weights, values, strict=True)}
    embedded = named["embedding/embeddings"][words]
    keys = [one for one in named if one.startswith("attention")]

    def projected(which):
        kernel, bias = (
            next(named[one] for one in keys if which in one and one.endswith(part))
            for part in ("kernel", "bias")
        )
        return np.einsum("nsf,fhd->nhsd", embedded, kernel) + bias[None, :, None]

    scores = np.einsum("nhqd,nhkd->nhqk", projected("query"), projected("key")) / np.sqrt(3)
    weights = np.exp(scores) / np.exp(scores).sum(-1, keepdims=True)
    entropy = -(weights * np.log(weights)).sum(-1).mean() / np.log(4)
    assert probes["attention", "attention/entropy"].value[0] == pytest.approx(entropy, rel=1e-4)


def test_layers_called_twice_outputs_and_layers_without_activation(sequence):
    *_, probes = sequence
    calls = {"shared", "shared#2"}
    own = {"embedding", "attention", "memory", "normal", "end", "other"}
    assert {*probes.layers} == {"run"} | calls | own
    assert ("shared", "kernel/gradient") in probes
    assert ("shared#2", "kernel/gradient") not in probes
    assert ("shared#2", "activation/dead") in probes
    assert ("end", "preactivation/rms") not in probes
    # Softmax sums to 1 for each of two classes; what goes into it does not.
    assert probes["other", "activation/mean"].value[0] == pytest.approx(0.5)
    assert ("other", "preactivation/rms") in probes
    assert ("normal", "gamma/gradient") in probes


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_smaller_floats_are_measured_as_float32(dtype):
    """The square of 300 is too large for a float16."""
    x = np.linspace(-1, 1, 8, dtype="float32")[:, None]
    model = pellucid.Sequential(
        [
            pellucid.Input((1,)),
            layers.Dense(1, "relu", dtype=dtype),
            layers.Dense(1, dtype="float32"),
        ]
    )
    model.compile(optimizers.SGD(1e-6), "mse")
    model.layers[0].set_weights([np.zeros((1, 1)), np.full(1, 300.0)])
    model.layers[1].set_weights([np.full((1, 1), 1e-3), np.zeros(1)])
    history = model.fit(x, x, batch_size=8, shuffle=False, verbose=0, probe="economy")
    assert history.probes["dense", "activation/rms"].value[0] == 300


def test_a_value_that_is_not_finite_is_counted():
    x = np.array([[1.0], [2.0], [3.0], [4.0]], "float32")
    model = pellucid.Sequential(
        [pellucid.Input((1,)), layers.Dense(1, "exponential"), layers.Dense(1)]
    )
    model.compile(optimizers.SGD(0.1), "mse")
    model.layers[0].set_weights([np.full((1, 1), 30.0), np.zeros(1)])
    with pytest.raises(pellucid.errors.NonFiniteError):
        model.fit(x, x, batch_size=4, shuffle=False, verbose=0, probe="full")
    probes = model.history.probes
    assert probes["dense", "activation/nonfinite"].value[0] == 0.5
    assert probes["dense", "preactivation/rms"].value[0] == pytest.approx(rms(30 * x))
    assert probes["dense_1", "activation/nonfinite"].value[0] == 0.5
    assert probes["dense", "kernel/gradient/nonfinite"].value[0] == 1


def test_one_program_serves_all_lengths_of_runs(monkeypatch):
    made = []
    first = Program.__init__
    monkeypatch.setattr(
        Program, "__init__", lambda self, *given: (first(self, *given), made.append(self))[0]
    )
    model = pellucid.Sequential([pellucid.Input((2,)), layers.Dense(3, "tanh"), layers.Dense(1)])
    model.compile("sgd", "mse")
    x = np.random.default_rng(0).normal(size=(64, 2)).astype("float32")
    for rows, epochs, every in ((61, 1, None), (64, 30, None), (64, 2, 3)):
        history = model.fit(
            x[:rows], x[:rows, :1], epochs=epochs, verbose=0, probe=Economy(every=every)
        )
        assert len(history.probes.steps) > 1
    assert sum(program.traces for program in made) == 1


def test_batches_from_a_generator_are_read_like_rows_in_memory():
    x = np.random.default_rng(0).normal(size=(40, 2)).astype("float32")

    def batches():
        for start in range(0, 40, 8):
            yield x[start : start + 8], x[start : start + 8, :1]

    tables = []
    for streamed in (False, True):
        model = pellucid.Sequential(
            [pellucid.Input((2,)), layers.Dense(3, "tanh"), layers.Dense(1)]
        )
        model.compile("sgd", "mse")
        probe = Economy(every=2)
        given = (batches(),) if streamed else (x, x[:, :1])
        more = {} if streamed else {"batch_size": 8, "shuffle": False}
        tables.append(model.fit(*given, **more, verbose=0, probe=probe).probes)
    memory, stream = tables
    assert memory.steps == stream.steps == [0, 2, 4]
    np.testing.assert_allclose(memory.values, stream.values, rtol=1e-5, equal_nan=True)
