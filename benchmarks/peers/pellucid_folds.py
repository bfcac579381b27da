"""Pellucid: `cross_validate`, all folds side by side."""

import time
from collections.abc import Sequence

import numpy as np

import pellucid
from networks import Network
from peers import keras_shaped, pellucid_fit
from repeated_folds import Pair


def losses(
    network: Network, x: np.ndarray, y: np.ndarray, pairs: Sequence[Pair], epochs: int
) -> tuple[list[float], list[float]]:
    """Return the loss on each fold, and when each was known."""
    found = pellucid.cross_validate(
        keras_shaped.model(pellucid, network),
        x,
        y,
        cv=list(pairs),
        epochs=epochs,
        batch_size=network.batch,
    )
    losses = [float(one) for one in found.scores["loss"]]
    return losses, [time.perf_counter()] * len(losses)


def version() -> str:
    return pellucid_fit.version()
