"""The data of the blind part: mostly known sets, asked what no other part asks."""

import functools
import re
import tarfile
from collections import Counter
from collections.abc import Callable

import numpy as np
from PIL import Image
from scipy.io import wavfile
from sklearn import datasets

from diagnosis.readers import READERS as KNOWN
from diagnosis.readers import Pair, csv_rows, folder
from diagnosis.unseen.readers import bands, numbered

RANKS = slice(100, 1600)
"""Which of the words, ordered by how many reviews of films hold them, are told of."""

WORDED = (1, 3, 5, 6, 7, 8, 9, 13)
"""Columns of the census in words, from the kind of work to the country of birth."""

AHEAD = 6
"""Hours from the last that is known to the one that is foretold."""


def _films() -> Pair:
    """Return which of 1,500 common words stand in long reviews, and whether they praise."""
    found: list[tuple[str, int]] = []
    path = folder() / "movie_reviews_polarity" / "review_polarity.tar.gz"
    with tarfile.open(path) as archive:
        for one in sorted(archive.getmembers(), key=lambda one: one.name):
            file = archive.extractfile(one)
            if file and one.name.endswith(".txt") and "/cv" in one.name:
                found.append((file.read().decode("latin-1"), int("/pos/" in one.name)))
    words = [set(re.findall(r"[a-z']+", text)) for text, _ in found]
    counts = Counter(word for one in words for word in sorted(one))
    known = [word for word, _ in counts.most_common()[RANKS]]
    x = np.array([[word in one for word in known] for one in words], "float32")
    return x, np.array([praise for _, praise in found], "int32")


def _wines() -> tuple[np.ndarray, np.ndarray]:
    """Return red and white wines, each once, and which are red."""
    tables = [
        np.unique(np.array(csv_rows(f"wine_quality/winequality-{one}.csv"), "float32"), axis=0)
        for one in ("red", "white")
    ]
    return np.concatenate(tables), np.repeat([1, 0], [len(one) for one in tables]).astype("int32")


def _colours() -> Pair:
    """Return measures of 600 red and 3,400 white wines, and which are red."""
    table, red = _wines()
    rng = np.random.default_rng(0)
    kept = [
        rng.permutation(np.flatnonzero(red == one))[:count] for one, count in ((1, 600), (0, 3400))
    ]
    rows = np.concatenate(kept)
    return table[rows, :-1], red[rows]


def _alcohol() -> Pair:
    """Return ten measures of wines, and their alcohol in per cent."""
    table, _ = _wines()
    return table[:, :10], table[:, 10]


def _parity() -> Pair:
    """Return digits of 8 x 8 in a row, and whether they are odd."""
    x, y = KNOWN["digits"]()
    return x, y % 2


def _census_ages() -> Pair:
    """Return eight words on a person as numbers of one list, and the person's age."""
    rows = [[cell.strip() for cell in row] for row in csv_rows("adult/adult-train.csv")[:6000]]
    words = sorted({(column, row[column]) for row in rows for column in WORDED})
    numbers = {word: number for number, word in enumerate(words)}
    x = [[numbers[column, row[column]] for column in WORDED] for row in rows]
    return np.array(x, "int32"), np.array([row[0] for row in rows], "float32")


def _spoken_thirds() -> Pair:
    """Return the mean energy in 20 bands of each third of a spoken digit, and the digit."""
    paths = sorted((folder() / "fsdd" / "recordings").glob("*.wav"))
    x = [
        np.concatenate([part.mean(axis=0) for part in np.array_split(sound, 3)])
        for sound in (bands(wavfile.read(path)[1]) for path in paths)
    ]
    return np.array(x, "float32"), np.array([int(path.name[0]) for path in paths], "int32")


def _songs() -> Pair:
    """Return mean and logarithm of the variance of 20 cepstral coefficients, and the genre."""
    header, *rows = csv_rows("gtzan_features/features_30_sec.csv")
    columns = [
        [header.index(f"mfcc{number}_{kind}") for kind in ("mean", "var")]
        for number in range(1, 21)
    ]
    table = np.array([[[row[one] for one in pair] for pair in columns] for row in rows], "float64")
    table[..., 1] = np.log(table[..., 1])
    names = sorted({row[-1] for row in rows})
    _, kept = np.unique(table, axis=0, return_index=True)
    y = np.array([names.index(row[-1]) for row in rows], "int32")
    return table[np.sort(kept)].astype("float32"), y[np.sort(kept)]


def _turned() -> Pair:
    """Return written digits turned by none to three quarters, and by how many."""
    x, _ = KNOWN["mnist"]()
    y = (np.arange(len(x)) % 4).astype("int32")
    return np.stack([np.rot90(image, turns) for image, turns in zip(x, y, strict=True)]), y


