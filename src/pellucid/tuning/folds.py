"""Which rows a model trains on, which stop it, and which it is tested on."""

import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from pellucid.data.arrays import check_share, split_rows, to_array
from pellucid.errors import DataError, PellucidWarning, Problem, report
from pellucid.types import NumpyArray
from pellucid.wording import count_text

MORE_CLASSES = {
    "fold": "A number as cv puts every class into every fold, if it has as many rows as folds.",
    "sample": "Give more rows of the rare class.",
}
"""How to mend rows that lack a class."""


@dataclass(frozen=True, eq=False)
class Fold:
    """The rows of one training.

    Args:
        name: How tables call it: "3", or "2.3" for the third fold of the second repeat.
        train: Numbers of the rows that the model learns from.
        test: Numbers of the rows that it is tested on.
        watched: Numbers of rows that policies watch, none of which is in the other two; None
            where nothing is watched.
        kind: What messages call it: "fold" or "sample".
    """

    name: str
    train: NumpyArray
    test: NumpyArray
    watched: NumpyArray | None = None
    kind: str = "fold"

    @property
    def called(self) -> str:
        """What messages call it, with its name."""
        return f"{self.kind} {self.name}"

    @property
    def ratio(self) -> float:
        """Tested rows for each row that was given to training, watched ones among them."""
        watched = 0 if self.watched is None else len(self.watched)
        return len(self.test) / (len(self.train) + watched)


@dataclass(frozen=True, eq=False)
class Rows:
    """What splitting has to know of the rows.

    Args:
        count: How many there are.
        classes: The class of each row, or None where labels are no classes.
        groups: The group of each row, or None.
    """

    count: int
    classes: NumpyArray | None = None
    groups: NumpyArray | None = None


def read_groups(groups: Any, rows: int, where: str) -> NumpyArray | None:
    """Return the number of each row's group.

    Args:
        groups: One value a row, number or text; None for no groups.
        rows: Number of rows.
        where: What messages call the function.

    Raises:
        ArgumentError: There is not one value for each row.
    """
    if groups is None:
        return None
    array = to_array(groups, f"{where}(groups=...)", text=True)
    if array.shape not in ((rows,), (rows, 1)):
        expected = f"({rows},), one value for each row"
        report([Problem(f"{where}(groups=...)", f"shape {array.shape}", expected)])
    return np.unique(array.reshape(-1), return_inverse=True)[1]


def folds_of(
    cv: Any, repeats: Any, rows: Rows, seed: int, where: str, argument: str = "cv"
) -> list[Fold]:
    """Return the folds that `cv` stands for.

    Args:
        cv: Number of folds, a splitter of scikit-learn, or pairs (training, test) of row
            numbers. A number makes folds in which classes have equal shares and groups stay
            whole.
        repeats: How often to divide the rows anew; above 1 only where `cv` is a number.
        rows: What is divided.
        seed: Seed of the divisions.
        where: What messages call the function.
        argument: What messages call `cv`.

    Raises:
        ArgumentError: `cv` or `repeats` is none, or does not fit the rows.
        DataError: A fold trains on one class alone.
    """
    _check_repeats(repeats, cv, where)
    place = f"{where}({argument}=...)"
    if is_whole(cv):
        folds = list(_divided(int(cv), int(repeats), rows, seed, (place, argument)))
    elif hasattr(cv, "get_n_splits") and not isinstance(cv, type):
        folds = _named(_split_by(cv, rows, where, place))
    elif isinstance(cv, Iterable) and not isinstance(cv, (str, bytes)):
        folds = _named(_pairs(list(cv), place))
    else:
        expected = (
            "a number of folds, a splitter of scikit-learn, or pairs (training, test) of row "
            "numbers"
        )
        given, fix = repr(cv), ""
        if isinstance(cv, type):
            given = f"the class {cv.__name__}"
            fix = f"Make one of it: {argument}={cv.__name__}(...)."
        report([Problem(place, given, expected, fix)])
        raise AssertionError
    check_folds(folds, rows.count, where)
    check_classes(folds, rows.classes, where)
    return folds


def is_whole(value: Any) -> bool:
    """Say whether a value is a whole number, Python's or NumPy's."""
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)


def _check_repeats(repeats: Any, cv: Any, where: str) -> None:
    place = f"{where}(repeats=...)"
    if not is_whole(repeats) or repeats < 1:
        expected = "a whole number of at least 1 (how often the rows are divided anew)"
        report([Problem(place, repr(repeats), expected)])
    if repeats > 1 and not is_whole(cv):
        fix = "RepeatedStratifiedKFold and RepeatedKFold repeat by themselves."
        given = f"{repeats} with cv={type(cv).__name__}"
        report([Problem(place, given, "1 where cv is no number", fix)])


