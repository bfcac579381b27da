"""What a run of training logged, epoch by epoch: as Keras keeps it, and as a table."""

import base64
import csv
import html
import io
import itertools
import json
import math
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

from pellucid.atomic import write_text_atomically
from pellucid.drawing import picture_format, save_figure
from pellucid.errors import ArgumentError, FileError, Problem, did_you_mean, report
from pellucid.page import Page, check_page_path, write_page
from pellucid.text_table import text_table
from pellucid.training.curves import Curves, draw_curves
from pellucid.training.directions import Direction, direction_of
from pellucid.training.event_files import write_events
from pellucid.training.history_json import (
    FORMAT,
    VERSION,
    check_content,
    from_json_value,
    to_json_value,
)
from pellucid.training.probes import Probes
from pellucid.training.run_page import environment_section, result_text, run_sections
from pellucid.wording import count_text, number_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Value: TypeAlias = Any
"""A float, or a list of floats where a metric has one value a class."""

PRINTED_ROWS = 12


class Best(NamedTuple):
    """The best value of a column and the epoch, counted from 1, that reached it first."""

    epoch: int
    value: float


class History:
    """The numbers that a run logged, one row an epoch.

    `fit` returns one. `history.history` and `history.epoch` are what Keras scripts expect; the
    object itself is a table whose columns are `epoch`, then what was logged. Rows count from 0
    like a list's. The column `epoch` counts from 1, as everything that people read does.

    Args:
        params: What the run was asked for, such as `{"epochs": 20, "steps": 15}`.
        better: "min" or "max" for columns whose name does not tell which is better.
        monitor: The column by which the run chose its best epoch, if it did.

    Attributes:
        history: Column name → list with a value an epoch. A column that is logged only now and
            then (`validation_freq`) has a shorter list, as in Keras.
        epoch: The epochs in order, counted from 0, as in Keras.
        params: As given.
        better: As given.
        monitor: As given.
        stopped: Why the run ended before its last epoch, in words; None if it did not.
        probes: What probes read inside the run, as a table; empty without a probe.
        diagnosis: What was found wrong with the run, where `fit` was asked to; no part of a file.

    Example:
        >>> from pellucid.training.history import History
        >>> history = History()
        >>> history.append(0, {"loss": 0.7, "val_loss": 0.8})
        >>> history.append(1, {"loss": 0.5, "val_loss": 0.6})
        >>> history.append(2, {"loss": 0.4, "val_loss": 0.65})
        >>> history.history["loss"]
        [0.7, 0.5, 0.4]
        >>> history[:, "val_loss"]
        [0.8, 0.6, 0.65]
        >>> history[-1]
        {'epoch': 3, 'loss': 0.4, 'val_loss': 0.65}
        >>> history.best("val_loss")
        Best(epoch=2, value=0.6)
        >>> print(history[1:])
        epoch    loss  val_loss
        -----  ------  --------
            2  0.5000    0.6000
            3  0.4000    0.6500

    Differs from Keras: it is a table, draws itself and is no callback.
    """

    def __init__(
        self,
        params: Mapping[str, Any] | None = None,
        *,
        better: Mapping[str, Direction] | None = None,
        monitor: str | None = None,
    ) -> None:
        self.history: dict[str, list[Value]] = {}
        self.epoch: list[int] = []
        self.params: dict[str, Any] = dict(params or {})
        self.better: dict[str, Direction] = dict(better or {})
        self.monitor = monitor
        self.stopped: str | None = None
        self.probes = Probes()
        self.diagnosis: Any = None
        # The rows at which each column has its values.
        self._places: dict[str, list[int]] = {}

    # -- recording

    def append(self, epoch: int, logs: Mapping[str, Any]) -> None:
        """Add a row.

        Args:
            epoch: The epoch, counted from 0, as callbacks count.
            logs: Column name → number or array. A column may be absent; None counts as absent.

        Raises:
            ArgumentError: A value is no number and no array of numbers.
        """
        values = {name: _plain(value, name) for name, value in logs.items() if value is not None}
        for name, value in values.items():
            self.history.setdefault(name, []).append(value)
            self._places.setdefault(name, []).append(len(self.epoch))
        self.epoch.append(int(epoch))

    # -- the table

    @property
    def columns(self) -> list[str]:
        """The names of the table's columns: "epoch", then what was logged."""
        return ["epoch", *(name for name in self.history if name != "epoch")]

    def __len__(self) -> int:
        return len(self.epoch)

    def __iter__(self) -> Iterator[dict[str, Value]]:
        return iter(self._rows(range(len(self)), self.columns))

    def __contains__(self, column: object) -> bool:
        return column in self.columns

    def __getitem__(self, key: Any) -> Any:
        """Return a part of the table.

        Args:
            key: `rows`, `columns` or `rows, columns`. Rows are a number or a slice, columns a
                name or a list of names.

        Returns:
            A value for one row and one column (None where nothing was logged), a dict for one
            row, a list for one column, a History for more.

        Raises:
            ArgumentError: There is no such row or column.
        """
        rows, columns = self._split(key)
        self._check_columns([columns] if isinstance(columns, str) else columns)
        if isinstance(rows, slice):
            if isinstance(columns, str):
                return self._column(columns)[rows]
            return self._part(range(len(self))[rows], columns)
        row = self._row_number(rows)
        if isinstance(columns, str):
            return self._column(columns)[row]
        return self._rows([row], columns)[0]

    def best(self, column: str, mode: str | None = None) -> Best:
        """Return the best value of a column and the epoch that reached it first.

        Args:
            column: The name of a logged column, such as "val_loss".
            mode: "min" if lower is better, "max" if higher is. None or "auto" takes it from
                the metric or its name.

        Returns:
            `Best(epoch, value)`; the epoch counts from 1. NaN is never best.

        Raises:
            ArgumentError: The column does not exist, holds no finite number, or does not tell
                which way is better.
        """
        where = f"history.best({column!r})"
        self._check_columns([column])
        if mode not in (None, "auto", "min", "max"):
            report([Problem(where, f"mode={mode!r}", "'min', 'max' or None")])
        direction = mode if mode in ("min", "max") else self.direction(column)
        finite = self._finite(column)
        if direction is None:
            fix = 'Give mode="min" or mode="max".'
            report([Problem(where, "a name that does not tell which is better", "a mode", fix)])
        if not finite:
            report([Problem(where, "no finite number", "at least one")])
        pick = min if direction == "min" else max
        return pick(finite, key=lambda best: best.value)

    def direction(self, column: str) -> Direction | None:
        """Return "min" or "max": which is better in a column; None where nobody knows."""
        stem = column.removeprefix("val_")
        return self.better.get(column) or self.better.get(stem) or direction_of(column)

    @property
    def best_epoch(self) -> int | None:
        """The best epoch, counted from 1: by `monitor`, else the validation loss, else the loss."""
        for column in (self.monitor or "val_loss", "val_loss", "loss"):
            known = column in self.history
            if known and self.direction(column) and self._finite(column):
                return self.best(column).epoch
        return None

    # -- files

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain JSON values, which `from_dict` takes back.

        A number that is not finite becomes its name, such as "NaN"; a value that was not
        logged becomes None.
        """
        return {
            "format": FORMAT,
            "version": VERSION,
            "epoch": [epoch + 1 for epoch in self.epoch],
            "columns": {
                name: [to_json_value(value) for value in self._column(name)]
                for name in self.columns[1:]
            },
            "params": dict(self.params),
            "better": dict(self.better),
            "monitor": self.monitor,
            "stopped": self.stopped,
            **({"probes": self.probes.to_dict()} if self.probes.columns else {}),
        }

    @classmethod
    def from_dict(cls, content: Any, where: str = "history") -> "History":
        """Return the history that `to_dict` described.

        Args:
            content: What `to_dict` returned. It is checked as if it came from a stranger.
            where: How an error calls it.

        Raises:
            FileError: It is something else.
        """
        check_content(content, where)
        history = cls(
            content.get("params"), better=content.get("better"), monitor=content.get("monitor")
        )
        history.stopped = content.get("stopped")
        if content.get("probes") is not None:
            history.probes = Probes.from_dict(content["probes"], f"{where}, probes")
        history.history = {name: [] for name in content["columns"]}
        try:
            for row, epoch in enumerate(content["epoch"]):
                columns = content["columns"].items()
                history.append(
                    epoch - 1, {name: from_json_value(one[row]) for name, one in columns}
                )
        except ArgumentError as error:
            raise FileError(f"{where}: {error}") from None
        return history

    def to_json(self, path: str | os.PathLike[str]) -> Path:
        """Write everything to a JSON file, which `from_json` reads; return its path.

        Raises:
            FileError: The file cannot be written.
        """
        text = json.dumps(self.to_dict(), indent=1, allow_nan=False, ensure_ascii=False)
        return write_text_atomically(path, text + "\n")

    @classmethod
    def from_json(cls, path: str | os.PathLike[str]) -> "History":
        """Read what `to_json` wrote.

        Raises:
            FileError: The file does not exist or holds something else.
        """
        try:
            content = json.loads(Path(path).read_text(encoding="utf-8"))
        except OSError as error:
            raise FileError(f"{path}: cannot be read: {error.strerror or error}.") from error
        except (ValueError, RecursionError) as error:
            raise FileError(f"{path}: got no JSON ({error}), expected a history.") from None
        return cls.from_dict(content, str(path))

    def to_csv(self, path: str | os.PathLike[str]) -> Path:
        """Write the table, with a header line, to a CSV file; return its path.

        Numbers have all their digits. What was not logged is left empty, and NaN is `nan`.

        Raises:
            FileError: The file cannot be written.
        """
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows(["" if cell is None else cell for cell in row.values()] for row in self)
        return write_text_atomically(path, text.getvalue())

    def to_tensorboard(self, folder: str | os.PathLike[str]) -> Path:
        """Write the logged numbers as curves over the epochs, and the probes', for TensorBoard.

        The curves are called `epoch/loss` and so on; those of probes go over the steps. A metric
        with a value a class is left to `to_csv`.

        Args:
            folder: Folder of the run; `tensorboard --logdir folder` draws it.

        Raises:
            PellucidError: The package tensorboardx is not installed.
            FileError: The files cannot be written.
        """
        curves = (
            (row["epoch"], {f"epoch/{name}": one for name, one in row.items() if _is_scalar(one)})
            for row in self
        )
        # One file: a second one of the same second would have the same name.
        return write_events(folder, itertools.chain(curves, self.probes.points()))

    # -- pictures and words

    def plot(self, path: str | os.PathLike[str] | None = None) -> "Figure":
        """Draw the loss and each metric against the epoch, training beside validation.

        Each panel has a ring at its best value, and a dotted line at `best_epoch`. A quantity
        that is to be made small and spans decades gets a logarithmic axis.

        Args:
            path: Where to save the picture too: `.png`, `.svg` or `.pdf`.

        Returns:
            A matplotlib figure. It is drawn without pyplot, so no window opens and nothing
            needs closing; as the last line of a notebook's cell it shows itself.

        Raises:
            ArgumentError: Nothing was logged, or `path` ends in something else.
            FileError: The file cannot be written.
        """
        if path is not None:
            picture_format(path)
        if not self.history or not len(self):
            report([Problem("history.plot()", "no epochs", "at least one")])
        columns = {name: self._column(name) for name in self.columns[1:]}
        directions: dict[str, Direction | None] = {name: self.direction(name) for name in columns}
        epochs = self._column("epoch")
        figure = draw_curves(Curves(epochs, columns, directions, self.best_epoch, self.stopped))
        if path is not None:
            save_figure(figure, path)
        return figure

    def report(self, path: str | os.PathLike[str], title: str = "Training run") -> Path:
        """Write a page about the run: result, curves, what probes read, settings, environment.

        `Model.report` writes a page that tells of model and data too.

        Args:
            path: The file, ending in `.html`. It needs no other file and asks no network.
            title: Stands above.

        Returns:
            `path`.

        Raises:
            ArgumentError: `path` ends in something else.
            FileError: The file cannot be written.

        Example:
            >>> import tempfile, pathlib
            >>> from pellucid.training.history import History
            >>> history = History()
            >>> history.append(0, {"loss": 0.7})
            >>> path = history.report(pathlib.Path(tempfile.mkdtemp()) / "run.html")
            >>> "best loss 0.7000 at epoch 1" in path.read_text()
            True
        """
        check_page_path(path, "history.report(path=...)")
        sections = [*run_sections(self), environment_section(self.params)]
        return write_page(path, Page(title, result_text(self), sections))

    def __repr__(self) -> str:
        if not len(self):
            return "History(no epochs)"
        values = [
            f"{name} {number_text(value)}"
            for name, value in self[-1].items()
            if name != "epoch" and isinstance(value, float)
        ]
        return f"History({count_text(len(self), 'epoch')}; last: {', '.join(values)})"

    def __str__(self) -> str:
        """Return the table as text, the middle of a long one left out."""
        rows = list(self)
        cut = PRINTED_ROWS // 2
        if len(rows) > PRINTED_ROWS:
            gap = dict.fromkeys(self.columns)
            rows = [*rows[:cut], gap, *rows[-cut:]]
        lines = text_table([list(row.values()) for row in rows], self.columns).split("\n")
        if len(self) > PRINTED_ROWS:
            lines[2 + cut] = f"  ... {count_text(len(self) - 2 * cut, 'epoch')} not shown ..."
        return "\n".join([*lines, *([f"Stopped: {self.stopped}."] if self.stopped else [])])

    def _repr_html_(self) -> str:
        text = html.escape(repr(self))
        if not len(self):
            return f"<p>{text}</p>"
        picture = base64.b64encode(self._repr_png_() or b"").decode()
        return (
            f'<figure><img alt="{text}" src="data:image/png;base64,{picture}"/>'
            f"<figcaption>{text}</figcaption></figure>"
        )

    def _repr_png_(self) -> bytes | None:
        return self.plot()._repr_png_() if len(self) and self.history else None  # type: ignore[attr-defined]

    # -- inside

    def _column(self, name: str) -> list[Value]:
        """Return one value a row, None where nothing was logged."""
        if name == "epoch":
            return [epoch + 1 for epoch in self.epoch]
        values = self.history[name]
        places = self._places.get(name, [])
        if len(places) != len(values):
            # A script has put its own list into `history`.
            places = range(len(values))
        aligned: list[Value] = [None] * len(self)
        for place, value in zip(places, values, strict=True):
            if place < len(aligned):
                aligned[place] = value
        return aligned

    def _finite(self, column: str) -> list[Best]:
        """Return the finite values of a column, each with its epoch."""
        return [
            Best(epoch + 1, value)
            for epoch, value in zip(self.epoch, self._column(column), strict=True)
            if isinstance(value, (int, float)) and math.isfinite(value)
        ]

    def _rows(self, rows: Sequence[int], columns: Sequence[str]) -> list[dict[str, Value]]:
        table = {name: self._column(name) for name in columns}
        return [{name: column[row] for name, column in table.items()} for row in rows]

    def _part(self, rows: Sequence[int], columns: Sequence[str]) -> "History":
        part = History(self.params, better=self.better, monitor=self.monitor)
        part.stopped, part.probes = self.stopped, self.probes
        part.history = {name: [] for name in columns if name != "epoch"}
        for row, values in zip(rows, self._rows(rows, list(part.history)), strict=True):
            part.append(self.epoch[row], values)
        return part

    def _split(self, key: Any) -> tuple[Any, str | list[str]]:
        rows, columns = key if isinstance(key, tuple) and len(key) == 2 else (key, None)
        if columns is None and (isinstance(rows, str) or _are_names(rows)):
            rows, columns = slice(None), rows
        is_row = isinstance(rows, (int, np.integer)) and not isinstance(rows, bool)
        is_column = columns is None or isinstance(columns, str) or _are_names(columns)
        if not (is_row or isinstance(rows, slice)) or not is_column:
            fix = 'Such as history[-1], history[2:5, "loss"] or history[:, ["loss", "val_loss"]].'
            report([Problem("history[...]", repr(key), "rows, columns or both", fix)])
        if columns is None:
            return rows, self.columns
        return rows, columns if isinstance(columns, str) else list(columns)

    def _row_number(self, row: int) -> int:
        if not -len(self) <= row < len(self):
            expected = f"a row from 0 to {len(self) - 1}" if len(self) else "no row: it is empty"
            report([Problem(f"history[{row}]", f"the row {row}", expected)])
        return int(row) % len(self)

    def _check_columns(self, names: Sequence[str]) -> None:
        report(
            Problem(
                "history",
                f"the unknown column '{name}'",
                "a logged one",
                did_you_mean(name, self.columns),
            )
            for name in names
            if name not in self.columns
        )


def _are_names(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and all(isinstance(name, str) for name in value)


def _is_scalar(value: Any) -> bool:
    return isinstance(value, float)


def _plain(value: Any, name: str) -> Value:
    try:
        array = np.asarray(value)
    except ValueError:  # lists of unequal length
        array = np.asarray(None)
    if array.dtype.kind not in "fiub":
        where = f"history.append(logs={{'{name}': ...}})"
        report([Problem(where, repr(value), "a number or an array of numbers")])
    return array.astype(float).tolist()
