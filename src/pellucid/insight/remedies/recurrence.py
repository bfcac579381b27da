"""Recurrent cells that remember longer."""

from dataclasses import dataclass, fields, replace
from typing import Any, ClassVar

from pellucid.graph.editing import mapped
from pellucid.insight.remedies.changes import within
from pellucid.insight.remedies.remedy import Remedy
from pellucid.insight.remedies.setup import Setup
from pellucid.layers import LSTM, Bidirectional, Layer, SimpleRNN


@dataclass(frozen=True)
class UseGatedCell(Remedy):
    """Put an `LSTM` in the place of every `SimpleRNN`, also within `Bidirectional`."""

    name: ClassVar[str] = "use-gated-cell"

    @property
    def words(self) -> str:
        return "Use LSTM in the place of SimpleRNN: its gates carry what is far back."

    def apply(self, setup: Setup) -> Setup:
        graph = mapped(setup.graph, lambda path, layer: _gated(layer))
        return setup if graph is setup.graph else replace(setup, graph=graph, weights={})


@dataclass(frozen=True)
class UseTanhCell(Remedy):
    """Let every `SimpleRNN` bend its state by tanh, with recurrent weights that begin orthogonal.

    Of a message through time an orthogonal matrix keeps the size, and tanh the most of it that a
    bounded function keeps; it stays bounded where relu or none would grow.
    """

    name: ClassVar[str] = "use-tanh-cell"

    @property
    def words(self) -> str:
        return (
            "Use tanh in every SimpleRNN, with recurrent_initializer='orthogonal': signals "
            "through time keep their size longest."
        )

    def apply(self, setup: Setup) -> Setup:
        graph = mapped(setup.graph, within(_bent_by_tanh))
        return setup if graph is setup.graph else replace(setup, graph=graph, weights={})


def _bent_by_tanh(path: str, layer: Layer) -> Layer:
    if not isinstance(layer, SimpleRNN):
        return layer
    wanted = layer.replace(activation="tanh", recurrent_initializer="orthogonal")
    return layer if wanted.get_config() == layer.get_config() else wanted


def _gated(layer: Layer) -> Layer:
    if isinstance(layer, Bidirectional):
        inner = _gated(layer.layer)
        return layer if inner is layer.layer else layer.replace(layer=inner)
    if not isinstance(layer, SimpleRNN) or layer.return_state:
        return layer
    same: dict[str, Any] = {
        field.name: getattr(layer, field.name)
        for field in fields(layer)
        if field.name != "activation"
    }
    return LSTM(**same)