def _divided(
    cv: int, repeats: int, rows: Rows, seed: int, called: tuple[str, str]
) -> Iterator[Fold]:
    """Yield folds with equal shares of each class, groups kept whole."""
    from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

    place, argument = called
    if cv < 2:
        expected = "a whole number of at least 2 (the number of folds)"
        report([Problem(place, repr(cv), expected)])
    units = rows.count if rows.groups is None else len(np.unique(rows.groups))
    if cv > units:
        thing = "row" if rows.groups is None else "group"
        given = f"{cv} folds of {count_text(units, thing)}"
        most = _most_folds(rows, units)
        fix = f"Give at least {cv} {thing}s" + (
            f", or write {argument}={most}." if most > 1 else "."
        )
        report([Problem(place, given, f"no more folds than {thing}s", fix)])
    same = np.zeros(rows.count, int)
    classes = same if rows.classes is None else rows.classes
    _check_rare(classes, cv, called)
    kind: Any = StratifiedKFold if rows.groups is None else StratifiedGroupKFold
    for repeat in range(repeats):
        drawn = int(np.random.SeedSequence([seed, repeat]).generate_state(1)[0])
        splitter = kind(cv, shuffle=True, random_state=drawn)
        with warnings.catch_warnings():
            # Of rare classes it has been told already.
            warnings.simplefilter("ignore", UserWarning)
            pairs = list(splitter.split(same, classes, rows.groups))
        for number, (train, test) in enumerate(pairs):
            name = f"{repeat + 1}.{number + 1}" if repeats > 1 else f"{number + 1}"
            yield Fold(name, train, test)


def _most_folds(rows: Rows, units: int) -> int:
    """Return into how many folds the rows can be divided, each with a row of every class."""
    if rows.classes is None:
        return units
    return min(units, int(np.unique(rows.classes, return_counts=True)[1].min()))


def _check_rare(classes: NumpyArray, cv: int, called: tuple[str, str]) -> None:
    found, counts = np.unique(classes, return_counts=True)
    rare = int(np.argmin(counts))
    if counts[rare] >= cv:
        return
    place, argument = called
    most = int(counts[rare])
    fix = f"Write {argument}={most}, or join rare classes." if most > 1 else "Join rare classes."
    problem = Problem(
        place,
        f"{cv} folds and {count_text(most, 'row')} of class {found[rare]}",
        "a row of each class in every fold",
        fix,
    )
    report([problem] if counts.max() < cv else [])
    warnings.warn(str(problem), PellucidWarning, stacklevel=6)


def _split_by(splitter: Any, rows: Rows, where: str, given_as: str) -> list[tuple[Any, Any]]:
    """Return the pairs that a splitter of scikit-learn makes."""
    name, place = type(splitter).__name__, f"{where}(groups=...)"
    if _wants_groups(splitter) and rows.groups is None:
        fix = "Write groups=..., one value for each row."
        report([Problem(place, f"None with {name}", "the group of each row", fix)])
    if rows.groups is not None and not _wants_groups(splitter):
        fix = "Give GroupKFold, StratifiedGroupKFold or a number as cv."
        report([Problem(place, f"groups with {name}, which does not look at them", "none", fix)])
    blank = np.zeros((rows.count, 1))
    try:
        return list(splitter.split(blank, rows.classes, rows.groups))
    except (ValueError, TypeError) as error:
        reason = " ".join(str(error).split()).rstrip(".")
        fix = f"scikit-learn says: {reason}."
        given = f"{name} for {count_text(rows.count, 'row')}"
        report([Problem(given_as, given, "a splitter that can divide them", fix)])
        raise


def _wants_groups(splitter: Any) -> bool:
    routing = getattr(splitter, "get_metadata_routing", None)
    if routing is None:
        return "Group" in type(splitter).__name__
    return bool(routing().split.requests.get("groups"))


def _pairs(given: list[Any], place: str) -> list[tuple[Any, Any]]:
    if not given:
        report([Problem(place, "no fold", "at least one pair (training, test) of row numbers")])
    report(
        Problem(f"{place}, fold {number}", type(one).__name__, "a pair (training, test)")
        for number, one in enumerate(given, 1)
        if not isinstance(one, (tuple, list)) or len(one) != 2
    )
    return given


def _named(pairs: Sequence[tuple[Any, Any]]) -> list[Fold]:
    return [
        Fold(str(number), np.asarray(train), np.asarray(test))
        for number, (train, test) in enumerate(pairs, 1)
    ]


def check_folds(folds: Sequence[Fold], rows: int, where: str) -> None:
    """Refuse folds whose numbers are none of rows, or that test what they train on.

    Args:
        folds: The folds.
        rows: Number of rows that there are.
        where: What messages call the function.

    Raises:
        ArgumentError: Names each fold.
    """
    report(problem for fold in folds for problem in _fold_problems(fold, rows, where))


