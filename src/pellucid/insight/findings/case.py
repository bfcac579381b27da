"""What a diagnosis looks at: a model, its data, and its run as far as it has got."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import prod
from typing import Any

import jax
import numpy as np

from pellucid.graph import Graph, Network
from pellucid.insight.findings.outcome import FEWEST_ROWS, Outcome
from pellucid.insight.findings.reference import copying_score, reference_score
from pellucid.insight.findings.signal import Signal, read_signal
from pellucid.insight.readings import examine
from pellucid.layers.context import Context
from pellucid.training import cache
from pellucid.training.history import History
from pellucid.training.nonfinite import NonFinite
from pellucid.training.probes import Probes
from pellucid.training.recipe import Recipe
from pellucid.training.scoring import Forward, predict_rows
from pellucid.training.trainer import Table
from pellucid.types import Array, NumpyArray

MOST_ROWS = 4096
"""Rows of the data that are looked at where looking at all would take long."""

MOST_ANSWERS = 1 << 26
"""Numbers that a model gives for all rows together above which fewer rows are looked at."""

EXAMINED_ROWS = 512
"""Rows for which the network's inside is looked at, backwards too."""


@dataclass(frozen=True)
class Data:
    """Rows as they were given, one array an input and one an output, nothing refused.

    Args:
        inputs: For each input an array, batch axis first.
        labels: For each output an array; empty where there are none.
        weights: For each output its sample weights, or None; empty where there are none.
        columns: Names of the first input's columns; empty where it has none.
    """

    inputs: tuple[NumpyArray, ...]
    labels: tuple[NumpyArray, ...] = ()
    weights: tuple[NumpyArray | None, ...] = ()
    columns: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.inputs[0]) if self.inputs else 0

    def column(self, number: int) -> str:
        """Return what a column of the first input is called, in quotes if it has a name."""
        return f"'{self.columns[number]}'" if self.columns else f"column {number}"


@dataclass(frozen=True)
class Settings:
    """What `fit` was asked for, or would be.

    Args:
        epochs: Epochs asked for.
        batch_size: Rows in a step.
        shuffle: Whether rows come in a new order each epoch.
        class_weight: Weight of each class, or None.
        policies: Names of the policies, such as "EarlyStopping".
        validation_split: Share of the rows, the last of them, that was held out to judge by.
    """

    epochs: int = 1
    batch_size: int = 32
    shuffle: bool = True
    class_weight: Mapping[Any, float] | None = None
    policies: tuple[str, ...] = ()
    validation_split: float = 0.0


Weights = tuple[Any, Any]
"""The two packed vectors of a network's weights: trained, and carried."""


