"""The data of the unseen part: none of the other parts' sets, but for one task."""

import csv
import functools
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from PIL import Image
from scipy.io import wavfile
from sklearn import datasets

from diagnosis.readers import Pair, csv_rows, folder, resampled

KINDS = (5, 6, 7, 9)
"""Columns of the census in words: marital status, occupation, relationship and sex."""

NUMBERS = (0, 2, 4, 10, 11, 12)
"""Columns of the census in numbers: age, weight, schooling, gain, loss and hours."""


def _adult() -> Pair:
    """Return a census, numbers first, then a column for each word; whether over 50,000 a year."""
    rows = [[cell.strip() for cell in row] for row in csv_rows("adult/adult-train.csv")[:6000]]
    numbers = np.array([[row[one] for one in NUMBERS] for row in rows], "float32")
    marks = []
    for column in KINDS:
        words = sorted({row[column] for row in rows})
        marks.append([[row[column] == word for word in words] for row in rows])
    y = np.array([row[-1] == ">50K" for row in rows], "int32")
    return np.hstack([numbers, *(np.array(one, "float32") for one in marks)]), y


def _genres() -> Pair:
    """Return 57 measures of pieces of music, and which of ten genres they are."""
    rows = csv_rows("gtzan_features/features_30_sec.csv")[1:]
    table = np.array([row[2:-1] for row in rows], "float64")
    names = sorted({row[-1] for row in rows})
    _, kept = np.unique(table, axis=0, return_index=True)
    kept = np.sort(kept)
    y = np.array([names.index(row[-1]) for row in rows], "int32")
    return table[kept].astype("float32"), y[kept]


def _red_wine() -> Pair:
    """Return red wines, each once, and their marks."""
    table = np.unique(np.array(csv_rows("wine_quality/winequality-red.csv"), "float32"), axis=0)
    return table[:, :-1], table[:, -1]


def _friedman() -> Pair:
    x, y = datasets.make_friedman1(1600, n_features=10, noise=1.0, random_state=0)
    return x.astype("float32"), y.astype("float32")


def _circles() -> Pair:
    x, y = datasets.make_circles(1000, noise=0.1, factor=0.5, random_state=0)
    return x.astype("float32"), y.astype("int32")


def _xor() -> Pair:
    """Return points of a square, and whether both coordinates have the same sign."""
    x = np.random.default_rng(0).uniform(-1, 1, (1000, 2))
    return x.astype("float32"), (x[:, 0] * x[:, 1] > 0).astype("int32")


def _sinc() -> Pair:
    """Return places from -10 to 10, and sin(x) / x there with noise."""
    rng = np.random.default_rng(0)
    x = rng.uniform(-10, 10, (900, 1))
    y = np.sinc(x[:, 0] / np.pi) + rng.normal(0, 0.15, len(x))
    return x.astype("float32"), y.astype("float32")


def _digit_copies() -> Pair:
    """Return digits of 8 x 8, to be given back."""
    x = (datasets.load_digits().data / 16).astype("float32")
    return x, x


def _airline() -> Pair:
    """Return twelve months of passengers and the next, as logarithms beside the year's mean."""
    rows = csv_rows("airline_passengers/airline-passengers.csv")[1:]
    months = np.log(np.array([row[1] for row in rows if len(row) > 1], "float32"))
    windows = np.lib.stride_tricks.sliding_window_view(months, 13)
    level = windows[:, :12].mean(axis=1)
    return windows[:, :12] - level[:, None], windows[:, 12] - level


def _signs() -> Pair:
    """Return photographs of hands in 20 x 20 pixels, and the digit that they show."""
    paths = sorted((folder() / "sign_digits").glob("[0-9]/*.JPG"))
    images = [Image.open(path).convert("RGB").resize((20, 20)) for path in paths]
    y = np.array([int(path.parent.name) for path in paths], "int32")
    return np.array([np.asarray(one) for one in images], "float32"), y


