"""scikit-learn: MLPClassifier for a fixed number of epochs."""

import warnings

import numpy as np
import sklearn
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from networks import Dense, Network


class Trainer:
    """The network; `fit` goes on from where it stood, and no tolerance ends it early."""

    def __init__(self, network: Network, x: np.ndarray, y: np.ndarray) -> None:
        warnings.simplefilter("ignore", ConvergenceWarning)
        self.x, self.y = x, y.ravel().astype(int)
        self.model = MLPClassifier(
            [part.units for part in network.parts[:-1] if isinstance(part, Dense)],
            alpha=0.0,
            batch_size=network.batch,
            tol=0.0,
            n_iter_no_change=1_000_000,
            warm_start=True,
        )

    def train(self, epochs: int) -> float:
        self.model.set_params(max_iter=epochs)
        self.model.fit(self.x, self.y)
        return float(self.model.loss_)


def version() -> str:
    return f"scikit-learn {sklearn.__version__}"
