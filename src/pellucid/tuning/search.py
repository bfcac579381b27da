"""What a search found."""

import json
import math
import os
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pellucid.atomic import write_text_atomically
from pellucid.drawing import picture_format, save_figure
from pellucid.errors import Problem, did_you_mean, report
from pellucid.models.cohort import Trainee
from pellucid.models.ensemble import Ensemble
from pellucid.report.search import Axis, parallel_coordinates, score_contour
from pellucid.text_table import text_table
from pellucid.tuning.folds import is_whole
from pellucid.tuning.parameter_importance import Importance, importance
from pellucid.tuning.searching import KEPT, Spent, Task
from pellucid.tuning.space import Choice, Parameter, plain
from pellucid.tuning.trial import Trial, best_of, finished_first, ranked_trials
from pellucid.tuning.winner import committee, own_model, refitted, winner_code
from pellucid.wording import count_text, duration_text, number_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FORMAT = "pellucid.search"
VERSION = 1

SHOWN = 10
"""Trials in the printed table."""


class Search:
    """The trials of a search, the best of them, and what they say.

    Args:
        task: What was searched for.
        trials: All trials.
        spent: Where the time went.
        seconds: Time that all took.
        kept: Those of the best trials that are at hand as they were trained, by number.
        nested: The honest score of the tuned model, where it was asked for.

    Attributes:
        trials: All trials, by number.
        metric: Name of the score.
        higher: Whether higher scores are better.
        seconds: By name: "total", "asking", "building", "training" and, within it, "compiling",
            which is added up over programs that were compiled side by side.
        programs: Number of compiled programs that trained them.
    """

    def __init__(
        self,
        task: Task,
        trials: Sequence[Trial],
        spent: Spent,
        seconds: float,
        kept: Mapping[int, Trainee] | None = None,
        nested: Any = None,
    ) -> None:
        self._task = task
        self.trials = tuple(sorted(trials, key=lambda one: one.number))
        self.metric, self.higher = task.metric, task.sign > 0
        self.seconds = {"total": seconds, **spent.seconds()}
        self.programs = len(spent.programs)
        self.nested = nested
        self._kept = dict(kept or {})

    @property
    def ranked(self) -> list[Trial]:
        """The trials, the best first and those that failed last."""
        return ranked_trials(self.trials, self._task.sign)

    @property
    def best(self) -> Trial:
        """The best trial: its `parameters`, its `score`."""
        found = best_of(self.trials, self._task.sign)
        assert found is not None
        return found

    @cached_property
    def best_model(self) -> Any:
        """The best trial's model, trained as in its trial; after folds, on all rows."""
        kept = self._kept.get(self.best.number)
        if kept is not None:
            return own_model(kept)
        return self.refit(all_rows=self._task.validation.folded)

    def refit(self, *, all_rows: bool = True) -> Any:
        """Return the best trial's model, trained anew.

        Args:
            all_rows: Whether to train on the rows that judged it, too, for as many epochs as
                were best; else it is the model of the trial.

        Returns:
            A compiled model. It equals the model with these parameters trained by `fit`.
        """
        return refitted(self._task, self.best, all_rows or self._task.validation.folded)

    def ensemble(self, size: int | None = None) -> Ensemble:
        """Return the best trials' models, which answer together by their mean.

        What one of them learned by luck the others did not, and how far they differ says where the
        mean is unsure. Nothing is trained for the eight best of a search that has just been made;
        others, and those of a storage, are trained again side by side, as in their trials, after
        folds on all rows.

        Args:
            size: How many, at least 2: those that were trained to their end before those that were
                not. Eight when None, or as many as were trained to their end.

        Raises:
            ArgumentError: So many trials have no score, or their models cannot answer together.

        Example:
            >>> import numpy as np, pellucid
            >>> x = np.linspace(-1, 1, 40).reshape(-1, 1)
            >>> model = pellucid.Sequential([pellucid.Input((1,)), pellucid.layers.Dense(1)])
            >>> model.compile("sgd", "mse")
            >>> space = {"learning_rate": (1e-2, 1e-1, "log")}
            >>> search = pellucid.tune(model, space, x, 3 * x, trials=4, epochs=2, verbose=0)
            >>> search.ensemble(3)
            Ensemble(3 members, not recalibrated)

        Source: Caruana et al., "Ensemble Selection from Libraries of Models" (2004).
        """
        scored = finished_first(self.trials, self._task.sign)
        if len(scored) < 2:
            given = f"{count_text(len(scored), 'trial')} with a score"
            report([Problem("search.ensemble", given, "at least two")])
        if size is None:
            ended = sum(one.state == "complete" for one in scored)
            size = max(2, min(KEPT, ended))
        if not (is_whole(size) and 2 <= size <= len(scored)):
            expected = f"a whole number from 2 to {len(scored)}, the trials that have a score"
            report([Problem("search.ensemble(size=...)", repr(size), expected)])
        return committee(self._task, scored[:size], self._kept)

    @property
    def code(self) -> str:
        """Keras-style code that makes and trains the best model; its rows are `x` and `y`."""
        return winner_code(self._task, self.best, self._task.validation.folded)

    # -- words -----------------------------------------------------------------------------

    def table(self, most: int | None = SHOWN) -> str:
        """Return the best trials as a table of plain text.

        Args:
            most: How many; None for all.
        """
        rows = [self._row(one) for one in self.ranked[:most]]
        headers = ["trial", *self._names, self.metric, self._trained, "state"]
        return text_table(rows, headers)

    @property
    def _trained(self) -> str:
        """What the column of the epochs that were trained is called."""
        return "epochs trained" if "epochs" in self._names else "epochs"

    @property
    def _of_grid(self) -> str:
        """Of how many combinations of a grid not all were tried."""
        count = math.prod(len(one) for one in self._task.space.grid())
        a_grid = all(one.proposed_by == "grid" for one in self.trials)
        return f" of the grid's {count:,}" if a_grid and len(self.trials) < count else ""

    @property
    def _names(self) -> list[str]:
        return self._task.space.names

    def _row(self, trial: Trial) -> list[Any]:
        values = [plain(trial.parameters[name]) for name in self._names]
        return [trial.number, *map(_cell, values), trial.score, trial.epochs, trial.state]

    def __str__(self) -> str:
        ended = {
            state: sum(one.state == state for one in self.trials) for state in ("cut off", "failed")
        }
        seconds = self.seconds
        made = count_text(len(self.trials), "trial") + self._of_grid
        told = f"{made} in {duration_text(seconds['total'])}"
        told += f" ({duration_text(seconds['asking'])} asking"
        told += f"; compiling, added up over programs, {duration_text(seconds['compiling'])})"
        told += "".join(f"; {count:,} {state}" for state, count in ended.items() if count)
        lines = [self.table(), "", f"{told}. {self.metric} {self._task.validation.words}."]
        if self.nested is not None:
            lines.append(str(self.nested))
        return "\n".join(lines)

    def __repr__(self) -> str:
        best = self.best
        return (
            f"Search({count_text(len(self.trials), 'trial')}, best {self.metric} "
            f"{number_text(float(best.score or 0))} in trial {best.number})"
        )

    # -- values ----------------------------------------------------------------------------

    def columns(self) -> dict[str, list[Any]]:
        """Return the trials as columns, as a data frame takes them."""
        named: dict[str, list[Any]] = {"trial": [one.number for one in self.trials]}
        for name in self._names:
            named[name] = [plain(one.parameters[name]) for one in self.trials]
        named[self.metric] = [one.score for one in self.trials]
        for name in ("state", "epochs", "seconds", "proposed_by"):
            called = self._trained if name == "epochs" else name
            named[called] = [getattr(one, name) for one in self.trials]
        return named

    def to_dict(self) -> dict[str, Any]:
        """Return the search as plain JSON values."""
        return {
            "format": FORMAT,
            "version": VERSION,
            "metric": self.metric,
            "higher": self.higher,
            "space": self._task.space.to_dict(),
            "seed": self._task.seed,
            "best": self.best.number,
            "seconds": self.seconds,
            "trials": [one.to_dict() for one in self.trials],
            "nested": None if self.nested is None else self.nested.to_dict(),
        }

    def to_json(self, path: str | os.PathLike[str] | None = None) -> str | Path:
        """Return the search as JSON text, or write it to a file and return its path.

        Args:
            path: The file, or None.

        Raises:
            FileError: The file cannot be written.
        """
        text = json.dumps(self.to_dict(), indent=1, allow_nan=False)
        return text if path is None else write_text_atomically(path, text + "\n")

    def importance(self) -> Importance:
        """Return how much of the scores' differences each parameter explains.

        Raises:
            ArgumentError: Fewer than four trials have a score.
        """
        return importance(self._task.space, self.trials, self.higher, self._task.seed)

    # -- pictures --------------------------------------------------------------------------

    def _axis(self, name: str) -> Axis:
        parameter = self._task.space.parameters[name]
        scored = [one for one in self.trials if one.good]
        places = [parameter.share(one.parameters[name]) for one in scored]
        return Axis(name, np.array(places), _ticks(parameter))

    def _scores(self) -> Any:
        return np.array([one.score for one in self.trials if one.good])

    def parallel_coordinates(self, path: str | os.PathLike[str] | None = None) -> "Figure":
        """Draw each trial as a line over the parameters, coloured by its score.

        Args:
            path: Where to save the picture too: `.png`, `.svg` or `.pdf`.

        Raises:
            ArgumentError: `path` ends in something else.
            FileError: The file cannot be written.
        """
        axes = [self._axis(name) for name in self._names]
        figure = parallel_coordinates(axes, self._scores(), self.metric, self.higher)
        return _saved(figure, path)

    def contour(
        self, first: str, second: str, path: str | os.PathLike[str] | None = None
    ) -> "Figure":
        """Draw the scores over two parameters.

        Args:
            first: The parameter from left to right.
            second: The parameter from bottom to top.
            path: Where to save the picture too: `.png`, `.svg` or `.pdf`.

        Raises:
            ArgumentError: A parameter is unknown or given twice, or `path` ends in something
                else.
            FileError: The file cannot be written.
        """
        expected = "a parameter of the search"
        report(
            Problem("search.contour", repr(name), expected, did_you_mean(name, self._names))
            for name in (first, second)
            if name not in self._names
        )
        if first == second:
            report([Problem("search.contour", f"{first!r} twice", "two different parameters")])
        axes = self._axis(first), self._axis(second)
        figure = score_contour(*axes, self._scores(), self.metric, self.higher)
        return _saved(figure, path)


def _saved(figure: "Figure", path: str | os.PathLike[str] | None) -> "Figure":
    if path is not None:
        picture_format(path)
        save_figure(figure, path)
    return figure


def _cell(value: Any) -> Any:
    return value if isinstance(value, (int, float, str)) else str(value)


def _ticks(parameter: Parameter) -> list[tuple[float, str]]:
    """Return places and labels of an axis."""
    if isinstance(parameter, Choice):
        return [(parameter.share(one), str(plain(one))) for one in parameter.options]
    values = [parameter.at(share) for share in (0.0, 0.25, 0.5, 0.75, 1.0)]
    return [(parameter.share(one), f"{one:.3g}") for one in dict.fromkeys(values)]
