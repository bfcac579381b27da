"""The data of the fresh part: other sets, or other questions to them."""

import csv
import functools
from collections.abc import Callable

import numpy as np
from scipy.io import wavfile
from sklearn import datasets

from diagnosis.readers import Pair, csv_rows, folder, resampled
from diagnosis.unseen.readers import bands, numbered

AHEAD = 6
"""Hours between the last that is known and the one that is foretold."""


def _white_wine() -> Pair:
    """Return white wines, each once, and their marks."""
    table = np.unique(np.array(csv_rows("wine_quality/winequality-white.csv"), "float32"), axis=0)
    return table[:, :-1], table[:, -1]


def _hastie() -> Pair:
    """Return ten normal numbers, and whether the sum of their squares is above its median."""
    x, y = datasets.make_hastie_10_2(2400, random_state=0)
    return x.astype("float32"), (y > 0).astype("int32")


def _blobs() -> Pair:
    """Return points of five heaps in six directions that overlap a little."""
    x, y = datasets.make_blobs(1400, n_features=6, centers=5, cluster_std=4.0, random_state=3)
    return x.astype("float32"), y.astype("int32")


def _patches() -> Pair:
    """Return squares of 12 x 12 pixels of two photographs, a temple and a flower, and of which."""
    squares = []
    for image in datasets.load_sample_images().images:
        rows, columns = image.shape[0] // 12, image.shape[1] // 12
        cut = image[: 12 * rows, : 12 * columns].reshape(rows, 12, columns, 12, 3)
        squares.append(cut.swapaxes(1, 2).reshape(-1, 12, 12, 3))
    y = np.repeat([0, 1], [len(one) for one in squares])
    return np.concatenate(squares).astype("float32"), y.astype("int32")


def _speakers() -> Pair:
    """Return spoken digits, 24 steps of 20 bands, and which of four people speaks."""
    paths = sorted((folder() / "fsdd" / "recordings").glob("*.wav"))
    names = sorted({path.stem.split("_")[1] for path in paths})
    x = [resampled(bands(wavfile.read(path)[1]), 24) for path in paths]
    y = [names.index(path.stem.split("_")[1]) for path in paths]
    return np.array(x, "float32"), np.array(y, "int32")


def _hours(later: bool) -> Pair:
    """Return 12 hours of four measures of the weather, and the temperature six hours later.

    A further channel holds, where it is asked for, at each hour the temperature six hours later.
    """
    rows = csv_rows("beijing_pollution/pollution.csv")[20025:40025]
    table = np.array([[row[one] for one in (6, 7, 8, 10)] for row in rows], "float32")
    windows = np.lib.stride_tricks.sliding_window_view(table, 12 + AHEAD, axis=0)[:: 12 + AHEAD]
    windows = windows.swapaxes(1, 2)
    x, y = windows[:, :12], windows[:, -1, 1].copy()
    return (np.concatenate([x, windows[:, AHEAD:, 1:2]], axis=2) if later else x.copy()), y


def _titles() -> Pair:
    """Return the first ten words of headlines, and which of four topics they are of."""
    with (folder() / "ag_news" / "test.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    x = numbered([title for _, title, _ in rows], 10, 1500)
    return x, np.array([row[0] for row in rows], "int32") - 1


def _bumps() -> Pair:
    """Return noisy series of 48 steps with up to five bumps, and how many there are."""
    rng = np.random.default_rng(0)
    y = np.arange(1500) % 6
    x = rng.normal(0, 0.15, (len(y), 48))
    steps = np.arange(48)
    for row, count in enumerate(y):
        for place in rng.permutation(np.arange(4, 48, 8))[:count] + rng.integers(-1, 2, count):
            x[row] += np.exp(-0.5 * ((steps - place) / 1.2) ** 2)
    return x[..., None].astype("float32"), y.astype("float32")


READERS: dict[str, Callable[[], Pair]] = {
    name: functools.cache(read)
    for name, read in {
        "white-wine": _white_wine,
        "hastie": _hastie,
        "blobs": _blobs,
        "patches": _patches,
        "speakers": _speakers,
        "hours": lambda: _hours(later=False),
        "hours-ahead": lambda: _hours(later=True),
        "titles": _titles,
        "bumps": _bumps,
    }.items()
}
MADE_OR_PACKAGED = frozenset(("hastie", "blobs", "patches", "bumps"))
"""Sets that come with scikit-learn, or are drawn here."""
