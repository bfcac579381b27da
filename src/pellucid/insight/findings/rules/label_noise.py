"""Labels that contradict those of the rows nearest by."""

from collections.abc import Iterator

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

MANY, EVERYWHERE = 0.1, 0.06
"""Share of all rows, and of every class, from which labels are more than now and then wrong."""

FEWEST_OF_TWO, MANY_NEIGHBOURS = 300, 30
"""Rows from which levels of two classes tell, and neighbours asked for a level."""

SIDE, LEVELS_APART, SURE, LEVEL = 0.2, 0.35, 0.85, 1.1
"""Share of rows on a side; distance of the levels; level of labels that are mostly right; how
many times as much as by lot the shares of a side may differ."""

WILD, TAIL, FURTHER = 6.0, 0.2, 1.5
"""Distances, in usual ones, that are wild; share of wild rows that is no kind of its own; how
many times as many are twice as far as between."""

ENOUGH_CLASSES = 4
"""Classes from which it says something that two of them share all the probability."""

TOGETHER, SECOND = 0.9, 0.2
"""What the first two answers have at least, and the second of them, where a row hesitates."""

LEAD = 0.1
"""Share of right answers by which validation rows are ahead of the training rows by no chance."""

MOSTLY, FEWEST_ANSWERS = 0.7, 10
"""Share of the rows taken for a class that hesitate, and rows from which that counts."""


def label_noise(case: Case) -> Iterator[Finding]:
    """Yield the finding of rows whose label their neighbours contradict.

    A rare class among a frequent one looks the same without any wrong label, so it is more than
    a note only where every class has many suspects.
    """
    found = [*_of_two_classes(case), *_of_classes(case), *_of_numbers(case)]
    yield from sorted(found, key=lambda one: SEVERITIES.index(one.severity))[:1]


def _of_classes(case: Case) -> Iterator[Finding]:
    table, label = flattened(case), classes(case)
    if table is None or label is None or len(table) < FEWEST or not np.isfinite(table).all():
        return
    table, label = table[:MOST], label[:MOST]
    _, place, counts = np.unique(label, return_inverse=True, return_counts=True)
    if len(counts) < 2 or counts.min() <= NEIGHBOURS:
        return
    own, other = _votes(table, place)
    suspect = doubtful = other >= AGREEING
    scattered = _scattered(own, other, place)
    if scattered is not None:
        # Neighbours' labels are wrong as often: few agree, but most of those outvoted are wrong.
        suspect, doubtful = scattered, other > own
    elif (own > NEIGHBOURS / 2).mean() < TELLING:
        return
    if suspect.mean() < SOME:
        return
    least = float((np.bincount(place[suspect], minlength=len(counts)) / counts).min())
    rows, dropped = (
        tuple(int(one) for one in case.sample[:MOST][chosen]) for chosen in (suspect, doubtful)
    )
    number, share = int(suspect.sum()), float(suspect.mean())
    yield Finding(
        "label-noise",
        "warning" if share > MANY and least > EVERYWHERE else "note",
        f"{count_text(number, 'row')} of {len(label):,} ({share_text(share)}) have another label "
        f"than most of the {NEIGHBOURS} rows most like them. Some of these labels "
        "may be wrong, and a network that learns them by heart gets worse on new rows.",
        {
            "suspect rows": float(number),
            "share": share,
            "least share of a class": least,
            "first suspect row": float(rows[0]),
        },
        (DropSuspects(dropped),),
    )


