"""A column, or one step of a sequence, that is the answer."""

from collections.abc import Iterator
from itertools import chain, islice

import numpy as np

from pellucid.insight.findings.case import Case
from pellucid.insight.findings.finding import Finding
from pellucid.insight.findings.views import classes, flattened, is_number, means, numbers, varying
from pellucid.insight.remedies import DropLeak, EndEarlier, Remedy
from pellucid.types import NumpyArray
from pellucid.wording import number_text

FEWEST_ROWS, FEWEST_COLUMNS = 30, 3
"""Below these, one column may well explain everything."""

TELLING_CLASS, TELLING_NUMBER = 0.8, 0.95
"""Score of the column that is too good, where 1 is the answer itself and 0 is chance."""

MOST_CLASSES, FEWEST_OF_CLASS = 20, 5
"""Classes, and rows of each, from which scores by class tell something."""

TELLS = 0.7
"""Share of the way from chance to every class right that a column's thresholds must reach.

A count that only some classes determine, as of one of two symbols, reaches two thirds.
"""

MANY = 20
"""Columns that all go with the classes, among which none stands out."""

COPIED = 0.9999
"""Score of a column that is the label in other words, whatever the others say."""

NEARLY, CLEARER = 0.97, 10.0
"""Score from which a column is nearly the label, if the next leaves so many times as much open."""

MARGIN = 0.5
"""The next best column has less than this share of its score."""

SAME = 1 - 1e-6
"""Correlation of columns that are copies of each other."""

MOST_SEQUENCES, MOST_VALUES = 1000, 10_000_000
"""Sequences or images of which each step or place is compared with the labels, and values."""

STAMPED, SMALL = 0.95, 0.1
"""Correlation of places that hold the same, and share of an image that a stamp may cover."""

RELATED = 0.2
"""Score of another step from which a column is a series that the answer may belong to."""


def label_leakage(case: Case) -> Iterator[Finding]:
    """Yield the finding of a single column that tells the label where no other comes near.

    Of sequences the means over steps are looked at, and then each step by itself: a window that
    ends too late holds the answer in one step alone. Of images each place is looked at.
    """
    yield from islice(chain(_of_columns(case), _of_steps(case), _of_places(case)), 1)


def _of_columns(case: Case) -> Iterator[Finding]:
    table = means(case)
    scored = None if table is None else _scored(case, table, np.arange(len(table)))
    if table is None or scored is None:
        return
    scores, telling = scored
    best = int(np.argmax(scores))
    second = float(np.delete(scores, best).max())
    if not (_stands_out(scores[best], second, telling) or scores[best] > COPIED):
        return
    title, found = _title(case.train.column(best)), float(scores[best])
    same = tuple(map(int, np.flatnonzero(_copies(table, best))))
    yield _finding(title, best, "column", found, second, DropLeak(same))


def _of_steps(case: Case) -> Iterator[Finding]:
    table = flattened(case) if case.train.inputs[0].ndim == 3 else None
    rows = np.arange(min(MOST_SEQUENCES, len(case.sample)))
    scored = None if table is None else _scored(case, table[rows], rows)
    if table is None or scored is None:
        return
    steps, width = case.train.inputs[0].shape[1:]
    scores, telling = scored
    best = int(np.argmax(scores))
    others = ~_copies(table[rows], best)
    second = float(scores[others].max(initial=0.0))
    if not _stands_out(scores[best], second, telling):
        return
    step, column = divmod(best, width)
    series = others.reshape(steps, width)[:, column]
    related = scores.reshape(steps, width)[series, column].max(initial=0.0)
    # What is shown first and asked for at the end is a task of memory, and no leak.
    if step < steps - 1 and related < RELATED:
        return
    title = f"{_title(case.train.column(column))} at step {step + 1} of {steps}"
    ahead = _is_ahead(table[rows].reshape(-1, steps, width), column)
    remedy = DropLeak((column,)) if ahead else EndEarlier(steps - step)
    yield _finding(title, column, "step", float(scores[best]), second, remedy)


def _is_ahead(sequences: NumpyArray, column: int) -> bool:
    """Say whether a column holds earlier what another one holds at the last step.

    Such a column looks ahead at every step, and adds nothing that may be known.
    """
    _, steps, width = sequences.shape
    table = sequences.reshape(len(sequences), -1)
    ends = [(steps - 1) * width + other for other in range(width) if other != column]
    return any(_copies(table, end).reshape(steps, width)[:-1, column].any() for end in ends)


