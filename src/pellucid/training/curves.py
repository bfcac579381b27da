"""The picture of a run: loss and metrics against the epoch."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pellucid.drawing import BLUE, GREY, INK, VERMILION, new_figure, styled, subtitle
from pellucid.training.directions import Direction
from pellucid.types import NumpyArray
from pellucid.wording import number_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ABBREVIATIONS = frozenset(("auc", "roc", "mse", "mae", "rmse", "mape", "msle", "iou", "kl"))

LOGARITHMIC_FROM = 30.0
"""A quantity whose largest value is this many times its smallest gets a logarithmic axis."""

MANY_EPOCHS = 150
"""From here on lines are thin, so that a noisy one does not become a band."""

TALLEST_COLUMN = 4
"""How many panels stand in one column before a second is begun."""


@dataclass(frozen=True)
class Curves:
    """What the picture shows.

    Args:
        epochs: The epochs, counted from 1.
        columns: Column name → one value an epoch: a number, a list of numbers of which the
            mean is drawn, or None. `val_loss` is the validation of `loss`.
        directions: Column name → which way is better; None where nobody knows.
        best_epoch: The epoch, counted from 1, that a dotted line shall mark.
        stopped: Why the run ended early.
    """

    epochs: Sequence[int]
    columns: Mapping[str, Sequence[Any]]
    directions: Mapping[str, Direction | None]
    best_epoch: int | None = None
    stopped: str | None = None

    @property
    def stems(self) -> list[str]:
        """What the panels show, from top to bottom: losses, metrics, learning rate."""
        stems = dict.fromkeys(name.removeprefix("val_") for name in self.columns)
        return sorted(stems, key=_place)

    def series(self, column: str) -> NumpyArray | None:
        """Return the values of a column, NaN where there are none; None without the column."""
        if column not in self.columns:
            return None
        values = self.columns[column]
        return np.array([math.nan if value is None else np.mean(value) for value in values], float)

    def first_lost(self, stem: str) -> int | None:
        """Return the first row at which something was logged that is NaN or infinite."""
        for row in range(len(self.epochs)):
            for column in (stem, f"val_{stem}"):
                value = self.columns[column][row] if column in self.columns else None
                if value is not None and not np.isfinite(value).all():
                    return row
        return None


def _place(stem: str) -> int:
    if stem == "learning_rate":
        return 3
    return 0 if stem == "loss" else 1 if stem.endswith("_loss") else 2


@styled
def draw_curves(run: Curves) -> "Figure":
    """Draw a panel for each quantity, training beside validation, 6 inches wide."""
    stems = run.stems
    columns = 1 if len(stems) <= TALLEST_COLUMN else 2
    rows = math.ceil(len(stems) / columns)
    height = 0.9 + (2.1 if len(stems) > 1 else 3.0) * rows
    figure, panels = new_figure(rows, columns, height=height, share_x="all")
    used = panels[: len(stems)]
    for panel, stem in zip(used, stems, strict=True):
        _draw(panel, run, stem)
    _number_epochs(panels[0], run.epochs)
    for panel in panels[len(stems) :]:
        panel.remove()
    # The lowest panel of each column carries the axis.
    for panel in used[-columns:]:
        panel.set_xlabel("epoch")
        panel.tick_params(labelbottom=True)
    handles, labels = _legend(used)
    figure.legend(handles, labels, loc="outside upper left", ncols=3)
    if run.stopped:
        figure.supxlabel(f"Stopped: {run.stopped}", fontsize=8.5, color=GREY, parse_math=False)
    return figure


def _draw(panel: "Axes", run: Curves, stem: str) -> None:
    training, validation = run.series(stem), run.series(f"val_{stem}")
    thin = 1.0 if len(run.epochs) <= MANY_EPOCHS else 0.6
    if training is not None:
        _line(panel, run.epochs, training, stem, color=BLUE, label="training", lw=1.4 * thin)
    if validation is not None:
        _line(
            panel, run.epochs, validation, stem,
            color=VERMILION, label="validation", lw=1.8 * thin,
        )  # fmt: skip
    shown = [values for values in (training, validation) if values is not None]
    panel.set_ylabel(stem)
    if _spans_decades(run, stem, np.concatenate(shown)):
        panel.set_yscale("log")
        panel.set_ylabel(f"{stem} (log scale)")
    color = BLUE if validation is None else VERMILION
    notes = [_mark_best(panel, run, stem, shown[-1], color), _lost_note(run, stem)]
    subtitle(panel, _title(run, stem), ", ".join(note for note in notes if note))
    if run.best_epoch is not None and len(run.epochs) > 1:
        dots = (0, (1, 2))
        panel.axvline(run.best_epoch, color=INK, ls=dots, lw=1.1, label="best epoch", zorder=1)


def _line(panel: "Axes", epochs: Sequence[int], values: NumpyArray, stem: str, **look: Any) -> None:
    known = np.isfinite(values)
    if stem == "learning_rate":
        look["drawstyle"] = "steps-mid"
    if known.sum() < 2:
        look["marker"] = "o"
    panel.plot(np.asarray(epochs)[known], values[known], **look)


def _number_epochs(panel: "Axes", epochs: Sequence[int]) -> None:
    """Number the epochs, on the axis that all panels share, in whole numbers."""
    if len(epochs) == 1:
        panel.set_xticks(epochs)
        return
    panel.locator_params(axis="x", integer=True)
    first, last = min(epochs), max(epochs)
    # Less than one epoch of margin, so that no epoch 0 is numbered.
    margin = min(0.9, 0.02 * (last - first))
    panel.set_xlim(first - margin, last + margin)


def _title(run: Curves, stem: str) -> str:
    words = [word.upper() if word in ABBREVIATIONS else word for word in stem.split("_")]
    title = " ".join(words)
    first = next((value for value in run.columns.get(stem, []) if value is not None), None)
    mean = f" (mean of {len(first)})" if isinstance(first, list) else ""
    return title[:1].upper() + title[1:] + mean


def _spans_decades(run: Curves, stem: str, values: NumpyArray) -> bool:
    finite = values[np.isfinite(values)]
    small = stem == "learning_rate" or run.directions.get(stem) == "min"
    if not small or not finite.size or finite.min() <= 0:
        return False
    return bool(finite.max() / finite.min() >= LOGARITHMIC_FROM)


def _mark_best(panel: "Axes", run: Curves, stem: str, values: NumpyArray, color: str) -> str:
    """Ring the best value, and return the note that says it."""
    direction = run.directions.get(stem)
    if direction is None or not np.isfinite(values).any():
        return ""
    finite = np.where(np.isfinite(values), values, np.nan)
    row = int(np.nanargmin(finite) if direction == "min" else np.nanargmax(finite))
    epoch = run.epochs[row]
    panel.plot(epoch, values[row], "o", mfc="none", mec=color, ms=8, mew=1.6, clip_on=False)
    return f"best {number_text(values[row])} at epoch {epoch}"


def _lost_note(run: Curves, stem: str) -> str:
    lost = run.first_lost(stem)
    return "" if lost is None else f"not finite at epoch {run.epochs[lost]}"


def _legend(panels: Sequence["Axes"]) -> tuple[list[Any], list[str]]:
    named: dict[str, Any] = {}
    for panel in panels:
        for handle, label in zip(*panel.get_legend_handles_labels(), strict=True):
            named.setdefault(label, handle)
    return list(named.values()), list(named)
