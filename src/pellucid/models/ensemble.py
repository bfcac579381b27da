"""Deep ensembles: the mean of models that differ in their seeds, and how far to trust it."""

import copy
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np

from pellucid.errors import ArgumentError, DataError, Problem, report
from pellucid.graph import Graph
from pellucid.layers import Activation, Average, Identity, Input, Layer
from pellucid.models.lone_class import lone_class
from pellucid.models.preparing import check_labels, read_table
from pellucid.models.storing import model_around, read_model
from pellucid.models.temperature import (
    best_temperature,
    logits_of,
    tempered,
    warn_of_bound,
)
from pellucid.types import NumpyArray
from pellucid.wording import count_text

SMALLEST = 1e-12
"""Probabilities below this count as this where their logarithm is taken."""


@dataclass(frozen=True)
class Recalibration:
    """What held-out rows correct in an ensemble's answers.

    Args:
        rows: Number of those rows.
        temperature: For classes: what the logarithms of the probabilities are divided by, from
            1/20 to 20; above 1 where the ensemble was too sure. None for numbers.
        residuals: For numbers: the distances of the answers from the labels, ascending, for each
            output. Empty for classes.
        before: For classes: mean negative log-likelihood of the labels before; None for numbers.
        after: The same at this temperature.
    """

    rows: int
    temperature: float | None = None
    residuals: tuple[tuple[float, ...], ...] = field(default=(), repr=False)
    before: float | None = None
    after: float | None = None

    def margin(self, coverage: float) -> NumpyArray:
        """Return how far an interval of this coverage reaches to either side of an answer.

        Args:
            coverage: Share of new rows whose label shall lie within, above 0 and below 1.

        Raises:
            ArgumentError: The held-out rows are too few for it.
        """
        place = math.ceil((self.rows + 1) * coverage)
        if place > self.rows:
            needed = math.ceil(coverage / (1 - coverage))
            given = f"{coverage:g} with {count_text(self.rows, 'held-out row')}"
            expected = f"a coverage that they can vouch for; {coverage:g} needs {needed} of them"
            report([Problem("interval(coverage=...)", given, expected)])
        return np.array([one[place - 1] for one in self.residuals])


