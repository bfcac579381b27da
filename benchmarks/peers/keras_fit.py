"""Keras: compile and fit, on the backend that KERAS_BACKEND names."""

import importlib

import keras
import numpy as np

from networks import Network
from peers import keras_shaped


class Trainer:
    """The network, compiled as by default."""

    def __init__(self, network: Network, x: np.ndarray, y: np.ndarray) -> None:
        self.x, self.y, self.batch = x, y, network.batch
        self.model = keras_shaped.model(keras, network)

    def train(self, epochs: int) -> float:
        history = self.model.fit(self.x, self.y, epochs=epochs, batch_size=self.batch, verbose=0)
        return float(history.history["loss"][-1])


def version() -> str:
    backend = keras.backend.backend()
    return f"keras {keras.__version__}, {backend} {importlib.import_module(backend).__version__}"
