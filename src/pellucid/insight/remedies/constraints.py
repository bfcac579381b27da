"""Bounds on weights, taken off."""

from dataclasses import dataclass
from typing import Any, ClassVar

from pellucid.graph.editing import mapped
from pellucid.insight.remedies.changes import with_graph, within
from pellucid.insight.remedies.remedy import Remedy, Turn
from pellucid.insight.remedies.setup import Setup
from pellucid.layers import Layer

CONSTRAINTS = (
    "kernel_constraint",
    "recurrent_constraint",
    "bias_constraint",
    "depthwise_constraint",
    "pointwise_constraint",
    "embeddings_constraint",
    "gamma_constraint",
    "beta_constraint",
    "alpha_constraint",
)
"""Fields of layers that hold a bound on weights."""


@dataclass(frozen=True)
class LiftConstraints(Remedy):
    """Let all weights take any value."""

    name: ClassVar[str] = "lift-constraints"

    @property
    def words(self) -> str:
        return "Let weights take any value: no kernel_constraint, recurrent_constraint and so on."

    @property
    def turn(self) -> Turn | None:
        return "regularisation", -1

    def apply(self, setup: Setup) -> Setup:
        def lifted(path: str, layer: Layer) -> Layer:
            held = constrained(layer)
            return layer.replace(**dict.fromkeys(held)) if held else layer

        return with_graph(setup, mapped(setup.graph, within(lifted)))


def constrained(layer: Any) -> list[str]:
    """Return the names of a layer's fields that hold a constraint."""
    return [one for one in CONSTRAINTS if getattr(layer, one, None) is not None]