class Ensemble:
    """Models of one kind, trained from other seeds, that answer together by their mean.

    `model.fit(x, y, ensemble=8)` leaves one at `model.ensemble`; `search.ensemble(8)` makes one
    of a search's best trials. Its `model` is an ordinary model of them all, which can be evaluated
    and saved like any other.

    Args:
        model: A model whose output is the `Average` of several members.

    Raises:
        ArgumentError: It is none.

    Example:
        >>> import numpy as np, pellucid
        >>> x = np.random.default_rng(0).normal(size=(90, 2))
        >>> model = pellucid.Sequential([pellucid.Input((2,)), pellucid.layers.Dense(1)], seed=1)
        >>> model.compile("adam", "mse")
        >>> history = model.fit(x[:60], x[:60, 0], epochs=2, ensemble=3, verbose=0)
        >>> ensemble = model.ensemble
        >>> ensemble.recalibrate(x[60:], x[60:, 0]).rows
        30
        >>> low, high = ensemble.interval(x[:5], coverage=0.9)
        >>> low.shape, ensemble.disagreement(x[:5]).shape
        ((5, 1), (5, 1))

    Source: Lakshminarayanan, Pritzel and Blundell, "Simple and Scalable Predictive Uncertainty
        Estimation using Deep Ensembles" (2017).
    """

    def __init__(self, model: Any) -> None:
        self.model = model
        graph = model.graph
        steps = [graph.steps[call] for call, _ in graph.outputs]
        if len(steps) != 1 or not isinstance(graph.members[steps[0].member], Average):
            expected = "a model whose one output is the Average of several members"
            report([Problem("Ensemble(model=...)", f"'{model.name}', which is none", expected)])
        self._each = model_around(replace(graph, outputs=steps[0].inputs), model.seed)
        self._link = link_of(model, "Ensemble(model=...)")
        self.recalibration = _read_recalibration(model)

    def __len__(self) -> int:
        return len(self._each.graph.outputs)

    def __repr__(self) -> str:
        state = "not recalibrated" if self.recalibration is None else "recalibrated"
        return f"Ensemble({count_text(len(self), 'member')}, {state})"

    # -- answers ---------------------------------------------------------------------------

    def predict(self, x: Any, batch_size: int | None = None, verbose: Any = 0) -> NumpyArray:
        """Return the mean of the members' answers; probabilities recalibrated once that was done.

        Args:
            x: Inputs, as for `Model.predict`.
            batch_size: Rows that are computed at once.
            verbose: As for `Model.predict`.
        """
        mean = np.asarray(self.model.predict(x, batch_size=batch_size, verbose=verbose))
        known = self.recalibration
        if known is None or known.temperature is None:
            return mean
        return self._at(mean, known.temperature)

    def evaluate(
        self,
        x: Any,
        y: Any,
        batch_size: int | None = None,
        verbose: Any = "auto",
        sample_weight: Any = None,
        return_dict: bool = False,
    ) -> Any:
        """Return loss and metrics of what `predict` answers, without the members' penalties.

        Args:
            x: Inputs, as for `Model.evaluate`.
            y: Labels.
            batch_size: Rows that are computed at once.
            verbose: 0 silent, otherwise a line.
            sample_weight: Weight of each row.
            return_dict: Return a dict by name instead of a list.
        """
        known, end = self.recalibration, Identity(name=self.model.output_names[0])
        rows = np.asarray(self.model.predict(x, batch_size=batch_size, verbose=0))
        if known is not None and known.temperature is not None:
            rows = self._logits(rows) / known.temperature
            end = Activation(self._link, name=end.name)
        return self._judge(rows.shape[1:], end).evaluate(
            rows, y, batch_size, verbose, sample_weight=sample_weight, return_dict=return_dict
        )

    def _logits(self, mean: NumpyArray) -> NumpyArray:
        """Return what makes these probabilities."""
        logits = logits_of(self._shares(mean.astype(np.float64)), SMALLEST)
        return logits if self._link == "softmax" else logits[..., 1] - logits[..., 0]

    def _judge(self, shape: tuple[int, ...], end: Layer) -> Any:
        """Return a model of this layer alone, scored as the ensemble's is."""
        entry = Input(shape, name="mean")
        model = model_around(Graph.trace([entry], [end(entry)], "answers"), self.model.seed)
        _compile_as(model, self.model.compiled)
        return model

    def predict_members(self, x: Any, batch_size: int | None = None) -> NumpyArray:
        """Return each member's answers, shape (members, rows, ...).

        Args:
            x: Inputs, as for `Model.predict`.
            batch_size: Rows that are computed at once.
        """
        return np.stack(self._each.predict(x, batch_size=batch_size, verbose=0))

    def disagreement(self, x: Any, batch_size: int | None = None) -> NumpyArray:
        """Return how far the members differ: what more data like the training's would settle.

        For numbers the standard deviation of their answers, in units of the label, shape
        (rows, outputs). For classes the entropy of the mean less the mean of the entropies, in
        nats, shape (rows,), or (rows, outputs) where each output is a class of its own.

        Args:
            x: Inputs, as for `Model.predict`.
            batch_size: Rows that are computed at once.

        Source: Depeweg et al., "Decomposition of Uncertainty in Bayesian Deep Learning" (2018),
            for classes.
        """
        answers = self.predict_members(x, batch_size)
        if self._link is None:
            return answers.std(axis=0)
        shares = self._shares(answers)
        return _entropy(shares.mean(axis=0)) - _entropy(shares).mean(axis=0)

    # -- recalibration ---------------------------------------------------------------------

    def recalibrate(self, x: Any, y: Any) -> Recalibration:
        """Learn from rows that no member was trained on how far the answers can be trusted.

        For classes a temperature is fitted, which makes the labels of these rows most likely;
        it changes no answer's class. For numbers the distances to the labels are kept, from
        which follow intervals that hold for new rows of the same kind, whatever the network.

        Args:
            x: Inputs of held-out rows.
            y: Their labels.

        Returns:
            The recalibration, which is saved with the model.

        Raises:
            DataError: Labels that `fit` would refuse, or of one class alone.

        Warns:
            PellucidWarning: Nearly all answers are right, or none says anything of its label, so
                that no temperature from 0.05 to 20 is the best.

        Source: Guo et al., "On Calibration of Modern Neural Networks" (2017) for classes; Lei et
            al., "Distribution-Free Predictive Inference for Regression" (2018) for numbers.
        """
        table = read_table(self.model, x, y, where="recalibrate")
        if self.model.compiled is not None:
            check_labels(self.model, self.model.compiled, table.y, complete=False, doubtful=False)
        labels = np.asarray(table.y[0])
        if self._link is not None:
            report(lone_class(labels, "recalibrate(y=...)"), DataError)
        mean = np.asarray(self.model.predict(x, verbose=0))
        if self._link is None:
            away = np.abs(labels.reshape(mean.shape) - mean).reshape(len(mean), -1)
            residuals = tuple(map(tuple, np.sort(away, axis=0).T.astype(float).tolist()))
            found = Recalibration(len(mean), residuals=residuals)
        else:
            found = self._fitted(mean, labels)
            assert found.temperature is not None
            warn_of_bound(found.temperature, "recalibrate")
        self.recalibration = found
        document = {field.name: getattr(found, field.name) for field in fields(found)}
        document["residuals"] = [list(one) for one in found.residuals]
        self.model.preprocessing = {**(self.model.preprocessing or {}), "ensemble": document}
        return found

    def interval(self, x: Any, coverage: float = 0.9) -> tuple[NumpyArray, NumpyArray]:
        """Return the ends of intervals in which the labels of so many new rows lie.

        Args:
            x: Inputs, as for `Model.predict`.
            coverage: That share, above 0 and below 1, of rows like those of `recalibrate`.

        Returns:
            Lower and upper ends, shape (rows, outputs) each.

        Raises:
            ArgumentError: The ensemble tells classes, was not recalibrated, or on too few rows.
        """
        if not isinstance(coverage, (int, float, np.number)) or not 0 < coverage < 1:
            expected = "a share above 0 and below 1"
            report([Problem("interval(coverage=...)", repr(coverage), expected)])
        if self._link is not None:
            fix = "Its probabilities say how sure it is: recalibrate(x, y), then predict(x)."
            report([Problem("interval", "an ensemble that tells classes", "one of numbers", fix)])
        if self.recalibration is None:
            fix = "Call recalibrate(x, y) with rows that no member was trained on."
            report([Problem("interval", "an ensemble as trained", "a recalibrated one", fix)])
        assert self.recalibration is not None
        mean = self.predict(x)
        margin = self.recalibration.margin(coverage).reshape(mean.shape[1:])
        return mean - margin, mean + margin

    def _shares(self, answers: NumpyArray) -> NumpyArray:
        """Return the probability of each class along the last axis."""
        if self._link == "softmax":
            return answers
        return np.stack([1 - answers, answers], axis=-1)

    def _at(self, mean: NumpyArray, temperature: float) -> NumpyArray:
        logits = logits_of(self._shares(mean).astype(np.float64), SMALLEST)
        shares = tempered(logits, temperature).astype(mean.dtype)
        return shares if self._link == "softmax" else shares[..., 1]

    def _fitted(self, mean: NumpyArray, labels: NumpyArray) -> Recalibration:
        """Return the temperature at which the labels are most likely."""
        logits = logits_of(self._shares(mean.astype(np.float64)), SMALLEST)
        truth = _truth(labels, logits.shape, self._link)
        temperature = best_temperature(logits, truth)

        def unlikely(heat: float) -> float:
            likely = logits_of(tempered(logits, heat), SMALLEST)
            return float(-(truth * likely).sum(axis=-1).mean())

        return Recalibration(
            len(mean), temperature, before=unlikely(1.0), after=unlikely(temperature)
        )

    # -- files -----------------------------------------------------------------------------

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write members and recalibration to one file, an ordinary model's."""
        self.model.save(path)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> "Ensemble":
        """Read an ensemble that was saved.

        Raises:
            FileError: The file is missing, damaged or forged.
            ArgumentError: It holds no ensemble.
        """
        return cls(read_model(path))


