"""What each column is worth to a model: how much worse it gets when the column is shuffled."""

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pellucid.data.arrays import is_frame
from pellucid.drawing import BLUE, GREY, new_figure, save_figure, styled, subtitle
from pellucid.errors import Problem, report
from pellucid.models.evaluating import evaluate
from pellucid.models.feeding import read_inputs
from pellucid.models.predicting import predict
from pellucid.models.preparing import ensure_built, make_objective, read_table
from pellucid.seed import checked_seed
from pellucid.text_table import text_table
from pellucid.training.directions import direction_of
from pellucid.training.history_json import to_json_value
from pellucid.tuning.folds import is_whole
from pellucid.tuning.scorers import scorers_of
from pellucid.tuning.study import need_model, refuse_streams
from pellucid.tuning.truth import truth_of
from pellucid.types import NumpyArray
from pellucid.wording import count_text, number_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_DRAWN = 30
"""Of more columns the most important are drawn."""


@dataclass(frozen=True, eq=False)
class PermutationImportance:
    """How much worse a model gets when a column is shuffled.

    Args:
        metric: Name of the score.
        baseline: The score of the rows as they are.
        names: Names of the columns.
        losses: By how much the score gets worse, shape (columns, repeats); below 0 it gets
            better.
    """

    metric: str
    baseline: float
    names: tuple[str, ...]
    losses: NumpyArray

    @property
    def means(self) -> NumpyArray:
        """The importance of each column: the mean over the repeats, shape (columns,)."""
        return self.losses.mean(axis=1)

    @property
    def sds(self) -> NumpyArray:
        """Standard deviation over the repeats, shape (columns,); NaN of a single one."""
        if self.losses.shape[1] == 1:
            return np.full(len(self.losses), np.nan)
        return self.losses.std(axis=1, ddof=1)

    @property
    def table(self) -> list[tuple[str, float, float]]:
        """Name, importance and standard deviation of each column, the most important first."""
        order = np.argsort(-self.means, kind="stable")
        means, sds = self.means, self.sds
        return [(self.names[one], float(means[one]), float(sds[one])) for one in order]

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain JSON values."""
        return {
            "metric": self.metric,
            "baseline": to_json_value(self.baseline),
            "columns": [
                {"name": name, "importance": to_json_value(mean), "sd": to_json_value(sd)}
                for name, mean, sd in self.table
            ],
        }

    def to_json(self) -> str:
        """Return what `to_dict` returns as JSON text."""
        return json.dumps(self.to_dict(), indent=1, allow_nan=False, ensure_ascii=False)

    def __str__(self) -> str:
        width = 2 if self.losses.shape[1] == 1 else 3
        headers = ["column", f"{self.metric} gets worse by", "sd"]
        table = text_table([row[:width] for row in self.table], headers[:width])
        repeats = count_text(self.losses.shape[1], "repeat")
        return f"{table}\n\n{self.metric} {number_text(self.baseline)} as it is; {repeats}."

    __repr__ = __str__

    def plot(self, path: str | os.PathLike[str] | None = None) -> "Figure":
        """Draw a bar for each column, the most important on top, with standard deviations.

        Args:
            path: Where to save the picture too: `.png`, `.svg` or `.pdf`.

        Returns:
            A matplotlib figure, drawn without pyplot.

        Raises:
            ArgumentError: `path` ends in something else.
            FileError: The file cannot be written.
        """
        figure = _draw(self)
        if path is not None:
            save_figure(figure, path)
        return figure


@styled
def _draw(found: PermutationImportance) -> "Figure":
    rows = found.table[:MOST_DRAWN]
    names, means, sds = zip(*rows, strict=True)
    figure, (panel,) = new_figure(height=1.1 + 0.24 * len(rows))
    spread = None if np.isnan(sds).all() else sds
    panel.barh(range(len(rows)), means, xerr=spread, color=BLUE, ecolor=GREY)
    panel.set_yticks(range(len(rows)), names)
    panel.set_ylim(len(rows) - 0.4, -0.6)
    panel.grid(visible=False, axis="y")
    panel.set_xlabel(f"{found.metric} gets worse by")
    left_out = len(found.names) - len(rows)
    note = f"{found.metric} {number_text(found.baseline)} as it is"
    if left_out:
        note += f"; {count_text(left_out, 'column')} not shown"
    subtitle(panel, "Permutation importance", note)
    return figure


def permutation_importance(
    model: Any,
    x: Any,
    y: Any,
    *,
    metric: Any = None,
    repeats: int = 5,
    names: Sequence[str] | None = None,
    seed: int | None = None,
) -> PermutationImportance:
    """Shuffle one column after the other, and see how much worse the model gets.

    A column that the model does not use costs nothing. One that says the same as another may
    cost little although both matter. Of sequences and images a column is an entry of the last
    axis, shuffled among rows with all its steps or places.

    Args:
        model: A compiled and trained model.
        x: Inputs that it was not trained on; else what it learnt by heart counts as useful.
        y: Labels.
        metric: One of the model's metrics or "loss", a name of scikit-learn's scorers, or a
            function, as for `cross_validate`. The model's first metric when absent, else its loss.
        repeats: How often each column is shuffled, at least 1.
        names: Names of the columns; those of a frame when absent, else their numbers.
        seed: Seed of the shuffles; that of the model when absent.

    Returns:
        For each column by how much the score gets worse.

    Raises:
        ArgumentError: An argument is out of range, or the score is not defined for the task.

    Example:
        >>> import numpy as np, pellucid
        >>> model = pellucid.Sequential([pellucid.Input((2,)), pellucid.layers.Dense(1)])
        >>> model.compile("sgd", "mse")
        >>> model.set_weights([np.array([[3.0], [0.0]]), np.zeros(1)])
        >>> x = np.random.default_rng(0).normal(size=(50, 2))
        >>> found = pellucid.permutation_importance(model, x, 3 * x[:, 0], names=["used", "not"])
        >>> [(name, mean > 0) for name, mean, _ in found.table]
        [('used', True), ('not', False)]

    Source: Breiman, "Random Forests" (2001); Fisher, Rudin and Dominici, "All Models are Wrong,
    but Many are Useful" (2019).
    """
    where = "permutation_importance"
    need_model(where, model)
    refuse_streams(where, x)
    if not is_whole(repeats) or repeats < 1:
        expected = "a whole number of at least 1 (how often each column is shuffled)"
        report([Problem(f"{where}(repeats=...)", repr(repeats), expected)])
    if isinstance(metric, (list, tuple, Mapping)):
        report([Problem(f"{where}(metric=...)", repr(metric), "one score, not several")])
    drawn = int(model.seed if seed is None else checked_seed(seed, f"{where}(seed=...)"))
    ensure_built(model, x)
    inputs = dict(
        zip(model.input_names, read_inputs(model.network, model.input_names, x), strict=True)
    )
    columns = list(_columns(inputs))
    called = _names(columns, len(inputs), x, names, f"{where}(names=...)")
    metric, sign, score = _score(model, x, y, metric, where)
    baseline = score(inputs)
    losses = np.empty((len(columns), int(repeats)))
    for number, (entry, column) in enumerate(columns):
        held = inputs[entry]
        for repeat in range(int(repeats)):
            order = np.random.default_rng([drawn, number, repeat]).permutation(len(held))
            shuffled = held.copy()
            shuffled[..., column] = held[order][..., column]
            losses[number, repeat] = sign * (baseline - score({**inputs, entry: shuffled}))
    return PermutationImportance(metric, baseline, called, losses)


def _columns(inputs: Mapping[str, NumpyArray]) -> Iterator[tuple[str, int]]:
    """Yield each column: the name of its input, and its number there."""
    for name, array in inputs.items():
        yield from ((name, column) for column in range(array.shape[-1]))


def _names(
    columns: Sequence[tuple[str, int]], inputs: int, x: Any, names: Any, place: str
) -> tuple[str, ...]:
    if names is None and is_frame(x) and hasattr(x, "columns"):
        names = list(x.columns)
    if names is None:
        several = inputs > 1
        return tuple(f"{name}[{column}]" if several else f"{column}" for name, column in columns)
    if isinstance(names, str) or len(names) != len(columns):
        given = repr(names) if isinstance(names, str) else count_text(len(names), "name")
        report([Problem(place, given, f"{len(columns)}, one for each column")])
    return tuple(map(str, names))


def _score(
    model: Any, x: Any, y: Any, metric: Any, where: str
) -> tuple[str, float, Callable[[Mapping[str, NumpyArray]], float]]:
    """Return the name of a score, 1 where higher is better and -1 where not, and the score."""
    table = read_table(model, x, y, where=where)
    objective = make_objective(model, model.compiled, table.y)
    own = [name for name, shape in zip(objective.names, objective.shapes, strict=True) if not shape]
    metric = metric if metric is not None else own[min(1, len(own) - 1)]
    truth = truth_of(model, table)
    found = scorers_of(metric, truth, own, f"{where}(metric=...)")
    if not found:
        sign = -1.0 if direction_of(metric) == "min" else 1.0
        return (
            metric,
            sign,
            lambda given: float(evaluate(model, given, y, None, 0, None, None, where)[metric]),
        )
    (scorer,) = found
    every = np.arange(table.rows)
    return (
        scorer.name,
        -1.0 if scorer.direction == "min" else 1.0,
        lambda given: scorer(truth, predict(model, given, None, None), every),
    )
