"""The data on which the quality of searches is judged, each divided into three parts."""

import csv
import gzip
from pathlib import Path
from typing import Any

import numpy as np

from pellucid.data.table import prepare_table, read_table
from tables import TABLES

IMAGES, SERIES = "mnist_t10k", "daily_min_temperatures"
NAMES = (*TABLES, IMAGES, SERIES)
TEST, VALIDATION = 0.2, 0.16
"""Shares of all rows."""
WINDOW = 30
"""Days from which the next one is told."""

SMALLEST = 1e-7
"""Probabilities below this count as this where their logarithm is taken, as in Keras."""

PARTS = ("train", "held", "test")
LOSSES = {
    "binary": "binary_crossentropy",
    "classes": "sparse_categorical_crossentropy",
    "number": "mean_squared_error",
}


def divided(data: Path, name: str, seed: int) -> dict[str, Any]:
    """Return inputs and labels of the three parts, the kind of data, outputs and loss.

    Tables and images are divided at random by the seed; a series in its order, so that for it the
    seed is only that of the search.
    """
    if name == IMAGES:
        return _images(data / IMAGES, seed)
    if name == SERIES:
        return _series(data / SERIES / "daily-min-temperatures.csv")
    path, target = TABLES[name]
    table = read_table(data / path)
    prepared = prepare_table(table, target, validation=VALIDATION, test=TEST, seed=seed)
    parts = [(one.x, one.y) for one in (prepared.training, prepared.validation, prepared.test)]
    task = prepared.target.task
    outputs = prepared.target.outputs if task == "classes" else 1
    return _told("table", parts, outputs, LOSSES[task])


def _told(kind: str, parts: list[Any], outputs: int, loss: str) -> dict[str, Any]:
    found: dict[str, Any] = {"kind": kind, "outputs": outputs, "loss": loss}
    for name, (x, y) in zip(PARTS, parts, strict=True):
        classes = loss == LOSSES["classes"]
        found[f"{name}_x"] = np.asarray(x, np.float32)
        found[f"{name}_y"] = y.astype(np.int32) if classes else y.astype(np.float32).reshape(-1, 1)
    return found


def _images(folder: Path, seed: int) -> dict[str, Any]:
    with gzip.open(folder / "t10k-images-idx3-ubyte.gz") as file:
        x = np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 28, 28, 1) / 255
    with gzip.open(folder / "t10k-labels-idx1-ubyte.gz") as file:
        y = np.frombuffer(file.read(), np.uint8, offset=8)
    order = np.random.default_rng(seed).permutation(len(x))
    return _told("images", _cut(x[order], y[order]), 10, LOSSES["classes"])


def _series(path: Path) -> dict[str, Any]:
    """Return windows of a series, by the mean and deviation of the days trained on."""
    with path.open(newline="") as file:
        days = np.array([float(row[1]) for row in [*csv.reader(file)][1:] if row])
    known = days[: round((1 - TEST - VALIDATION) * len(days))]
    days = (days - known.mean()) / known.std()
    x = np.lib.stride_tricks.sliding_window_view(days[:-1], WINDOW)[..., None]
    return _told("series", _cut(x, days[WINDOW:]), 1, LOSSES["number"])


def _cut(x: np.ndarray, y: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    test = len(x) - round(TEST * len(x))
    held = test - round(VALIDATION * len(x))
    cuts = [slice(0, held), slice(held, test), slice(test, None)]
    return [(x[cut], y[cut]) for cut in cuts]


def score(loss: str, y: np.ndarray, outputs: np.ndarray) -> float:
    """Return the accuracy for classes, R2 for numbers."""
    y = y.reshape(-1)
    if loss == LOSSES["number"]:
        errors = y - outputs.reshape(-1)
        return 1 - float((errors**2).sum() / ((y - y.mean()) ** 2).sum())
    binary = loss == LOSSES["binary"]
    found = outputs.reshape(-1) > 0.5 if binary else outputs.argmax(axis=-1)
    return float((found == y).mean())


def mean_loss(loss: str, y: np.ndarray, outputs: np.ndarray) -> float:
    """Return the loss of outputs, probabilities for classes."""
    y = y.reshape(-1)
    if loss == LOSSES["number"]:
        return float(((y - outputs.reshape(-1)) ** 2).mean())
    if loss == LOSSES["binary"]:
        ones = outputs.reshape(-1)
        outputs = np.stack([1 - ones, ones], axis=-1)
    likely = outputs[np.arange(len(y)), y.astype(int)]
    return float(-np.log(np.clip(likely, SMALLEST, 1)).mean())
