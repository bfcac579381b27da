"""Trainings of one model, or of variants of it, over chosen rows of one table."""

import math
import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from pellucid.errors import DataError, NonFiniteError, PellucidWarning, Problem, report, within
from pellucid.models.cohort import Candidate, Cohort, Data, Trainee
from pellucid.models.cohort_progress import CohortProgress
from pellucid.models.feeds import is_stream
from pellucid.models.judging import Judge
from pellucid.models.model import Model
from pellucid.models.preparing import make_objective
from pellucid.seed import checked_seed, get_seed
from pellucid.training.directions import Direction, direction_of
from pellucid.training.policies import listed_callbacks
from pellucid.training.progress import check_verbose
from pellucid.tuning.arguments import refuse_arguments
from pellucid.tuning.blueprint import Blueprint
from pellucid.tuning.folds import Fold, Rows, read_groups
from pellucid.tuning.scorers import Scorer, scorers_of
from pellucid.tuning.space import Choice, Space, plain
from pellucid.tuning.truth import truth_of
from pellucid.tuning.widths import Widths
from pellucid.types import NumpyArray
from pellucid.wording import count_text

FIT = (
    "batch_size",
    "epochs",
    "callbacks",
    "shuffle",
    "class_weight",
    "validation_batch_size",
    "validation_split",
    "mixup",
)
"""The arguments of `fit` that hold for many trainings at once."""


class Study:
    """A model and rows, read and checked, to be trained many times.

    Args:
        where: The function that the user called, for messages.
        model: A compiled model, or a function that returns one.
        x: Inputs in memory.
        y: Labels.
        metrics: Scores beside the model's own; see `scorers_of`.
        groups: The group of each row, or None.
        sample_weight: Weight of each row, or None.
        seed: Seed of splits and models; that of the model when None.
        arguments: Names of that function's own arguments, for messages.
        fit: Arguments of `fit`.
        values: Parameters of the model by which the rows are read and checked.

    Raises:
        PellucidError: Something cannot be trained or scored.
    """

    def __init__(
        self,
        where: str,
        model: Any,
        x: Any,
        y: Any,
        *,
        metrics: Any = None,
        groups: Any = None,
        sample_weight: Any = None,
        seed: int | None = None,
        arguments: Sequence[str],
        fit: Mapping[str, Any],
        values: Mapping[str, Any] | None = None,
    ) -> None:
        self.where = where
        self.blueprint = Blueprint(model, where)
        refuse_arguments(where, [name for name in fit if name not in FIT], [*arguments, *FIT])
        refuse_streams(where, x)
        if y is None:
            fix = f"Write {where}(model, x, y)."
            report([Problem(f"{where}(y=...)", "no labels", "one for each row", fix)])
        self.fit = {name: value for name, value in fit.items() if name != "validation_split"}
        self.share = fit.get("validation_split", 0.0)
        given = model.seed if isinstance(model, Model) else get_seed()
        self.seed = given if seed is None else checked_seed(seed, f"{where}(seed=...)")
        self.data = Data(x, y, sample_weight)
        self.judge = Judge(self.data)
        self.blueprint.check(values or {})
        first, _ = self._made(values or {}, self.seed)
        table = self.data.table(first)
        objective = make_objective(first, first.need_compiled(where), table.y)
        self.own = [
            name for name, shape in zip(objective.names, objective.shapes, strict=True) if not shape
        ]
        self.truth = truth_of(first, table)
        self._check_classes()
        self._check_watched()
        self.widths: Widths | None = None
        self.scorers: Sequence[Scorer] = ()
        self.score_by(metrics, f"{where}(metrics=...)")
        self.rows = Rows(table.rows, self.truth.classes, read_groups(groups, table.rows, where))

    def _check_classes(self) -> None:
        """Refuse labels that are all of one class."""
        classes = self.truth.classes
        if classes is not None and (classes == classes[0]).all():
            given = f"{count_text(len(classes), 'row')} of class {classes[0]} alone"
            report([Problem(f"{self.where}(y=...)", given, "at least two classes")], DataError)

    def _check_watched(self) -> None:
        """Refuse policies that watch rows of which none are held back."""
        watching = [
            one
            for one in listed_callbacks(self.fit.get("callbacks"))
            if str(getattr(one, "monitor", "")).startswith("val_")
        ]
        report(
            Problem(
                f"{self.where}: {type(one).__name__}(monitor=...)",
                f"{one.monitor!r} without rows to watch",
                "a share of each fold's training rows, held back for it",
                "Write validation_split=0.2.",
            )
            for one in watching
            if not self.share
        )

    def score_by(self, metrics: Any, place: str) -> None:
        """Report these scores beside the model's own; see `scorers_of`."""
        self.scorers = scorers_of(metrics, self.truth, self.own, place)

    @property
    def names(self) -> list[str]:
        """Names of all scores, the model's own first."""
        return [*self.own, *(one.name for one in self.scorers)]

    @property
    def directions(self) -> dict[str, Direction | None]:
        """For each score whether lower or higher is better; None where nobody knows."""
        found: dict[str, Direction | None] = {name: direction_of(name) for name in self.own}
        found.update({one.name: one.direction for one in self.scorers})
        return found

    def seed_of(self, number: int) -> int:
        """Return the seed of the model that is trained on fold `number`."""
        return int(np.random.SeedSequence([self.seed, number]).generate_state(1)[0])

    def candidate(
        self, fold: Fold, seed: int, values: Mapping[str, Any] | None = None
    ) -> Candidate:
        """Return the model with these parameters, to be trained on the rows of a fold."""
        model, fit = self._made(values or {}, seed)
        wider = self.widths.wider(model, values) if self.widths and values else None
        return Candidate(
            model, self.data, {**self.fit, **fit}, fold.train, fold.watched, wider=wider
        )

    def vary(self, parameter: str, values: Sequence[Any]) -> None:
        """Let models that differ in a width share programs.

        Args:
            parameter: What is varied, which may be a width.
            values: Its values.
        """
        space = Space({parameter: Choice(values)}, f"{self.where}(values=...)")
        rows = self.fit.get("batch_size") or 32
        self.widths = Widths(self.blueprint, space, self.data.x, rows, self.seed)

    def _made(self, values: Mapping[str, Any], seed: int) -> tuple[Any, dict[str, Any]]:
        if not values:
            return self.blueprint.make(values, seed)
        told = ", ".join(f"{name} {plain(value)!r}" for name, value in values.items())
        with within(f"{self.where}: {told}"):
            return self.blueprint.make(values, seed)

    def outputs(self, trainee: Trainee, numbers: NumpyArray) -> list[NumpyArray] | None:
        """Return the outputs of a trained model for some rows; None of one that failed."""
        return None if trainee.failed else self.judge.outputs(trainee, numbers)

    def scores(
        self, trainee: Trainee, numbers: NumpyArray, outputs: list[NumpyArray] | None
    ) -> dict[str, float]:
        """Return all scores of a trained model on some rows; NaN of one that failed.

        Args:
            trainee: The trained model.
            numbers: Numbers of the rows.
            outputs: What it says of them.
        """
        if outputs is None:
            return dict.fromkeys(self.names, math.nan)
        found = self.judge.scores(trainee, numbers)
        scores = {name: float(found[name]) for name in self.own}
        return scores | {one.name: one(self.truth, outputs[0], numbers) for one in self.scorers}