def joined(members: Sequence[Any], name: str = "ensemble") -> Any:
    """Return one model whose output is the mean of the members' outputs.

    Args:
        members: Compiled models of the same inputs and one output of the same shape, each with a
            name of its own.
        name: Name of the whole.
    """
    first = members[0]
    entries = [
        Input(first.graph.shape_of(place), name=own, dtype=first.graph.dtype_of(place))
        for own, place in zip(first.input_names, first.graph.inputs, strict=True)
    ]
    answers = [one.graph(entries if len(entries) > 1 else entries[0]) for one in members]
    mean = Average(name=name)(answers) if len(answers) > 1 else answers[0]
    model = model_around(Graph.trace(entries, [mean], name), first.seed)
    _compile_as(model, first.compiled)
    return model


def _compile_as(model: Any, compiled: Any) -> None:
    model.compile(
        copy.copy(compiled.optimizer),
        compiled.losses[0],
        metrics=[*compiled.metrics[0]],
        weighted_metrics=[*compiled.weighted_metrics[0]],
    )


def link_of(model: Any, where: str) -> str | None:
    """Return "softmax" or "sigmoid" where the outputs are probabilities of classes.

    Args:
        model: A model of one output.
        where: What the user called, for the message.

    Raises:
        ArgumentError: They are logits, of which no mean is taken.
    """
    compiled = model.compiled
    loss = None if compiled is None else compiled.losses[0]
    link = getattr(loss, "link", None)
    if link is not None and getattr(loss, "from_logits", False):
        given = f"'{model.name}', whose outputs are logits"
        expected = f"members that end in {link}: the mean is one of probabilities"
        fix = f'End it in activation="{link}", and compile without from_logits=True.'
        report([Problem(where, given, expected, fix)])
    return link


