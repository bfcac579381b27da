"""The data of the held part: sets asked what no other part asks, and generated ones."""

import csv
import functools
from collections.abc import Callable

import numpy as np
from sklearn import datasets

from diagnosis.blind.readers import READERS as SPOKEN
from diagnosis.readers import READERS as KNOWN
from diagnosis.readers import Pair, csv_rows, folder, resampled
from diagnosis.unseen.readers import numbered

AHEAD = 6
"""Hours from the last that is known to the one that is foretold."""


def _topics() -> Pair:
    """Return how often 24 words stand in texts, and which of five topics they touch."""
    x, y, *_ = datasets.make_multilabel_classification(
        2200, n_features=24, n_classes=5, n_labels=2, random_state=4
    )
    return np.asarray(x, "float32"), np.asarray(y, "float32")


def _arm() -> Pair:
    """Return the three angles of an arm in radians, and where its hand is."""
    rng = np.random.default_rng(0)
    x = rng.uniform(-1.5, 1.5, (1800, 3))
    turned = np.cumsum(x, axis=1)
    lengths = np.array([1.0, 0.8, 0.5])
    y = np.stack([(lengths * turn(turned)).sum(axis=1) for turn in (np.cos, np.sin)], axis=1)
    return x.astype("float32"), (y + rng.normal(0, 0.03, y.shape)).astype("float32")


def _infants() -> Pair:
    """Return six measures of abalones, and whether they are infants."""
    rows = [row for row in csv_rows("abalone/abalone.csv") if 0 < float(row[3]) < 0.4]
    x = np.array([row[1:7] for row in rows], "float32")
    return x, np.array([row[0] == "I" for row in rows], "int32")


def _loudness() -> Pair:
    """Return the means of 20 cepstral coefficients of music; its loudness and bandwidth in Hz."""
    header, *rows = csv_rows("gtzan_features/features_30_sec.csv")
    names = [f"mfcc{number}_mean" for number in range(1, 21)]
    names += ["rms_mean", "spectral_bandwidth_mean"]
    columns = [header.index(name) for name in names]
    table = np.unique(np.array([[row[one] for one in columns] for row in rows], "float32"), axis=0)
    return table[:, :-2], table[:, -2:]


def _smoke() -> Pair:
    """Return thirteen measures of places about Boston, and the nitric oxides in their air."""
    x, prices = KNOWN["boston"]()
    return np.column_stack([np.delete(x, 4, axis=1), prices]), x[:, 4]


def _married() -> Pair:
    """Return age, schooling, hours, sex and income of people, and whether they are married."""
    rows = [[cell.strip() for cell in row] for row in csv_rows("adult/adult-train.csv")[8000:12000]]
    x = [
        (row[0], row[4], row[12], row[9] == "Male", row[14] == ">50K", row[1] == "Private")
        for row in rows
    ]
    y = np.array([row[5].startswith("Married-c") for row in rows], "int32")
    return np.array(x, "float32"), y


def _checkers() -> Pair:
    """Return places on a board of 4 x 4 squares, and whether the square is dark."""
    x = np.random.default_rng(0).uniform(-2, 2, (3000, 2))
    return x.astype("float32"), (np.floor(x).sum(axis=1) % 2).astype("int32")


def _callers() -> Pair:
    """Return energies of thirds of spoken digits, and which of 40, digit and speaker, it is."""
    x, digits = SPOKEN["spoken-thirds"]()
    paths = sorted((folder() / "fsdd" / "recordings").glob("*.wav"))
    names = sorted({path.stem.split("_")[1] for path in paths})
    speakers = np.array([names.index(path.stem.split("_")[1]) for path in paths], "int32")
    return x, 4 * digits + speakers


def _larger() -> Pair:
    """Return two different written digits side by side, and whether the left one is larger."""
    x, y = KNOWN["mnist"]()
    left, right = np.arange(0, len(x), 2), np.arange(1, len(x), 2)
    other = y[left] != y[right]
    left, right = left[other], right[other]
    return np.concatenate([x[left], x[right]], axis=2), (y[left] > y[right]).astype("int32")


