"""What every peer trains: the network's sizes and the data. Needs NumPy alone."""

from itertools import pairwise
from pathlib import Path

import numpy as np

BATCH = 32
HIDDEN = (64, 64)
FEATURES = 20
ROWS = 10_000
DROPOUT = 0.1
RATE = 0.001
STEPS_AN_EPOCH = -(-ROWS // BATCH)


def synthetic(rows: int = ROWS) -> tuple[np.ndarray, np.ndarray]:
    """Return inputs of shape (rows, 20) and labels 0 or 1 of shape (rows, 1), float32."""
    rng = np.random.default_rng(7)
    x = rng.normal(size=(rows, FEATURES)).astype(np.float32)
    score = np.sin(x[:, 0]) + x[:, 1] * x[:, 2] + 0.5 * rng.normal(size=rows)
    return x, (score > 0).astype(np.float32)[:, None]


def write_csv(path: Path, x: np.ndarray, y: np.ndarray) -> None:
    """Write inputs and, in the last column, labels."""
    np.savetxt(path, np.hstack([x, y.reshape(-1, 1)]), delimiter=",", fmt="%.7g")


def read_csv(path: str) -> tuple[np.ndarray, np.ndarray]:
    """Return standardised inputs and labels; every peer reads in this one way."""
    table = np.loadtxt(path, delimiter=",", dtype=np.float32)
    x, y = table[:, :-1], table[:, -1:]
    return (x - x.mean(axis=0)) / x.std(axis=0), y


def flops_a_step(inputs: int = FEATURES, batch: int = BATCH) -> int:
    """Return the arithmetic of one training step's matrix products.

    Each product of (batch, a) and (a, b) costs 2 * batch * a * b, once forward, once for the
    weights' gradient, and, but for the first layer, once for the inputs' gradient.
    """
    sizes = [inputs, *HIDDEN, 1]
    products = [2 * batch * a * b for a, b in pairwise(sizes)]
    return 3 * sum(products) - products[0]