def _entropy(shares: NumpyArray) -> NumpyArray:
    return -(shares * np.log(np.maximum(shares, SMALLEST))).sum(axis=-1)


def _truth(labels: NumpyArray, shape: tuple[int, ...], link: str | None) -> NumpyArray:
    """Return the labels as shares of the classes along the last axis."""
    if link == "sigmoid":
        positive = labels.reshape(shape[:-1]).astype(np.float64)
        return np.stack([1 - positive, positive], axis=-1)
    if labels.size == math.prod(shape):
        return labels.reshape(shape).astype(np.float64)
    return np.eye(shape[-1])[labels.reshape(shape[:-1]).astype(int)]


def _read_recalibration(model: Any) -> Recalibration | None:
    """Return the recalibration that a model's file holds."""
    held = (model.preprocessing or {}).get("ensemble")
    if held is None:
        return None
    try:
        return _checked(held)
    except (KeyError, TypeError, ValueError):
        raise ArgumentError(
            f"Ensemble(model=...): got '{model.name}' with a recalibration of another form, "
            "expected rows, temperature and residuals. Call recalibrate(x, y) again."
        ) from None


def _checked(held: Mapping[str, Any]) -> Recalibration:
    residuals = tuple(tuple(map(float, one)) for one in held["residuals"])
    rows = int(held["rows"])
    if any(len(one) != rows for one in residuals):
        raise ValueError("residuals")
    numbers = [held[name] for name in ("temperature", "before", "after")]
    temperature, before, after = (None if one is None else float(one) for one in numbers)
    return Recalibration(rows, temperature, residuals, before, after)
