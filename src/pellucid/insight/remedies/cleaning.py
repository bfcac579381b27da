"""Rows and columns that should not be trained on."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

import numpy as np

from pellucid.graph.editing import mapped
from pellucid.insight.remedies.changes import (
    count_rows,
    first_array,
    in_both,
    kept,
    labels_array,
    with_first_array,
)
from pellucid.insight.remedies.remedy import Entries, Remedy
from pellucid.insight.remedies.setup import Rows, Setup
from pellucid.layers.input import InputLayer
from pellucid.types import NumpyArray
from pellucid.wording import count_text


@dataclass(frozen=True)
class DropRows(Remedy):
    """Leave out rows that hold NaN or infinity, in training and in validation.

    Args:
        kind: "nonfinite", the only kind.
    """

    kind: Literal["nonfinite"] = "nonfinite"
    name: ClassVar[str] = "drop-rows"

    @property
    def words(self) -> str:
        return "Leave out the rows that hold NaN or infinity."

    def row_code(self, setup: Setup) -> tuple[str, ...]:
        parts = " & ".join(
            f"np.isfinite({one}.reshape(len({one}), -1)).all(axis=1)" for one in ("x", "y")
        )
        return f"good = {parts}", "x, y = x[good], y[good]"

    def apply(self, setup: Setup) -> Setup:
        return in_both(setup, lambda rows: kept(rows, finite_rows(rows)))


@dataclass(frozen=True)
class FillMissing(Remedy):
    """Put each column's median over the training rows where a value is missing or infinite.

    A row whose label is missing is left out: nothing stands for what is to be learned.

    Args:
        codes: Numbers of columns, each with a value that stands there for what is missing.
    """

    codes: tuple[tuple[int, float], ...] = ()
    name: ClassVar[str] = "fill-missing"

    @property
    def words(self) -> str:
        if self.codes:
            told = ", ".join(f"{code:g}" for code in sorted({code for _, code in self.codes})[:3])
            return (
                f"Put the column's median, taken over the other training rows, where the code "
                f"{told} stands for what is missing. Do the same with rows to predict."
            )
        return (
            "Put the column's median, taken over the training rows, where a value is missing or "
            "infinite; leave out rows without a label. Do the same with rows to predict."
        )

    def apply(self, setup: Setup) -> Setup:
        values = first_array(setup.train)
        if values.dtype.kind != "f" and not self.codes:
            return setup
        known = np.where(self._measured(values), values.astype(np.float64), np.nan)
        # Steps of sequences, and places of images, share the median of their channel with codes.
        known = known.reshape(-1, known.shape[-1]) if self.codes else known
        holey = np.isnan(known).all(axis=0)
        median = np.nanmedian(np.where(holey, 0.0, known), axis=0).astype(values.dtype)

        def fill(rows: Rows) -> Rows:
            rows = kept(rows, _finite(labels_array(rows)))
            own = first_array(rows)
            good = self._measured(own)
            if good.all():
                return rows
            return with_first_array(rows, np.where(good, own, median).astype(own.dtype))

        return in_both(setup, fill)

    def _measured(self, values: NumpyArray) -> NumpyArray:
        """Return which values are numbers, and no codes."""
        good = np.isfinite(values)
        for column, code in self.codes:
            good[..., column] &= values[..., column] != values.dtype.type(code)
        return good


@dataclass(frozen=True)
class DropColumns(Remedy):
    """Take columns out of the first input and out of its `Input`.

    Args:
        columns: Their numbers.
    """

    columns: tuple[int, ...] = ()
    name: ClassVar[str] = "drop-columns"

    @property
    def words(self) -> str:
        return f"Leave {self._title} out of the inputs, in training and in prediction."

    @property
    def _title(self) -> str:
        listed = ", ".join(map(str, self.columns))
        return f"{'column' if len(self.columns) == 1 else 'columns'} {listed}"

    def row_code(self, setup: Setup) -> tuple[str, ...]:
        return (f"x = np.delete(x, {list(self.columns)}, axis=-1)",)

    def apply(self, setup: Setup) -> Setup:
        graph = setup.graph
        entry = graph.members[graph.steps[graph.inputs[0][0]].member]
        assert isinstance(entry, InputLayer)
        width = first_array(setup.train).shape[-1]
        stay = [number for number in range(width) if number not in self.columns]
        if len(stay) == width or entry.shape[-1:] != (width,):
            return setup
        narrow = entry.replace(shape=(*entry.shape[:-1], len(stay)))
        changed = in_both(setup, lambda rows: with_first_array(rows, first_array(rows)[..., stay]))
        dropped = mapped(graph, lambda path, layer: narrow if layer is entry else layer)
        fixed = {one: array for one, array in setup.weights.items() if not _of_entry(graph, one)}
        return replace(changed, graph=dropped, weights=fixed)


@dataclass(frozen=True)
class DropLeak(DropColumns):
    """Take out columns that give the answer away; nothing can be judged by them.

    Args:
        columns: Their numbers.
    """

    name: ClassVar[str] = "drop-leak"

    @property
    def leak(self) -> Entries:
        return self._title, (..., list(self.columns))


@dataclass(frozen=True)
class DropOverlap(Remedy):
    """Take rows that are validated on out of the training rows.

    Args:
        rows: Numbers of training rows that are nearly such rows, and go too.
    """

    rows: tuple[int, ...] = ()
    name: ClassVar[str] = "drop-overlap"

    @property
    def words(self) -> str:
        return "Take the rows that the model is validated on out of the training rows."

    def apply(self, setup: Setup) -> Setup:
        if setup.validation is None:
            return setup
        own = ~found_in(setup.train, setup.validation)
        own[[row for row in self.rows if row < len(own)]] = False
        return replace(setup, train=kept(setup.train, own))


@dataclass(frozen=True)
class DropSuspects(Remedy):
    """Leave out training rows whose labels are probably wrong.

    Args:
        rows: Their numbers.
    """

    rows: tuple[int, ...] = ()
    name: ClassVar[str] = "drop-suspects"

    @property
    def words(self) -> str:
        told = count_text(len(self.rows), "training row")
        return f"Leave out the {told} whose labels are probably wrong, or correct the labels."

    def row_code(self, setup: Setup) -> tuple[str, ...]:
        return (
            f"suspects = {list(self.rows)}",
            "x, y = np.delete(x, suspects, axis=0), np.delete(y, suspects, axis=0)",
        )

    def apply(self, setup: Setup) -> Setup:
        good = np.ones(count_rows(setup.train), bool)
        good[[row for row in self.rows if row < len(good)]] = False
        return replace(setup, train=kept(setup.train, good)) if self.rows else setup


def finite_rows(rows: Rows) -> NumpyArray:
    """Return for each row whether all numbers in it are finite."""
    good = np.ones(count_rows(rows), bool)
    for value in (*_arrays(rows.x), *_arrays(rows.y)):
        good &= _finite(value)
    return good


def found_in(rows: Rows, others: Rows) -> NumpyArray:
    """Return for each row whether its first input is that of a row in `others`."""
    known = {row.tobytes() for row in _comparable(others)}
    return np.array([row.tobytes() in known for row in _comparable(rows)], bool)


def _comparable(rows: Rows) -> NumpyArray:
    values = first_array(rows)
    if values.dtype.kind in "fiub":
        values = values.astype(np.float32).round(6) + 0.0
    return np.ascontiguousarray(values.reshape(len(values), -1))


def _finite(array: NumpyArray) -> NumpyArray:
    if array.dtype.kind != "f":
        return np.ones(len(array), bool)
    return np.asarray(np.isfinite(array.reshape(len(array), -1)).all(axis=1))


def _arrays(value: Any) -> list[NumpyArray]:
    several = list(value.values()) if hasattr(value, "values") else [value]
    return [np.asarray(one) for one in several]


def _of_entry(graph: Any, path: str) -> bool:
    """Say whether a weight belongs to a layer that takes the first input."""
    readers = {
        str(graph.members[step.member].name)
        for step in graph.steps
        if graph.inputs[0] in step.inputs
    }
    return path.rsplit("/", 1)[0] in readers
