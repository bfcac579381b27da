"""Training and validation error against the strength of what keeps a network from overfitting."""

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pellucid import metrics
from pellucid.atomic import write_text_atomically
from pellucid.data.arrays import check_share, split_rows
from pellucid.drawing import save_figure
from pellucid.errors import ArgumentError, Problem, report, within
from pellucid.keywords import arguments_of
from pellucid.models.cohort import Candidate, Cohort, Data, Trainee
from pellucid.models.compiling import objective_for
from pellucid.models.judging import Judge
from pellucid.report.regularisation import regularisation_curves
from pellucid.seed import checked_seed, seed_after
from pellucid.text_table import text_table
from pellucid.training.directions import direction_of
from pellucid.training.history_json import to_json_value
from pellucid.training.objective import Objective
from pellucid.training.policies import listed_callbacks
from pellucid.training.trainer import Table
from pellucid.tuning.arguments import refuse_arguments
from pellucid.tuning.blueprint import Blueprint
from pellucid.tuning.folds import Rows, folds_of
from pellucid.tuning.regularisers import (
    COUNTS,
    WEAKER_UPWARDS,
    Strength,
    checked_strengths,
    grid_of,
    last_part,
    settings_of,
    strength_text,
)
from pellucid.tuning.study import FIT, listed, refuse_streams, tell_failures
from pellucid.tuning.truth import truth_of
from pellucid.tuning.validation import held_out
from pellucid.types import NumpyArray
from pellucid.wording import number_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, eq=False)
class RegularisationPath:
    """Errors of a model against the strength of a regulariser.

    Args:
        over: The parameter.
        values: Its strengths, ascending; None for off, at the weaker end.
        metric: Name of the error or score.
        higher: Whether higher is better.
        training: On the rows trained on, without dropout or penalties, shape (values, runs);
            NaN where a loss was not finite.
        validation: The same on rows held out.
        seeds: Seed of each run.
        programs: Compiled programs that trained them all.
    """

    over: str
    values: tuple[Strength, ...]
    metric: str
    higher: bool
    training: NumpyArray
    validation: NumpyArray
    seeds: tuple[int, ...]
    programs: int

    @property
    def means(self) -> NumpyArray:
        """Mean validation error of each strength over the runs; NaN where a run failed."""
        return self.validation.mean(axis=1)

    @property
    def errors(self) -> NumpyArray:
        """Standard error of each mean; 0 for a single run."""
        runs = self.validation.shape[1]
        return self._spread(self.validation) / np.sqrt(runs)

    @property
    def best(self) -> Strength:
        """The strength with the best mean on the rows held out; None for off."""
        return self.values[self._best]

    @property
    def one_standard_error(self) -> Strength:
        """The strongest one whose mean is within one standard error of the best.

        Source: Breiman et al., "Classification and Regression Trees" (1984), section 3.4.3.
        """
        loss, best = -self._sign * self.means, self._best
        near = loss <= loss[best] + self.errors[best]
        upwards = last_part(self.over) in WEAKER_UPWARDS
        places = range(best + 1) if upwards else range(len(near) - 1, best - 1, -1)
        return self.values[next(place for place in places if near[place])]

    @property
    def _best(self) -> int:
        scores = np.where(np.isfinite(self.means), self._sign * self.means, -np.inf)
        return int(np.argmax(scores))

    @property
    def _sign(self) -> int:
        return 1 if self.higher else -1

    @staticmethod
    def _spread(scores: NumpyArray) -> NumpyArray:
        runs = scores.shape[1]
        return scores.std(axis=1, ddof=1) if runs > 1 else np.zeros(len(scores))

    @property
    def table(self) -> list[dict[str, Any]]:
        """A row for each strength: means and standard deviations over the runs, NaN of one run."""
        rows = []
        spreads = [self._spread(one) for one in (self.training, self.validation)]
        if self.validation.shape[1] == 1:
            spreads = [np.full(len(self.values), np.nan)] * 2
        for place, value in enumerate(self.values):
            rows.append(
                {
                    self.over: value,
                    self.metric: float(self.training[place].mean()),
                    f"{self.metric}_sd": float(spreads[0][place]),
                    f"val_{self.metric}": float(self.means[place]),
                    f"val_{self.metric}_sd": float(spreads[1][place]),
                }
            )
        return rows

    def plot(self, path: str | os.PathLike[str] | None = None) -> "Figure":
        """Draw both errors against the strength, and save the picture where `path` is given.

        Args:
            path: A `.png`, `.svg` or `.pdf` file, or None.
        """
        figure = regularisation_curves(
            self.values,
            self.training,
            self.validation,
            name=self.over,
            metric=self.metric,
            best=self.best,
            chosen=self.one_standard_error,
        )
        if path is not None:
            save_figure(figure, path)
        return figure

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain JSON values."""
        return {
            "over": self.over,
            "metric": self.metric,
            "higher_is_better": self.higher,
            "values": list(self.values),
            "seeds": list(self.seeds),
            "training": [[to_json_value(one) for one in row] for row in self.training.tolist()],
            "validation": [[to_json_value(one) for one in row] for row in self.validation.tolist()],
            "best": self.best,
            "one_standard_error": self.one_standard_error,
            "programs": self.programs,
        }

    def to_json(self, path: str | os.PathLike[str]) -> Path:
        """Write everything to a JSON file; return its path.

        Raises:
            FileError: The file cannot be written.
        """
        text = json.dumps(self.to_dict(), indent=1, allow_nan=False, ensure_ascii=False)
        return write_text_atomically(path, text + "\n")

    def __str__(self) -> str:
        marks = {self.one_standard_error: "within one standard error", self.best: "best"}
        rows = [
            [
                strength_text(row[self.over]),
                *(self._told(row, name) for name in (self.metric, f"val_{self.metric}")),
                marks.get(row[self.over], ""),
            ]
            for row in self.table
        ]
        return text_table(rows, [self.over, self.metric, f"val_{self.metric}", ""])

    __repr__ = __str__

    def _told(self, row: dict[str, Any], name: str) -> str:
        mean, spread = row[name], row[f"{name}_sd"]
        if self.validation.shape[1] == 1 or not np.isfinite(mean):
            return number_text(mean)
        return f"{number_text(mean)} ± {number_text(spread)}"


def regularisation_path(
    model: Any,
    x: Any,
    y: Any,
    over: str,
    values: Sequence[Strength] | None = None,
    *,
    repeats: int = 5,
    seed: int = 0,
    metric: Any = None,
    validation_split: float = 0.2,
    validation_data: Any = None,
    cv: Any = None,
    sample_weight: Any = None,
    **fit: Any,
) -> RegularisationPath:
    """Train a model with several strengths of a regulariser, side by side in one program.

    Each strength is trained with the same seeds on the same rows. Errors are those at the end
    of training, without penalties, dropout, noise or smoothing of labels.

    Args:
        model: A compiled and built model, which stays as it is, or a function that builds one
            from the parameter.
        x: Inputs, as for `fit`.
        y: Labels, as for `fit`.
        over: "l1", "l2", "max_norm", "dropout", "noise", "augmentation" (share of the factors
            that the model's layers have), "weight_decay", "clipnorm", "label_smoothing", "mixup",
            "ema" (momentum), "swa" (epochs averaged), "early_stopping" (patience; the rows that
            judge also stop), or the name of one parameter, such as
            "dense_1.kernel_regularizer.l2", "SpatialDropout2D.rate", "epochs".
        values: Its strengths; a grid that spans the usual ones when None. Of mixup and bounds,
            such as "clipnorm" and "max_norm", None among them is off.
        repeats: Seeds with which each is trained, at least 1.
        seed: The first of them.
        metric: Name or object of a metric; the compiled loss when None.
        validation_split: Share of the rows, drawn by `seed`, held out to judge by.
        validation_data: (x, y) or (x, y, sample_weight) to judge by instead.
        cv: Instead of both a number of folds or a splitter of scikit-learn; each fold is judged
            by the model trained on the others, and a run is a fold of a seed.
        sample_weight: Weight of each row.
        **fit: Arguments of `fit` such as `epochs`, `batch_size`, and `callbacks` with policies.

    Returns:
        Errors by strength, the best and the strongest that is as good; `print` and `plot` it.

    Raises:
        ArgumentError: There is no such parameter, or a number is out of range.
        DataError: Values that cannot be trained on.
        NonFiniteError: No run has a finite loss.

    Warns:
        PellucidWarning: Some runs had none; their strengths have NaN.

    Example:
        >>> import numpy as np, pellucid
        >>> x = np.random.default_rng(0).normal(size=(40, 3))
        >>> model = pellucid.Sequential([pellucid.Input((3,)), pellucid.layers.Dense(1)])
        >>> model.compile("adam", "mse")
        >>> path = pellucid.regularisation_path(model, x, x[:, 0], "l2", [0.0, 0.1], repeats=2)
        >>> path.validation.shape, path.programs
        ((2, 2), 1)

    Source: Hastie, Tibshirani and Friedman, "The Elements of Statistical Learning" (2009),
        section 7.10, for the rule of one standard error.
    """
    where = "regularisation_path"
    if not isinstance(over, str):
        given = f"a {type(over).__name__}"
        fix = "Call it once for each: their errors lie over different strengths."
        report([Problem(f"{where}(over=...)", given, "the name of one regulariser", fix)])
    blueprint = Blueprint(model, where)
    refuse_streams(where, x)
    known = [*arguments_of(regularisation_path), *FIT]
    refuse_arguments(where, [name for name in fit if name not in FIT], known)
    epochs = fit.get("epochs", 1)
    _check(repeats, epochs, validation_split, where)
    setting_of = settings_of(blueprint, over, fit, where)
    strengths = _strengths(over, values, epochs, where)
    data = Data(x, y, sample_weight)
    held = None if validation_data is None else held_out(validation_data, where)
    begins = checked_seed(seed, f"{where}(seed=...)")
    seeds = [seed_after(begins, number) for number in range(repeats)]
    with within(f"{where}: {over} {strength_text(strengths[0])}"):
        first = blueprint.make(setting_of(strengths[0]).values, begins)[0]
    table = data.table(first)
    parts = list(_parts(first, table, validation_split, held, cv, seed, where))
    runs = [(one, part) for one in seeds for part in parts]
    candidates = []
    for value in strengths:
        for one, (train, validation) in runs:
            with within(f"{where}: {over} {strength_text(value)}"):
                setting = setting_of(value)
                made, own = blueprint.make(setting.values, one)
            own["callbacks"] = [*listed_callbacks(fit.get("callbacks")), *setting.policies]
            candidates.append(Candidate(made, data, {**fit, **own}, train, validation, held))
    error = _Error(first, table, metric, where)
    cohort = Cohort(candidates)
    cohort.train()
    trained = Judge(data, error.objective)
    judges = trained, trained if held is None else Judge(held, error.objective)
    scores = np.array([error.of(one, judges) for one in cohort.trainees])
    shape = len(strengths), len(runs)
    failed = [
        f"{over} {strength_text(value)}"
        for value, row in zip(strengths, scores[:, 1].reshape(shape), strict=True)
        for _ in row[~np.isfinite(row)]
    ]
    tell_failures(where, failed, len(candidates), "run")
    return RegularisationPath(
        over,
        strengths,
        error.name,
        error.higher,
        scores[:, 0].reshape(shape),
        scores[:, 1].reshape(shape),
        tuple(one for one, _ in runs),
        cohort.programs,
    )


def _strengths(
    over: str, values: Sequence[Strength] | None, epochs: int, where: str
) -> tuple[Strength, ...]:
    place = f"{where}(values=...)"
    if values is None:
        grid = grid_of(over, epochs)
        if grid is None:
            given = f"none for '{over}'"
            such = "[5, 10, 20]" if last_part(over) in COUNTS else "[0.01, 0.1]"
            fix = f"Such as values={such}."
            report([Problem(place, given, "the strengths to try", fix)])
        assert grid is not None
        return grid
    return checked_strengths(over, listed(where, values), place)


def _check(repeats: Any, epochs: Any, share: Any, where: str) -> None:
    problems = [
        Problem(f"{where}({name}=...)", repr(value), f"a whole number of at least 1{meaning}")
        for name, value, meaning in (("repeats", repeats, " (seeds)"), ("epochs", epochs, ""))
        if not isinstance(value, int) or isinstance(value, bool) or value < 1
    ]
    report([*problems, *check_share(share, where)])


def _parts(
    model: Any, table: Table, share: float, held: Data | None, cv: Any, seed: int, where: str
) -> Iterator[tuple[NumpyArray | None, NumpyArray | None]]:
    """Yield the numbers of the rows to train on and of those to judge by."""
    if held is not None:
        yield None, None
    elif cv is None:
        order = np.random.default_rng([seed, table.rows]).permutation(table.rows)
        kept = split_rows(table.rows, share, where)
        yield np.sort(order[:kept]), np.sort(order[kept:])
    else:
        told = Rows(table.rows, truth_of(model, table).classes)
        for fold in folds_of(cv, 1, told, seed, where):
            yield fold.train, fold.test


class _Error:
    """How wrong a trained model is, on rows trained on and on others.

    Args:
        model: One of the models.
        table: The rows trained on.
        metric: As given to `regularisation_path`.
        where: The function that was called.
    """

    def __init__(self, model: Any, table: Table, metric: Any, where: str) -> None:
        if len(model.output_names) != 1:
            raise ArgumentError(
                f"{where}: got a model of {len(model.output_names)} outputs, expected one output."
            )
        loss = model.compiled.losses[0]
        plain = loss
        if getattr(loss, "label_smoothing", 0.0):
            plain = loss.replace(label_smoothing=0.0)
        self._metric = metrics.check(plain if metric is None else metric)
        self._labels = table.y
        resolved = self.objective(model).targets[0].weighted_metrics[0]
        self.name = str(resolved.name)
        better = getattr(resolved, "better", None) or direction_of(self.name)
        if better is None:
            fix = "Leave it out to judge by the loss."
            given = f"'{self.name}', whose name does not tell which way is better"
            report([Problem(f"{where}(metric=...)", given, "a known metric", fix)])
        self.higher = better == "max"

    def objective(self, model: Any) -> Objective:
        """Return what scores a model by this error alone."""
        compiled = model.compiled
        alone = type(compiled)(
            compiled.optimizer,
            compiled.losses,
            compiled.loss_weights,
            ((),),
            ((self._metric,),),
        )
        return objective_for(alone, model.network, model.output_names, self._labels)

    def of(self, trainee: Trainee, judges: Sequence[Judge]) -> tuple[float, float]:
        """Return the error on the rows trained on and on those held out.

        Args:
            trainee: The trained model.
            judges: What scores rows trained on, and rows held out.
        """
        if trainee.failed:
            return float("nan"), float("nan")
        candidate = trainee.candidate
        numbers = candidate.train, candidate.validation
        trained, held = (
            float(judge.scores(trainee, chosen)[self.name])
            for judge, chosen in zip(judges, numbers, strict=True)
        )
        return trained, held