def _of_places(case: Case) -> Iterator[Finding]:
    """Yield the finding of a place of all images that tells the answer, as a stamp does.

    What holds the same there, and covers little of the image, counts as one place.
    """
    array = case.train.inputs[0]
    if array.ndim != 4 or not is_number(array):
        return
    rows = np.arange(min(MOST_SEQUENCES, MOST_VALUES // array[0].size, len(case.sample)))
    table = np.asarray(array[case.sample[rows]].reshape(len(rows), -1), np.float64)
    label, y = classes(case), numbers(case)
    if not np.isfinite(table).all() or len(rows) < FEWEST_ROWS:
        return
    if label is not None:
        label = label[rows]
        counts = np.unique(label, return_counts=True)[1]
        if len(counts) < 2 or counts.min() < FEWEST_OF_CLASS:
            return
        scores, telling = _between(table, label), TELLING_CLASS
    elif y is not None and y.shape[1] == 1 and y[rows].std() > 0:
        scores, telling = _correlated(table, y[rows, 0]), TELLING_NUMBER
    else:
        return
    best = int(np.argmax(scores))
    stamp = _copies(table, best, STAMPED)
    second = float(scores[~stamp].max(initial=0.0))
    if stamp.mean() > SMALL or not _stands_out(scores[best], second, telling):
        return
    if label is not None and _told(table[:, best], label) < TELLS:
        return
    down, across, channel = map(int, np.unravel_index(best, array.shape[1:]))
    title = f"Place ({down}, {across}) of the images"
    yield _finding(title, channel, "place", float(scores[best]), second)


def _finding(
    title: str, column: int, kind: str, score: float, second: float, *remedies: Remedy
) -> Finding:
    return Finding(
        "label-leakage",
        "warning",
        f"{title} alone gives the answer away: it scores {number_text(score)} of 1, the next "
        f"best {kind} {number_text(second)}. If it is not known of a new row, the network will "
        "look perfect here and fail there.",
        {"column": float(column), "score": score, "next score": second},
        remedies,
    )


def _title(text: str) -> str:
    return text[0].upper() + text[1:]


def _stands_out(score: float, second: float, telling: float) -> bool:
    """Say whether a score is too good, and the next far behind."""
    nearly = score > NEARLY and 1 - score < (1 - second) / CLEARER
    return bool(nearly or (score >= telling and second <= MARGIN * score))


def _copies(table: NumpyArray, column: int, same: float = SAME) -> NumpyArray:
    """Return which columns are copies of one, in whatever unit; it is one itself."""
    centred = table - table.mean(axis=0)
    sizes = np.sqrt(np.square(centred).sum(axis=0))
    scale = np.maximum(sizes * sizes[column], 1e-300)
    return np.asarray(np.abs(centred.T @ centred[:, column]) > same * scale)


def _scored(case: Case, table: NumpyArray, rows: NumpyArray) -> tuple[NumpyArray, float] | None:
    """Return how well each column tells the label, 0 to 1, and the score that is too good."""
    if len(table) < FEWEST_ROWS or table.shape[1] < FEWEST_COLUMNS:
        return None
    if not np.isfinite(table).all():
        return None
    label = classes(case)
    if label is not None:
        return _class_scores(table, label[rows])
    y = numbers(case)
    if y is None or y.shape[1] != 1 or y[rows].std() == 0:
        return None
    aim = _ranks(y[rows, 0])
    return np.array([_agreement(_ranks(one), aim) for one in table.T]), TELLING_NUMBER


def _class_scores(table: NumpyArray, label: NumpyArray) -> tuple[NumpyArray, float] | None:
    counts = np.unique(label, return_counts=True)[1]
    if len(counts) < 2 or len(counts) > MOST_CLASSES or counts.min() < FEWEST_OF_CLASS:
        return None
    scores = _between(table, label)
    likely = np.flatnonzero(scores >= TELLING_CLASS)
    if len(likely) > MANY:
        return None
    for column in likely:
        told = _told(table[:, column], label)
        scores[column] = scores[column] if told >= TELLS else min(told, scores[column])
    return scores, TELLING_CLASS


def _between(table: NumpyArray, label: NumpyArray) -> NumpyArray:
    """Return the share of each column's variance that lies between the classes (eta squared).

    A threshold within a column that runs on through it, as a rule of nature has, leaves 0.6 to
    0.75; a column that holds the classes themselves comes near 1.
    """
    means = np.stack([table[label == one].mean(axis=0) for one in np.unique(label)])
    shares = np.unique(label, return_counts=True)[1] / len(label)
    between = shares @ (means - table.mean(axis=0)) ** 2
    return np.divide(between, table.var(axis=0), out=np.zeros(len(between)), where=varying(table))


def _told(column: NumpyArray, label: NumpyArray) -> float:
    """Return how far thresholds on a column tell the class: 0 at chance, 1 where all are right.

    A class may decide a column without the column's deciding the class: of six marks, one a
    symbol, each is set in a single class, and tells that class alone from the five others.
    """
    from sklearn.model_selection import cross_val_score
    from sklearn.tree import DecisionTreeClassifier

    counts = np.unique(label, return_counts=True)[1]
    tree = DecisionTreeClassifier(max_leaf_nodes=4 * len(counts), random_state=0)
    right = float(cross_val_score(tree, column[:, None], label, cv=3).mean())
    chance = float(counts.max() / len(label))
    return (right - chance) / (1 - chance)


def _agreement(column: NumpyArray, aim: NumpyArray) -> float:
    """Return the square of the rank correlation."""
    centred, wanted = column - column.mean(), aim - aim.mean()
    size = (centred @ centred) * (wanted @ wanted)
    return float((centred @ wanted) ** 2 / size) if size else 0.0


def _correlated(table: NumpyArray, aim: NumpyArray) -> NumpyArray:
    """Return the square of each column's correlation with numbers."""
    centred, wanted = table - table.mean(axis=0), aim - aim.mean()
    sizes = np.square(centred).sum(axis=0) * (wanted @ wanted)
    return np.divide((wanted @ centred) ** 2, sizes, out=np.zeros(len(sizes)), where=sizes > 0)


def _ranks(values: NumpyArray) -> NumpyArray:
    """Return the rank of each value, equal ones sharing the middle of theirs."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2)[place]
