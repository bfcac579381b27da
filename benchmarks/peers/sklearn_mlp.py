"""scikit-learn: MLPClassifier for a fixed number of epochs."""

import warnings

import numpy as np
import sklearn
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from workload import BATCH, HIDDEN, RATE


class Trainer:
    """The network; `fit` goes on from where it stood, and no tolerance ends it early."""

    def __init__(self, x: np.ndarray, y: np.ndarray, dropout: float) -> None:
        if dropout:
            raise ValueError("MLPClassifier has no dropout")
        warnings.simplefilter("ignore", ConvergenceWarning)
        self.x, self.y = x, y.ravel().astype(int)
        self.model = MLPClassifier(
            HIDDEN,
            alpha=0.0,
            batch_size=BATCH,
            learning_rate_init=RATE,
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
