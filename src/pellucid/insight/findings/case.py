"""What a diagnosis looks at: a model, its data, and its run as far as it has got."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from pellucid.graph import Graph, Network
from pellucid.insight.findings.signal import Signal, read_signal
from pellucid.training.history import History
from pellucid.training.recipe import Recipe
from pellucid.training.scoring import Forward, predict_rows
from pellucid.training.trainer import Table
from pellucid.types import NumpyArray

MOST_ROWS = 4096
"""Rows of the data that are looked at where looking at all would take long."""


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
    """

    epochs: int = 1
    batch_size: int = 32
    shuffle: bool = True
    class_weight: Mapping[Any, float] | None = None
    policies: tuple[str, ...] = ()


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
        failure: What stopped the run, where that was a number that is not finite.
        seed: Seed of the run.
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
    failure: str | None = None
    seed: int = 0

    @property
    def trained(self) -> bool:
        """True when there is a run to look at."""
        return self.end is not None and self.history is not None

    @cached_property
    def sample(self) -> NumpyArray:
        """Numbers of at most `MOST_ROWS` training rows, drawn by the seed, in order."""
        rows, fixed = self.train.rows, self.network.batch_size or 1
        if rows <= MOST_ROWS:
            return np.arange(rows)
        # Where the batch size is fixed, only whole batches can be computed.
        most = MOST_ROWS // fixed * fixed
        drawn = np.random.default_rng([self.seed, rows]).choice(rows, most, replace=False)
        return np.sort(drawn)

    @cached_property
    def sampled(self) -> Table | None:
        """The training rows of the sample as the network takes them."""
        return None if self.table is None else self.table.part(self.sample)

    @cached_property
    def outputs(self) -> list[NumpyArray] | None:
        """What the model gives for the sample of training rows after the run."""
        return self._predicted(self.end, self.sampled)

    @cached_property
    def first_outputs(self) -> list[NumpyArray] | None:
        """What it gave for the same rows before the run."""
        return self._predicted(self.start, self.sampled)

    @cached_property
    def validation_outputs(self) -> list[NumpyArray] | None:
        """What the model gives for the validation rows after the run."""
        return self._predicted(self.end, self.validation_table)

    @cached_property
    def signal(self) -> Signal | None:
        """What enters each layer with a kernel before the run, for rows of the sample."""
        if self.start is None or self.sampled is None or not self.sampled.rows:
            return None
        return read_signal(self.network, self.start, self.sampled.x)

    def _predicted(self, weights: Weights | None, table: Table | None) -> list[NumpyArray] | None:
        if weights is None or table is None or self.recipe is None:
            return None
        whole = (*weights, self.recipe.hyper())
        fixed = self.network.batch_size
        return predict_rows(self._forward, whole, list(table.x), fixed)

    @cached_property
    def _forward(self) -> Forward:
        assert self.recipe is not None
        return Forward(self.recipe)
