"""Pellucid: compile and fit."""

import numpy as np

import pellucid
from workload import BATCH, HIDDEN


class Trainer:
    """The network, compiled as by default."""

    def __init__(self, x: np.ndarray, y: np.ndarray, dropout: float) -> None:
        self.x, self.y = x, y
        layers: list = [pellucid.Input((x.shape[1],))]
        for units in HIDDEN:
            layers.append(pellucid.layers.Dense(units, activation="relu"))
            if dropout:
                layers.append(pellucid.layers.Dropout(dropout))
        layers.append(pellucid.layers.Dense(1, activation="sigmoid"))
        self.model = pellucid.Sequential(layers)
        self.model.compile(optimizer="adam", loss="binary_crossentropy")

    def train(self, epochs: int) -> float:
        history = self.model.fit(self.x, self.y, epochs=epochs, batch_size=BATCH, verbose=0)
        return float(history.history["loss"][-1])


def version() -> str:
    import jax

    return f"pellucid {pellucid.__version__}, jax {jax.__version__}"
