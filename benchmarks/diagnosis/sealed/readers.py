"""The data of the sealed part: known sets asked something else, and generated ones."""

import csv
import functools
import re
import string
import unicodedata
from collections.abc import Callable

import numpy as np
from scipy.io import wavfile
from sklearn import datasets

from diagnosis.readers import READERS as KNOWN
from diagnosis.readers import Pair, csv_rows, folder, packaged, resampled
from diagnosis.unseen.readers import bands, numbered

READERS_OF, WORKS = 90, 60
"""How many people rate how many works."""

LOOPED = (0, 6, 8, 9)
"""Digits with a closed loop."""

LOPSIDED = (2, 3, 4, 5, 6, 7, 9)
"""Digits that look otherwise in a mirror."""

HEARD = ((6, 7), (1, 7, 9), (4, 5), (0, 3, 4))
"""The English digits with the sound of s, n, f and r."""

VOWELS = [1, 5, 9, 15, 21]
"""Numbers of a, e, i, o and u, a being 1."""


def _circuits() -> Pair:
    """Return resistance, frequency, inductance, capacity of circuits, and their impedance."""
    x, y = datasets.make_friedman2(1600, noise=30.0, random_state=0)
    return x.astype("float32"), y.astype("float32")


def _phases() -> Pair:
    """Return the same of other circuits, and the angle between current and voltage."""
    x, y = datasets.make_friedman3(2000, noise=0.05, random_state=0)
    return x.astype("float32"), y.astype("float32")


def _roll() -> Pair:
    """Return points of a sheet that is rolled up, and how far along the sheet they lie."""
    x, y = datasets.make_swiss_roll(1500, noise=0.4, random_state=0)
    return x.astype("float32"), y.astype("float32")


def _corners() -> Pair:
    """Return six numbers, and whether the product of the first three is positive."""
    x = np.random.default_rng(0).uniform(-1, 1, (5000, 6))
    return x.astype("float32"), (x[:, :3].prod(axis=1) > 0).astype("int32")


def _quantiles() -> Pair:
    """Return points in four directions, and in which of three shells about 0 they lie."""
    x, y = datasets.make_gaussian_quantiles(
        n_samples=1800, n_features=4, n_classes=3, random_state=0
    )
    return x.astype("float32"), y.astype("int32")


def _hints() -> Pair:
    """Return twenty columns of which ten tell something, and one of four classes."""
    x, y = datasets.make_classification(
        2400,
        n_features=20,
        n_informative=6,
        n_redundant=4,
        n_classes=4,
        n_clusters_per_class=1,
        class_sep=1.3,
        flip_y=0.0,
        random_state=2,
    )
    return x.astype("float32"), y.astype("int32")


def _traits() -> Pair:
    """Return digits, and whether they are even, above 4, with a loop, and prime."""
    x, y = KNOWN["digits"]()
    marks = (y % 2 == 0, y > 4, np.isin(y, LOOPED), np.isin(y, (2, 3, 5, 7)))
    return x, np.stack(marks, axis=1).astype("float32")


def _fives() -> Pair:
    """Return written digits, and whether they are a five."""
    x, y = KNOWN["mnist"]()
    return x, (y == 5).astype("int32")


def _loops() -> Pair:
    """Return written digits, and whether they have a closed loop."""
    x, y = KNOWN["mnist"]()
    return x, np.isin(y, LOOPED).astype("int32")


def _mirrors() -> Pair:
    """Return written digits of which every second is mirrored, and whether it is."""
    x, y = KNOWN["mnist"]()
    x = x[np.isin(y, LOPSIDED)]
    mirrored = (np.arange(len(x)) % 2).astype("int32")
    return np.where(mirrored[:, None, None, None] == 1, x[:, :, ::-1], x), mirrored


def _abalones() -> list[list[str]]:
    """Return abalones, but for two whose height was written down wrong."""
    return [row for row in csv_rows("abalone/abalone.csv") if float(row[3]) < 0.4]


def _sexes() -> Pair:
    """Return eight measures of abalones, and whether they are male, female or infants."""
    rows = _abalones()
    return np.array([row[1:] for row in rows], "float32"), np.array(
        ["MFI".index(row[0]) for row in rows], "int32"
    )


def _shells() -> Pair:
    """Return length, diameter, height and rings of abalones, and their weight."""
    rows = _abalones()
    x = np.array([[row[one] for one in (1, 2, 3, 8)] for row in rows], "float32")
    return x, np.array([row[4] for row in rows], "float32")


def _rings() -> Pair:
    """Return seven measures of abalones, and how many rings they have."""
    table = np.array([row[1:] for row in _abalones()], "float32")
    return table[:, :-1], table[:, -1]


