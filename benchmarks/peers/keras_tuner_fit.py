"""KerasTuner over Keras, on the backend that KERAS_BACKEND names.

PEER_ORACLE names the tuner: RandomSearch by default, or BayesianOptimization.
"""

import os
import tempfile
import time
from functools import partial
from typing import Any

import keras
import keras_tuner
import numpy as np

from peers import keras_fit, keras_shaped
from searches import Choice, Found, Range, Rows, Search

MOST = 100_000
"""Trials that are asked for where a deadline ends the search."""


class Leave(keras.callbacks.Callback):
    """Stops training at a deadline, of which KerasTuner has none."""

    def __init__(self, deadline: float) -> None:
        super().__init__()
        self.deadline = deadline

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        if time.perf_counter() > self.deadline:
            self.model.stop_training = True


class Ends:
    """Notes when each trial of a tuner ended, and lets none begin after a deadline."""

    ends: list[float]
    deadline: float

    def on_trial_end(self, trial: Any) -> None:
        super().on_trial_end(trial)  # type: ignore[misc]
        self.ends.append(time.perf_counter())
        if self.ends[-1] > self.deadline:
            self.oracle.max_trials = len(self.ends)  # type: ignore[attr-defined]


class RandomSearch(Ends, keras_tuner.RandomSearch):
    pass


class BayesianOptimization(Ends, keras_tuner.BayesianOptimization):
    pass


TUNERS = {one.__name__: one for one in (RandomSearch, BayesianOptimization)}


def suggested(hp: keras_tuner.HyperParameters, name: str, own: Range | Choice) -> Any:
    if isinstance(own, Choice):
        return hp.Choice(name, list(own.options))
    return hp.Float(name, own.low, own.high, sampling="log" if own.log else "linear")


def search(
    what: Search, train: Rows, held: Rows, seed: int, trials: int | None, deadline: float
) -> Found:
    network = what.example
    monitor = f"val_{network.loss}"
    keras.utils.set_random_seed(seed)

    def build(hp: keras_tuner.HyperParameters) -> Any:
        values = {name: suggested(hp, name, own) for name, own in what.space.items()}
        return keras_shaped.model(keras, what.made(values), [network.loss])

    callbacks: list[Any] = [] if deadline == np.inf else [Leave(deadline)]
    if what.patience is not None:
        callbacks.append(keras.callbacks.EarlyStopping(monitor, patience=what.patience))
    with tempfile.TemporaryDirectory() as folder:
        tuner = TUNERS[os.environ.get("PEER_ORACLE", "RandomSearch")](
            build,
            keras_tuner.Objective(monitor, "min"),
            max_trials=trials or MOST,
            seed=seed,
            directory=folder,
        )
        tuner.ends, tuner.deadline = [], deadline
        tuner.search(
            *train,
            epochs=what.epochs,
            batch_size=network.batch,
            validation_data=held,
            callbacks=callbacks,
            verbose=0,
        )
        best = tuner.oracle.get_best_trials(1)[0]
        (model,) = tuner.get_best_models(1)
    return Found(tuner.ends, float(best.score), partial(model.predict, verbose=0))


def version() -> str:
    return f"keras-tuner {keras_tuner.__version__}, {keras_fit.version()}"
