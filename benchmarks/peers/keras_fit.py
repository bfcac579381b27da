"""Keras: compile and fit, on the backend that KERAS_BACKEND names."""

import importlib

import keras
import numpy as np

from workload import BATCH, HIDDEN


class Trainer:
    """The network, compiled as by default."""

    def __init__(self, x: np.ndarray, y: np.ndarray, dropout: float) -> None:
        self.x, self.y = x, y
        layers: list = [keras.Input((x.shape[1],))]
        for units in HIDDEN:
            layers.append(keras.layers.Dense(units, activation="relu"))
            if dropout:
                layers.append(keras.layers.Dropout(dropout))
        layers.append(keras.layers.Dense(1, activation="sigmoid"))
        self.model = keras.Sequential(layers)
        self.model.compile(optimizer="adam", loss="binary_crossentropy")

    def train(self, epochs: int) -> float:
        history = self.model.fit(self.x, self.y, epochs=epochs, batch_size=BATCH, verbose=0)
        return float(history.history["loss"][-1])


def version() -> str:
    backend = keras.backend.backend()
    return f"keras {keras.__version__}, {backend} {importlib.import_module(backend).__version__}"
