"""The checks that pictures make of the arrays they are given."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from pellucid.errors import Problem, report
from pellucid.types import ArrayLike, NumpyArray
from pellucid.wording import count_text


def paired(
    actual: ArrayLike, other: ArrayLike, where: str, most_axes: int = 1
) -> tuple[NumpyArray, NumpyArray]:
    """Return two arrays of equal length; the first has one axis, the second at most `most_axes`.

    A last axis of size 1 is dropped from both: networks put it out.

    Raises:
        ArgumentError: They are empty, differ in length or are no such arrays.
    """
    first, second = _without_last(np.asarray(actual)), _without_last(np.asarray(other))
    report(_pair_problems(first, second, where, most_axes))
    return first, second


def paired_numbers(
    actual: ArrayLike,
    predicted: ArrayLike,
    where: str,
    names: tuple[str, str] = ("actual", "predicted"),
) -> tuple[NumpyArray, ...]:
    """Return two float arrays of shape (rows,), all finite; `names` is what messages call them.

    Raises:
        ArgumentError: They are no such arrays.
    """
    first, second = paired(actual, predicted, where)
    report(
        Problem(f"{where}, {name}", problem, "finite numbers, one a row")
        for name, array in zip(names, (first, second), strict=True)
        for problem in _number_problem(array)
    )
    return first.astype(float), second.astype(float)


def class_scores(
    actual: ArrayLike, scores: ArrayLike, labels: Sequence[Any] | None, where: str
) -> tuple[NumpyArray, NumpyArray, list[str]]:
    """Return class indices (rows,), scores (rows, classes) and the names of the classes.

    Args:
        actual: The class of each row.
        scores: Shape (rows,): how much each row belongs to the second of two classes. Shape
            (rows, classes): how much to each.
        labels: The classes in the order of the columns; None for those in `actual`, sorted.
        where: How an error begins.

    Raises:
        ArgumentError: The arrays do not fit each other, or a class is unknown.
    """
    first, second = paired(actual, scores, where, most_axes=2)
    classes = list(np.unique(first)) if labels is None else list(labels)
    width = 2 if second.ndim == 1 else second.shape[1]
    if len(classes) != width:
        given = f"scores for {width} classes"
        fix = "" if labels is not None else "Give labels=[...], all classes in order."
        report([Problem(where, given, f"one column a class: {_listed(classes)}", fix)])
    index = {value: place for place, value in enumerate(classes)}
    unknown = [value for value in np.unique(first) if value not in index]
    report(
        Problem(where, f"the class {value!r} in `actual`", f"one of the labels {_listed(classes)}")
        for value in np.asarray(unknown).tolist()
    )
    report(
        Problem(f"{where}, scores", problem, "finite numbers")
        for problem in _number_problem(second)
    )
    places = np.array([index[value] for value in first])
    matrix = second.astype(float)
    if matrix.ndim == 1:
        matrix = np.stack([1.0 - matrix, matrix], axis=1)
    return places, matrix, [str(value) for value in classes]


def short_name(name: str) -> str:
    """Return a name that fits into a picture; a long one loses its end."""
    return name if len(name) <= 16 else name[:15] + "…"


def _listed(classes: Sequence[Any]) -> str:
    shown = [str(value) for value in classes[:6]]
    return ", ".join(shown) + (", ..." if len(classes) > 6 else "")


def _without_last(array: NumpyArray) -> NumpyArray:
    return array[:, 0] if array.ndim == 2 and array.shape[1] == 1 else array


def _pair_problems(
    first: NumpyArray, second: NumpyArray, where: str, most_axes: int
) -> Iterator[Problem]:
    if first.ndim != 1 or not 1 <= second.ndim <= most_axes:
        yield Problem(where, f"shapes {first.shape} and {second.shape}", "one value a row")
    elif len(first) != len(second):
        given = f"{count_text(len(first), 'row')} and {count_text(len(second), 'row')}"
        yield Problem(where, given, "as many of one as of the other")
    elif not len(first):
        yield Problem(where, "no rows", "at least one")


def _number_problem(array: NumpyArray) -> Iterator[str]:
    if array.dtype.kind not in "fiub":
        yield f"values of type {array.dtype}"
    elif not np.isfinite(array).all():
        row = int(np.argwhere(~np.isfinite(array.astype(float)))[0][0])
        yield f"{array[row]} in row {row}"