def refuse_streams(where: str, x: Any) -> None:
    """Refuse rows that cannot be chosen by number.

    Raises:
        ArgumentError: `x` is a generator, or an iterable of batches.
    """
    if is_stream(x):
        given = f"a {type(x).__name__}, which makes batches one by one"
        fix = "Join its batches first: np.concatenate([...])."
        report([Problem(f"{where}(x=...)", given, "rows in memory, to choose from", fix)])


def need_model(where: str, model: Any) -> None:
    """Refuse what is no compiled model.

    Raises:
        ArgumentError: It is something else, or was never compiled.
    """
    if not isinstance(model, Model):
        given = f"a {type(model).__name__}"
        report([Problem(f"{where}(model)", given, "a compiled model, trained on other rows")])
    model.need_compiled(where)


def listed(where: str, values: Any) -> list[Any]:
    """Return the values that are to be tried.

    Raises:
        ArgumentError: They are no list, or there is none.
    """
    several = isinstance(values, Iterable) and not isinstance(values, (str, bytes, Mapping))
    found = list(values) if several else []
    if not found:
        fix = f"For one value write [{values!r}]." if isinstance(values, (int, float)) else ""
        report([Problem(f"{where}(values=...)", repr(values), "a list of values", fix)])
    return found


def train(candidates: Sequence[Candidate], verbose: Any) -> Cohort:
    """Return candidates trained side by side.

    Args:
        candidates: What is trained.
        verbose: As in `fit`; the numbers shown are means over those in training.
    """
    check_verbose(verbose)
    cohort = Cohort(candidates)
    progress = CohortProgress(cohort, verbose)
    progress.start()
    try:
        cohort.train(tell=progress.tell)
    finally:
        progress.finish()
    return cohort


def tell_failures(where: str, failed: Sequence[str], count: int, thing: str = "fold") -> None:
    """Say which trainings met a loss that was not finite.

    Args:
        where: The function that the user called.
        failed: Their names.
        count: How many trainings there were.
        thing: What one is called.

    Raises:
        NonFiniteError: None is left.

    Warns:
        PellucidWarning: Some failed; the mean over all is NaN.
    """
    if not failed:
        return
    fix = "Lower the learning rate, or look at a single run with model.check(x, y) and fit."
    if len(failed) == count:
        given = f"a loss that was not finite in all {count} {thing}s"
        report([Problem(where, given, "finite losses", fix)], NonFiniteError)
    shown = ", ".join(failed[:5]) + (", ..." if len(failed) > 5 else "")
    given = f"a loss that was not finite in {len(failed)} of {count} {thing}s ({shown})"
    problem = Problem(where, given, "finite losses", f"Their scores and all means are NaN. {fix}")
    warnings.warn(str(problem), PellucidWarning, stacklevel=4)
