"""One compilation a model, and none for the second model like it."""

import numpy as np
import pytest

import pellucid
from pellucid import callbacks, layers, optimizers
from pellucid.training import cache
from pellucid.training.program import Program
from pellucid.training.scoring import Scorer


@pytest.fixture(autouse=True)
def _no_programs():
    cache.clear()
    yield
    cache.clear()


def rows(count, seed=0):
    generator = np.random.default_rng(seed)
    x = generator.normal(size=(count, 4)).astype("float32")
    return x, (x[:, :1] * x[:, 1:2] > 0).astype("float32")


def make(rate=0.2, learning_rate=0.01, strength=0.001, smoothing=0.0):
    model = pellucid.Sequential(
        [
            pellucid.Input((4,)),
            layers.Dense(
                8, activation="relu", kernel_regularizer=pellucid.regularizers.L2(strength)
            ),
            layers.Dropout(rate),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile(
        optimizer=optimizers.Adam(learning_rate),
        loss=pellucid.losses.BinaryCrossentropy(label_smoothing=smoothing),
    )
    return model


def training_traces():
    return sum(one.traces for one in cache._programs.values() if isinstance(one, Program))


def test_one_trace_over_epochs_rates_and_ragged_tails():
    x, y = rows(100)
    model = make()
    model.fit(x, y, epochs=1, batch_size=16, verbose=0)
    assert training_traces() == 1
    model.fit(x, y, epochs=7, batch_size=16, verbose=0)
    model.optimizer.learning_rate = 0.1
    model.fit(x, y, epochs=2, batch_size=16, verbose=0)
    for count in (97, 98, 99, 112):
        model.fit(*rows(count), epochs=2, batch_size=16, verbose=0)
    assert training_traces() == 1


def test_a_second_model_like_it_compiles_nothing():
    x, y = rows(64)
    for seed, numbers in enumerate([(0.2, 0.01, 0.001, 0.0), (0.5, 0.3, 0.1, 0.1)]):
        model = make(*numbers)
        model.seed = seed
        model.fit(x, y, epochs=2, verbose=0)
    assert training_traces() == 1
    assert len(cache._programs) == 1


def test_policies_numbers_are_data_too():
    x, y = rows(64)
    for patience in (1, 5):
        stop = callbacks.EarlyStopping(monitor="loss", patience=patience, min_delta=0.01 * patience)
        make().fit(x, y, epochs=3, callbacks=[stop], verbose=0)
    assert training_traces() == 1


def test_another_structure_is_another_program():
    x, y = rows(64)
    make().fit(x, y, epochs=1, verbose=0)
    other = pellucid.Sequential([pellucid.Input((4,)), layers.Dense(1, activation="sigmoid")])
    other.compile("adam", "binary_crossentropy")
    other.fit(x, y, epochs=1, verbose=0)
    assert training_traces() == 2


def test_evaluate_traces_once():
    x, y = rows(64)
    model = make()
    for count in (64, 64, 64):
        model.evaluate(x[:count], y[:count], verbose=0)
    scorers = [one for one in cache._programs.values() if isinstance(one, Scorer)]
    assert [one.traces for one in scorers] == [1]


def test_the_cache_forgets_the_program_longest_unused(monkeypatch):
    monkeypatch.setattr(cache, "CAPACITY", 2)
    made = []
    for key in ("a", "b", "a", "c", "a"):
        cache.program(key, lambda key=key: made.append(key) or key)
    assert made == ["a", "b", "c"]
    cache.program("b", lambda: made.append("b again"))
    assert made[-1] == "b again"


@pytest.mark.slow
def test_a_thousand_fits_keep_memory_flat():
    def resident():
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * 4096

    x, y = rows(64)
    for _ in range(50):
        make().fit(x, y, epochs=1, verbose=0)
    before = resident()
    for _ in range(1000):
        make().fit(x, y, epochs=1, verbose=0)
    assert resident() - before < 20e6