def _petals() -> Pair:
    """Return sepals and the length of petals, and the width of petals."""
    x, _ = packaged(datasets.load_iris)
    return x[:, :3], x[:, 3]


def _glucose() -> Pair:
    """Return seven measures of people, 0 where one is missing, and the sugar in their blood."""
    x, _ = KNOWN["pima"]()
    known = x[x[:, 1] > 0]
    return np.delete(known, 1, axis=1), known[:, 1]


def _sentence_pairs() -> list[list[str]]:
    """Return English sentences, each once, with a French one."""
    lines = (folder() / "eng_fra" / "fra.txt").read_text(encoding="utf-8").split("\n")
    first: dict[str, str] = {}
    for line in lines:
        if "\t" in line:
            english, french = line.split("\t")[:2]
            first.setdefault(english, french)
    return [list(pair) for pair in first.items()]


def _tongues() -> Pair:
    """Return the share of each letter in a sentence, accents left out; whether it is French."""
    pairs = _sentence_pairs()[8000::5]
    y = (np.arange(len(pairs)) % 2).astype("int32")
    plain = [
        unicodedata.normalize("NFKD", pair[one].lower()) for pair, one in zip(pairs, y, strict=True)
    ]
    counts = [[text.count(letter) for letter in string.ascii_lowercase] for text in plain]
    table = np.array(counts, "float32")
    return table / table.sum(axis=1, keepdims=True), y


def _negations() -> Pair:
    """Return the words of English sentences, and whether the French ones say `ne ... pas`."""
    pairs = _sentence_pairs()[6000:]
    denied = np.array([bool(re.search(r"\bn(e |').* pas\b", french)) for _, french in pairs])
    rng = np.random.default_rng(0)
    plain = rng.permutation(np.flatnonzero(~denied))[: denied.sum()]
    kept = np.sort(np.concatenate([np.flatnonzero(denied), plain]))
    x = numbered([pairs[one][0] for one in kept], 8, 1200)
    return x, denied[kept].astype("int32")


def _centroids() -> Pair:
    """Return the means of 20 cepstral coefficients of music, and how bright it sounds, in Hz."""
    header, *rows = csv_rows("gtzan_features/features_30_sec.csv")
    names = [f"mfcc{number}_mean" for number in range(1, 21)] + ["spectral_centroid_mean"]
    columns = [header.index(name) for name in names]
    table = np.unique(np.array([[row[one] for one in columns] for row in rows], "float32"), axis=0)
    return table[:, :-1], table[:, -1]


def _ratings() -> Pair:
    """Return the numbers of a reader and a work, and how the work was rated."""
    rng = np.random.default_rng(0)
    readers, works = (rng.normal(0, 1, (count, 3)) for count in (READERS_OF, WORKS))
    one, other = (grid.ravel() for grid in np.mgrid[:READERS_OF, :WORKS])
    taste = (readers[one, :2] * works[other, :2]).sum(axis=1)
    y = 0.6 * readers[one, 2] + 0.8 * works[other, 2] + 0.6 * taste
    y = (y + rng.normal(0, 0.4, len(y))) / y.std()
    return np.stack([one, READERS_OF + other], axis=1).astype("int32"), y.astype("float32")


def _denoise() -> Pair:
    """Return digits with noise, and without."""
    y = KNOWN["digits"]()[0] / 16
    x = y + np.random.default_rng(0).normal(0, 0.3, y.shape)
    return x.astype("float32"), y


def _dots() -> Pair:
    """Return noisy images of 16 x 16 with a dot, and how far it is from the middle."""
    rng = np.random.default_rng(0)
    place = rng.uniform(3, 12, (1500, 2))
    rows, columns = np.mgrid[:16, :16]
    far = (rows - place[:, :1, None]) ** 2 + (columns - place[:, 1:, None]) ** 2
    x = np.exp(-far / 5) + rng.normal(0, 0.15, far.shape)
    return x[..., None].astype("float32"), ((place - 7.5) / 2.6).astype("float32")


def _chirps() -> Pair:
    """Return tones of 64 steps in noise, and whether they rise."""
    rng = np.random.default_rng(0)
    y = np.arange(1500) % 2
    steps = np.arange(64) / 64
    low, rise = rng.uniform(3, 6, (len(y), 1)), rng.uniform(5, 9, (len(y), 1))
    along = np.where(y[:, None] == 1, steps, 1 - steps)
    angle = 2 * np.pi * (low * along + rise * along**2 / 2) + rng.uniform(0, 6.3, (len(y), 1))
    x = np.sin(angle) + rng.normal(0, 0.4, angle.shape)
    return x[..., None].astype("float32"), y.astype("int32")