def _halves() -> Pair:
    """Return the upper halves of digits of 8 x 8, and the pixels of the lower ones."""
    x, _ = KNOWN["digit-images"]()
    return x[:, :4], x[:, 4:].reshape(len(x), -1) / 16


def _slants() -> Pair:
    """Return written digits, and how much they lean, by their second moments."""
    x, _ = KNOWN["mnist"]()
    shares = x[..., 0] / x.sum(axis=(1, 2, 3))[:, None, None]
    rows, columns = np.mgrid[:14, :14]
    down = rows - (shares * rows).sum(axis=(1, 2), keepdims=True)
    across = columns - (shares * columns).sum(axis=(1, 2), keepdims=True)
    lean = (shares * down * across).sum(axis=(1, 2)) / (shares * down**2).sum(axis=(1, 2))
    return x, lean.astype("float32")


def _pressures() -> Pair:
    """Return a day of air pressure, from the last one on, warmth, dew and wind; the pressure's
    change in six hours.
    """
    rows = csv_rows("beijing_pollution/pollution.csv")[1:]
    table = np.array([[row[one] for one in (8, 7, 6, 10)] for row in rows], "float32")
    windows = np.lib.stride_tricks.sliding_window_view(table, 30, axis=0)[::30].swapaxes(1, 2)
    windows = np.concatenate([windows[..., :1] - windows[:, 23:24, :1], windows[..., 1:]], axis=2)
    return windows[:, :24].copy(), windows[:, -1, 0].copy()


def _scenes() -> Pair:
    """Return noisy images of 18 x 18, and which of a frame, a disc and a cross are on them."""
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, (2200, 3))
    rows, columns = np.mgrid[:18, :18]
    place = rng.uniform(4, 13, (2, 3, len(y), 1, 1))
    radius = rng.uniform(2.5, 3.5, (3, len(y), 1, 1))
    down, across = np.abs(rows - place[0]), np.abs(columns - place[1])
    frame = np.abs(np.maximum(down[0], across[0]) - radius[0]) < 0.6
    disc = np.hypot(down[1], across[1]) < radius[1]
    cross = (np.minimum(down[2], across[2]) < 0.6) & (np.maximum(down[2], across[2]) < radius[2])
    drawn = np.stack([frame, disc, cross], axis=1) & (y[:, :, None, None] == 1)
    x = 0.8 * drawn.any(axis=1) + rng.uniform(0, 0.2, (len(y), 18, 18))
    return x[..., None].astype("float32"), y.astype("float32")


def _sports() -> Pair:
    """Return the first 18 words of news in full, and whether they are on sports or the world."""
    with (folder() / "ag_news" / "test.csv").open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.reader(file) if row[0] in ("1", "2")]
    x = numbered([text for _, _, text in rows], 18, 1500)
    return x, np.array([row[0] == "2" for row in rows], "int32")


def _weeks() -> Pair:
    """Return the lowest temperatures of 28 days, and the mean of those of the next week."""
    rows = csv_rows("daily_min_temperatures/daily-min-temperatures.csv")[1:]
    series = np.array([row[1] for row in rows], "float32")
    windows = np.lib.stride_tricks.sliding_window_view(series, 35)[::3]
    return windows[:, :28, None].copy(), windows[:, 28:].mean(axis=1)


def _winds() -> Pair:
    """Return eight hours of weather with the winds, and from which of four sides it then blows."""
    rows = csv_rows("beijing_pollution/pollution.csv")[1:]
    numbers = np.array([[row[one] for one in (6, 7, 8, 10)] for row in rows], "float32")
    numbers[:, 3] = np.log(numbers[:, 3])
    sides = sorted({row[9] for row in rows})
    side = np.array([sides.index(row[9]) for row in rows], "int32")
    table = np.hstack([numbers, np.eye(4, dtype="float32")[side]])
    windows = np.lib.stride_tricks.sliding_window_view(table, 9, axis=0)[::9]
    return windows[:, :, :8].swapaxes(1, 2).copy(), side[8::9].copy()


