"""Two models compared on the same folds."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pellucid.errors import Problem, report
from pellucid.keywords import arguments_of, refuse_unknown
from pellucid.text_table import text_table
from pellucid.training.history_json import to_json_value
from pellucid.tuning.cross_validation import (
    CrossValidation,
    check_level,
    chosen_folds,
    score_of,
    validated,
)
from pellucid.tuning.spread import Spread, corrected
from pellucid.tuning.study import Study, refuse_streams
from pellucid.tuning.truth import CLASSES, NUMBERS
from pellucid.types import NumpyArray
from pellucid.wording import count_text, number_text

DEFAULT = {CLASSES: "accuracy", NUMBERS: "neg_mean_squared_error"}
"""What judges models that share no metric of their own."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """Which of two models is better, and how sure that is.

    Args:
        metric: Name of the score that judges.
        names: What the models are called.
        gains: By how much the first is better in each fold; below 0 it is worse.
        spread: Their mean with its interval and p, corrected for training sets that overlap.
        first: Cross-validation of the first model.
        second: Cross-validation of the second model.
    """

    metric: str
    names: tuple[str, str]
    gains: NumpyArray
    spread: Spread
    first: CrossValidation
    second: CrossValidation

    @property
    def differs(self) -> bool:
        """Whether the interval leaves 0 out."""
        return self.spread.low > 0 or self.spread.high < 0

    @property
    def sentence(self) -> str:
        """The result in words."""
        gain, folds = self.spread, count_text(len(self.gains), "fold")
        if not self.gains.any():
            return f"{' and '.join(self.names)} have the same {self.metric} in {folds}."
        sign = 1 if gain.mean >= 0 else -1
        ahead, behind = self.names[::sign]
        low, high = sorted((sign * gain.low, sign * gain.high))
        interval = f"{gain.level:.0%} interval {number_text(low)} to {number_text(high)}"
        by = number_text(abs(gain.mean))
        if len(self.gains) == 1:
            return (
                f"One fold cannot tell whether {self.metric} differs: {ahead} is ahead of "
                f"{behind} by {by} in it."
            )
        told = f"{interval}, p = {gain.p:.2g} over {folds}"
        if self.differs:
            return f"{ahead} is better than {behind} by {by} in {self.metric} ({told})."
        return (
            f"No difference in {self.metric} is shown: {ahead} is ahead of {behind} by {by} on "
            f"average ({told})."
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain JSON values."""
        spread = self.spread
        return {
            "metric": self.metric,
            "names": list(self.names),
            "gains": [to_json_value(float(one)) for one in self.gains],
            "gain": to_json_value(spread.mean),
            "low": to_json_value(spread.low),
            "high": to_json_value(spread.high),
            "level": spread.level,
            "p": to_json_value(spread.p),
            "sentence": self.sentence,
        }

    def to_json(self) -> str:
        """Return what `to_dict` returns as JSON text."""
        return json.dumps(self.to_dict(), indent=1, allow_nan=False, ensure_ascii=False)

    def __str__(self) -> str:
        both = (self.first, self.second)
        spreads = [one.spread(self.metric, self.spread.level) for one in both]
        rows = [[name, one.mean, one.sd] for name, one in zip(self.names, spreads, strict=True)]
        headers = ["model", f"mean {self.metric}", "sd"]
        if len(self.gains) == 1:
            rows, headers = [row[:2] for row in rows], headers[:2]
        table = text_table(rows, headers)
        return f"{table}\n\n{self.sentence}"

    __repr__ = __str__


