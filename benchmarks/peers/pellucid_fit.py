"""Pellucid: compile and fit."""

import numpy as np

import pellucid
from networks import Network
from peers import keras_shaped


class Trainer:
    """The network, compiled as by default."""

    def __init__(self, network: Network, x: np.ndarray, y: np.ndarray) -> None:
        self.x, self.y, self.batch = x, y, network.batch
        self.model = keras_shaped.model(pellucid, network)

    def train(self, epochs: int) -> float:
        history = self.model.fit(self.x, self.y, epochs=epochs, batch_size=self.batch, verbose=0)
        return float(history.history["loss"][-1])


def version() -> str:
    import jax

    return f"pellucid {pellucid.__version__}, jax {jax.__version__}"
