"""Numbers of other sizes: inputs and targets brought near 1."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from pellucid.graph.editing import appended, inserted_first
from pellucid.insight.remedies.changes import (
    first_array,
    labels_array,
    loss_of,
    with_compile,
)
from pellucid.insight.remedies.remedy import Remedy
from pellucid.insight.remedies.setup import Setup
from pellucid.layers import Normalization, Rescaling
from pellucid.losses import MeanAbsoluteError, MeanSquaredError
from pellucid.types import NumpyArray

POWERS = {MeanSquaredError: 2, MeanAbsoluteError: 1}
"""How the losses of numbers grow with the unit of the targets."""


@dataclass(frozen=True)
class ScaleInputs(Remedy):
    """Put a `Normalization`, adapted to the training rows, before all else."""

    name: ClassVar[str] = "scale-inputs"

    @property
    def words(self) -> str:
        return (
            "Begin the model with Normalization(), adapted to the training rows, so that every "
            "column has mean 0 and standard deviation 1."
        )

    def apply(self, setup: Setup) -> Setup:
        if _reads(setup, Normalization):
            return setup
        rows = first_array(setup.train)
        values = rows.astype(np.float64)
        if not np.isfinite(values).all():
            values = np.where(np.isfinite(values), values, np.nan)
        if values.ndim == 1:
            values = values[:, None]
        axes = tuple(range(values.ndim - 1))
        mean, variance = np.nanmean(values, axis=axes), np.nanvar(values, axis=axes)
        layer = Normalization(mean=_float32(mean), variance=_float32(variance))
        return replace(setup, graph=inserted_first(setup.graph, layer))


@dataclass(frozen=True)
class DivideInputs(Remedy):
    """Divide the inputs by a fixed number, as pixels by 255.

    Args:
        by: The number.
    """

    by: float = 255.0
    name: ClassVar[str] = "divide-inputs"

    @property
    def words(self) -> str:
        return f"Begin the model with Rescaling(1 / {self.by:g})."

    def apply(self, setup: Setup) -> Setup:
        if _reads(setup, Rescaling):
            return setup
        return replace(setup, graph=inserted_first(setup.graph, Rescaling(1 / self.by)))


@dataclass(frozen=True)
class ScaleTargets(Remedy):
    """Let the network learn standardised targets, and turn its outputs back inside the model."""

    name: ClassVar[str] = "scale-targets"

    @property
    def words(self) -> str:
        return (
            "End the model with Normalization(invert=True) with the targets' mean and variance, "
            "and weigh the loss by the targets' spread: the layers before it then learn numbers "
            "near 1, and the model still answers in the targets' own units."
        )

    def apply(self, setup: Setup) -> Setup:
        graph = setup.graph
        last = graph.members[graph.steps[graph.outputs[0][0]].member]
        targets = labels_array(setup.train).astype(np.float64)
        sizes = graph.shape_of(graph.outputs[0])
        spread = float(targets.std())
        if isinstance(last, Normalization) or len(graph.outputs) > 1 or not spread > 0:
            return setup
        targets = targets.reshape(len(targets), *sizes)
        axes = tuple(range(targets.ndim - 1))
        layer = Normalization(
            mean=_float32(targets.mean(axis=axes)),
            variance=_float32(targets.var(axis=axes)),
            invert=True,
        )
        power = POWERS.get(type(loss_of(setup)), 0)
        weight = float(setup.compile.get("loss_weights") or 1.0) / spread**power
        changed = replace(setup, graph=appended(graph, layer))
        return with_compile(changed, loss_weights=float(f"{weight:.6g}"))


def _reads(setup: Setup, kind: type) -> bool:
    """Say whether the first input is read by a layer of this kind."""
    graph = setup.graph
    readers = [step for step in graph.steps if graph.inputs[0] in step.inputs]
    return any(isinstance(graph.members[step.member], kind) for step in readers)


def _float32(values: NumpyArray) -> list[float]:
    return np.asarray(values, np.float32).tolist()
