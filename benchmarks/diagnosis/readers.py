"""The data that the two halves are made of: rows as they are stored, and what is right for them.

The sets under `shared/data` are read from the folder PELLUCID_DATA, or from `shared/data` beside
the repository.
"""

import csv
import functools
import gzip
import os
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from sklearn import datasets

Pair = tuple[np.ndarray, np.ndarray]
ROOT = Path(__file__).resolve().parents[2]


def folder() -> Path:
    """Return the folder of the shared data sets, which may be absent."""
    given = os.environ.get("PELLUCID_DATA")
    return Path(given) if given else ROOT.parent / "shared" / "data"


def packaged(load: Callable[[], Any]) -> Pair:
    """Return a set that comes with scikit-learn."""
    found = load()
    whole = found.target.dtype.kind in "iu"
    return found.data.astype("float32"), found.target.astype("int32" if whole else "float32")


def _digit_images() -> Pair:
    x, y = packaged(datasets.load_digits)
    return x.reshape(-1, 8, 8, 1), y


def _digit_rows() -> Pair:
    x, y = packaged(datasets.load_digits)
    return x.reshape(-1, 8, 8), y


def csv_rows(path: str) -> list[list[str]]:
    """Return the rows of a table of the shared folder."""
    with (folder() / path).open(newline="") as file:
        return [row for row in csv.reader(file) if row]


def _boston() -> Pair:
    table = np.loadtxt(folder() / "boston_housing" / "housing.csv", delimiter=",", dtype="float32")
    return table[:, :-1], table[:, -1]


def _pima() -> Pair:
    rows = csv_rows("pima_diabetes/pima-indians-diabetes.csv")
    table = np.array(rows, "float32")
    return table[:, :-1], table[:, -1].astype("int32")


def _sonar() -> Pair:
    rows = csv_rows("sonar/sonar.csv")
    return np.array([row[:-1] for row in rows], "float32"), np.array(
        [row[-1] == "M" for row in rows], "int32"
    )


def _wheat() -> Pair:
    table = np.array(csv_rows("wheat_seeds/wheat-seeds.csv"), "float32")
    return table[:, :-1], table[:, -1].astype("int32") - 1


def _abalone() -> Pair:
    rows = csv_rows("abalone/abalone.csv")
    sex = np.array([[row[0] == one for one in "MFI"] for row in rows], "float32")
    numbers = np.array([row[1:] for row in rows], "float32")
    return np.hstack([sex, numbers[:, :-1]]), numbers[:, -1]


def _mnist() -> Pair:
    place = folder() / "mnist_t10k"
    with gzip.open(place / "t10k-images-idx3-ubyte.gz") as file:
        x = np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 28, 28, 1)
    with gzip.open(place / "t10k-labels-idx1-ubyte.gz") as file:
        y = np.frombuffer(file.read(), np.uint8, offset=8).astype("int32")
    # Every second pixel of every second line: a quarter of the work.
    return x[:, ::2, ::2].astype("float32"), y


def _ecg() -> Pair:
    parts = []
    for name in ("TRAIN", "TEST"):
        path = folder() / "ecg200" / f"ECG200_{name}.arff"
        text = path.read_text().lower().partition("@data")[2].split()
        parts.append(np.array([row.split(",") for row in text], "float32"))
    table = np.concatenate(parts)
    return table[:, :-1, None], (table[:, -1] > 0).astype("int32")


def resampled(sequence: np.ndarray, steps: int) -> np.ndarray:
    """Return a sequence drawn out, or together, to so many steps."""
    places = np.linspace(0, len(sequence) - 1, steps)
    own = np.arange(len(sequence))
    return np.stack([np.interp(places, own, one) for one in sequence.T], axis=1)


def _vowels() -> Pair:
    """Return utterances, each drawn out to 16 steps, and who speaks."""
    x, y = [], []
    for name in ("TRAIN", "TEST"):
        path = folder() / "japanese_vowels" / f"JapaneseVowels_{name}.ts"
        rows = [line for line in path.read_text().splitlines() if line and line[0] not in "#@"]
        for row in rows:
            *channels, label = row.split(":")
            sequence = np.array([one.split(",") for one in channels], "float32").T
            x.append(resampled(sequence, 16))
            y.append(int(label) - 1)
    return np.array(x, "float32"), np.array(y, "int32")


def _temperatures() -> Pair:
    """Return the lowest temperatures of 14 days, and that of the next."""
    rows = csv_rows("daily_min_temperatures/daily-min-temperatures.csv")[1:]
    series = np.array([row[1] for row in rows], "float32")
    windows = np.lib.stride_tricks.sliding_window_view(series, 15)[::2]
    return windows[:, :14, None].copy(), windows[:, 14].copy()


