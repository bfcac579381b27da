"""Cross-validation as Keras's users write it: a loop that builds, fits and evaluates."""

import time
from collections.abc import Sequence

import keras
import numpy as np

from networks import Network
from peers import keras_fit, keras_shaped
from repeated_folds import Pair


def losses(
    network: Network, x: np.ndarray, y: np.ndarray, pairs: Sequence[Pair], epochs: int
) -> tuple[list[float], list[float]]:
    """Return the loss on each fold, and when each was known."""
    found, ends = [], []
    for train, test in pairs:
        keras.utils.clear_session()
        model = keras_shaped.model(keras, network)
        model.fit(x[train], y[train], epochs=epochs, batch_size=network.batch, verbose=0)
        found.append(float(model.evaluate(x[test], y[test], verbose=0)))
        ends.append(time.perf_counter())
    return found, ends


def version() -> str:
    return keras_fit.version()