def _hands() -> Pair:
    """Return grey photographs of hands in 20 x 20 pixels, and the digit that they show."""
    paths = sorted((folder() / "sign_digits").glob("[0-9]/*.JPG"))
    images = [Image.open(path).convert("L").resize((20, 20)) for path in paths]
    y = np.array([int(path.parent.name) for path in paths], "int32")
    return np.array([np.asarray(one) for one in images], "float32")[..., None], y


def _pixels() -> Pair:
    """Return grey patches of two photographs, and the pixel to the right of each's middle."""
    x, y = [], []
    for image in datasets.load_sample_images().images:
        grey = image.mean(axis=-1)
        for top in range(0, grey.shape[0] - 9, 18):
            for left in range(0, grey.shape[1] - 9, 18):
                patch = grey[top : top + 9, left : left + 9]
                x.append(patch[:, :8])
                y.append(patch[4, 8])
    return np.array(x, "float32")[..., None], np.array(y, "float32")


def _seasons() -> Pair:
    """Return the lowest temperatures of thirty days, and in which season the last one lies."""
    rows = csv_rows("daily_min_temperatures/daily-min-temperatures.csv")[1:]
    series = np.array([row[1] for row in rows], "float32")
    season = np.array([int(row[0][5:7]) % 12 // 3 for row in rows], "int32")
    windows = np.lib.stride_tricks.sliding_window_view(series, 30)[::3]
    return windows[..., None].copy(), season[29::3].copy()


def _haze() -> Pair:
    """Return five measures over 24 hours, and whether dust is above 100 six hours later."""
    rows = csv_rows("beijing_pollution/pollution.csv")[1:]
    table = np.array([[row[one] for one in (5, 6, 7, 8, 10)] for row in rows])
    table = np.where(table == "NA", "nan", table).astype("float32")
    windows = np.lib.stride_tricks.sliding_window_view(table, 24 + AHEAD, axis=0)[:: 24 + AHEAD]
    windows = windows[~np.isnan(windows).any(axis=(1, 2))].swapaxes(1, 2)
    return windows[:, :24].copy(), (windows[:, -1, 0] > 100).astype("int32")


def _walks() -> Pair:
    """Return every second reading of four radio signals, zeros behind; whether a room was left."""
    place = folder() / "indoor_movement" / "dataset"
    labels = np.loadtxt(place / "MovementAAL_target.csv", delimiter=",", dtype="int32")
    x = np.zeros((len(labels), 65, 4), "float32")
    for row, number in enumerate(labels[:, 0]):
        path = place / f"MovementAAL_RSS_{number}.csv"
        walk = np.loadtxt(path, delimiter=",", dtype="float32")[::2]
        x[row, : len(walk)] = walk
    return x, (labels[:, 1] > 0).astype("int32")


def _french_lengths() -> Pair:
    """Return English sentences as numbers of words, and how many letters the French one has."""
    lines = (folder() / "eng_fra" / "fra.txt").read_text(encoding="utf-8").split("\n")
    first: dict[str, str] = {}
    for line in lines:
        if "\t" in line:
            english, french = line.split("\t")[:2]
            first.setdefault(english, french)
    x = numbered(list(first), 7, 1500)
    _, kept = np.unique(x, axis=0, return_index=True)
    return x[kept], np.array([len(one) for one in first.values()], "float32")[kept]


def _shops() -> Pair:
    """Return the first 16 words of sentences, and whether they are on goods or on films."""
    lines, y = [], []
    for goods, name in enumerate(("imdb_labelled.txt", "amazon_cells_labelled.txt")):
        text = (folder() / "labelled_sentences" / name).read_text(encoding="utf-8")
        own = [line.rsplit("\t", 1)[0] for line in text.split("\n") if "\t" in line]
        lines += own
        y += [goods] * len(own)
    return numbered(lines, 16, 1200), np.array(y, "int32")


READERS: dict[str, Callable[[], Pair]] = {
    name: functools.cache(read)
    for name, read in {
        "films": _films,
        "colours": _colours,
        "alcohol": _alcohol,
        "parity": _parity,
        "census-ages": _census_ages,
        "spoken-thirds": _spoken_thirds,
        "songs": _songs,
        "turned": _turned,
        "hands": _hands,
        "pixels": _pixels,
        "seasons": _seasons,
        "haze": _haze,
        "walks": _walks,
        "french-lengths": _french_lengths,
        "shops": _shops,
    }.items()
}
MADE_OR_PACKAGED = frozenset(("parity", "pixels"))
"""Sets that come with scikit-learn."""
