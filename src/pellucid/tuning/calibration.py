"""Whether a model's probabilities can be believed, and the temperature that mends them."""

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pellucid.drawing import save_figure, styled
from pellucid.errors import DataError, Problem, report
from pellucid.models.lone_class import lone_class
from pellucid.models.predicting import predict
from pellucid.models.preparing import check_labels, ensure_built, read_table
from pellucid.models.temperature import (
    best_temperature,
    logits_of,
    tempered,
    warn_of_bound,
)
from pellucid.report.calibration import (
    Reliability,
    draw_reliability,
    range_problems,
    reliability_of,
)
from pellucid.seed import checked_seed
from pellucid.text_table import text_table
from pellucid.training.history_json import to_json_value
from pellucid.tuning.folds import Rows, folds_of
from pellucid.tuning.study import need_model, refuse_streams
from pellucid.tuning.truth import CLASSES, truth_of
from pellucid.types import ArrayLike, NumpyArray
from pellucid.wording import count_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LEAST = float(np.finfo(np.float32).eps) / 2
"""A probability nearer to 0 or 1 than this cannot be told from it in float32."""

PARTS = 5
"""Parts of the rows: each is scaled by the temperature that suits the others."""


@dataclass(frozen=True, eq=False)
class Quality:
    """How good probabilities are.

    Args:
        reliability: How often what was predicted came true, by bins of its probability.
        brier: Mean squared distance from what happened: of the second of two classes, or summed
            over more.
        log_loss: Mean of -log of the probability of what happened.
    """

    reliability: Reliability
    brier: float
    log_loss: float

    @property
    def error(self) -> float:
        """The expected calibration error."""
        return self.reliability.error

    def to_dict(self) -> dict[str, Any]:
        """Return the numbers as plain JSON values."""
        bins = self.reliability
        return {
            "expected_calibration_error": self.error,
            "brier": self.brier,
            "log_loss": self.log_loss,
            "rows": bins.rows.tolist(),
            "probability": to_json_value(bins.probability.tolist()),
            "came_true": to_json_value(bins.came_true.tolist()),
        }


@dataclass(frozen=True, eq=False)
class Calibration:
    """How far a model's probabilities can be believed, as they are and scaled.

    Args:
        plain: Quality of the probabilities as they are.
        scaled: Quality after scaling, each row by a temperature that was fitted without it.
        temperature: The temperature that suits all rows; above 1 the model is too sure.
        classes: Number of classes.
    """

    plain: Quality
    scaled: Quality
    temperature: float
    classes: int

    def apply(self, probabilities: ArrayLike) -> NumpyArray:
        """Return probabilities scaled by `temperature`.

        p becomes p ** (1 / temperature), divided by the sum over the classes. The likeliest
        class stays the same.

        Args:
            probabilities: Shape (rows, classes), or (rows,) or (rows, 1) of the second of two
                classes.

        Returns:
            An array of the same shape.

        Raises:
            ArgumentError: Numbers that are no probabilities, or of another shape.
        """
        given = np.asarray(probabilities, np.float64)
        place = "Calibration.apply(probabilities)"
        wrong = given[~((given >= 0) & (given <= 1))]
        if wrong.size:
            expected = "probabilities, from 0 to 1"
            report([Problem(place, f"{wrong.flat[0]:g}", expected, "Give what predict returns.")])
        if given.ndim == 1 and self.classes == 2:
            return self.apply(given[:, None])[:, 0]
        single = given.ndim == 2 and given.shape[1] == 1 and self.classes == 2
        if not single and (given.ndim != 2 or given.shape[1] != self.classes):
            expected = "(rows,), (rows, 1) or (rows, 2)"
            if self.classes > 2:
                expected = f"(rows, {self.classes})"
            report([Problem(place, f"shape {given.shape}", expected)])
        both = np.concatenate([1 - given, given], axis=1) if single else given
        scaled = tempered(logits_of(both, LEAST), self.temperature)
        return scaled[:, 1:] if single else scaled

    @property
    def table(self) -> list[dict[str, Any]]:
        """The reliability table: a dict for each bin that has rows."""
        bins = self.plain.reliability
        edges = np.linspace(0, 1, len(bins.rows) + 1)
        return [
            {
                "from": float(edges[place]),
                "to": float(edges[place + 1]),
                "rows": int(bins.rows[place]),
                "probability": float(bins.probability[place]),
                "came true": float(bins.came_true[place]),
            }
            for place in np.flatnonzero(bins.rows)
        ]

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain JSON values."""
        return {
            "temperature": self.temperature,
            "plain": self.plain.to_dict(),
            "scaled": self.scaled.to_dict(),
        }

    def to_json(self) -> str:
        """Return what `to_dict` returns as JSON text."""
        return json.dumps(self.to_dict(), indent=1, allow_nan=False, ensure_ascii=False)

    def __str__(self) -> str:
        rows = self.table
        bins = text_table([list(row.values()) for row in rows], list(rows[0]))
        both = (("as they are", self.plain), ("scaled", self.scaled))
        cells = [[name, one.error, one.brier, one.log_loss] for name, one in both]
        headers = ["probabilities", "expected calibration error", "Brier score", "log loss"]
        sure = "too sure" if self.temperature > 1 else "not sure enough"
        told = f"Temperature {self.temperature:.3f}: the model is {sure}."
        return "\n".join([bins, "", text_table(cells, headers), "", told])

    __repr__ = __str__

    def plot(self, path: str | os.PathLike[str] | None = None) -> "Figure":
        """Draw how often what was predicted came true, as it is and scaled.

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
def _draw(found: Calibration) -> "Figure":
    curves = {
        "as it is": found.plain.reliability,
        f"scaled, temperature {found.temperature:.2f}": found.scaled.reliability,
    }
    note = f"expected calibration error {found.plain.error:.3f}, scaled {found.scaled.error:.3f}"
    what = "the second class" if found.classes == 2 else "the predicted class"
    return draw_reliability(curves, what, "Calibration", note)


