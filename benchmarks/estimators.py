"""A grid search over estimators: one by one, side by side, and over scikit-learn's own network.

Run `python benchmarks/estimators.py`; docs/estimators.md has what it printed.
"""

import time
import warnings
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import joblib
import numpy as np
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import GridSearchCV
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import scale

import pellucid

RATES = [float(rate) for rate in np.geomspace(1e-3, 1e-1, 8)]
EPOCHS, WIDTHS, ROUNDS = 50, (32,), 4


def ours() -> Any:
    network = pellucid.PellucidClassifier(hidden_layer_sizes=WIDTHS, epochs=EPOCHS, random_state=0)
    return network, {"learning_rate": RATES, "l2": [1e-5, 1e-3]}


def scikit_learns() -> Any:
    network = MLPClassifier(
        WIDTHS, batch_size=32, max_iter=EPOCHS, n_iter_no_change=EPOCHS, random_state=0
    )
    return network, {"learning_rate_init": RATES, "alpha": [1e-4, 1e-1]}


def timed(name: str, made: Any, context: Callable[[], AbstractContextManager[Any]]) -> Any:
    x, y = load_breast_cancer(return_X_y=True)
    network, grid = made
    search = GridSearchCV(network, grid, cv=5, refit=False, scoring="neg_log_loss")
    wall, processor = time.perf_counter(), time.process_time()
    with context():
        search.fit(scale(x), y)
    spent = time.perf_counter() - wall, time.process_time() - processor
    print(f"{name:26} {spent[0]:7.2f} s, {spent[1]:6.2f} s of processor time", flush=True)
    return search.cv_results_["mean_test_score"]


def together() -> AbstractContextManager[Any]:
    return joblib.parallel_config(backend="pellucid")


def main() -> None:
    warnings.simplefilter("ignore")
    found = timed("side by side, compiling", ours(), together)
    alone = timed("one by one, compiling", ours(), nullcontext)
    for _ in range(ROUNDS):
        timed("side by side", ours(), together)
        timed("one by one", ours(), nullcontext)
    timed("MLPClassifier", scikit_learns(), nullcontext)
    print("largest difference of a mean score:", np.abs(found - alone).max())


if __name__ == "__main__":
    main()
