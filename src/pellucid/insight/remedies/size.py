"""Networks of more or fewer units and layers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from pellucid.graph.editing import inserted_after, layer_paths, mapped
from pellucid.insight.remedies.changes import output_names
from pellucid.insight.remedies.remedy import Remedy, Turn
from pellucid.insight.remedies.setup import Setup
from pellucid.layers import Dense, Layer
from pellucid.types import NumpyArray
from pellucid.wording import count_text

SIZES = ("units", "filters")
"""Fields that say how wide a layer is."""

VECTORS = "output_dim"
"""Field that says how long the vectors of an embedding are."""

LEAST_UNITS = 2

ROOM = 16
"""Units that a widened layer has at least: four times one unit is still hardly any."""


@dataclass(frozen=True)
class WidenLayer(Remedy):
    """Give one layer more units.

    Args:
        layer: Its path.
        units: How many it shall have.
    """

    layer: str
    units: int
    name: ClassVar[str] = "widen-layer"

    @property
    def words(self) -> str:
        return f"Give '{self.layer}' {count_text(self.units, 'unit')}."

    @property
    def turn(self) -> Turn | None:
        return "size", 1

    def apply(self, setup: Setup) -> Setup:
        return _resized(
            setup,
            lambda path, size: max(size, self.units) if path == self.layer else size,
            (*SIZES, VECTORS),
        )


@dataclass(frozen=True)
class Widen(Remedy):
    """Give every hidden layer more units, and room enough where it had hardly any.

    Args:
        factor: How many times as many.
    """

    factor: float = 4.0
    name: ClassVar[str] = "widen"

    @property
    def words(self) -> str:
        return f"Make every hidden layer {self.factor:g} times as wide, with {ROOM} units at least."

    @property
    def turn(self) -> Turn | None:
        return "size", 1

    def apply(self, setup: Setup) -> Setup:
        return _resized(setup, lambda path, size: max(size, round(size * self.factor), ROOM))


@dataclass(frozen=True)
class ShrinkModel(Remedy):
    """Give every hidden layer fewer units.

    Args:
        factor: By what their number is divided.
    """

    factor: float = 4.0
    name: ClassVar[str] = "shrink-model"

    @property
    def words(self) -> str:
        return f"Make every hidden layer {self.factor:g} times as narrow."

    @property
    def turn(self) -> Turn | None:
        return "size", -1

    def apply(self, setup: Setup) -> Setup:
        least = LEAST_UNITS
        return _resized(setup, lambda path, size: min(size, max(least, round(size / self.factor))))


@dataclass(frozen=True)
class AddLayer(Remedy):
    """Put another hidden layer, like the last hidden `Dense` layer, behind it."""

    name: ClassVar[str] = "add-layer"

    @property
    def words(self) -> str:
        return "Add another hidden layer like the last one."

    @property
    def turn(self) -> Turn | None:
        return "size", 1

    def apply(self, setup: Setup) -> Setup:
        ends = output_names(setup.graph)
        hidden = [
            (path, layer)
            for path, layer in layer_paths(setup.graph)
            if isinstance(layer, Dense) and path not in ends and "/" not in path
        ]
        if not hidden:
            return setup
        path, layer = hidden[-1]
        return replace(setup, graph=inserted_after(setup.graph, path, layer.replace(name=None)))


def _resized(setup: Setup, size: Callable[[str, int], int], fields: Sequence[str] = SIZES) -> Setup:
    """Return the set-up with hidden layers of other widths; their weights are drawn anew."""
    ends = output_names(setup.graph)
    changed: set[str] = set()

    def change(path: str, layer: Layer) -> Layer:
        held: Any = layer
        field = next((one for one in fields if isinstance(getattr(held, one, None), int)), None)
        if field is None or path in ends:
            return layer
        now, wanted = getattr(held, field), size(path, getattr(held, field))
        if wanted == now:
            return layer
        changed.add(path)
        return layer.replace(**{field: wanted})

    graph = mapped(setup.graph, change)
    # Layers behind a wider one change their shapes too, so that all are drawn anew.
    kept: dict[str, NumpyArray] = {} if changed else dict(setup.weights)
    return replace(setup, graph=graph, weights=kept) if changed else setup
