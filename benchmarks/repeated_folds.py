"""The rows of repeated cross-validation. Needs NumPy alone."""

from collections.abc import Iterator

import numpy as np


def folds(rows: int, cv: int, repeats: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield the numbers of training and test rows of every fold of every repeat."""
    rng = np.random.default_rng(7)
    for _ in range(repeats):
        parts = np.array_split(rng.permutation(rows), cv)
        for place, test in enumerate(parts):
            yield np.concatenate([*parts[:place], *parts[place + 1 :]]), test
