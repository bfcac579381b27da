"""Rows that occur more than once: within the training rows, and on both sides of the split.

Rows that were copied with a little noise before the split are found by their distances: with as
many neighbours as 10 and 20 rows further on lie where they do, the nearest is to be expected at
some distance, and a copy is far nearer (Levina and Bickel, "Maximum Likelihood Estimation of
Intrinsic Dimension", 2004).
"""

from collections.abc import Iterator
from itertools import chain, islice

import numpy as np

from pellucid.insight.findings.case import MOST_ROWS, Case, Data
from pellucid.insight.findings.finding import Finding
from pellucid.insight.findings.views import is_coded, is_number, share_text
from pellucid.insight.remedies import DropOverlap
from pellucid.types import NumpyArray
from pellucid.wording import count_text

FEWEST = 20
"""Rows below which equal ones are taken for a toy example."""

SEEN, MOSTLY_SEEN = 0.05, 0.5
"""Share of validation rows among the training rows that is too much, and that spoils the score."""

MATERIAL, BY_CHANCE = 0.2, 0.1
"""The same where training rows repeat too; equal rows to be expected that are no chance."""

NEAR, TWINS = 0.25, 0.2
"""Share of the distance to be expected within which a row is a copy; share of such rows."""

HALFWAY, FURTHEST = 10, 20
"""Neighbours whose distances tell in how many directions rows differ."""

DIRECTIONS = 4.0
"""Directions below which rows lie close to each other by chance."""

FEWEST_TO_COMPARE, PLANES, MOST_VALUES = 100, 64, 20_000_000
"""Rows from which distances tell; numbers a row is brought down to; values looked at."""

REPEATED = 0.1
"""Share of training rows that repeat an earlier one from which it is worth a note."""


def train_val_overlap(case: Case) -> Iterator[Finding]:
    """Yield the finding of validation rows that are trained on, as they are or nearly so.

    Data with few distinct rows, such as answers to three questions, repeat by themselves and
    are not blamed. Where training rows repeat among themselves, only those rows count that no
    chance would make equal.
    """
    yield from islice(chain(_equal(case), _nearly_equal(case)), 1)


def _equal(case: Case) -> Iterator[Finding]:
    if case.validation is None or min(case.train.rows, case.validation.rows) < FEWEST:
        return
    train, judged = _marks(case.train), _marks(case.validation)
    if train is None or judged is None:
        return
    known = set(train)
    held = np.array([one in known for one in judged])
    seen, share = int(held.sum()), float(held.mean())
    repeated = 1 - len(known) / len(train)
    if share <= SEEN or (share <= 3 * repeated and _told_apart(case, held) <= MATERIAL):
        return
    yield Finding(
        "train-val-overlap",
        "fault" if share > MOSTLY_SEEN else "warning",
        f"{share_text(share)} of the validation rows are also among the training rows. The score "
        "on them says what the network remembers, not what it can do with a new row.",
        {"rows in both": float(seen), "validation rows": float(len(judged)), "share": share},
        (DropOverlap(),),
    )


def _told_apart(case: Case, held: NumpyArray) -> float:
    """Return the share of the validation rows that are seen, and that chance cannot make equal.

    Were columns independent, a row would be met as often as the product of its values' shares
    among the distinct training rows. Columns go together, so all but the most telling one count
    by half.
    """
    assert case.validation is not None
    arrays = case.train.inputs[0], case.validation.inputs[0]
    if len(case.train.inputs) != 1 or not all(map(is_number, arrays)):
        return 0.0
    train, judged = (one.reshape(len(one), -1) for one in arrays)
    chosen = np.random.default_rng(case.seed).permutation(train.shape[1])[:PLANES]
    distinct = np.unique(train[:, chosen], axis=0)
    likely = np.zeros((int(held.sum()), len(chosen)))
    for number, column in enumerate(chosen):
        values, counts = np.unique(distinct[:, number], return_counts=True)
        places = np.searchsorted(values, judged[held, column])
        likely[:, number] = np.log(counts[places.clip(max=len(values) - 1)] / len(distinct))
    total = 0.5 * (likely.sum(axis=1) + likely.min(axis=1))
    return float((len(distinct) * np.exp(total) < BY_CHANCE).sum() / len(held))