def calibration(
    model: Any, x: Any, y: Any, *, bins: int = 10, seed: int | None = None
) -> Calibration:
    """Compare the probabilities that a model gives with how often they come true.

    Beside them stand the same probabilities scaled by a temperature T: softmax(logits / T), with
    the T of the least log loss. The scaled scores are honest: each fifth of the rows is scaled
    by the temperature that the other four fifths give.

    Args:
        model: A compiled model for classes, trained on other rows than these.
        x: Inputs that it was not trained on.
        y: Their classes.
        bins: Bins of equal width of the reliability table, at least 2.
        seed: Seed of the fifths; that of the model when absent.

    Returns:
        The reliability table, expected calibration error, Brier score and log loss, as they are
        and scaled, and the temperature.

    Raises:
        ArgumentError: The model gives no probabilities of classes, there are fewer than five
            rows, or an argument is out of range.
        DataError: The labels are none that it could be trained on, or all rows are of one class.

    Warns:
        PellucidWarning: No temperature from 0.05 to 20 is best: all rows are right, or most wrong.

    Example:
        >>> import numpy as np, pellucid
        >>> model = pellucid.Sequential([pellucid.Input((1,)), pellucid.layers.Dense(1, "sigmoid")])
        >>> model.compile("sgd", "binary_crossentropy")
        >>> model.set_weights([np.array([[4.0]]), np.zeros(1)])
        >>> rng = np.random.default_rng(0)
        >>> x = rng.normal(size=(500, 1))
        >>> y = rng.random((500, 1)) < 1 / (1 + np.exp(-x))
        >>> found = pellucid.calibration(model, x, y)
        >>> found.temperature > 2, found.plain.error > 2 * found.scaled.error
        (True, True)

    Source: Guo et al., "On Calibration of Modern Neural Networks" (2017); Brier, "Verification of
    Forecasts Expressed in Terms of Probability" (1950).
    """
    where = "calibration"
    need_model(where, model)
    refuse_streams(where, x)
    ensure_built(model, x)
    table = read_table(model, x, y, where=where)
    if table.rows < PARTS:
        given, expected = count_text(table.rows, "row"), f"at least {PARTS}"
        report([Problem(f"{where}(x)", given, expected, "Better are some hundreds.")])
    check_labels(model, model.need_compiled(where), table.y, complete=False, doubtful=False)
    truth = truth_of(model, table)
    if truth.kind != CLASSES:
        expected = "one for classes, whose last activation or loss is sigmoid or softmax"
        report([Problem(f"{where}(model)", f"a model for {truth.told}", expected)])
    report(lone_class(truth.values, f"{where}(y)"), DataError)
    probabilities = truth.probabilities(predict(model, x, None, None))
    report(range_problems(probabilities, bins, f"{where}(model)"))
    logits, actual = logits_of(probabilities, LEAST), truth.values
    happened = np.eye(probabilities.shape[1])[actual]
    drawn = int(model.seed if seed is None else checked_seed(seed, f"{where}(seed=...)"))
    scaled = np.empty_like(probabilities)
    for part in folds_of(PARTS, 1, Rows(table.rows), drawn, where):
        suited = best_temperature(logits[part.train], happened[part.train])
        scaled[part.test] = tempered(logits[part.test], suited)
    temperature = best_temperature(logits, happened)
    warn_of_bound(temperature, where)
    return Calibration(
        _quality(probabilities, actual, bins),
        _quality(scaled, actual, bins),
        temperature,
        truth.count,
    )


def _quality(probabilities: NumpyArray, actual: NumpyArray, bins: int) -> Quality:
    happened = np.eye(probabilities.shape[1])[actual]
    squares = np.sum((probabilities - happened) ** 2, axis=1)
    halved = 2 if probabilities.shape[1] == 2 else 1
    likely = np.maximum(probabilities[np.arange(len(actual)), actual], LEAST)
    return Quality(
        reliability_of(probabilities, actual, bins),
        float(np.mean(squares)) / halved,
        float(-np.mean(np.log(likely))),
    )
