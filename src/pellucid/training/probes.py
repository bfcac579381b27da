"""What probes read in a run: a table of step, epoch, layer, quantity and value."""

import csv
import io
import os
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from pellucid.atomic import write_text_atomically
from pellucid.errors import FileError, Problem, did_you_mean, report
from pellucid.text_table import text_table
from pellucid.training.event_files import write_events
from pellucid.training.history_json import from_json_value, to_json_value
from pellucid.training.probe import Column
from pellucid.types import NumpyArray
from pellucid.wording import count_text

MOST_READINGS = 256
"""Readings that a table keeps at most."""

MOST_VALUES = 100_000
"""Values that a table keeps at most, if it need not have fewer than `FEWEST_READINGS`."""

FEWEST_READINGS = 32

MOST_COLUMNS = 20_000
"""Columns that a file may have."""

HEADERS = ("step", "epoch", "layer", "quantity", "value")


class Series(NamedTuple):
    """One quantity of one layer over the run.

    Args:
        step: Updates that had been made when it was read.
        value: Its values.
    """

    step: NumpyArray
    value: NumpyArray


class Probes:
    """The readings of a run, as rows of step, epoch, layer, quantity and value.

    A reading tells of the step that comes next: of the weights after `step` updates, on the
    batch of the following one. What is one of the whole run stands at the layer "run". Once
    there are more than 256 readings, or 100,000 values, only every second one is kept.

    Args:
        columns: Layer and quantity of each number of a reading.

    Example:
        >>> from pellucid.training.probes import Probes
        >>> probes = Probes([("run", "loss"), ("dense", "activation/rms")])
        >>> probes.append(0, 0, [0.7, 1.0])
        >>> probes.append(50, 1, [0.4, 1.5])
        >>> probes["dense", "activation/rms"].value.tolist()
        [1.0, 1.5]
        >>> probes.layers, probes.select(layer="dense").quantities
        (['run', 'dense'], ['activation/rms'])
        >>> print(probes)
        layer  quantity        step 0  step 50
        -----  --------------  ------  -------
        run    loss            0.7000   0.4000
        dense  activation/rms  1.0000   1.5000
    """

    def __init__(self, columns: Sequence[Column] = ()) -> None:
        self.columns: list[Column] = [(layer, quantity) for layer, quantity in columns]
        self.steps: list[int] = []
        self.epochs: list[int] = []
        self._values: list[NumpyArray] = []
        # Of how many readings one is kept, and how many there have been.
        self._stride, self._taken = 1, 0

    def append(self, step: int, epoch: int, values: Any) -> None:
        """Add a reading.

        Args:
            step: Updates made before it.
            epoch: Number of its epoch, from 0.
            values: A number for each column.
        """
        self._taken += 1
        if (self._taken - 1) % self._stride:
            return
        self.steps.append(int(step))
        self.epochs.append(int(epoch))
        self._values.append(np.asarray(values, np.float32))
        if len(self.steps) > self._room:
            self._stride *= 2
            for listed in (self.steps, self.epochs, self._values):
                del listed[1::2]

    @property
    def _room(self) -> int:
        """Readings for which there is room."""
        fitting = MOST_VALUES // max(len(self.columns), 1)
        return max(FEWEST_READINGS, min(MOST_READINGS, fitting))

    # -- the table

    @property
    def layers(self) -> list[str]:
        """The layers, in the order of the network; "run" is the whole run."""
        return list(dict.fromkeys(layer for layer, _ in self.columns))

    @property
    def quantities(self) -> list[str]:
        """The quantities, each once."""
        return list(dict.fromkeys(quantity for _, quantity in self.columns))

    @property
    def values(self) -> NumpyArray:
        """All values, shape (readings, columns)."""
        return np.array(self._values, np.float32).reshape(len(self.steps), len(self.columns))

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.steps) * len(self.columns)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for step, epoch, values in zip(self.steps, self.epochs, self.values, strict=True):
            for (layer, quantity), value in zip(self.columns, values.tolist(), strict=True):
                cells = (step, epoch + 1, layer, quantity, value)
                yield dict(zip(HEADERS, cells, strict=True))

    def __contains__(self, column: object) -> bool:
        return column in self.columns

    def __getitem__(self, column: Column) -> Series:
        """Return one quantity of one layer.

        Args:
            column: Layer and quantity, as in `probes["dense", "activation/rms"]`.

        Raises:
            ArgumentError: It was not read; near names are suggested.
        """
        if column not in self.columns:
            report([self._missing(column)])
        place = self.columns.index(column)
        return Series(np.array(self.steps, np.int64), self.values[:, place])

    def select(self, layer: str | None = None, quantity: str | None = None) -> "Probes":
        """Return the part of the table that is about some layers and quantities.

        Args:
            layer: A layer, or a pattern such as "encoder/*"; None for all.
            quantity: A quantity, or a pattern such as "*/gradient"; None for all.

        Returns:
            A table with the same readings, empty where no such layer has such a quantity.

        Raises:
            ArgumentError: No layer, or no quantity, is called so; near names are suggested.
        """
        if self.columns:
            wanted = (("layer", layer, self.layers), ("quantity", quantity, self.quantities))
            report(
                problem
                for what, name, known in wanted
                if name is not None
                for problem in _unknown(what, name, known)
            )
        places = [
            place
            for place, (own, name) in enumerate(self.columns)
            if (layer is None or _fits(own, layer)) and (quantity is None or _fits(name, quantity))
        ]
        part = Probes([self.columns[place] for place in places])
        part.steps, part.epochs = [*self.steps], [*self.epochs]
        part._values = [values[places] for values in self._values]
        return part

    def _missing(self, column: Any) -> Problem:
        where, shown = "history.probes[...]", repr(column)
        if not (isinstance(column, tuple) and len(column) == 2 and all(map(_is_text, column))):
            fix = 'Such as probes["dense", "activation/rms"].'
            return Problem(where, shown, "a layer and a quantity", fix)
        layer, quantity = column
        if not self.columns:
            return Problem(where, shown, "nothing: no probe read", 'fit(probe="economy") reads.')
        if layer not in self.layers:
            fix = did_you_mean(layer, self.layers)
            return Problem(where, f"the unknown layer '{layer}'", "one that was read", fix)
        own = [name for one, name in self.columns if one == layer]
        expected = f"one of layer '{layer}'"
        return Problem(
            where, f"the unknown quantity '{quantity}'", expected, did_you_mean(quantity, own)
        )

    def __repr__(self) -> str:
        if not self.steps:
            return "Probes(no readings)"
        readings = count_text(len(self.steps), "reading")
        return f"Probes({readings} of {count_text(len(self.columns), 'number')})"

    def __str__(self) -> str:
        """Return each quantity at the first reading and at the last."""
        if not self.steps:
            return repr(self)
        places = [0, len(self.steps) - 1] if len(self.steps) > 1 else [0]
        values = self.values
        rows = [
            (layer, quantity, *(float(values[place, column]) for place in places))
            for column, (layer, quantity) in enumerate(self.columns)
        ]
        return text_table(rows, ["layer", "quantity", *(f"step {self.steps[p]}" for p in places)])

    # -- files

    def to_csv(self, path: str | os.PathLike[str]) -> Path:
        """Write all rows, with a header line, to a CSV file; return its path.

        Raises:
            FileError: The file cannot be written.
        """
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(HEADERS)
        writer.writerows(row.values() for row in self)
        return write_text_atomically(path, text.getvalue())

    def to_tensorboard(self, folder: str | os.PathLike[str]) -> Path:
        """Write each quantity as a curve over the steps, `dense/activation/rms`, for TensorBoard.

        Args:
            folder: Folder of the run; `tensorboard --logdir folder` draws it.

        Raises:
            PellucidError: The package tensorboardx is not installed.
            FileError: The file cannot be written.
        """
        return write_events(folder, self.points())

    def points(self) -> Iterator[tuple[int, dict[str, float]]]:
        """Yield each step with the values read at it, by names such as "dense/activation/rms"."""
        names = [f"{layer}/{quantity}" for layer, quantity in self.columns]
        for step, row in zip(self.steps, self.values.tolist(), strict=True):
            yield step, dict(zip(names, row, strict=True))

    def to_dict(self) -> dict[str, Any]:
        """Return the table as plain JSON values, which `from_dict` takes back.

        Values keep the digits of a float32.
        """
        return {
            "columns": [[layer, quantity] for layer, quantity in self.columns],
            "steps": [*self.steps],
            "epochs": [*self.epochs],
            "stride": self._stride,
            "values": [[_short(value) for value in values] for values in self._values],
        }

    @classmethod
    def from_dict(cls, content: Any, where: str = "probes") -> "Probes":
        """Return the table that `to_dict` described.

        Args:
            content: What `to_dict` returned. It is checked as if it came from a stranger.
            where: How an error calls it.

        Raises:
            FileError: It is something else.
        """
        report(list(_content_problems(content, where)), FileError)
        probes = cls([(layer, quantity) for layer, quantity in content["columns"]])
        probes.steps, probes.epochs = [*content["steps"]], [*content["epochs"]]
        probes._stride = content["stride"]
        probes._taken = len(probes.steps) * probes._stride
        probes._values = [
            np.array([from_json_value(value) for value in values], np.float32)
            for values in content["values"]
        ]
        return probes


