"""Cross-validation: how well a model does on rows that it was not trained on."""

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from pellucid.errors import Problem, did_you_mean, report
from pellucid.keywords import arguments_of
from pellucid.text_table import text_table
from pellucid.training.directions import Direction
from pellucid.training.history import History
from pellucid.training.history_json import to_json_value
from pellucid.tuning.folds import Fold, folds_of, with_watched
from pellucid.tuning.scorers import check_test_rows
from pellucid.tuning.spread import Spread, corrected
from pellucid.tuning.study import Study, tell_failures, train
from pellucid.types import NumpyArray
from pellucid.wording import count_text, duration_text

PRINTED_FOLDS = 20
"""Of more folds the middle is left out where they are printed."""


@dataclass(frozen=True, eq=False)
class CrossValidation:
    """Scores of a model on the test rows of each fold.

    Args:
        folds: The rows of each fold.
        scores: For each score its value in each fold, shape (folds,).
        predictions: For each row the mean output of the models that did not train on it, in
            the form in which `predict` returns it; NaN where there was none.
        seeds: Seed of each fold's model.
        histories: What each fold's training reported.
        directions: For each score whether lower ("min") or higher ("max") is better, or None.
        seconds: Time that all took together.
        models: The trained models where they were asked for.
    """

    folds: tuple[Fold, ...]
    scores: dict[str, NumpyArray]
    predictions: Any
    seeds: tuple[int, ...]
    histories: tuple[History, ...]
    directions: dict[str, Direction | None]
    seconds: float
    models: list[Any] | None = field(default=None, repr=False)

    @property
    def ratio(self) -> float:
        """Test rows for each training row, the mean over the folds."""
        return float(np.mean([fold.ratio for fold in self.folds]))

    def spread(self, name: str, level: float = 0.95) -> Spread:
        """Return mean, standard deviation and confidence interval of a score.

        The interval is corrected for training sets that overlap; see `corrected`.

        Args:
            name: Name of the score.
            level: Probability of the interval, above 0 and below 1.

        Raises:
            ArgumentError: There is no such score, or no such level.

        Source: Nadeau and Bengio, "Inference for the Generalization Error" (2003).
        """
        where = "CrossValidation.spread"
        check_level(level, f"{where}(level=...)")
        return corrected(score_of(self.scores, name, where), self.ratio, level)

    @property
    def table(self) -> list[dict[str, Any]]:
        """A dict for each fold: its name, numbers of rows, and scores."""
        return [
            {
                "fold": fold.name,
                "training rows": len(fold.train),
                "watched rows": 0 if fold.watched is None else len(fold.watched),
                "test rows": len(fold.test),
                **{name: float(values[number]) for name, values in self.scores.items()},
            }
            for number, fold in enumerate(self.folds)
        ]

    def to_dict(self) -> dict[str, Any]:
        """Return everything but models, predictions and histories as plain JSON values."""
        return {
            "folds": [
                {name: to_json_value(value) for name, value in row.items()} for row in self.table
            ],
            "scores": {name: _spread_dict(self.spread(name)) for name in self.scores},
            "seeds": list(self.seeds),
            "seconds": self.seconds,
        }

    def to_json(self) -> str:
        """Return what `to_dict` returns as JSON text."""
        return json.dumps(self.to_dict(), indent=1, allow_nan=False, ensure_ascii=False)

    def __str__(self) -> str:
        rows = self.table
        columns = [name for name in rows[0] if name != "watched rows" or rows[0][name]]
        cut = PRINTED_FOLDS // 2
        cells = [[row[name] for name in columns] for row in rows]
        lines = text_table(cells, columns).split("\n")
        if len(rows) > PRINTED_FOLDS:
            lines[2 + cut : -cut] = [f"... {count_text(len(rows) - 2 * cut, 'fold')} not shown ..."]
        spreads = {name: self.spread(name) for name in self.scores}
        summary = [[name, one.mean, one.sd, one.low, one.high] for name, one in spreads.items()]
        headers = ["score", "mean", "sd", "95 % from", "to"]
        if len(rows) == 1:
            # A single fold has no spread.
            summary, headers = [row[:2] for row in summary], headers[:2]
        took = f"{count_text(len(rows), 'training')} in {duration_text(self.seconds)}."
        return "\n".join([*lines, "", text_table(summary, headers), "", took])

    __repr__ = __str__