def _pollution() -> Pair:
    """Return 8 hours of six measurements in Beijing, and the fine dust of the next hour."""
    rows = csv_rows("beijing_pollution/pollution.csv")[25:20025]
    names = [5, 6, 7, 8, 10, 11]
    table = np.array([[row[one] for one in names] for row in rows if "NA" not in row], "float32")
    windows = np.lib.stride_tricks.sliding_window_view(table, 9, axis=0)[::9]
    return windows[:, :, :8].swapaxes(1, 2).copy(), windows[:, 0, 8].copy()


def _sentences() -> Pair:
    """Return the first 20 words of reviews as ranks by frequency, 0 for none; good or bad."""
    found = []
    for name in ("imdb_labelled.txt", "amazon_cells_labelled.txt"):
        text = (folder() / "labelled_sentences" / name).read_text(encoding="utf-8")
        found += [line.rsplit("\t", 1) for line in text.split("\n") if "\t" in line]
    words = [re.findall(r"[a-z']+", line.lower()) for line, _ in found]
    counts = Counter(word for line in words for word in line)
    # Rank 1 stands for every word that is not among the most frequent.
    ranks = {word: rank for rank, (word, _) in enumerate(counts.most_common(1000), start=2)}
    x = np.zeros((len(words), 20), "int32")
    for row, line in enumerate(words):
        numbers = [ranks.get(word, 1) for word in line[:20]]
        x[row, : len(numbers)] = numbers
    return x, np.array([label.strip() == "1" for _, label in found], "int32")


def _moons() -> Pair:
    x, y = datasets.make_moons(1200, noise=0.15, random_state=0)
    return x.astype("float32"), y.astype("int32")


def _spirals() -> Pair:
    """Return the points of three arms that wind about the origin."""
    rng = np.random.default_rng(0)
    y = np.arange(1500) % 3
    radius = rng.uniform(0.1, 1, len(y))
    angle = 5 * radius + 2 * np.pi * y / 3 + rng.normal(0, 0.15, len(y))
    x = 2 * radius[:, None] * np.stack([np.sin(angle), np.cos(angle)], axis=1)
    return x.astype("float32"), y.astype("int32")


def _sines() -> Pair:
    """Return noisy sines of 30 steps, any phase, and which of three frequencies they have."""
    rng = np.random.default_rng(0)
    y = np.arange(1200) % 3
    phase = rng.uniform(0, 2 * np.pi, (len(y), 1))
    frequency = np.array([0.3, 0.5, 0.8])[y, None]
    x = np.sin(phase + frequency * np.arange(30)) + rng.normal(0, 0.2, (len(y), 30))
    return x[:, :, None].astype("float32"), y.astype("int32")


def _adding() -> Pair:
    """Return 10 numbers in [-1, 1], of which two are marked, and the sum of those two."""
    rng = np.random.default_rng(0)
    values = rng.uniform(-1, 1, (4000, 10))
    marks = np.argsort(rng.random(values.shape), axis=1) < 2
    y = (values * marks).sum(axis=1)
    return np.stack([values, marks], axis=2).astype("float32"), y.astype("float32")


def _lag() -> Pair:
    """Return a symbol of four, 29 steps of noise after it, and the symbol."""
    rng = np.random.default_rng(0)
    y = np.arange(1600) % 4
    x = rng.normal(0, 0.05, (len(y), 30, 4))
    x[:, 0] = np.eye(4)[y]
    return x.astype("float32"), y.astype("int32")


READERS: dict[str, Callable[[], Pair]] = {
    name: functools.cache(read)
    for name, read in {
        "iris": lambda: packaged(datasets.load_iris),
        "wine": lambda: packaged(datasets.load_wine),
        "cancer": lambda: packaged(datasets.load_breast_cancer),
        "digits": lambda: packaged(datasets.load_digits),
        "digit-images": _digit_images,
        "digit-rows": _digit_rows,
        "diabetes": lambda: packaged(datasets.load_diabetes),
        "boston": _boston,
        "pima": _pima,
        "sonar": _sonar,
        "wheat": _wheat,
        "abalone": _abalone,
        "mnist": _mnist,
        "ecg": _ecg,
        "vowels": _vowels,
        "temperatures": _temperatures,
        "pollution": _pollution,
        "sentences": _sentences,
        "moons": _moons,
        "spirals": _spirals,
        "sines": _sines,
        "adding": _adding,
        "lag": _lag,
    }.items()
}
MADE_OR_PACKAGED = frozenset(
    (
        *("iris", "wine", "cancer", "digits", "digit-images", "digit-rows", "diabetes"),
        *("moons", "spirals", "sines", "adding", "lag"),
    )
)
"""Sets that come with scikit-learn, or are drawn here; the others need the shared folder."""