def _of_two_classes(case: Case) -> Iterator[Finding]:
    """Yield the finding of two classes of which a part of each has the other's label.

    Where classes overlap, the share of a class among neighbours runs from one end to the other.
    Where labels are wrong by lot it has two levels, one on either side, and differs from them no
    more than by the lot of the neighbours that were asked.
    """
    table, label = flattened(case), classes(case)
    if table is None or label is None or len(table) < FEWEST_OF_TWO:
        return
    if not np.isfinite(table).all() or len(np.unique(label)) != 2:
        return
    table, place = table[:MOST], np.unique(label[:MOST], return_inverse=True)[1]
    asked = min(MANY_NEIGHBOURS, len(table) // 13)
    shares = place[_nearest(table, asked)].mean(axis=1)
    sides = [shares[shares > 0.5], shares[shares <= 0.5]]
    if min(map(len, sides)) < SIDE * len(table):
        return
    high, low = (float(side.mean()) for side in sides)
    if high - low < LEVELS_APART or max(high, 1 - low) > SURE:
        return
    by_lot = [np.sqrt(level * (1 - level) / asked) for level in (high, low)]
    uneven = max(float(side.std() / lot) for side, lot in zip(sides, by_lot, strict=True))
    if uneven > LEVEL:
        return
    wrong = (shares > 0.5) != (place == 1)
    rows = tuple(int(one) for one in case.sample[:MOST][wrong])
    yield Finding(
        "label-noise",
        "warning",
        f"Wherever a row lies, {share_text(high)} of the rows like it have the one label or "
        f"{share_text(1 - low)} the other: nowhere is a class alone. Classes that overlap part "
        "somewhere; so it looks where labels are wrong by lot.",
        {"share on one side": high, "share on the other": low, "unevenness": uneven},
        (DropSuspects(rows),),
    )


def _of_numbers(case: Case) -> Iterator[Finding]:
    """Yield the finding of targets that are far beyond all that their neighbours let expect.

    A heavy tail thins out, and lies somewhere; gross errors are further out than near, and where
    they are the inputs do not tell.
    """
    table, y = flattened(case), numbers(case)
    if table is None or y is None or y.shape[1] != 1 or len(table) < FEWEST:
        return
    if not np.isfinite(table).all():
        return
    table, aim = table[:MOST], y[:MOST, 0]
    nearest = _nearest(table, NEIGHBOURS)
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
    rows = tuple(int(one) for one in case.sample[:MOST][wild])
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


def unlearned_labels(case: Case) -> Iterator[Finding]:
    """Yield the finding of training rows that a network answers worse than rows it never saw.

    Whoever learned a rule is at least as right on the rows it was learned from, unless the labels
    of these are wrong.
    """
    outcome, judged = case.outcome, case.judged
    if outcome is None or judged is None or judged is outcome or case.failure is not None:
        return
    if outcome.classes is None or outcome.classes.ndim != 1 or outcome.score <= outcome.chance:
        return
    lead = judged.score - outcome.score
    if lead <= max(LEAD, 3 * (judged.noise + outcome.noise)):
        return
    wrong = outcome.answers != outcome.classes
    yield Finding(
        "label-noise",
        "warning",
        f"The network is right on {share_text(judged.score)} of the validation rows, which it "
        f"never saw, and on {share_text(outcome.score)} of its training rows. Many of their "
        "labels must be wrong: a rule holds best where it was learned.",
        {"training score": outcome.score, "validation score": judged.score},
        (DropSuspects(tuple(int(one) for one in case.sample[wrong])),),
    )


def confused_labels(case: Case) -> Iterator[Finding]:
    """Yield the finding of classes of which a part has the label of one other.

    A network that has learned such labels gives two classes about their shares for every row
    there. Where classes merely overlap, rows far from the border leave no doubt.
    """
    judged, outcome = case.judged, case.outcome
    chances = None if judged is None or case.failure else judged.chances
    if chances is None or outcome is None or chances.shape[1] < ENOUGH_CLASSES:
        return
    first, hesitates, best, second = _hesitation(chances)
    confused = [
        int(one)
        for one in np.unique(first)
        if (first == one).sum() >= FEWEST_ANSWERS and hesitates[first == one].mean() > MOSTLY
    ]
    within = np.isin(first, confused)
    if within.mean() <= MANY:
        return
    dropped = _second_choices(case, confused)
    named = ", ".join(map(str, confused))
    shares = float(best[within].mean()), float(second[within].mean())
    yield Finding(
        "label-noise",
        "warning",
        f"Of the rows that the network takes for class {named} it is sure of hardly any: it "
        f"gives one class {number_text(shares[0])} and one other {number_text(shares[1])}, "
        "wherever the row lies. So it answers where a part of one class has the label of "
        "another.",
        {
            "classes": float(len(confused)),
            "share of the rows": float(within.mean()),
            "chance of the first": shares[0],
            "chance of the second": shares[1],
        },
        (DropSuspects(dropped),),
    )


def _hesitation(
    chances: NumpyArray,
) -> tuple[NumpyArray, NumpyArray, NumpyArray, NumpyArray]:
    """Return each row's likeliest class, whether it hesitates between two, and their chances."""
    ordered = np.sort(chances, axis=1)
    best, second = ordered[:, -1], ordered[:, -2]
    return chances.argmax(axis=1), (best + second > TOGETHER) & (second > SECOND), best, second


def _second_choices(case: Case, confused: list[int]) -> tuple[int, ...]:
    """Return the training rows, taken for one of some classes, that are labelled otherwise."""
    outcome = case.outcome
    assert outcome is not None
    assert outcome.classes is not None
    doubted = np.isin(outcome.answers, confused) & (outcome.answers != outcome.classes)
    return tuple(int(one) for one in case.sample[doubted])


def _scattered(own: NumpyArray, other: NumpyArray, place: NumpyArray) -> NumpyArray | None:
    """Return the rows whose neighbours agree on another class, where there are many everywhere.

    Classes that overlap look alike to neighbours too, but then few neighbours agree, or the
    disagreement is between a few classes. None where this is not what is seen.
    """
    count = place.max() + 1
    suspect = (other > NEIGHBOURS / 2) & (own <= NEIGHBOURS / 5)
    if count < LEAST_CLASSES or suspect.mean() < MANY:
        return None
    agreed = np.maximum(own, other) > NEIGHBOURS / 2
    shares = np.bincount(place[suspect], minlength=count) / np.bincount(place, minlength=count)
    even = shares.min() > shares.max() / 5
    return suspect if agreed.mean() > TELLING and even else None


def _nearest(table: NumpyArray, count: int) -> NumpyArray:
    """Return the numbers of the rows nearest to each, columns standardised."""
    from sklearn.neighbors import NearestNeighbors

    deviation = table.std(axis=0)
    scaled = (table - table.mean(axis=0)) / np.where(deviation > 0, deviation, 1.0)
    search = NearestNeighbors(n_neighbors=count).fit(scaled)
    return np.asarray(search.kneighbors(return_distance=False))


def _votes(table: NumpyArray, place: NumpyArray) -> tuple[NumpyArray, NumpyArray]:
    """Return for each row its neighbours in its own class, and in the most frequent other one."""
    nearest = place[_nearest(table, NEIGHBOURS)]
    votes = np.stack([(nearest == one).sum(axis=1) for one in range(place.max() + 1)], axis=1)
    own = votes[np.arange(len(place)), place]
    votes[np.arange(len(place)), place] = 0
    return own, votes.max(axis=1)
