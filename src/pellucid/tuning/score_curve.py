"""Scores on training and test rows against something that was varied, and their picture."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pellucid.drawing import BLUE, VERMILION, new_figure, save_figure, styled, subtitle
from pellucid.errors import Problem, report
from pellucid.text_table import text_table
from pellucid.training.directions import Direction
from pellucid.training.history_json import to_json_value
from pellucid.tuning.cross_validation import score_of
from pellucid.types import NumpyArray
from pellucid.wording import count_text, duration_text, number_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LOGARITHMIC_FROM = 30.0
"""Positive values that span this factor get a logarithmic axis."""


@dataclass(frozen=True, eq=False)
class ScoreCurve:
    """Scores at several points, on the rows of training and on test rows.

    Args:
        varied: What was varied: "training rows", or the name of a parameter.
        points: Its values.
        training: For each score its values on training rows, shape (points, folds).
        test: For each score its values on test rows, shape (points, folds).
        directions: For each score whether lower ("min") or higher ("max") is better, or None.
        seconds: Time that all took together.
    """

    varied: str
    points: tuple[Any, ...]
    training: dict[str, NumpyArray]
    test: dict[str, NumpyArray]
    directions: dict[str, Direction | None]
    seconds: float

    @property
    def metric(self) -> str:
        """The score that is drawn unless another is named: the first beside the loss."""
        return next((name for name in self.test if name != "loss"), "loss")

    def best(self, metric: str | None = None) -> Any:
        """Return the point with the best mean score on test rows.

        Args:
            metric: Name of the score; that of `metric` when absent.

        Raises:
            ArgumentError: There is no such score, or no mean is finite.
        """
        name = self.metric if metric is None else metric
        means = score_of(self.test, name, "ScoreCurve.best").mean(axis=1)
        if not np.isfinite(means).any():
            report([Problem("ScoreCurve.best", f"no finite mean of {name!r}", "one at least")])
        sign = 1 if self.directions[name] == "min" else -1
        return self.points[int(np.nanargmin(sign * means))]

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain JSON values."""
        return {
            "varied": self.varied,
            "points": [_plain(one) for one in self.points],
            "training": {name: to_json_value(one.tolist()) for name, one in self.training.items()},
            "test": {name: to_json_value(one.tolist()) for name, one in self.test.items()},
            "seconds": self.seconds,
        }

    def to_json(self) -> str:
        """Return what `to_dict` returns as JSON text."""
        return json.dumps(self.to_dict(), indent=1, allow_nan=False, ensure_ascii=False)

    def __str__(self) -> str:
        columns = [
            (f"{kind} {name}", scores[name].mean(axis=1))
            for name in self.test
            for kind, scores in (("training", self.training), ("test", self.test))
        ]
        rows = [
            [_plain(point), *(float(means[place]) for _, means in columns)]
            for place, point in enumerate(self.points)
        ]
        folds = self.test[self.metric].shape[1]
        told = f"Means over {count_text(folds, 'fold')}, in {duration_text(self.seconds)}."
        return f"{text_table(rows, [self.varied, *(name for name, _ in columns)])}\n\n{told}"

    __repr__ = __str__

    def plot(
        self, path: str | os.PathLike[str] | None = None, metric: str | None = None
    ) -> "Figure":
        """Draw the mean score on training and test rows, with a standard deviation either side.

        Args:
            path: Where to save the picture too: `.png`, `.svg` or `.pdf`.
            metric: Name of the score; that of `metric` when absent.

        Returns:
            A matplotlib figure, drawn without pyplot.

        Raises:
            ArgumentError: There is no such score, or `path` ends in something else.
            FileError: The file cannot be written.
        """
        name = self.metric if metric is None else metric
        score_of(self.test, name, "ScoreCurve.plot(metric=...)")
        figure = _draw(self, name)
        if path is not None:
            save_figure(figure, path)
        return figure


def _plain(point: Any) -> Any:
    """Return a point as JSON can hold it."""
    if isinstance(point, np.generic):
        point = point.item()
    return point if isinstance(point, (int, float, str)) else repr(point)


@styled
def _draw(curve: ScoreCurve, name: str) -> "Figure":
    figure, (panel,) = new_figure(height=3.6)
    numbers = [_plain(one) for one in curve.points]
    scaled = all(isinstance(one, (int, float)) and not isinstance(one, bool) for one in numbers)
    places = np.array(numbers, float) if scaled else np.arange(len(numbers), dtype=float)
    order = np.argsort(places, kind="stable")
    for label, scores, color, mark in (
        ("training", curve.training[name], BLUE, "s"),
        ("test", curve.test[name], VERMILION, "o"),
    ):
        mean, sd = scores.mean(axis=1)[order], scores.std(axis=1)[order]
        look: dict[str, Any] = {"color": color, "marker": mark, "ms": 4, "label": label}
        if scaled:
            panel.plot(places[order], mean, **look)
            panel.fill_between(places[order], mean - sd, mean + sd, color=color, alpha=0.15, lw=0)
        else:
            # Nothing lies between one option and the next.
            panel.errorbar(places[order], mean, sd, ls="", capsize=3, **look)
    if not scaled:
        panel.set_xticks(places, [str(one) for one in numbers])
    elif places.min() > 0 and places.max() / places.min() >= LOGARITHMIC_FROM:
        panel.set_xscale("log")
    panel.set_xlabel(curve.varied)
    panel.set_ylabel(name)
    panel.legend()
    title = f"{name} by {curve.varied}"
    subtitle(panel, title[:1].upper() + title[1:], _note(curve, name))
    return figure


def _note(curve: ScoreCurve, name: str) -> str:
    means = curve.test[name].mean(axis=1)
    if not np.isfinite(means).any():
        return "no finite score"
    best = curve.best(name)
    value = number_text(float(means[list(curve.points).index(best)]))
    return f"best on test rows: {value} at {_plain(best)}"


def curve_of(
    varied: str,
    points: Sequence[Any],
    scores: Sequence[Sequence[tuple[dict[str, float], dict[str, float]]]],
    directions: dict[str, Direction | None],
    seconds: float,
) -> ScoreCurve:
    """Return a curve from the scores on training and test rows of each fold at each point."""
    training, test = (
        {
            name: np.array([[fold[kind][name] for fold in folds] for folds in scores])
            for name in directions
        }
        for kind in (0, 1)
    )
    return ScoreCurve(varied, tuple(points), training, test, directions, seconds)