def _nearly_equal(case: Case) -> Iterator[Finding]:
    rows = _positions(case)
    if rows is None:
        return
    train, judged = rows
    copies, copied = _twins(train, judged, 0)
    share = len(np.unique(copies)) / len(judged)
    # Rows of a table may lie close for reasons of their own, but then so do training rows.
    table, some = case.train.inputs[0].ndim == 2, train[: len(judged)]
    own = len(np.unique(_twins(train, some, 1)[0])) / len(some) if table else 0.0
    if share <= max(TWINS, 3 * own):
        return
    yield Finding(
        "train-val-overlap",
        "fault" if share > MOSTLY_SEEN else "warning",
        f"{share_text(share)} of the validation rows lie far nearer to a training row than rows "
        "of these data do: copies with a little noise, made before the split. The score on them "
        "says what the network remembers, not what it can do with a new row.",
        {"validation rows": float(len(judged)), "share": share},
        (DropOverlap(tuple(np.unique(copied).tolist())),),
    )


def _twins(train: NumpyArray, asked: NumpyArray, skip: int) -> tuple[NumpyArray, NumpyArray]:
    """Return the numbers of rows asked for that are copies, and of the training rows they copy.

    Args:
        train: Rows, each a point.
        asked: Others.
        skip: Nearest rows that are left out: 1 where each is its own nearest.
    """
    from sklearn.neighbors import NearestNeighbors

    search = NearestNeighbors(n_neighbors=FURTHEST + skip).fit(train)
    far, which = (one[:, skip:] for one in search.kneighbors(asked))
    halfway, furthest = far[:, HALFWAY - 1], far[:, FURTHEST - 1]
    with np.errstate(divide="ignore", invalid="ignore"):
        growth = float(np.nanmedian(np.log(furthest / halfway))) / np.log(FURTHEST / HALFWAY)
    if not growth * DIRECTIONS <= 1:
        return np.zeros(0, int), np.zeros(0, int)
    row, place = np.nonzero(far < NEAR * (halfway * HALFWAY**-growth)[:, None])
    return row, which[row, place]


def _positions(case: Case) -> tuple[NumpyArray, NumpyArray] | None:
    """Return training and validation rows as points; None where distances tell nothing.

    Of long rows a random projection keeps the distances (Johnson and Lindenstrauss, 1984).
    """
    held = case.validation
    if held is None or len(case.train.inputs) != 1 or is_coded(case):
        return None
    arrays = case.train.inputs[0], held.inputs[0]
    if not all(is_number(one) and one.ndim > 1 for one in arrays):
        return None
    if len(arrays[0]) < FEWEST_TO_COMPARE or len(arrays[1]) < FEWEST:
        return None
    if arrays[0].shape[1:] != arrays[1].shape[1:]:
        return None
    width = arrays[0][0].size
    most = min(4 * MOST_ROWS, MOST_VALUES // max(width, 1))
    train, judged = (np.asarray(one[:most], np.float32).reshape(-1, width) for one in arrays)
    if not (np.isfinite(train).all() and np.isfinite(judged).all()):
        return None
    # Columns have units of their own, and so have channels, but not the places of one picture.
    channels = train.reshape(-1, arrays[0].shape[-1])
    deviation = np.tile(channels.std(axis=0), width // channels.shape[1])
    if len(train) < FEWEST_TO_COMPARE or not deviation.any():
        return None
    scale = np.divide(1, deviation, out=np.zeros_like(deviation), where=deviation > 0)
    if width > PLANES:
        drawn = np.random.default_rng(case.seed).normal(size=(width, PLANES))
        scale = scale[:, None] * np.asarray(drawn, np.float32)
        return train @ scale, judged @ scale
    return train * scale, judged * scale


def duplicate_rows(case: Case) -> Iterator[Finding]:
    """Yield the finding of training rows whose inputs repeat those of others."""
    marks = None if case.train.rows < FEWEST else _marks(case.train)
    if marks is None:
        return
    repeated = len(marks) - len(set(marks))
    if repeated > REPEATED * len(marks):
        yield Finding(
            "duplicate-rows",
            "note",
            f"{count_text(repeated, 'training row')} of {len(marks):,} repeat an earlier one. "
            "Repeated rows weigh more in the loss, and a random split would lay copies on both "
            "sides.",
            {"repeated rows": float(repeated), "rows": float(len(marks))},
        )


def _marks(data: Data) -> list[bytes] | None:
    """Return the bytes of each row's inputs; None where they cannot be compared."""
    if not data.rows or not all(_comparable(one, data.rows) for one in data.inputs):
        return None
    rows = [
        np.ascontiguousarray(one.reshape(data.rows, -1), _common(one.dtype)) for one in data.inputs
    ]
    return [b"".join(one[number].tobytes() for one in rows) for number in range(data.rows)]


def _comparable(array: NumpyArray, rows: int) -> bool:
    return len(array) == rows and array.dtype.kind in "biufU"


def _common(dtype: "np.dtype[np.generic]") -> "np.dtype[np.generic]":
    """Return the type in which the same numbers have the same bytes on both sides."""
    return dtype if dtype.kind == "U" else np.dtype(np.float32)