def _fold_problems(fold: Fold, rows: int, where: str) -> Iterator[Problem]:
    place = f"{where}, {fold.called}"
    problems = [
        *_number_problems(fold.train, rows, f"{place}, training rows"),
        *_number_problems(fold.test, rows, f"{place}, test rows"),
    ]
    yield from problems
    both = [] if problems else np.intersect1d(fold.train, fold.test).tolist()
    if both:
        expected = "test rows that the model has not seen"
        yield Problem(place, f"row {both[0]} in training and test", expected)


def _number_problems(numbers: NumpyArray, rows: int, place: str) -> Iterator[Problem]:
    if numbers.ndim != 1 or not len(numbers):
        yield Problem(place, "none", "at least one")
    elif numbers.dtype.kind not in "iu":
        fix = "np.flatnonzero makes numbers of a mask." if numbers.dtype.kind == "b" else ""
        yield Problem(place, f"values of type {numbers.dtype}", "row numbers", fix)
    elif numbers.min() < 0 or numbers.max() >= rows:
        wrong = numbers[(numbers < 0) | (numbers >= rows)][0]
        yield Problem(place, str(wrong), f"row numbers from 0 to {rows - 1}")


def check_classes(
    folds: Sequence[Fold], classes: NumpyArray | None, where: str, fix: str = ""
) -> None:
    """Refuse folds that train on one class alone.

    Args:
        folds: The folds, whose numbers are checked.
        classes: The class of each row, or None where labels are no classes.
        where: What messages call the function.
        fix: How to mend it, where that is not by the folds.

    Raises:
        DataError: Names each fold.
    """
    if classes is None:
        return
    report(
        (
            Problem(
                f"{where}, {fold.called}",
                f"training rows of class {classes[fold.train[0]]} alone",
                "at least two classes",
                fix or MORE_CLASSES[fold.kind],
            )
            for fold in folds
            if len(np.unique(classes[fold.train])) < 2
        ),
        DataError,
    )


def with_watched(
    folds: Sequence[Fold], share: float, rows: Rows, seed: int, where: str
) -> list[Fold]:
    """Return the folds with a share of each one's training rows held back to be watched.

    Classes have equal shares in it, and groups stay whole. Where every fold trains on earlier
    rows than it is tested on, as with `TimeSeriesSplit`, it is the latest of them.

    Args:
        folds: The folds.
        share: Of the training rows, from 0 to below 1; 0 for none.
        rows: What is divided.
        seed: Seed of the choice.
        where: What messages call the function.

    Raises:
        ArgumentError: The share is none, or leaves no rows.
    """
    if not share:
        report(check_share(share, where))
        return list(folds)
    in_time = all(fold.train.max() < fold.test.min() for fold in folds)
    return [
        _held_back(fold, share, rows, None if in_time else [seed, number], where)
        for number, fold in enumerate(folds)
    ]


def _held_back(
    fold: Fold, share: float, rows: Rows, seed: Sequence[int] | None, where: str
) -> Fold:
    """Return the fold with rows held back: the last, where there is no seed to draw them by."""
    numbers = np.unique(fold.train)
    kept = split_rows(len(numbers), share, where)
    if seed is None:
        watched = numbers[kept:]
    elif rows.groups is not None:
        watched = _whole_groups(
            numbers, rows.groups[numbers], share, seed, f"{where}, {fold.called}"
        )
    else:
        order = np.random.default_rng(seed).permutation(numbers)
        if rows.classes is not None:
            order = order[np.argsort(rows.classes[order], kind="stable")]
        # Evenly spaced along the classes, so that each has its share.
        places = (np.arange(len(numbers) - kept) + 0.5) / (len(numbers) - kept) * len(numbers)
        watched = np.sort(order[places.astype(int)])
    return replace(fold, train=fold.train[~np.isin(fold.train, watched)], watched=watched)


def _whole_groups(
    numbers: NumpyArray, groups: NumpyArray, share: float, seed: Sequence[int], where: str
) -> NumpyArray:
    """Return the rows of so many groups, drawn by the seed, as come closest to the share."""
    found, sizes = np.unique(groups, return_counts=True)
    if len(found) < 2:
        fix = "Leave validation_split out, or give more groups."
        expected = "one to train on and one to watch"
        report([Problem(f"{where}, training rows", "one group", expected, fix)])
    order = np.random.default_rng(seed).permutation(len(found))
    reached = np.cumsum(sizes[order])[:-1]
    count = 1 + int(np.argmin(np.abs(reached - share * len(numbers))))
    return numbers[np.isin(groups, found[order[:count]])]