def _rooms() -> Pair:
    """Return the strength of four radio signals over 24 steps, and in which of three buildings."""
    place = folder() / "indoor_movement"
    groups = np.loadtxt(
        place / "groups" / "MovementAAL_DatasetGroup.csv", delimiter=",", dtype="int32"
    )
    sequences = [
        np.loadtxt(
            place / "dataset" / f"MovementAAL_RSS_{number}.csv", delimiter=",", dtype="float32"
        )
        for number in groups[:, 0]
    ]
    return np.array([resampled(one, 24) for one in sequences], "float32"), groups[:, 1] - 1


def _asked() -> Pair:
    """Return words of English sentences without their marks, and whether the French ones ask."""
    lines = (folder() / "eng_fra" / "fra.txt").read_text(encoding="utf-8").split("\n")
    french = dict(line.split("\t")[:2] for line in reversed(lines) if "\t" in line)
    pairs = list(french.items())
    asked = np.array([other.endswith("?") for _, other in pairs])
    rng = np.random.default_rng(0)
    told = rng.permutation(np.flatnonzero(~asked))[: asked.sum()]
    kept = np.sort(np.concatenate([np.flatnonzero(asked), told]))
    x = numbered([pairs[one][0] for one in kept], 7, 1000)
    return x, asked[kept].astype("int32")


def _echoes() -> Pair:
    """Return twelve symbols of sixteen, and whether the last one stood there before."""
    rng = np.random.default_rng(0)
    drawn = np.argsort(rng.random((5000, 16)), axis=1)[:, :12]
    y = np.arange(len(drawn)) % 2
    rows = np.flatnonzero(y)
    drawn[rows, -1] = drawn[rows, rng.integers(0, 11, len(rows))]
    return drawn.astype("int32"), y.astype("int32")


def _smoothed() -> Pair:
    """Return noisy waves of 40 steps, and the same waves without the noise."""
    rng = np.random.default_rng(0)
    steps = np.arange(40)
    phase, pace = rng.uniform(0, 6.3, (2, 1500, 1)), rng.uniform(0.15, 0.5, (2, 1500, 1))
    y = np.sin(phase[0] + pace[0] * steps) + 0.7 * np.sign(np.sin(phase[1] + 0.6 * pace[1] * steps))
    x = y + rng.normal(0, 0.6, y.shape)
    return x[..., None].astype("float32"), y.astype("float32")


def _dews() -> Pair:
    """Return a day of four measures of the weather; warmth and dew point six hours after."""
    rows = csv_rows("beijing_pollution/pollution.csv")[1:]
    table = np.array([[row[one] for one in (6, 7, 8, 10)] for row in rows], "float32")
    windows = np.lib.stride_tricks.sliding_window_view(table, 24 + AHEAD, axis=0)[:: 24 + AHEAD]
    return windows[:, :, :24].swapaxes(1, 2).copy(), windows[:, :2, -1].copy()


READERS: dict[str, Callable[[], Pair]] = {
    name: functools.cache(read)
    for name, read in {
        "topics": _topics,
        "arm": _arm,
        "infants": _infants,
        "loudness": _loudness,
        "smoke": _smoke,
        "married": _married,
        "checkers": _checkers,
        "callers": _callers,
        "larger": _larger,
        "halves": _halves,
        "slants": _slants,
        "pressures": _pressures,
        "scenes": _scenes,
        "sports": _sports,
        "weeks": _weeks,
        "winds": _winds,
        "rooms": _rooms,
        "asked": _asked,
        "echoes": _echoes,
        "smoothed": _smoothed,
        "dews": _dews,
    }.items()
}
MADE_OR_PACKAGED = frozenset(
    ("topics", "arm", "checkers", "halves", "scenes", "echoes", "smoothed")
)
"""Sets that come with scikit-learn, or are drawn here."""
