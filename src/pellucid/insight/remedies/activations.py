"""Non-linearity where there is none, or where another serves better."""

from dataclasses import dataclass
from typing import Any, ClassVar

from pellucid import activations
from pellucid.graph.editing import inserted_after, layer_paths, mapped, replaced
from pellucid.insight.remedies.changes import (
    ACTIVATION_LAYERS,
    activation_name,
    output_names,
    with_graph,
)
from pellucid.insight.remedies.remedy import Remedy
from pellucid.insight.remedies.setup import Setup
from pellucid.layers import Activation, Layer

INITIALIZERS = {
    "relu": "he_normal",
    "leaky_relu": "he_normal",
    "elu": "he_normal",
    "gelu": "he_normal",
    "silu": "he_normal",
    "prelu": "he_normal",
    "selu": "lecun_normal",
}
"""First values that keep a signal's size under an activation; Glorot's for all others."""

GLOROT = "glorot_uniform"


def initializer_for(activation: str | None) -> str:
    """Return the initialiser that fits an activation."""
    return INITIALIZERS.get(activation or "linear", GLOROT)


@dataclass(frozen=True)
class InsertActivation(Remedy):
    """Put a non-linearity behind a layer that has none.

    Args:
        layer: Path of the layer.
        activation: The function.
    """

    layer: str
    activation: str = "relu"
    name: ClassVar[str] = "insert-activation"

    @property
    def words(self) -> str:
        return f"Give '{self.layer}' the activation '{self.activation}'."

    def apply(self, setup: Setup) -> Setup:
        held = dict(layer_paths(setup.graph)).get(self.layer)
        if held is not None and activation_name(held) is not None:
            return setup
        if held is not None and held.ends_in_activation:
            with_one = held.replace(activation=self.activation)
            return with_graph(setup, replaced(setup.graph, self.layer, with_one))
        following = Activation(self.activation)
        return with_graph(setup, inserted_after(setup.graph, self.layer, following))


@dataclass(frozen=True)
class ReplaceActivation(Remedy):
    """Put another function in the place of an activation in all hidden layers.

    The first values of those layers' kernels are drawn as the new function needs it.

    Args:
        of: The present function.
        by: The new one.
    """

    of: str
    by: str = "relu"
    name: ClassVar[str] = "replace-activation"

    @property
    def words(self) -> str:
        return (
            f"Use the activation '{self.by}' in the place of '{self.of}' in the hidden layers, "
            f"with kernel_initializer='{initializer_for(self.by)}'."
        )

    def apply(self, setup: Setup) -> Setup:
        ends = output_names(setup.graph)

        def change(path: str, layer: Layer) -> Layer:
            if path in ends or activation_name(layer) != self.of:
                return layer
            return with_activation(layer, self.by)

        return with_graph(setup, mapped(setup.graph, change))


def with_activation(layer: Any, activation: str) -> Layer:
    """Return a layer that ends in an activation with another one, and first values to fit."""
    if type(layer) in ACTIVATION_LAYERS or isinstance(layer, Activation):
        return Activation(activations.get(activation), name=layer.name)
    changes: dict[str, Any] = {"activation": activation}
    if hasattr(layer, "kernel_initializer"):
        changes["kernel_initializer"] = initializer_for(activation)
    return layer.replace(**changes)