def compare(
    a: Any,
    b: Any,
    x: Any = None,
    y: Any = None,
    *,
    metric: Any = None,
    cv: Any = 10,
    repeats: int = 1,
    groups: Any = None,
    sample_weight: Any = None,
    seed: int | None = None,
    names: Sequence[str] = ("A", "B"),
    level: float = 0.95,
    verbose: Any = 0,
    **fit: Any,
) -> Comparison:
    """Compare two models on the same folds by a paired test.

    The test is Student's t of the differences fold by fold, with the variance that Nadeau and
    Bengio give for training sets that overlap: (1/J + test rows / training rows) times that of
    the J differences. An ordinary paired test would find differences that are none.

    Args:
        a: A compiled model, a function that returns one, or a result of `cross_validate`.
        b: The other, of the same kind.
        x: Inputs, where models are given; they are trained side by side.
        y: Labels, where models are given.
        metric: The score that judges: a metric of both models, the name of a scorer of
            scikit-learn, or a function. When absent the first metric that both have; without
            one accuracy for classes, squared error for numbers.
        cv: As for `cross_validate`.
        repeats: As for `cross_validate`.
        groups: As for `cross_validate`.
        sample_weight: As for `cross_validate`.
        seed: As for `cross_validate`; the fold's seed is that of both models.
        names: What to call the two.
        level: Probability of the interval, above 0 and below 1.
        verbose: As for `fit`.
        **fit: Arguments of `fit`, as for `cross_validate`.

    Returns:
        The gain of the first over the second with its interval and p, and a sentence.

    Raises:
        ArgumentError: An argument is out of range, the results are of different folds or share
            no such score.

    Example:
        >>> import numpy as np, pellucid
        >>> def line(rate):
        ...     last = pellucid.layers.Dense(1, kernel_initializer="zeros")
        ...     model = pellucid.Sequential([pellucid.Input((1,)), last])
        ...     model.compile(pellucid.optimizers.SGD(rate), "mse")
        ...     return model
        >>> x = np.random.default_rng(0).normal(size=(60, 1))
        >>> found = pellucid.compare(line(0.3), line(0.001), x, 3 * x, cv=6, epochs=20, seed=0)
        >>> found.differs, found.sentence[:18]
        (True, 'A is better than B')

    Source: Nadeau and Bengio, "Inference for the Generalization Error" (2003); for repeated
    folds Bouckaert and Frank, "Evaluating the Replicability of Significance Tests" (2004).
    """
    check_level(level, "compare(level=...)")
    if isinstance(names, str) or len(names) != 2 or names[0] == names[1]:
        report([Problem("compare(names=...)", repr(names), "two different names")])
    called = (str(names[0]), str(names[1]))
    if isinstance(a, CrossValidation) or isinstance(b, CrossValidation):
        _check_results(a, b, x)
        refuse_unknown("compare", fit, ("metric", "names", "level"))
        return _compared(a, b, metric or _default(list(a.scores), list(b.scores)), called, level)
    refuse_streams("compare", x)
    if x is None or y is None:
        given, fix = "two models without rows and labels", "Write compare(a, b, x, y)."
        report([Problem("compare", given, "x and y to train them on", fix)])
    begun = time.perf_counter()
    rows: dict[str, Any] = {"groups": groups, "sample_weight": sample_weight, "fit": fit}
    rows["arguments"] = arguments_of(compare)
    one = Study("compare", a, x, y, seed=seed, **rows)
    other = Study("compare", b, x, y, seed=one.seed, **rows)
    metric = metric or _default(one.own, other.own, DEFAULT.get(one.truth.kind or ""))
    for study in (one, other):
        study.score_by(metric, "compare(metric=...)")
    first, second = validated([one, other], chosen_folds(one, cv, repeats), False, verbose, begun)
    name = one.scorers[0].name if one.scorers else metric
    return _compared(first, second, name, called, level)


def _default(own: Sequence[str], other: Sequence[str], otherwise: str | None = None) -> str:
    """Return the first score that both have beside the loss, which may differ in kind."""
    shared = [name for name in own if name in other and name != "loss"]
    return shared[0] if shared else otherwise or "loss"


def _check_results(a: Any, b: Any, x: Any) -> None:
    both = (a, b)
    expected = "two results of cross_validate, or two models and rows"
    kinds = [type(one).__name__ for one in both if not isinstance(one, CrossValidation)]
    if kinds:
        report([Problem("compare(a, b)", f"a CrossValidation and a {kinds[0]}", expected)])
    if x is not None:
        report([Problem("compare(x=...)", "rows beside results", expected)])
    tested = [[fold.test for fold in one.folds] for one in both]
    if len(tested[0]) != len(tested[1]) or not all(map(np.array_equal, *tested)):
        fix = "Give both calls the same cv, repeats, groups and seed."
        report([Problem("compare(a, b)", "results of different folds", "the same folds", fix)])


def _compared(
    first: CrossValidation,
    second: CrossValidation,
    metric: str,
    names: tuple[str, str],
    level: float,
) -> Comparison:
    values = [score_of(one.scores, metric, "compare(metric=...)") for one in (first, second)]
    sign = -1.0 if first.directions[metric] == "min" else 1.0
    gains = sign * (values[0] - values[1])
    return Comparison(metric, names, gains, corrected(gains, first.ratio, level), first, second)
