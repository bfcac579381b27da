"""What a model keeps of its last fit."""

import numpy as np
import pytest

import pellucid
from pellucid.callbacks import ReduceLROnPlateau
from pellucid.errors import DataError, NonFiniteError

X = np.linspace(-1, 1, 24, dtype=np.float32).reshape(12, 2)
Y = X.sum(axis=1)


def make(rate=0.1):
    model = pellucid.Sequential([pellucid.Input((2,)), pellucid.layers.Dense(1)], seed=3)
    model.compile(pellucid.optimizers.SGD(rate), "mse")
    return model


def test_a_model_that_was_never_fitted_keeps_none():
    assert make().last_run is None


def test_a_fit_leaves_its_request_its_first_weights_and_its_history():
    model = make()
    first = np.concatenate([one.reshape(-1) for one in model.get_weights()])
    history = model.fit(X, Y, epochs=3, batch_size=5, verbose=0)
    kept = model.last_run
    assert kept.request.x is X
    assert (kept.request.epochs, kept.request.batch_size, kept.seed) == (3, 5, 3)
    assert np.concatenate(kept.start).tolist() == first.tolist()
    assert kept.history is history
    assert kept.failure is None


def test_the_next_fit_takes_the_place_of_the_last():
    model = make()
    model.fit(X, Y, epochs=1, verbose=0)
    after = model.get_weights()[0].reshape(-1)
    model.fit(X, Y, epochs=2, verbose=0)
    assert model.last_run.request.epochs == 2
    assert model.last_run.start[0][:2].tolist() == after.tolist()


def test_the_learning_rate_is_that_before_a_policy_lowered_it():
    model = make(0.01)
    policy = ReduceLROnPlateau(monitor="loss", patience=1, min_delta=1e9, factor=0.5)
    model.fit(X, Y, epochs=5, callbacks=[policy], verbose=0)
    assert model.optimizer.learning_rate < 0.01
    assert model.last_run.compile["optimizer"].learning_rate == 0.01
    assert model.last_run.compile["loss"] == "mse"


def test_a_run_that_was_not_finite_is_kept_with_what_stopped_it():
    model = make(1e20)
    with pytest.raises(NonFiniteError) as told:
        model.fit(X, Y, epochs=9, verbose=0)
    assert model.last_run.failure == str(told.value)
    assert model.last_run.start is not None
    assert model.last_run.history is model.history


def test_data_that_were_refused_are_kept_without_a_start():
    model = make()
    with pytest.raises(DataError) as told:
        model.fit(np.where(X > 0.9, np.nan, X), Y, verbose=0)
    kept = model.last_run
    assert (kept.start, kept.history, kept.failure) == (None, None, str(told.value))


def test_a_misspelt_argument_leaves_the_last_run_as_it_is():
    model = make()
    model.fit(X, Y, epochs=1, verbose=0)
    kept = model.last_run
    with pytest.raises(pellucid.errors.ArgumentError):
        model.fit(X, Y, epochs=0, verbose=0)
    assert model.last_run is kept


def test_files_hold_no_run(tmp_path):
    model = make()
    model.fit(X, Y, epochs=1, verbose=0)
    model.save(tmp_path / "model.pellucid")
    assert pellucid.load_model(tmp_path / "model.pellucid").last_run is None
