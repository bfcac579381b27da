"""The rows of repeated cross-validation. Needs NumPy alone."""

from collections.abc import Iterator

import numpy as np

Pair = tuple[np.ndarray, np.ndarray]
"""Numbers of the rows to train on, and of those to test on."""


def folds(rows: int, cv: int, repeats: int) -> Iterator[Pair]:
    """Yield the numbers of training and test rows of every fold of every repeat."""
    rng = np.random.default_rng(7)
    for _ in range(repeats):
        parts = np.array_split(rng.permutation(rows), cv)
        for place, test in enumerate(parts):
            yield np.concatenate([*parts[:place], *parts[place + 1 :]]), test
