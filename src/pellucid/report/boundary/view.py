"""What is looked at: a model, its data, and the plane on which they are drawn."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

import numpy as np

from pellucid.data.arrays import check_finite, is_frame, to_array
from pellucid.drawing import SERIES
from pellucid.errors import Problem, ShapeError, report
from pellucid.insight import Boundary, Plane, boundary
from pellucid.insight.plane import Features, Fixed, choose_plane
from pellucid.keywords import arguments_of, refuse_unknown
from pellucid.report.arrays import class_scores, paired_numbers
from pellucid.report.boundary.looked_at import Model
from pellucid.report.boundary.outputs import Outputs, check_model, kind_of, outputs_of
from pellucid.types import ArrayLike, NumpyArray
from pellucid.wording import count_text, number_text

MOST_CLASSES = len(SERIES) - 1
"""Grey stands for none: it could not be told from a pale black."""


class ViewOptions(TypedDict, total=False):
    """The keywords that all pictures of boundaries share; see `decision_boundary`."""

    features: Features
    fixed: Fixed
    feature_names: Sequence[str] | None
    labels: Sequence[Any] | None
    outputs: Outputs
    resolution: int


@dataclass(frozen=True)
class View:
    """A model, its data and a plane.

    Args:
        where: How an error begins.
        model: The model.
        kind: "probabilities", "logits" or "values".
        plane: The plane.
        rows: Shape (rows, features).
        truth: Shape (rows,): number of each row's class, or its value.
        names: The classes; none for values.
        resolution: Points along each side of the grid.
    """

    where: str
    model: Model
    kind: str
    plane: Plane
    rows: NumpyArray
    truth: NumpyArray
    names: tuple[str, ...]
    resolution: int

    def boundary(self) -> Boundary:
        """Return what the model gives on the plane, with the weights that it has now."""
        return boundary(self.predict, self.plane, self.rows, self.resolution)

    def predict(self, rows: NumpyArray) -> NumpyArray:
        """Return probabilities (rows, classes) or values (rows,)."""
        return outputs_of(self.model, self.kind, rows)

    def score(self) -> str:
        """Return how good the model is on the rows, in words."""
        found = self.predict(self.rows)
        if not self.names:
            return f"RMSE {number_text(float(np.sqrt(np.mean((found - self.truth) ** 2))))}"
        return f"accuracy {np.mean(found.argmax(axis=1) == self.truth):.1%}"


def read_view(where: str, model: Any, x: ArrayLike, y: ArrayLike, options: ViewOptions) -> View:
    """Return what is to be looked at, checked.

    Args:
        where: The function that was called, for messages.
        model: The model.
        x: Rows of features.
        y: Class or value of each row.
        options: The keywords.

    Raises:
        ArgumentError: The model takes no rows of numbers, or a keyword does not fit.
        ShapeError: The rows are not as wide as the model takes.
        DataError: Text or missing values in `x`.
    """
    refuse_unknown(where, options.keys() - ViewOptions.__annotations__, arguments_of(_view))
    check_model(where, model)
    return _view(where, model, x, y, **options)


def _view(
    where: str,
    model: Model,
    x: ArrayLike,
    y: ArrayLike,
    features: Features = (0, 1),
    fixed: Fixed = "median",
    feature_names: Sequence[str] | None = None,
    labels: Sequence[Any] | None = None,
    outputs: Outputs = "auto",
    resolution: int = 200,
) -> View:
    rows = read_rows(where, model, x)
    names = _names(where, x, rows.shape[1], feature_names)
    if isinstance(resolution, bool) or not isinstance(resolution, int) or resolution < 2:
        expected = "a whole number, at least 2"
        report([Problem(f"{where}(resolution=...)", repr(resolution), expected)])
    plane = choose_plane(where, rows, names, features, fixed)
    kind = kind_of(where, model, outputs)
    truth, classes = read_truth(where, y, outputs_of(model, kind, rows), labels)
    return View(where, model, kind, plane, rows, truth, classes, resolution)


def read_rows(where: str, model: Model, x: ArrayLike) -> NumpyArray:
    """Return rows of finite numbers, as wide as the model takes."""
    place = f"{where}(x=...)"
    rows = to_array(x, place)
    (width,) = model.network.shapes[model.network.inputs[0]]
    if rows.ndim != 2 or not len(rows):
        given = f"an array of shape {rows.shape}"
        report([Problem(place, given, "at least one row of features")], ShapeError)
    if rows.shape[1] != width:
        expected = f"{width}, as the model takes"
        given = count_text(rows.shape[1], "feature")
        report([Problem(place, given, expected)], ShapeError)
    check_finite(rows, place)
    return rows


def _names(
    where: str, x: ArrayLike, width: int, feature_names: Sequence[str] | None
) -> tuple[str, ...]:
    if feature_names is None:
        framed = is_frame(x) and hasattr(x, "columns")
        return tuple(map(str, x.columns if framed else (f"feature {n}" for n in range(width))))
    given, place = list(feature_names), f"{where}(feature_names=...)"
    if len(given) != width:
        report([Problem(place, count_text(len(given), "name"), f"{width}, one for each feature")])
    return tuple(map(str, given))


def read_truth(
    where: str, y: ArrayLike, found: NumpyArray, labels: Sequence[Any] | None
) -> tuple[NumpyArray, tuple[str, ...]]:
    """Return the class number of each row and the classes' names, or the values and no names.

    Args:
        where: How an error begins.
        y: Class or value of each row, or one column a class.
        found: What the model gives for the rows: (rows, classes) or (rows,).
        labels: Names of the classes.
    """
    given = to_array(y, f"{where}(y=...)", text=True)
    if found.ndim == 1:
        actual, _ = paired_numbers(given, found, f"{where}(y=...)")
        return actual, ()
    width = found.shape[1]
    report(_class_problems(where, width, labels))
    if given.ndim == 2 and given.shape[1] == width:
        given = given.argmax(axis=1)
    numbers = _whole(given)
    if numbers is None:
        places, _, names = class_scores(given, found, labels, f"{where}(y=...)")
        return places, tuple(names)
    named = labels is not None and set(numbers) <= set(labels)
    # Rows of only some classes are fine where the classes are numbered as the outputs are.
    numbered = not named and set(numbers) <= set(range(width))
    order = range(width) if numbered else labels
    places, _, names = class_scores(numbers, found, order, f"{where}(y=...)")
    return places, tuple(names if labels is None else map(str, labels))


def _whole(y: NumpyArray) -> list[int] | None:
    """Return whole numbers as such, also where they come as floats; None for anything else."""
    if y.dtype.kind not in "fiub" or not np.array_equal(y, np.round(y)):
        return None
    return y.astype(int).reshape(-1).tolist()


def _class_problems(where: str, width: int, labels: Sequence[Any] | None) -> Iterator[Problem]:
    if width > MOST_CLASSES:
        expected = f"at most {MOST_CLASSES}, which colours can tell apart"
        yield Problem(f"{where}(model=...)", f"{width} classes", expected)
    if labels is not None and len(labels) != width:
        expected = f"{width}, one for each class in the order of the outputs"
        yield Problem(f"{where}(labels=...)", count_text(len(labels), "label"), expected)
