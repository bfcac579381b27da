"""What cross-validation costs: 10 folds, 3 repeats of the MLP, beside a loop over `fit`.

Run in a fresh process, on a quiet machine: `PYTHONPATH=src python benchmarks/folds.py`. Both do the
same trainings and score the same test rows by loss, accuracy and area under the curve. The first
round compiles; the later ones, which take turns, do not.
"""

import argparse
import statistics
import time

import numpy as np
from sklearn.metrics import roc_auc_score

import pellucid
from pellucid import layers
from pellucid.models.renewing import renewed

ROWS, COLUMNS, BATCH = 1_000, 20, 32
FOLDS, REPEATS = 10, 3


def data():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(ROWS, COLUMNS)).astype("float32")
    return x, (x[:, 0] + x[:, 1] * x[:, 2] > 0).astype("int32")


def mlp():
    model = pellucid.Sequential(
        [
            layers.Input((COLUMNS,)),
            layers.Dense(64, "relu"),
            layers.Dense(64, "relu"),
            layers.Dense(1, "sigmoid"),
        ],
        seed=0,
    )
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    return model


def together(model, x, y, epochs):
    return pellucid.cross_validate(
        model, x, y, cv=FOLDS, repeats=REPEATS, metrics="roc_auc", epochs=epochs, batch_size=BATCH
    )


def one_by_one(model, x, y, epochs, result):
    losses = []
    for fold, seed in zip(result.folds, result.seeds, strict=True):
        alone = renewed(model, seed)
        alone.fit(x[fold.train], y[fold.train], epochs=epochs, batch_size=BATCH, verbose=0)
        losses.append(alone.evaluate(x[fold.test], y[fold.test], verbose=0)[0])
        roc_auc_score(y[fold.test], alone.predict(x[fold.test], verbose=0)[:, 0])
    return losses


def timed(function, *arguments):
    begun, used = time.perf_counter(), time.process_time()
    found = function(*arguments)
    return found, time.perf_counter() - begun, time.process_time() - used


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=20)
    options = parser.parse_args()
    x, y = data()
    model = mlp()
    times: dict[str, list[tuple[float, float]]] = {"together": [], "one by one": []}
    for _ in range(options.rounds + 1):
        result, *own = timed(together, model, x, y, options.epochs)
        times["together"].append(tuple(own))
        losses, *own = timed(one_by_one, model, x, y, options.epochs, result)
        times["one by one"].append(tuple(own))
        np.testing.assert_allclose(result.scores["loss"], losses, rtol=1e-3)
    for name, rows in times.items():
        wall, used = (statistics.median(column) for column in zip(*rows[1:], strict=True))
        print(
            f"{name}: {wall:.2f} s wall, {used:.2f} s of processor; "
            f"the first, which compiles, {rows[0][0]:.1f} s"
        )


if __name__ == "__main__":
    main()