def _mackey() -> Pair:
    """Return 16 steps of a series of Mackey and Glass with a little noise, and the 6th after."""
    series = [1.2] * 18
    for _ in range(12_000):
        late = series[-18]
        series.append(0.9 * series[-1] + 0.2 * late / (1 + late**10))
    noisy = np.array(series[500:]) + np.random.default_rng(0).normal(0, 0.02, len(series) - 500)
    windows = np.lib.stride_tricks.sliding_window_view(noisy.astype("float32"), 22)[::7]
    return windows[:, :16, None].copy(), windows[:, -1].copy()


def _daytimes() -> Pair:
    """Return twelve hours of four measures of the weather, and in which quarter of a day they
    end.
    """
    rows = csv_rows("beijing_pollution/pollution.csv")[1:]
    table = np.array([[row[one] for one in (6, 7, 8, 10)] for row in rows], "float32")
    hours = np.array([row[4] for row in rows], "int32")
    windows = np.lib.stride_tricks.sliding_window_view(table, 12, axis=0)[::13]
    return windows.swapaxes(1, 2).copy(), (hours[11::13] // 6).astype("int32")


def _weathers() -> Pair:
    """Return a day of five measures, and whether haze, wind and frost come in twelve hours."""
    rows = csv_rows("beijing_pollution/pollution.csv")[1:]
    table = np.array([[row[one] for one in (5, 6, 7, 8, 10)] for row in rows])
    table = np.where(table == "NA", "nan", table).astype("float32")
    windows = np.lib.stride_tricks.sliding_window_view(table, 36, axis=0)[::36]
    windows = windows[~np.isnan(windows).any(axis=(1, 2))].swapaxes(1, 2)
    ahead = windows[:, 24:]
    marks = (
        ahead[..., 0].max(axis=1) > 150,
        ahead[..., 4].max(axis=1) > 25,
        ahead[..., 2].min(axis=1) < 0,
    )
    return windows[:, :24].copy(), np.stack(marks, axis=1).astype("float32")


def _majority() -> Pair:
    """Return 25 votes for or against, and whether most are for."""
    votes = np.random.default_rng(0).choice([-1.0, 1.0], (2200, 25))
    return votes[..., None].astype("float32"), (votes.sum(axis=1) > 0).astype("int32")


def _next_vowels() -> Pair:
    """Return ten letters of plays, 0 for anything between; whether a vowel follows."""
    text = (folder() / "tiny_shakespeare" / "input.txt").read_text()[300_000:420_000]
    plain = re.sub(r"[^a-z]+", " ", text.lower())
    letters = np.array([0 if one == " " else ord(one) - 96 for one in plain], "int32")
    windows = np.lib.stride_tricks.sliding_window_view(letters, 11)[::19]
    return windows[:, :10].copy(), np.isin(windows[:, 10], VOWELS).astype("int32")


def _sounds() -> Pair:
    """Return spoken digits, 24 steps of 20 bands, and which of four sounds are heard in them."""
    paths = sorted((folder() / "fsdd" / "recordings").glob("*.wav"))
    x = [resampled(bands(wavfile.read(path)[1]), 24) for path in paths]
    digits = np.array([int(path.name[0]) for path in paths])
    marks = [np.isin(digits, heard) for heard in HEARD]
    return np.array(x, "float32"), np.stack(marks, axis=1).astype("float32")


def _trades() -> Pair:
    """Return the first ten words of headlines, and whether they are on science or business."""
    with (folder() / "ag_news" / "test.csv").open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.reader(file) if row[0] in ("3", "4")]
    x = numbered([title for _, title, _ in rows], 10, 1500)
    return x, np.array([row[0] == "4" for row in rows], "int32")


READERS: dict[str, Callable[[], Pair]] = {
    name: functools.cache(read)
    for name, read in {
        "circuits": _circuits,
        "phases": _phases,
        "roll": _roll,
        "corners": _corners,
        "quantiles": _quantiles,
        "hints": _hints,
        "traits": _traits,
        "fives": _fives,
        "loops": _loops,
        "mirrors": _mirrors,
        "sexes": _sexes,
        "shells": _shells,
        "rings": _rings,
        "petals": _petals,
        "glucose": _glucose,
        "tongues": _tongues,
        "negations": _negations,
        "centroids": _centroids,
        "ratings": _ratings,
        "denoise": _denoise,
        "dots": _dots,
        "chirps": _chirps,
        "mackey": _mackey,
        "daytimes": _daytimes,
        "weathers": _weathers,
        "majority": _majority,
        "next-vowels": _next_vowels,
        "sounds": _sounds,
        "trades": _trades,
    }.items()
}
MADE_OR_PACKAGED = frozenset(
    (
        *("circuits", "phases", "roll", "corners", "quantiles", "hints", "traits", "petals"),
        *("ratings", "denoise", "dots", "chirps", "mackey", "majority"),
    )
)
"""Sets that come with scikit-learn, or are drawn here."""
