"""Labels that contradict those of the rows nearest by."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from pellucid.insight.findings.case import Case
from pellucid.insight.findings.finding import SEVERITIES, Finding
from pellucid.insight.findings.views import classes, flattened, numbers, share_text
from pellucid.insight.remedies import DropSuspects
from pellucid.types import NumpyArray
from pellucid.wording import count_text, number_text

NEIGHBOURS, AGREEING = 10, 8
"""Neighbours asked, and how many of them must agree on another class."""

FEWEST, MOST = 100, 2000
"""Rows below which neighbours are too far away, and rows that are looked at."""

TELLING = 0.6
"""Share of rows that most of their neighbours agree with, below which neighbours say nothing."""

LEAST_CLASSES = 3
"""Classes from which wrong labels that are scattered look unlike classes that overlap."""

SOME = 0.03
"""Share of suspect rows that is worth a note."""

ONE_SIDED = 0.27
"""Share of the way from even to one-sided confusion from which wrong labels are not by lot."""

MANY, EVERYWHERE = 0.1, 0.06
"""Share of all rows, and of every class, from which labels are more than now and then wrong."""

FEWEST_OF_TWO, MANY_NEIGHBOURS = 300, 30
"""Rows from which levels of two classes tell, and neighbours asked for a level."""

SIDE, LEVELS_APART, SURE, LEVEL = 0.2, 0.35, 0.85, 1.1
"""Share of rows on a side; distance of the levels; level of labels that are mostly right; how
many times as much as by lot the shares of a side may exceed it."""

WILD, TAIL, FURTHER = 6.0, 0.2, 1.5
"""Distances, in usual ones, that are wild; share of wild rows that is no kind of its own; how
many times as many are twice as far as between."""

APART, FORETOLD = 3.0, 0.5
"""How many times as wide as any other a gap is behind which a heap lies; correlation of targets
with those of similar rows from which the latter tell what a target should be."""


@dataclass(frozen=True, eq=False)
class _Neighbours:
    """Rows of numbers, and the rows most like each.

    Args:
        rows: Numbers of the rows in the data.
        nearest: For each row the places of others among them, the nearest first.
    """

    rows: NumpyArray
    nearest: NumpyArray

    def numbers(self, chosen: NumpyArray) -> tuple[int, ...]:
        """Return the numbers of chosen rows in the data."""
        return tuple(int(one) for one in self.rows[chosen])


def label_noise(case: Case) -> Iterator[Finding]:
    """Yield the finding of rows whose label their neighbours contradict.

    A rare class among a frequent one looks the same without any wrong label, so it is more than
    a note only where every class has many suspects.
    """
    label, aim = classes(case), numbers(case)
    if label is None and (aim is None or aim.shape[1] != 1):
        return
    held = _neighbours(case)
    if held is None:
        return
    if label is None:
        assert aim is not None
        yield from [*_of_numbers(held, aim[:MOST, 0])] or _of_heaped(held, aim[:MOST, 0])
        return
    place = np.unique(label[:MOST], return_inverse=True)[1]
    found = [*_of_two_classes(held, place), *_of_classes(held, place)]
    yield from sorted(found, key=lambda one: SEVERITIES.index(one.severity))[:1]


def _neighbours(case: Case) -> _Neighbours | None:
    """Return the rows nearest to each, columns standardised; None for too few rows or no table."""
    from sklearn.neighbors import NearestNeighbors

    table = flattened(case)
    if table is None or len(table) < FEWEST or not np.isfinite(table).all():
        return None
    table = table[:MOST]
    deviation = table.std(axis=0)
    scaled = (table - table.mean(axis=0)) / np.where(deviation > 0, deviation, 1.0)
    search = NearestNeighbors(n_neighbors=max(NEIGHBOURS, _asked(table))).fit(scaled)
    return _Neighbours(case.sample[:MOST], np.asarray(search.kneighbors(return_distance=False)))


def _asked(rows: NumpyArray) -> int:
    """Return how many neighbours are asked for a level."""
    return min(MANY_NEIGHBOURS, len(rows) // 13)


def _of_classes(held: _Neighbours, place: NumpyArray) -> Iterator[Finding]:
    counts = np.bincount(place)
    if len(counts) < 2 or counts.min() <= NEIGHBOURS:
        return
    own, other, majority = _votes(held.nearest, place)
    suspect = doubtful = other >= AGREEING
    scattered = _scattered(own, other, majority, place)
    if scattered is not None:
        # Neighbours' labels are wrong as often: few agree, but most of those outvoted are wrong.
        suspect, doubtful = scattered, other > own
    elif (own > NEIGHBOURS / 2).mean() < TELLING:
        return
    if suspect.mean() < SOME:
        return
    least = float((np.bincount(place[suspect], minlength=len(counts)) / counts).min())
    number, share = int(suspect.sum()), float(suspect.mean())
    # Classes that overlap have as many suspects, but where they part they leave less doubt.
    by_lot = _has_levels(held, place)
    yield Finding(
        "label-noise",
        "warning" if share > MANY and least > EVERYWHERE and by_lot else "note",
        f"{count_text(number, 'row')} of {len(place):,} ({share_text(share)}) have another label "
        f"than most of the {NEIGHBOURS} rows most like them. Some of these labels "
        "may be wrong, and a network that learns them by heart gets worse on new rows.",
        {
            "suspect rows": float(number),
            "share": share,
            "least share of a class": least,
            "first suspect row": float(held.numbers(suspect)[0]),
        },
        (DropSuspects(held.numbers(doubtful)),),
    )


def _of_two_classes(held: _Neighbours, place: NumpyArray) -> Iterator[Finding]:
    """Yield the finding of two classes of which a part of each has the other's label.

    Where classes overlap, the share of a class among neighbours runs from one end to the other.
    Where labels are wrong by lot it has two levels, one on either side: it falls short of them
    near a border, and exceeds them no more than by the lot of the neighbours that were asked.
    """
    sides = _sides(held, place)
    if sides is None or min(map(len, sides)) < SIDE * len(place):
        return
    high, low = (float(np.median(side)) for side in sides)
    if high + low - 1 < LEVELS_APART or max(high, low) > SURE:
        return
    uneven = _unevenness(sides, _asked(place))
    if uneven > LEVEL:
        return
    wrong = (_shares(held, place) > 0.5) != (place == 1)
    yield Finding(
        "label-noise",
        "warning",
        f"Wherever a row lies, {share_text(high)} of the rows like it have the one label or "
        f"{share_text(low)} the other: nowhere is a class alone. Classes that overlap part "
        "somewhere; so it looks where labels are wrong by lot.",
        {"share on one side": high, "share on the other": low, "unevenness": uneven},
        (DropSuspects(held.numbers(wrong)),),
    )


def _shares(held: _Neighbours, place: NumpyArray) -> NumpyArray:
    """Return for each row the share of the second class among the rows like it."""
    return np.asarray(place[held.nearest[:, : _asked(place)]].mean(axis=1))


def _sides(held: _Neighbours, place: NumpyArray) -> tuple[NumpyArray, NumpyArray] | None:
    """Return the larger share among the rows like each, by the class that has it.

    None where there are not two classes, one of them is nowhere in the majority, or rows are too
    few to tell levels.
    """
    if len(place) < FEWEST_OF_TWO or place.max() != 1:
        return None
    shares = _shares(held, place)
    sides = shares[shares > 0.5], 1 - shares[shares <= 0.5]
    return sides if min(map(len, sides)) else None


def _unevenness(sides: Iterable[NumpyArray], asked: int) -> float:
    """Return how far shares exceed their side's level, where they do, in units of the lot's."""

    def of(side: NumpyArray) -> float:
        level = np.median(side)
        lot = max(level * (1 - level) / asked, 1e-9)
        return float(np.sqrt(np.mean(np.square(side[side >= level] - level)) / lot))

    return max(map(of, sides))


def _has_levels(held: _Neighbours, place: NumpyArray) -> bool:
    """Say whether shares of the commonest class exceed that class's level no more than by lot.

    With two classes neither does, with more all of them taken together.
    """
    if place.max() == 1:
        sides = _sides(held, place)
        return sides is not None and _unevenness(sides, _asked(place)) <= LEVEL
    near = place[held.nearest[:, : _asked(place)]]
    shares = np.stack([(near == one).mean(axis=1) for one in range(place.max() + 1)])
    first, most = shares.argmax(axis=0), shares.max(axis=0)
    levels = [most[first == one] for one in np.unique(first)]
    squares = [_unevenness([one], _asked(place)) ** 2 for one in levels]
    return bool(np.average(squares, weights=[*map(len, levels)]) <= LEVEL**2)


def _of_numbers(held: _Neighbours, aim: NumpyArray) -> Iterator[Finding]:
    """Yield the finding of targets that are far beyond all that their neighbours let expect.

    A heavy tail thins out, and lies somewhere; gross errors are further out than near, and where
    they are the inputs do not tell.
    """
    nearest = held.nearest[:, :NEIGHBOURS]
    off = aim - np.median(aim[nearest], axis=1)
    size = 1.4826 * float(np.median(np.abs(off - np.median(off))))
    if not size > 0:
        return
    distance = np.abs(off) / size
    wild, beyond = distance > WILD, int((distance > 2 * WILD).sum())
    share = float(wild.mean())
    if not SOME <= share <= TAIL or beyond < FURTHER * (int(wild.sum()) - beyond):
        return
    if wild[nearest[wild]].mean() > 2 * share:
        return
    rows = held.numbers(wild)
    yield Finding(
        "label-noise",
        "warning",
        f"{count_text(len(rows), 'target')} of {len(aim):,} ({share_text(share)}) lie over "
        f"{number_text(WILD)} times as far from those of similar rows as is usual, most of them "
        "twice that. Such targets are rather errors than rare; squared, they decide alone what "
        "is learned.",
        {"suspect rows": float(len(rows)), "share": share, "usual distance": size},
        (DropSuspects(rows),),
    )


def _of_heaped(held: _Neighbours, aim: NumpyArray) -> Iterator[Finding]:
    """Yield the finding of targets in a heap of their own, which the inputs do not tell apart.

    Targets in another unit, or a number that stands for a missing one, are as far from those of
    similar rows as these lie from the heap, which may be near. Of targets in steps the others have
    gaps as wide, and of two kinds of rows the neighbours are of the same kind.
    """
    heap, gap, widest = _heap(aim)
    share, nearest = float(heap.mean()), held.nearest[:, :NEIGHBOURS]
    if not heap.any() or not gap > APART * widest > 0 or heap[nearest[heap]].mean() > 2 * share:
        return
    foretold = np.median(aim[nearest], axis=1)[~heap]
    if np.ptp(foretold) == 0 or np.corrcoef(foretold, aim[~heap])[0, 1] < FORETOLD:
        return
    rows = held.numbers(heap)
    yield Finding(
        "label-noise",
        "warning",
        f"{count_text(len(rows), 'target')} of {len(aim):,} ({share_text(share)}) lie in a heap, "
        f"{number_text(gap)} from all others, and rows like theirs have targets as usual. They may "
        "be in another unit, or stand for what was not measured.",
        {"suspect rows": float(len(rows)), "share": share, "gap": gap, "widest other gap": widest},
        (DropSuspects(rows),),
    )


def _heap(aim: NumpyArray) -> tuple[NumpyArray, float, float]:
    """Return which targets lie beyond the widest gap near an end, its width, and that of the next.

    None lie there if the heap is itself wider than half of the gap.
    """
    order, count = np.argsort(aim, kind="stable"), len(aim)
    gaps = np.diff(aim[order])
    least, most = int(np.ceil(SOME * count)), int(TAIL * count)
    near = np.r_[least - 1 : most, count - most - 1 : count - least]
    place = int(near[gaps[near].argmax()])
    low = place < count / 2
    own, others = (gaps[:place], gaps[place + 1 :]) if low else (gaps[place + 1 :], gaps[:place])
    heap = np.zeros(count, bool)
    heap[order[: place + 1] if low else order[place + 1 :]] = own.sum() <= gaps[place] / 2
    # The last few at an end may lie apart by themselves.
    return heap, float(gaps[place]), float(others[least:-least].max())


def _scattered(
    own: NumpyArray, other: NumpyArray, majority: NumpyArray, place: NumpyArray
) -> NumpyArray | None:
    """Return the rows whose neighbours agree on another class, where there are many everywhere.

    Classes that overlap look alike to neighbours too, but then few neighbours agree, or the
    disagreement is between a few classes. None where this is not what is seen.
    """
    count = place.max() + 1
    suspect = (other > NEIGHBOURS / 2) & (own <= NEIGHBOURS / 5)
    if count < LEAST_CLASSES or suspect.mean() < MANY:
        return None
    agreed = np.maximum(own, other) > NEIGHBOURS / 2
    if _one_sidedness(majority[suspect], place[suspect], count) >= ONE_SIDED:
        return None
    shares = np.bincount(place[suspect], minlength=count) / np.bincount(place, minlength=count)
    even = shares.min() > shares.max() / 5
    return suspect if agreed.mean() > TELLING and even else None


def _one_sidedness(taken: NumpyArray, given: NumpyArray, count: int) -> float:
    """Return how far the rows taken for a class have one other label: 0 for all as often, to 1."""
    pairs = np.bincount(taken * count + given, minlength=count**2).reshape(count, count)
    even = 1 / (count - 1)
    return float((pairs.max(axis=1).sum() / pairs.sum() - even) / (1 - even))


def _votes(nearest: NumpyArray, place: NumpyArray) -> tuple[NumpyArray, NumpyArray, NumpyArray]:
    """Return for each row its neighbours in its own class, those in the most frequent other one,
    and the number of the latter.
    """
    near = place[nearest[:, :NEIGHBOURS]]
    votes = np.stack([(near == one).sum(axis=1) for one in range(place.max() + 1)], axis=1)
    own = votes[np.arange(len(place)), place]
    votes[np.arange(len(place)), place] = 0
    return own, votes.max(axis=1), votes.argmax(axis=1)
