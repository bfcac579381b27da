"""The data of the set-ups: small real tables, images, sequences and texts, and a few made ones.

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
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from sklearn import datasets

Pair = tuple[np.ndarray, np.ndarray]
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Data:
    """Rows to train on, to validate on while training, and to judge by afterwards."""

    train: Pair
    validation: Pair
    test: Pair

    def map_x(self, change: Callable[[np.ndarray], np.ndarray]) -> "Data":
        """Return the data with the inputs of all three parts changed."""
        parts = (self.train, self.validation, self.test)
        return Data(*((change(x), y) for x, y in parts))

    def map_y(self, change: Callable[[np.ndarray], np.ndarray]) -> "Data":
        """Return the data with the labels of all three parts changed."""
        parts = (self.train, self.validation, self.test)
        return Data(*((x, change(y)) for x, y in parts))


Step = Callable[[Data, np.random.Generator], Data]


@dataclass(frozen=True)
class Source:
    """A data set, how many rows of it are used, and how they are prepared.

    Args:
        name: A key of `READERS`.
        rows: Rows to train on.
        held: Rows to validate on, and as many at most to judge by.
        steps: What is done to the three parts, in order.
        in_order: Whether the parts follow each other in time, rather than being drawn at random.
    """

    name: str
    rows: int
    held: int
    steps: tuple[Step, ...] = ()
    in_order: bool = False

    def __call__(self, seed: int) -> Data:
        x, y = READERS[self.name]()
        rng = np.random.default_rng([seed, 7])
        if self.in_order:
            first = int(rng.integers(0, len(x) - self.rows - 2 * self.held + 1))
            order = np.arange(first, first + self.rows + 2 * self.held)
        else:
            order = rng.permutation(len(x))
        ends = (0, self.rows, self.rows + self.held, self.rows + 2 * self.held)
        cuts = [order[begin:end] for begin, end in pairwise(ends)]
        data = Data(*((x[rows], y[rows]) for rows in cuts))
        for number, step in enumerate(self.steps):
            data = step(data, np.random.default_rng([seed, number]))
        return data

    def but(self, *steps: Step) -> "Source":
        """Return the source with other steps."""
        return replace(self, steps=steps)

    def then(self, *steps: Step) -> "Source":
        """Return the source with further steps."""
        return replace(self, steps=self.steps + steps)


def folder() -> Path:
    """Return the folder of the shared data sets, which may be absent."""
    given = os.environ.get("PELLUCID_DATA")
    return Path(given) if given else ROOT.parent / "shared" / "data"


def standardised(data: Data, rng: np.random.Generator) -> Data:
    """Give each column, or channel, of the inputs mean 0 and deviation 1 over the training rows."""
    x = data.train[0]
    axes = tuple(range(x.ndim - 1))
    mean, deviation = x.mean(axes), x.std(axes)
    return data.map_x(lambda x: ((x - mean) / deviation).astype("float32"))


def standardised_targets(data: Data, rng: np.random.Generator) -> Data:
    """Give the targets mean 0 and deviation 1 over the training rows."""
    y = data.train[1]
    mean, deviation = y.mean(), y.std()
    return data.map_y(lambda y: ((y - mean) / deviation).astype("float32"))


def divided(most: float) -> Step:
    """Return the step that divides the inputs by their largest possible value."""
    return lambda data, rng: data.map_x(lambda x: (x / most).astype("float32"))


def _packaged(load: Callable[[], Any]) -> Pair:
    found = load()
    whole = found.target.dtype.kind in "iu"
    return found.data.astype("float32"), found.target.astype("int32" if whole else "float32")


def _digit_images() -> Pair:
    x, y = _packaged(datasets.load_digits)
    return x.reshape(-1, 8, 8, 1), y


def _digit_rows() -> Pair:
    x, y = _packaged(datasets.load_digits)
    return x.reshape(-1, 8, 8), y


def _csv(path: str) -> list[list[str]]:
    with (folder() / path).open(newline="") as file:
        return [row for row in csv.reader(file) if row]


def _boston() -> Pair:
    table = np.loadtxt(folder() / "boston_housing" / "housing.csv", delimiter=",", dtype="float32")
    return table[:, :-1], table[:, -1]


def _pima() -> Pair:
    rows = _csv("pima_diabetes/pima-indians-diabetes.csv")
    table = np.array(rows, "float32")
    return table[:, :-1], table[:, -1].astype("int32")


def _sonar() -> Pair:
    rows = _csv("sonar/sonar.csv")
    return np.array([row[:-1] for row in rows], "float32"), np.array(
        [row[-1] == "M" for row in rows], "int32"
    )


def _wheat() -> Pair:
    table = np.array(_csv("wheat_seeds/wheat-seeds.csv"), "float32")
    return table[:, :-1], table[:, -1].astype("int32") - 1


def _abalone() -> Pair:
    rows = _csv("abalone/abalone.csv")
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


def _resampled(sequence: np.ndarray, steps: int) -> np.ndarray:
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
            x.append(_resampled(sequence, 16))
            y.append(int(label) - 1)
    return np.array(x, "float32"), np.array(y, "int32")


def _temperatures() -> Pair:
    """Return the lowest temperatures of 14 days, and that of the next."""
    rows = _csv("daily_min_temperatures/daily-min-temperatures.csv")[1:]
    series = np.array([row[1] for row in rows], "float32")
    windows = np.lib.stride_tricks.sliding_window_view(series, 15)[::2]
    return windows[:, :14, None].copy(), windows[:, 14].copy()


def _pollution() -> Pair:
    """Return 8 hours of six measurements in Beijing, and the fine dust of the next hour."""
    rows = _csv("beijing_pollution/pollution.csv")[25:20025]
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
        "iris": lambda: _packaged(datasets.load_iris),
        "wine": lambda: _packaged(datasets.load_wine),
        "cancer": lambda: _packaged(datasets.load_breast_cancer),
        "digits": lambda: _packaged(datasets.load_digits),
        "digit-images": _digit_images,
        "digit-rows": _digit_rows,
        "diabetes": lambda: _packaged(datasets.load_diabetes),
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
