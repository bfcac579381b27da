"""A plane through the space of features, on which a network is looked at."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np

from pellucid.errors import Problem, did_you_mean, report
from pellucid.types import NumpyArray
from pellucid.wording import count_text

Features: TypeAlias = Sequence[int | str] | Literal["principal"]
"""Two features by number or name, or "principal" for the two principal components."""

Fixed: TypeAlias = Literal["median", "mean"] | Mapping[int | str, float]
"""What the other features are: their median, their mean, or given values by number or name."""

CENTRES = {"median": np.median, "mean": np.mean}


@dataclass(frozen=True)
class Plane:
    """Where two coordinates lie in the space of features.

    `row = origin + scale * (coordinates @ directions)`.

    Args:
        origin: Shape (features,).
        scale: Shape (features,): units of each feature, so that `directions` have none.
        directions: Shape (2, features): two unit vectors at right angles.
        names: What the two coordinates are called.
        note: What the other features are.

    Example:
        >>> import numpy as np
        >>> from pellucid.insight import Plane
        >>> plane = Plane(np.array([0, 0, 5.0]), np.ones(3), np.eye(3)[:2], ("a", "b"))
        >>> plane.rows(np.array([[1.0, 2.0]])).tolist()
        [[1.0, 2.0, 5.0]]
    """

    origin: NumpyArray
    scale: NumpyArray
    directions: NumpyArray
    names: tuple[str, str]
    note: str = ""

    def rows(self, coordinates: NumpyArray) -> NumpyArray:
        """Return the rows of features at coordinates of shape (points, 2)."""
        return self.origin + self.scale * (coordinates @ self.directions)

    def coordinates(self, rows: NumpyArray) -> NumpyArray:
        """Return the coordinates of the points of the plane that are closest to `rows`."""
        return ((rows - self.origin) / self.scale) @ self.directions.T


def choose_plane(
    where: str, x: NumpyArray, names: Sequence[str], features: Features, fixed: Fixed
) -> Plane:
    """Return the plane of two features, or of the two principal components.

    Args:
        where: How an error begins.
        x: Rows, shape (rows, features).
        names: Names of the features.
        features: Two features, or "principal".
        fixed: What the others are.

    Raises:
        ArgumentError: Features that are not there, not two of them, or values for features
            that are drawn.
    """
    if isinstance(features, str) and features == "principal":
        return principal_plane(where, x, fixed)
    report(_feature_problems(f"{where}(features=...)", names, features))
    first, second = (_number(names, one) for one in features)
    report(_fixed_problems(f"{where}(fixed=...)", names, fixed, (first, second)))
    given = fixed if isinstance(fixed, Mapping) else {}
    centre = "median" if isinstance(fixed, Mapping) else fixed
    origin = CENTRES[centre](x.astype(float), axis=0)
    for name, value in given.items():
        origin[_number(names, name)] = value
    origin[[first, second]] = 0.0
    others = len(names) - 2 - len(given)
    parts = [f"{names[_number(names, name)]} = {value:g}" for name, value in given.items()]
    parts += [f"{count_text(others, 'other feature')} at the {centre}"] if others else []
    directions = np.eye(len(names))[[first, second]]
    called = names[first], names[second]
    return Plane(origin, np.ones(len(names)), directions, called, ", ".join(parts))


def principal_plane(where: str, x: NumpyArray, fixed: Fixed) -> Plane:
    """Return the plane along which standardised rows are spread most.

    Args:
        where: How an error begins.
        x: Rows, shape (rows, features).
        fixed: "median" or "mean"; the plane goes through the mean whichever it is.

    Raises:
        ArgumentError: There are fewer than two features or rows, or values that should be fixed.

    Source: Jolliffe, "Principal Component Analysis" (2002).
    """
    from sklearn.decomposition import PCA

    problems = []
    if min(x.shape) < 2:
        given = f"{count_text(len(x), 'row')} of {count_text(x.shape[1], 'feature')}"
        problems.append(Problem(f"{where}(features='principal')", given, "at least 2 of both"))
    if isinstance(fixed, Mapping):
        expected = "no values beside features='principal': all features move along the plane"
        problems.append(Problem(f"{where}(fixed=...)", repr(dict(fixed)), expected))
    report(problems)
    mean, deviation = x.mean(axis=0, dtype=float), x.std(axis=0, dtype=float)
    scale = np.where(deviation > 0, deviation, 1.0)
    found = PCA(2, svd_solver="full").fit((x - mean) / scale)
    first, second = (
        f"{place} component ({share:.0%} of variance)"
        for place, share in zip(("first", "second"), found.explained_variance_ratio_, strict=True)
    )
    note = f"plane through the mean of {count_text(x.shape[1], 'feature')}"
    return Plane(mean, scale, np.asarray(found.components_), (first, second), note)


def _number(names: Sequence[str], feature: int | str) -> int:
    return names.index(feature) if isinstance(feature, str) else int(feature)


def _feature_problems(where: str, names: Sequence[str], features: Any) -> Iterator[Problem]:
    two = "two features by number or name, such as (0, 1), or 'principal'"
    if isinstance(features, (str, int)):
        yield Problem(where, repr(features), two)
        return
    if len(features) != 2:
        yield Problem(where, count_text(len(features), "feature"), two)
    unknown = list(_unknown(where, names, features))
    yield from unknown
    if not unknown and len({_number(names, one) for one in features}) < len(features):
        yield Problem(where, f"{features[1]!r} twice", two)


def _fixed_problems(
    where: str, names: Sequence[str], fixed: Any, drawn: tuple[int, int]
) -> Iterator[Problem]:
    if not isinstance(fixed, Mapping):
        if fixed not in CENTRES:
            yield Problem(where, repr(fixed), "'median', 'mean' or a dict such as {'age': 40}")
        return
    unknown = list(_unknown(where, names, fixed))
    yield from unknown
    for name, value in fixed.items():
        if not unknown and _number(names, name) in drawn:
            yield Problem(where, f"a value for {name!r}, which is drawn", "values of the others")
        if not isinstance(value, (int, float, np.number)) or not np.isfinite(value):
            yield Problem(where, f"{value!r} for {name!r}", "finite numbers")


def _unknown(where: str, names: Sequence[str], features: Any) -> Iterator[Problem]:
    for one in features:
        if isinstance(one, str):
            if one not in names:
                fix = did_you_mean(one, list(names))
                yield Problem(where, f"the unknown feature '{one}'", "a feature of x", fix)
        elif isinstance(one, bool) or not isinstance(one, (int, np.integer)):
            yield Problem(where, repr(one), "a feature's number or name")
        elif not 0 <= one < len(names):
            expected = f"a number from 0 to {len(names) - 1}"
            yield Problem(where, f"feature {one}", expected)