@dataclass(frozen=True, eq=False)
class Case:
    """A model, its data, and its run.

    Args:
        graph: The architecture as it was drawn.
        network: The same, written out.
        losses: For each output its loss, or None.
        optimizer: The update rule.
        train: The rows to train on, as they were given.
        validation: The rows to judge by, as they were given, or None.
        settings: What `fit` was asked for.
        recipe: What is trained; None where loss, outputs and labels cannot be brought together.
        table: The training rows as the network takes them; None where they were refused.
        validation_table: The same for the validation rows.
        refusals: Sentences of the errors with which the data or the pairing were refused.
        start: Weights before the run.
        end: Weights after the run; None before training.
        history: What the run logged; None before training.
        failure: Where the number came from that was not finite, if one stopped the run.
        seed: Seed of the run.
        output: Number of the output whose labels and answers are looked at.
        whole: The case of which this one looks at another output; None for the case itself.
    """

    graph: Graph
    network: Network
    losses: tuple[Any, ...]
    optimizer: Any
    train: Data
    validation: Data | None = None
    settings: Settings = field(default_factory=Settings)
    recipe: Recipe | None = None
    table: Table | None = None
    validation_table: Table | None = None
    refusals: tuple[str, ...] = ()
    start: Weights | None = None
    end: Weights | None = None
    history: History | None = None
    failure: NonFinite | None = None
    seed: int = 0
    output: int = 0
    whole: "Case | None" = None

    @cached_property
    def by_output(self) -> "list[tuple[str | None, Case]]":
        """The case of each output that has a loss, with its name; without one of a single output.

        Of a model that is not compiled every output counts.
        """
        network = self.network
        if len(network.outputs) == 1:
            return [(None, self)]
        judged = [one is not None for one in self.losses]
        return [
            (network.nodes[node].path, replace(self, output=number, whole=self))
            for number, node in enumerate(network.outputs)
            if judged[number] or not any(judged)
        ]

    @property
    def trained(self) -> bool:
        """True when there is a run to look at."""
        return self.end is not None and self.history is not None

    @cached_property
    def sample(self) -> NumpyArray:
        """Numbers of at most `MOST_ROWS` training rows, drawn by the seed, in order."""
        rows, fixed = self.train.rows, self.network.batch_size or 1
        most = max(min(MOST_ROWS, MOST_ANSWERS // self._answers), EXAMINED_ROWS)
        if rows <= most:
            return np.arange(rows)
        # Where the batch size is fixed, only whole batches can be computed.
        most = most // fixed * fixed
        drawn = np.random.default_rng([self.seed, rows]).choice(rows, most, replace=False)
        return np.sort(drawn)

    @cached_property
    def sampled(self) -> Table | None:
        """The training rows of the sample as the network takes them."""
        return None if self.table is None else self.table.part(self.sample)

    @cached_property
    def outputs(self) -> list[NumpyArray] | None:
        """What the model gives for the sample of training rows after the run."""
        return self.whole.outputs if self.whole else self._predicted(self.end, self.sampled)

    @cached_property
    def first_outputs(self) -> list[NumpyArray] | None:
        """What it gave for the same rows before the run."""
        if self.whole:
            return self.whole.first_outputs
        return self._predicted(self.start, self.sampled)

    @cached_property
    def validation_outputs(self) -> list[NumpyArray] | None:
        """What the model gives for the validation rows after the run."""
        if self.whole:
            return self.whole.validation_outputs
        return self._predicted(self.end, self.validation_table)

    @cached_property
    def signal(self) -> Signal | None:
        """What enters each layer with a kernel before the run, for rows of the sample."""
        if self.start is None or self.sampled is None or not self.sampled.rows:
            return None
        return read_signal(self.network, self.start, self.sampled.x)

    @cached_property
    def before(self) -> Probes | None:
        """What the network looks like inside at its first weights, for rows of the sample."""
        return self._examined(self.start)

    @cached_property
    def after(self) -> Probes | None:
        """What it looks like inside at its last weights."""
        return self._examined(self.end)

    @cached_property
    def first_outcome(self) -> Outcome | None:
        """How well the model answered the sample of training rows before the run."""
        return self._outcome(self.first_outputs, self.sampled)

    @cached_property
    def outcome(self) -> Outcome | None:
        """How well it answers them after the run."""
        return self._outcome(self.outputs, self.sampled)

    @cached_property
    def validation_outcome(self) -> Outcome | None:
        """How well it answers the validation rows after the run."""
        return self._outcome(self.validation_outputs, self.validation_table)

    @property
    def judged(self) -> Outcome | None:
        """The outcome by which the run is judged: that of the validation rows, if they suffice.

        Rows of one class do not: whoever always says that class would be right on all of them.
        """
        found = self.validation_outcome
        if found is None or len(found.outputs) < FEWEST_ROWS:
            return self.outcome
        one_class = found.classes is not None and len(np.unique(found.classes)) < 2
        return self.outcome if one_class else found

    @cached_property
    def reference(self) -> float | None:
        """The score of simple models on the rows by which the run is judged, where they apply."""
        outcome, judged = self.outcome, self.judged
        if self.sampled is None or outcome is None or judged is None or len(self.sampled.x) != 1:
            return None
        (x,), y = self.sampled.x, outcome.targets
        if y is None or len(x) < FEWEST_ROWS:
            return None
        if judged is outcome or self.validation_table is None:
            half = len(x) // 2
            if outcome.classes is not None:
                # Half of the rows that are sorted by class would not know the others.
                order = np.random.default_rng([self.seed, len(x)]).permutation(len(x))
                x, y = x[order], y[order]
            pair = x[half:], y[half:]
            x, y = x[:half], y[:half]
        else:
            expected = judged.targets
            assert expected is not None
            pair = self.validation_table.x[0], expected
        if outcome.classes is None:
            copied = copying_score(x, y, *pair, self._narrowest)
            if copied is not None:
                return copied
        return reference_score(x, y, *pair, outcome.classes is not None, outcome.balance)

    @property
    def _answers(self) -> int:
        """Return how many numbers the model gives for a row."""
        shapes = [self.network.shapes[node] for node in self.network.outputs]
        steps = max((one.shape[1] for one in self.train.labels if one.ndim > 1), default=1)
        return max(sum(prod(size or steps for size in shape) for shape in shapes), 1)

    @property
    def _narrowest(self) -> int:
        """Return how many numbers of a row are left where the network is narrowest."""
        return min(prod(size or 1 for size in shape) for shape in self.network.shapes)

    @cached_property
    def _class_weight(self) -> Mapping[Any, float] | None:
        """Weight of each class, given as such or by weights of rows that are equal within it.

        Whoever weighs classes does not ask for as many right answers as there can be.
        """
        if self.settings.class_weight is not None or self.output >= len(self.train.weights):
            return self.settings.class_weight
        weights, labels = self.train.weights[self.output], self.train.labels[self.output]
        if weights is None or weights.shape != labels.reshape(-1).shape:
            return None
        kinds, first, place = np.unique(labels, return_index=True, return_inverse=True)
        if np.any(weights[first][place.reshape(-1)] != weights):
            return None
        return dict(zip(kinds.tolist(), weights[first].tolist(), strict=True))

    def _outcome(self, outputs: list[NumpyArray] | None, table: Table | None) -> Outcome | None:
        number, loss = self.output, self.losses[self.output]
        if outputs is None or table is None or not table.rows or loss is None:
            return None
        labels, found = table.y[number], outputs[number]
        real = self._real_steps(table) if found.ndim > 2 else None
        if real is not None:
            labels, found = labels[real][:, None], found[real][:, None]
        outcome = Outcome(loss, labels, found, self._class_weight)
        return outcome if outcome.is_comparable else None

    def _real_steps(self, table: Table) -> NumpyArray | None:
        """Return which steps of the output are no padding; None where all rows are whole."""
        assert self.recipe is not None
        recipe, weights = self.recipe, self.end or self.start
        assert weights is not None
        key = ("masks", recipe.structure)
        program = cache.program(key, lambda: _masks_of(recipe))
        mask = program(*weights, recipe.hyper(), list(table.x))[self.output]
        return None if mask is None or mask.ndim != 2 else np.asarray(mask, bool)

    def _examined(self, weights: Weights | None) -> Probes | None:
        if weights is None or self.recipe is None or self.sampled is None:
            return None
        if not self.sampled.rows or not self.network.trained:
            return None
        batch = self.settings.batch_size
        return examine(self.recipe, weights, self.sampled, self.seed, EXAMINED_ROWS, batch)

    def _predicted(self, weights: Weights | None, table: Table | None) -> list[NumpyArray] | None:
        if weights is None or table is None or self.recipe is None:
            return None
        whole = (*weights, self.recipe.hyper())
        fixed = self.network.batch_size
        return predict_rows(self.forward, whole, list(table.x), fixed)

    @cached_property
    def forward(self) -> Forward:
        assert self.recipe is not None
        return Forward(self.recipe)


def _masks_of(recipe: Recipe) -> Any:
    """Return the compiled masks of a network's outputs."""
    bare = recipe.bound(recipe.hyper())

    def run(trained: Array, carried: Array, hyper: Any, feeds: list[Array]) -> list[Any]:
        bound = bare.bound(hyper)
        return bound.network.apply(bound.values(trained, carried), feeds, Context()).masks

    return jax.jit(run)