def _fits(name: str, pattern: str) -> bool:
    return name == pattern or fnmatchcase(name, pattern)


def _unknown(what: str, wanted: Any, known: Sequence[str]) -> Iterator[Problem]:
    """Yield what is wrong with a name, or a pattern, that none has."""
    where = f"history.probes.select({what}=...)"
    if not _is_text(wanted):
        yield Problem(where, repr(wanted), "a name, or a pattern such as '*/gradient'")
    elif not any(_fits(name, wanted) for name in known):
        fix = did_you_mean(wanted, known)
        yield Problem(where, repr(wanted), f"a {what} that was read", fix)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _short(value: Any) -> Any:
    """Return a float32 with as few digits as tell it from its neighbours."""
    return to_json_value(float(str(value)))


def _content_problems(content: Any, where: str) -> Iterator[Problem]:
    names = ("columns", "steps", "epochs", "values")
    listed = isinstance(content, dict) and all(isinstance(content.get(n), list) for n in names)
    if not listed:
        yield Problem(where, "something else", f"lists {', '.join(names)}")
        return
    columns, steps, epochs, values = (content[name] for name in names)
    readings = len(steps)
    if not len(epochs) == len(values) == readings <= MOST_READINGS:
        expected = f"at most {MOST_READINGS}, with a step, an epoch and values each"
        yield Problem(f"{where}, readings", f"{readings} steps, {len(values)} readings", expected)
        return
    if len(columns) > MOST_COLUMNS or not all(
        isinstance(one, list) and len(one) == 2 and all(map(_is_text, one)) for one in columns
    ):
        expected = f"at most {MOST_COLUMNS:,} pairs of a layer and a quantity"
        yield Problem(f"{where}, columns", "something else", expected)
        return
    stride = content.get("stride")
    if not (type(stride) is int and 1 <= stride < 2**31):
        yield Problem(f"{where}, stride", "something else", "a whole number of at least 1")
    for name, numbers in (("steps", steps), ("epochs", epochs)):
        if not all(type(one) is int and 0 <= one < 2**62 for one in numbers):
            yield Problem(f"{where}, {name}", "something else", "whole numbers of at least 0")
    for number, row in enumerate(values):
        if not isinstance(row, list) or len(row) != len(columns) or not all(map(_is_number, row)):
            expected = f"a list of {count_text(len(columns), 'number')}"
            yield Problem(f"{where}, reading {number}", "something else", expected)


def _is_number(value: Any) -> bool:
    if isinstance(value, str):
        return value in ("NaN", "Infinity", "-Infinity")
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e39