def bands(samples: np.ndarray) -> np.ndarray:
    """Return the logarithm of the energy in 20 bands for each 16 milliseconds."""
    padded = np.pad(samples.astype("float32"), (0, max(0, 256 - len(samples))))
    frames = np.lib.stride_tricks.sliding_window_view(padded, 256)[::128] * np.hanning(256)
    power = np.square(np.abs(np.fft.rfft(frames)))
    pitch = 2595 * np.log10(1 + np.fft.rfftfreq(256, 1 / 8000) / 700)
    centres = np.linspace(0, pitch[-1], 22)[1:-1]
    weights = np.clip(1 - np.abs(pitch[:, None] - centres) / (centres[1] - centres[0]), 0, None)
    return np.log(power @ weights + 1)


def _spoken() -> Pair:
    """Return spoken digits, 24 steps of 20 bands, and which digit it is."""
    paths = sorted((folder() / "fsdd" / "recordings").glob("*.wav"))
    x = [resampled(bands(wavfile.read(path)[1]), 24) for path in paths]
    y = [int(path.name[0]) for path in paths]
    return np.array(x, "float32"), np.array(y, "int32")


def _spoken_images() -> Pair:
    x, y = _spoken()
    return x[..., None], y


def _shapes() -> Pair:
    """Return noisy images of 16 x 16 with a square, a disc or a cross, and which it is."""
    rng = np.random.default_rng(0)
    y = np.arange(1500) % 3
    radius = rng.uniform(3, 5, (len(y), 1, 1))
    centre = rng.uniform(5.5, 9.5, (2, len(y), 1, 1))
    rows, columns = np.mgrid[:16, :16]
    down, across = np.abs(rows - centre[0]), np.abs(columns - centre[1])
    square = np.maximum(down, across) < radius * 0.85
    disc = np.hypot(down, across) < radius
    cross = (np.minimum(down, across) < 1) & (np.maximum(down, across) < radius)
    drawn = np.choose(y[:, None, None], [square, disc, cross])
    x = 0.8 * drawn + rng.uniform(0, 0.2, drawn.shape)
    return x[..., None].astype("float32"), y.astype("int32")


def _movement() -> Pair:
    """Return the strength of four radio signals over 32 steps; whether the bearer left a room."""
    place = folder() / "indoor_movement" / "dataset"
    labels = np.loadtxt(place / "MovementAAL_target.csv", delimiter=",", dtype="int32")
    sequences = [
        np.loadtxt(place / f"MovementAAL_RSS_{number}.csv", delimiter=",", dtype="float32")
        for number in labels[:, 0]
    ]
    x = np.array([resampled(one, 32) for one in sequences], "float32")
    return x, (labels[:, 1] > 0).astype("int32")


def _order() -> Pair:
    """Return 24 symbols of six, among them two of X and Y, and which two in which order."""
    rng = np.random.default_rng(0)
    symbols = rng.integers(2, 6, (2400, 24))
    pair = rng.integers(0, 2, (len(symbols), 2))
    rows = np.arange(len(symbols))
    symbols[rows, rng.integers(2, 8, len(rows))] = pair[:, 0]
    symbols[rows, rng.integers(12, 18, len(rows))] = pair[:, 1]
    return np.eye(6, dtype="float32")[symbols], (2 * pair[:, 0] + pair[:, 1]).astype("int32")


def _volume() -> Pair:
    """Return ten days of traded shares and moves of the price, and the next day's shares.

    Shares are given as logarithms.
    """
    rows = csv_rows("stocks/IBM.csv")[1:]
    shares = np.log(np.array([row[6] for row in rows], "float64"))
    moves = np.abs(np.diff(np.log(np.array([row[7] for row in rows], "float64"))))
    table = np.stack([shares[1:], 100 * moves], axis=1).astype("float32")
    windows = np.lib.stride_tricks.sliding_window_view(table, 11, axis=0)
    return windows[:, :, :10].swapaxes(1, 2).copy(), windows[:, 0, 10].copy()


