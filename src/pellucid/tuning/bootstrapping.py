"""The bootstrap: a model trained on samples of the rows, scored on the rows left out."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from pellucid.errors import Problem, report
from pellucid.keywords import arguments_of
from pellucid.text_table import text_table
from pellucid.training.history_json import to_json_value
from pellucid.tuning.cross_validation import check_level, out_of_fold, score_of
from pellucid.tuning.folds import Fold, Rows, check_classes, check_folds, is_whole, with_watched
from pellucid.tuning.scorers import check_test_rows
from pellucid.tuning.study import Study, tell_failures, train
from pellucid.types import NumpyArray
from pellucid.wording import count_text, duration_text

OUT = 0.632
"""Share of the rows that a sample of as many rows has on average: 1 - 1/e."""


@dataclass(frozen=True, eq=False)
class Bootstrap:
    """Scores of a model trained on samples of the rows, on the rows that each left out.

    Args:
        samples: The rows of each sample, one perhaps several times, and those left out.
        scores: For each score its value on the rows left out of each sample, shape (samples,).
        apparent: For each score that of a model trained on all rows, on these same rows.
        predictions: For each row the mean output of the models that did not train on it, in
            the form in which `predict` returns it.
        seconds: Time that all took together.
    """

    samples: tuple[Fold, ...]
    scores: dict[str, NumpyArray]
    apparent: dict[str, float]
    predictions: Any
    seconds: float

    def mean(self, name: str) -> float:
        """Return the mean of a score over the samples, on the rows left out."""
        return self._mean(name, "Bootstrap.mean")

    def _mean(self, name: str, where: str) -> float:
        return float(np.mean(score_of(self.scores, name, where)))

    def estimate(self, name: str) -> float:
        """Return the .632 estimate of a score: 0.632 * left out + 0.368 * apparent.

        A sample holds only 63.2 % of the rows, so the score on those left out is too bad; the
        apparent one is too good. A network that learns its rows by heart makes it too good still.

        Source: Efron, "Estimating the Error Rate of a Prediction Rule: Improvement on
        Cross-Validation" (1983).
        """
        return OUT * self._mean(name, "Bootstrap.estimate") + (1 - OUT) * self.apparent[name]

    def interval(self, name: str, level: float = 0.95) -> tuple[float, float]:
        """Return the range in which this share of the samples' scores lies.

        Args:
            name: Name of the score.
            level: The share, above 0 and below 1.
        """
        check_level(level, "Bootstrap.interval(level=...)")
        values = score_of(self.scores, name, "Bootstrap.interval")
        low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2])
        return float(low), float(high)

    def to_dict(self) -> dict[str, Any]:
        """Return everything but rows and predictions as plain JSON values."""
        return {
            "samples": len(self.samples),
            "scores": {
                name: {
                    "values": [to_json_value(float(one)) for one in values],
                    "mean": to_json_value(self.mean(name)),
                    "apparent": to_json_value(self.apparent[name]),
                    ".632": to_json_value(self.estimate(name)),
                }
                for name, values in self.scores.items()
            },
            "seconds": self.seconds,
        }

    def to_json(self) -> str:
        """Return what `to_dict` returns as JSON text."""
        return json.dumps(self.to_dict(), indent=1, allow_nan=False, ensure_ascii=False)

    def __str__(self) -> str:
        rows = [
            [name, self.mean(name), *self.interval(name), self.apparent[name], self.estimate(name)]
            for name in self.scores
        ]
        headers = ["score", "left out", "95 % from", "to", "apparent", ".632"]
        told = f"{count_text(len(self.samples), 'sample')} in {duration_text(self.seconds)}."
        return f"{text_table(rows, headers)}\n\n{told}"

    __repr__ = __str__


def bootstrap(
    model: Any,
    x: Any,
    y: Any,
    *,
    samples: int = 50,
    metrics: Any = None,
    groups: Any = None,
    sample_weight: Any = None,
    seed: int | None = None,
    verbose: Any = 0,
    **fit: Any,
) -> Bootstrap:
    """Train a model on samples drawn with replacement, and score it on the rows left out.

    Each sample has as many rows as there are; about 63 % of the different rows are in it. All
    samples train side by side over one table, in one compiled program, beside one model that is
    trained on all rows for the apparent score. Policies watch a share of each sample's rows,
    never those left out; no copy of a watched row is trained on.

    Args:
        model: A compiled model, or a function without arguments that returns one.
        x: Inputs in memory, as for `fit`; no generator.
        y: Labels, as for `fit`.
        samples: How many, at least 2.
        metrics: As for `cross_validate`.
        groups: One value a row; whole groups are drawn and left out.
        sample_weight: Weight of each row in losses and weighted metrics.
        seed: Seed of samples and models; that of the model when absent.
        verbose: As for `fit`; what is shown are means over the samples.
        **fit: Arguments of `fit`, as for `cross_validate`.

    Returns:
        Scores by sample, their mean and range, and the .632 estimate.

    Raises:
        ArgumentError: An argument is out of range, unknown, or does not fit the rows.
        DataError: A sample has one class alone, or values that cannot be trained on.
        NonFiniteError: The loss was not finite in any sample.

    Warns:
        PellucidWarning: The loss was not finite in some sample.

    Example:
        >>> import numpy as np, pellucid
        >>> model = pellucid.Sequential([pellucid.Input((1,)), pellucid.layers.Dense(1)])
        >>> model.compile(pellucid.optimizers.SGD(0.3), "mse")
        >>> x = np.linspace(-1, 1, 30)[:, None]
        >>> result = pellucid.bootstrap(model, x, 3 * x, samples=4, metrics="r2", epochs=30)
        >>> result.estimate("r2") > 0.99
        True

    Source: Efron and Tibshirani, "Improvements on Cross-Validation: The .632+ Bootstrap
    Method" (1997).
    """
    begun = time.perf_counter()
    where = "bootstrap"
    study = Study(
        where,
        model,
        x,
        y,
        metrics=metrics,
        groups=groups,
        sample_weight=sample_weight,
        seed=seed,
        arguments=arguments_of(bootstrap),
        fit=fit,
    )
    if not is_whole(samples) or samples < 2:
        expected = "a whole number of at least 2 (how many samples are drawn)"
        report([Problem("bootstrap(samples=...)", repr(samples), expected)])
    drawn = list(_samples(int(samples), study.rows, study.seed))
    check_folds(drawn, study.rows.count, where)
    check_classes(drawn, study.rows.classes, where)
    check_test_rows(study.scorers, drawn, study.truth, where)
    everything = np.arange(study.rows.count)
    all_rows = Fold("all", everything, everything, kind="sample")
    folds = with_watched([*drawn, all_rows], study.share, study.rows, study.seed, where)
    candidates = [study.candidate(one, study.seed_of(place)) for place, one in enumerate(folds)]
    trainees = train(candidates, verbose).trainees
    failed = [one.name for one, own in zip(folds, trainees, strict=True) if own.failed]
    tell_failures(where, failed, len(folds), "sample")
    outputs = [study.outputs(own, one.test) for one, own in zip(folds, trainees, strict=True)]
    found = [
        study.scores(own, one.test, said)
        for one, own, said in zip(folds, trainees, outputs, strict=True)
    ]
    means = out_of_fold(outputs[:-1], folds[:-1], study.rows.count)
    return Bootstrap(
        tuple(folds[:-1]),
        {name: np.array([one[name] for one in found[:-1]]) for name in study.names},
        found[-1],
        trainees[0].candidate.model.shaped(means),
        time.perf_counter() - begun,
    )


def _samples(count: int, rows: Rows, seed: int) -> Iterator[Fold]:
    """Yield the rows of each sample and those left out."""
    units = np.arange(rows.count) if rows.groups is None else rows.groups
    order = np.argsort(units, kind="stable")
    members = np.split(order, np.flatnonzero(np.diff(units[order])) + 1)
    for number in range(count):
        drawn = np.random.default_rng([seed, number]).integers(0, len(members), len(members))
        train = np.concatenate([members[one] for one in drawn])
        left_out = np.setdiff1d(np.arange(rows.count), train)
        yield Fold(str(number + 1), train, left_out, kind="sample")
