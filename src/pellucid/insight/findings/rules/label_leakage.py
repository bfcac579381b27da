"""A column that is the answer."""

from collections.abc import Iterator

import numpy as np

from pellucid.insight.findings.case import Case
from pellucid.insight.findings.finding import Finding
from pellucid.insight.findings.views import classes, means, numbers, varying
from pellucid.insight.remedies import DropLeak
from pellucid.types import NumpyArray
from pellucid.wording import number_text

FEWEST_ROWS, FEWEST_COLUMNS = 30, 3
"""Below these, one column may well explain everything."""

TELLING_CLASS, TELLING_NUMBER = 0.8, 0.95
"""Score of the column that is too good, where 1 is the answer itself and 0 is chance."""

MOST_CLASSES = 20

COPIED = 0.9999
"""Score of a column that is the label in other words, whatever the others say."""

NEARLY, CLEARER = 0.97, 10.0
"""Score from which a column is nearly the label, if the next leaves so many times as much open."""

MARGIN = 0.5
"""The next best column has less than this share of its score."""


def label_leakage(case: Case) -> Iterator[Finding]:
    """Yield the finding of a single column that tells the label where no other comes near."""
    table = means(case)
    if table is None or len(table) < FEWEST_ROWS or table.shape[1] < FEWEST_COLUMNS:
        return
    if not np.isfinite(table).all():
        return
    scored = _scores(case, table)
    if scored is None or not np.isfinite(scored[0]).all():
        return
    scores, telling = scored
    best, second = np.argsort(scores)[::-1][:2]
    left, least = 1 - scores[best], 1 - scores[second]
    copied = scores[best] > COPIED or (scores[best] > NEARLY and left < least / CLEARER)
    if not copied and (scores[best] < telling or scores[second] > MARGIN * scores[best]):
        return
    yield Finding(
        "label-leakage",
        "warning",
        f"{_title(case.train.column(int(best)))} alone gives the answer away: it scores "
        f"{number_text(float(scores[best]))} of 1, the next best column "
        f"{number_text(float(scores[second]))}. If it is not known of a new row, the network "
        "will look perfect here and fail there.",
        {
            "column": float(best),
            "score": float(scores[best]),
            "next score": float(scores[second]),
        },
        (DropLeak((int(best),)),),
    )


def _title(text: str) -> str:
    return text[0].upper() + text[1:]


def _scores(case: Case, table: NumpyArray) -> tuple[NumpyArray, float] | None:
    """Return how well each column tells the label, 0 to 1, and the score that is too good."""
    label = classes(case)
    if label is not None:
        _, counts = np.unique(label, return_counts=True)
        few = len(counts) < 2 or len(counts) > MOST_CLASSES or counts.min() < 5
        return None if few else (_between(table, label), TELLING_CLASS)
    y = numbers(case)
    if y is None or y.shape[1] != 1 or y.std() == 0:
        return None
    aim = _ranks(y[:, 0])
    return np.array([_agreement(_ranks(one), aim) for one in table.T]), TELLING_NUMBER


def _between(table: NumpyArray, label: NumpyArray) -> NumpyArray:
    """Return the share of each column's variance that lies between the classes (eta squared).

    A threshold within a column that runs on through it, as a rule of nature has, leaves 0.6 to
    0.75; a column that holds the classes themselves comes near 1.
    """
    means = np.stack([table[label == one].mean(axis=0) for one in np.unique(label)])
    shares = np.unique(label, return_counts=True)[1] / len(label)
    between = shares @ (means - table.mean(axis=0)) ** 2
    return np.divide(between, table.var(axis=0), out=np.zeros(len(between)), where=varying(table))


def _agreement(column: NumpyArray, aim: NumpyArray) -> float:
    """Return the square of the rank correlation."""
    centred, wanted = column - column.mean(), aim - aim.mean()
    size = (centred @ centred) * (wanted @ wanted)
    return float((centred @ wanted) ** 2 / size) if size else 0.0


def _ranks(values: NumpyArray) -> NumpyArray:
    """Return the rank of each value, equal ones sharing the middle of theirs."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2)[place]