def _power() -> Pair:
    """Return two weeks of a household's use of power, seven measures a day, and the next day's."""
    rows = csv_rows("household_power/household_power_consumption_days.csv")[2:-1]
    table = np.array([[row[1], row[2], *row[4:]] for row in rows], "float32")
    windows = np.lib.stride_tricks.sliding_window_view(table, 15, axis=0)
    return windows[:, :, :14].swapaxes(1, 2).copy(), windows[:, 0, 14].copy()


def numbered(lines: Sequence[str], length: int, known: int) -> np.ndarray:
    """Return the first words of lines as ranks by frequency: 0 for none, 1 for an unknown one."""
    words = [re.findall(r"[a-z']+", line.lower()) for line in lines]
    counts = Counter(word for line in words for word in line)
    ranks = {word: rank for rank, (word, _) in enumerate(counts.most_common(known), start=2)}
    x = np.zeros((len(words), length), "int32")
    for row, line in enumerate(words):
        numbers = [ranks.get(word, 1) for word in line[:length]]
        x[row, : len(numbers)] = numbers
    return x


def _news(known: int) -> Pair:
    """Return the first 24 words of news, and which of four topics they are of."""
    with (folder() / "ag_news" / "test.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    x = numbered([f"{title} {text}" for _, title, text in rows], 24, known)
    return x, np.array([row[0] for row in rows], "int32") - 1


def _reviews() -> Pair:
    """Return the first 24 words of sentences about films, and whether they praise."""
    place = folder() / "rt_polarity"
    bad, good = (
        (place / f"rt-polarity.{end}").read_text(encoding="utf-8").strip().split("\n")
        for end in ("neg", "pos")
    )
    return numbered(bad + good, 24, 2000), np.repeat([0, 1], [len(bad), len(good)]).astype("int32")


def _letters(text: str) -> list[int]:
    """Return the letters of a text from 2 on, 1 for anything between, accents left out."""
    plain = unicodedata.normalize("NFKD", text.lower())
    spaced = re.sub(r"[^a-z]+", " ", re.sub(r"[\u0300-\u036f]", "", plain)).strip()
    return [1 if letter == " " else ord(letter) - 95 for letter in spaced]


def _language() -> Pair:
    """Return sentences, at most 20 letters of each, and whether they are French."""
    lines = (folder() / "eng_fra" / "fra.txt").read_text(encoding="utf-8").split("\n")
    pairs = [line.split("\t") for line in lines[20_000:36_000:4] if "\t" in line]
    x = np.zeros((len(pairs), 20), "int32")
    y = (np.arange(len(pairs)) % 2).astype("int32")
    for row, pair in enumerate(pairs):
        letters = _letters(pair[y[row]])[:20]
        x[row, : len(letters)] = letters
    return x, y


def _shakespeare() -> Pair:
    """Return twelve letters of plays, spaces among them, and the next."""
    text = (folder() / "tiny_shakespeare" / "input.txt").read_text()[:200_000]
    letters = np.array(_letters(text), "int32") - 1
    windows = np.lib.stride_tricks.sliding_window_view(letters, 13)[::23]
    return windows[:, :12].copy(), windows[:, 12].copy()


READERS: dict[str, Callable[[], Pair]] = {
    name: functools.cache(read)
    for name, read in {
        "adult": _adult,
        "genres": _genres,
        "red-wine": _red_wine,
        "friedman": _friedman,
        "circles": _circles,
        "xor": _xor,
        "sinc": _sinc,
        "digit-copies": _digit_copies,
        "airline": _airline,
        "signs": _signs,
        "spoken": _spoken,
        "spoken-images": _spoken_images,
        "shapes": _shapes,
        "movement": _movement,
        "order": _order,
        "volume": _volume,
        "power": _power,
        "news": lambda: _news(2000),
        "news-few-words": lambda: _news(150),
        "reviews": _reviews,
        "language": _language,
        "shakespeare": _shakespeare,
    }.items()
}
MADE_OR_PACKAGED = frozenset(
    ("friedman", "circles", "xor", "sinc", "digit-copies", "shapes", "order")
)
"""Sets that come with scikit-learn, or are drawn here."""
