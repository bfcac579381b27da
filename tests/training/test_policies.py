"""Policies decide what Keras's callbacks decide, on any course of values."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pellucid
from pellucid import callbacks, layers
from pellucid.training.policies import direction

courses = st.lists(
    st.floats(-2, 2, width=32).map(lambda value: round(value, 1)), min_size=3, max_size=14
)


class Recorder:
    """Stands in for the model that a Keras callback acts on."""

    def __init__(self):
        self.stop_training = False
        self.weights = -1
        self.epoch = 0
        self.optimizer = keras.optimizers.SGD(1.0)

    def get_weights(self):
        return self.epoch

    def set_weights(self, weights):
        self.weights = weights


def follow(policy, values, rate=1.0):
    """Return (epochs run, final state, rates) of a policy on a course of values."""
    state, rates = policy.begin(), []
    for epoch, value in enumerate(values):
        state, verdict = policy.observe(state, np.float32(value), np.int32(epoch), np.float32(rate))
        rate *= float(verdict.rate_scale)
        rates.append(rate)
        if bool(verdict.stop):
            return epoch + 1, state, rates
    return len(values), state, rates


@settings(max_examples=60, deadline=None)
@given(
    values=courses,
    patience=st.integers(0, 4),
    min_delta=st.sampled_from([0.0, 0.15, 0.5]),
    mode=st.sampled_from(["min", "max"]),
    baseline=st.sampled_from([None, 0.0, 0.5]),
    start=st.integers(0, 3),
)
def test_early_stopping_as_in_keras(values, patience, min_delta, mode, baseline, start):
    options = {
        "monitor": "loss",
        "patience": patience,
        "min_delta": min_delta,
        "mode": mode,
        "baseline": baseline,
        "restore_best_weights": True,
        "start_from_epoch": start,
    }
    theirs, model = keras.callbacks.EarlyStopping(**options), Recorder()
    theirs.set_model(model)
    theirs.on_train_begin()
    ran = 0
    for epoch, value in enumerate(values):
        model.epoch = epoch
        theirs.on_epoch_end(epoch, {"loss": np.float32(value)})
        ran = epoch + 1
        if model.stop_training:
            break
    epochs, state, _ = follow(callbacks.EarlyStopping(**options), values)
    assert epochs == ran
    assert int(state["stopped"]) == (theirs.stopped_epoch if model.stop_training else -1)
    if theirs.best_weights is not None:
        assert int(state["best_epoch"]) == theirs.best_weights


@pytest.mark.filterwarnings("ignore::DeprecationWarning:keras")
@settings(max_examples=60, deadline=None)
@given(
    values=courses,
    patience=st.integers(1, 3),
    cooldown=st.integers(0, 2),
    mode=st.sampled_from(["min", "max"]),
    min_lr=st.sampled_from([0.0, 0.3]),
)
def test_plateau_as_in_keras(values, patience, cooldown, mode, min_lr):
    options = {
        "monitor": "loss",
        "patience": patience,
        "cooldown": cooldown,
        "mode": mode,
        "min_lr": min_lr,
        "factor": 0.5,
    }
    theirs, model = keras.callbacks.ReduceLROnPlateau(**options), Recorder()
    theirs.set_model(model)
    theirs.on_train_begin()
    expected = []
    for epoch, value in enumerate(values):
        theirs.on_epoch_end(epoch, {"loss": np.float32(value)})
        expected.append(float(np.asarray(model.optimizer.learning_rate)))
    _, _, rates = follow(callbacks.ReduceLROnPlateau(**options), values)
    np.testing.assert_allclose(rates, expected, rtol=1e-5)


@pytest.mark.parametrize(
    ("monitor", "mode", "expected"),
    [
        ("val_loss", "auto", -1),
        ("loss", "max", 1),
        ("val_accuracy", "auto", 1),
        ("val_auc", "auto", 1),
        ("mae", "auto", -1),
        ("out_loss", "auto", -1),
        ("accuracy", "min", -1),
    ],
)
def test_direction(monitor, mode, expected):
    assert direction(monitor, mode) == expected


def model_and_rows():
    generator = np.random.default_rng(0)
    x = generator.normal(size=(60, 3)).astype("float32")
    model = pellucid.Sequential([pellucid.Input((3,)), layers.Dense(4), layers.Dense(1)])
    model.compile(pellucid.optimizers.Adam(0.05), "mse")
    return model, x, x @ np.array([[1.0], [2.0], [3.0]], "float32")


def test_the_best_weights_are_those_of_the_best_epoch():
    model, x, y = model_and_rows()
    stop = callbacks.EarlyStopping(patience=5, restore_best_weights=True)
    history = model.fit(x, -y, epochs=60, validation_data=(x, y), callbacks=[stop], verbose=0)
    best = int(np.argmin(history.history["val_loss"]))
    assert stop.best_epoch == best
    assert len(history) == best + 6
    assert stop.stopped_epoch == best + 5
    again, _, _ = model_and_rows()
    if best >= 0:
        again.fit(x, -y, epochs=best + 1, validation_data=(x, y), verbose=0)
    assert model.evaluate(x, y, verbose=0) == pytest.approx(history.history["val_loss"][best])
    for one, other in zip(model.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_the_plateau_lowers_the_rate_that_remains():
    model, x, y = model_and_rows()
    plateau = callbacks.ReduceLROnPlateau(monitor="loss", patience=1, factor=0.5, min_delta=1e9)
    history = model.fit(x, y, epochs=5, callbacks=[plateau], verbose=0)
    np.testing.assert_allclose(
        history.history["learning_rate"], [0.05, 0.05, 0.025, 0.0125, 0.00625], rtol=1e-5
    )
    assert model.optimizer.learning_rate == pytest.approx(0.05 / 16)


def test_a_misspelt_monitor_is_answered():
    model, x, y = model_and_rows()
    with pytest.raises(
        pellucid.PellucidError,
        match=r"EarlyStopping\(monitor=...\): got 'val_los', expected one of the reported values "
        r"loss, val_loss\. Did you mean 'val_loss'\?",
    ):
        model.fit(
            x, y, validation_split=0.2, callbacks=[callbacks.EarlyStopping("val_los")], verbose=0
        )
    with pytest.raises(
        pellucid.PellucidError,
        match=r"got 'val_loss', expected one of the reported values loss\. Give fit validation "
        r"data, with validation_split=0\.2 or validation_data=\(x, y\)\.",
    ):
        model.fit(x, y, callbacks=[callbacks.EarlyStopping()], verbose=0)
