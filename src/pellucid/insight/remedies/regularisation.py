"""More and less of what keeps a network from learning by heart."""

from dataclasses import dataclass
from typing import Any, ClassVar

from pellucid.graph.editing import inserted_after, mapped
from pellucid.insight.remedies.changes import (
    optimizer_of,
    output_names,
    with_compile,
    with_graph,
    within,
)
from pellucid.insight.remedies.remedy import Remedy, Turn
from pellucid.insight.remedies.setup import Setup
from pellucid.layers import (
    ActivityRegularization,
    Dropout,
    GaussianDropout,
    GaussianNoise,
    Identity,
    Layer,
)
from pellucid.layers.audio.random_noise import RandomNoise
from pellucid.layers.image.random_image import RandomImage
from pellucid.layers.image.spatial_dropout import SpatialDropout
from pellucid.layers.noise import Dropping
from pellucid.regularizers import L2

REGULARIZERS = ("kernel_regularizer", "recurrent_regularizer", "bias_regularizer")

PENALTIES = (*REGULARIZERS, "activity_regularizer")
"""Fields of layers that hold a penalty."""

STRENGTHS = ("l1", "l2", "factor", "stddev")

DROPPING = (Dropping, GaussianDropout, SpatialDropout)
"""Layers whose `rate` is the share of their inputs that is dropped, or noise as strong."""

VARYING = (RandomImage, RandomNoise)
"""Layers that vary images and sounds at random."""

MOST_DROPOUT = 0.2
"""Share that a layer may still drop once regularisation is reduced."""


@dataclass(frozen=True)
class ReduceRegularisation(Remedy):
    """Let dropout keep more, divide penalties, noise and weight decay, and leave the rest out.

    What varies images at random has no strength that could be divided alike.

    Args:
        rate: Greatest share that a `Dropout` layer may drop.
        divide_by: By what the strength of penalties, noise and weight decay is divided.
    """

    rate: float = MOST_DROPOUT
    divide_by: float = 100.0
    name: ClassVar[str] = "reduce-regularisation"

    @property
    def words(self) -> str:
        return (
            f"Let Dropout layers drop {self.rate:g} at most, divide the strength of noise, of "
            f"penalties and of weight decay by {self.divide_by:g}, and leave out what varies "
            "images at random."
        )

    @property
    def turn(self) -> Turn | None:
        return "regularisation", -1

    def apply(self, setup: Setup) -> Setup:
        setup = with_graph(setup, mapped(setup.graph, within(self._reduced)))
        optimizer = optimizer_of(setup)
        decay = getattr(optimizer, "weight_decay", None)
        if not decay:
            return setup
        return with_compile(setup, optimizer=optimizer.replace(weight_decay=decay / self.divide_by))

    def _reduced(self, path: str, layer: Layer) -> Layer:
        if isinstance(layer, VARYING):
            return Identity()
        held: Any = layer
        changes: dict[str, Any] = {}
        for field in ("rate", "dropout", "recurrent_dropout"):
            drops = field != "rate" or isinstance(layer, DROPPING)
            if drops and (getattr(held, field, None) or 0) > self.rate:
                changes[field] = self.rate
        for field in PENALTIES:
            penalty = getattr(held, field, None)
            weaker = None if penalty is None else self._weaker(penalty)
            if weaker is not None:
                changes[field] = weaker
        if isinstance(layer, (GaussianNoise, ActivityRegularization)):
            changes |= self._divided(layer)
        return layer.replace(**changes) if changes else layer

    def _weaker(self, penalty: Any) -> Any:
        strengths = self._divided(penalty)
        return penalty.replace(**strengths) if strengths else None

    def _divided(self, held: Any) -> dict[str, float]:
        return {
            name: getattr(held, name) / self.divide_by
            for name in STRENGTHS
            if getattr(held, name, None)
        }


@dataclass(frozen=True)
class AddDropout(Remedy):
    """Put a `Dropout` behind every hidden layer with weights.

    Args:
        rate: Share that is dropped.
    """

    rate: float = 0.3
    name: ClassVar[str] = "add-dropout"

    @property
    def words(self) -> str:
        return f"Put a Dropout({self.rate:g}) behind every hidden layer."

    @property
    def turn(self) -> Turn | None:
        return "regularisation", 1

    def apply(self, setup: Setup) -> Setup:
        graph = setup.graph
        if any(isinstance(layer, Dropout) for layer in graph.layers()):
            return setup
        ends = output_names(graph)
        for member in graph.members:
            wide = hasattr(member, "units") or hasattr(member, "filters")
            if wide and str(member.name) not in ends:
                graph = inserted_after(graph, str(member.name), Dropout(self.rate))
        return with_graph(setup, graph)


@dataclass(frozen=True)
class AddWeightDecay(Remedy):
    """Put an L2 penalty on every kernel that has none.

    Args:
        l2: Its strength.
    """

    l2: float = 1e-4
    name: ClassVar[str] = "add-weight-decay"

    @property
    def words(self) -> str:
        return f"Put a penalty on large weights: kernel_regularizer=L2({self.l2:g})."

    @property
    def turn(self) -> Turn | None:
        return "regularisation", 1

    def apply(self, setup: Setup) -> Setup:
        def change(path: str, layer: Layer) -> Layer:
            held: Any = layer
            if not hasattr(held, "kernel_regularizer") or held.kernel_regularizer is not None:
                return layer
            return layer.replace(kernel_regularizer=L2(self.l2))

        return with_graph(setup, mapped(setup.graph, change))