def _spread_dict(spread: Spread) -> dict[str, Any]:
    ends = {"low": spread.low, "high": spread.high}
    found = {"mean": spread.mean, "sd": spread.sd, **ends, "level": spread.level}
    return {name: to_json_value(value) for name, value in found.items()}


def check_level(level: Any, place: str) -> None:
    """Refuse a level of confidence that is none.

    Raises:
        ArgumentError: It does not lie between 0 and 1.
    """
    if not (isinstance(level, (int, float, np.number)) and 0 < level < 1):
        fix = "For 95 % write level=0.95."
        report([Problem(place, repr(level), "a number above 0 and below 1", fix)])


def score_of(scores: dict[str, NumpyArray], name: str, where: str) -> NumpyArray:
    """Return the values of a score.

    Raises:
        ArgumentError: There is none of that name; a near one is suggested.
    """
    if name not in scores:
        fix = did_you_mean(str(name), list(scores))
        report([Problem(where, repr(name), "the name of a score", fix)])
    return scores[name]


def cross_validate(
    model: Any,
    x: Any,
    y: Any,
    *,
    cv: Any = 5,
    repeats: int = 1,
    metrics: Any = None,
    groups: Any = None,
    sample_weight: Any = None,
    seed: int | None = None,
    models: bool = False,
    verbose: Any = 0,
    **fit: Any,
) -> CrossValidation:
    """Train a model on all rows but one fold, for each fold, and score it on that fold.

    All folds and repeats train side by side over one table, in one compiled program. The model
    itself is not trained: each fold trains a fresh copy, whose seed follows from `seed` and the
    number of the fold, and ends as that copy would end if it were fitted on these rows alone.

    Policies such as `EarlyStopping` never see the test rows. What they watch is held back from
    each fold's training rows, as large a share as `validation_split` says: of each class alike,
    whole groups where there are groups, the latest rows where every fold trains on earlier rows
    than it is tested on.

    Args:
        model: A compiled model, or a function without arguments that returns one.
        x: Inputs in memory, as for `fit`; no generator.
        y: Labels, as for `fit`.
        cv: Number of folds, at least 2: classes have equal shares in each, and groups stay
            whole. Or a splitter of scikit-learn, such as `TimeSeriesSplit(5)`, or pairs
            (training, test) of row numbers.
        repeats: How often to divide the rows anew, where `cv` is a number.
        metrics: Scores beside the model's own loss and metrics: names of scikit-learn's
            scorers, such as "roc_auc"; functions of (labels, outputs) or of (estimator, rows,
            labels); a list of these, or a dict by name. Of scikit-learn's, higher is better.
        groups: One value a row; rows of one group are never in training and test at once.
        sample_weight: Weight of each row in losses and weighted metrics; scores of `metrics`
            count all rows alike.
        seed: Seed of the folds and of each fold's model, 0 to 2**32 - 1; that of the model
            when absent. A splitter draws by its own `random_state`.
        models: Whether to keep the trained models.
        verbose: As for `fit`; what is shown are means over the folds.
        **fit: Arguments of `fit`: `epochs`, `batch_size`, `callbacks` (policies), `shuffle`,
            `class_weight`, `validation_batch_size` and `validation_split`.

    Returns:
        Scores by fold, with mean, standard deviation and confidence interval of each, and the
        predictions for each row by models that did not train on it.

    Raises:
        ArgumentError: An argument is out of range, unknown, or does not fit the rows; a score
            is not defined for what the model answers.
        DataError: A fold trains on one class alone, or values that cannot be trained on.
        NonFiniteError: The loss was not finite in any fold.

    Warns:
        PellucidWarning: The loss was not finite in some fold, or a class has fewer rows than
            there are folds.

    Example:
        >>> import numpy as np, pellucid
        >>> model = pellucid.Sequential([pellucid.Input((1,)), pellucid.layers.Dense(1)])
        >>> model.compile(pellucid.optimizers.SGD(0.3), "mse")
        >>> x = np.linspace(-1, 1, 30)[:, None]
        >>> result = pellucid.cross_validate(model, x, 3 * x, cv=3, metrics="r2", epochs=30)
        >>> result.scores["r2"].shape, result.spread("r2").mean > 0.99
        ((3,), True)

    Source: Nadeau and Bengio, "Inference for the Generalization Error" (2003).
    """
    begun = time.perf_counter()
    study = Study(
        "cross_validate",
        model,
        x,
        y,
        metrics=metrics,
        groups=groups,
        sample_weight=sample_weight,
        seed=seed,
        arguments=arguments_of(cross_validate),
        fit=fit,
    )
    folds = chosen_folds(study, cv, repeats)
    (result,) = validated([study], folds, models, verbose, begun)
    return result


def chosen_folds(study: Study, cv: Any, repeats: Any) -> list[Fold]:
    """Return the folds of a study, checked, with the rows that are watched."""
    folds = folds_of(cv, repeats, study.rows, study.seed, study.where)
    check_test_rows(study.scorers, folds, study.truth, study.where)
    return with_watched(folds, study.share, study.rows, study.seed, study.where)


def validated(
    studies: Sequence[Study], folds: Sequence[Fold], models: bool, verbose: Any, begun: float
) -> Iterator[CrossValidation]:
    """Yield the cross-validation of each study, all of them trained side by side.

    Args:
        studies: One for each model, of the same rows.
        folds: The folds that they share.
        models: Whether to keep the trained models.
        verbose: As in `fit`.
        begun: Reading of `time.perf_counter` at which the time begins.
    """
    candidates = [
        study.candidate(fold, study.seed_of(number))
        for study in studies
        for number, fold in enumerate(folds)
    ]
    trainees = train(candidates, verbose).trainees
    for place, study in enumerate(studies):
        own = trainees[place * len(folds) : (place + 1) * len(folds)]
        failed = [fold.name for fold, one in zip(folds, own, strict=True) if one.failed]
        tell_failures(study.where, failed, len(folds))
        outputs = [study.outputs(one, fold.test) for one, fold in zip(own, folds, strict=True)]
        found = [
            study.scores(one, fold.test, output)
            for one, fold, output in zip(own, folds, outputs, strict=True)
        ]
        yield CrossValidation(
            tuple(folds),
            {name: np.array([one[name] for one in found]) for name in study.names},
            own[0].candidate.model.shaped(out_of_fold(outputs, folds, study.rows.count)),
            tuple(one.candidate.model.seed for one in own),
            tuple(one.history for one in own),
            study.directions,
            time.perf_counter() - begun,
            [one.finished() for one in own] if models else None,
        )


def out_of_fold(
    outputs: Sequence[list[NumpyArray] | None], folds: Sequence[Fold], rows: int
) -> list[NumpyArray]:
    """Return for each row the mean output of the models that were tested on it; NaN for none.

    Args:
        outputs: What each fold's model says of its test rows; None where it failed.
        folds: The folds.
        rows: Number of rows that there are.
    """
    counts = np.zeros(rows)
    sums: list[NumpyArray] = []
    for own, fold in zip(outputs, folds, strict=True):
        if own is None:
            continue
        sums = sums or [np.zeros((rows, *one.shape[1:])) for one in own]
        counts[fold.test] += 1
        for total, output in zip(sums, own, strict=True):
            total[fold.test] += output
    with np.errstate(invalid="ignore"):
        return [total / counts.reshape(-1, *[1] * (total.ndim - 1)) for total in sums]
