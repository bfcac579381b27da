"""The weights of a small network under the names of textbooks: w_ji, b_j."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from pellucid.insight.walkthrough.formula import Symbol
from pellucid.insight.walkthrough.units import UnitLayer
from pellucid.types import NumpyArray

Scalar = tuple[int, int]
"""One value of a weight: number of the weight in `Network.weights`, place in it."""


@dataclass(frozen=True, eq=False)
class Numbering:
    """Layers of units, and the symbols of their weights.

    Args:
        layers: The layers of units.
        values: All weights, in the network's order.
        trained: Numbers of the weights that are trained.
    """

    layers: Sequence[UnitLayer]
    values: Sequence[NumpyArray]
    trained: frozenset[int]

    @cached_property
    def symbols(self) -> dict[Scalar, Symbol]:
        """The symbol of every scalar: w_ji from i to unit j, b_j of unit j."""
        found: dict[Scalar, Symbol] = {}
        before = 1
        for layer in self.layers:
            if layer.kernel is not None:
                kernel = self.values[layer.kernel]
                for unit, source in np.ndindex(*kernel.shape[::-1]):
                    index = (layer.first + unit, before + source)
                    symbol = Symbol("w", index, float(kernel[source, unit]))
                    found[self.weight(layer, source, unit)] = symbol
            if layer.bias is not None:
                for unit, value in enumerate(self.values[layer.bias].tolist()):
                    found[layer.bias, unit] = Symbol("b", (layer.first + unit,), value)
            before = layer.first
        return found

    @property
    def scalars(self) -> list[Scalar]:
        """The trained scalars, layer by layer."""
        return [scalar for scalar in self.symbols if scalar[0] in self.trained]

    def weight(self, layer: UnitLayer, source: int, unit: int) -> Scalar:
        """Return which scalar leads from a source, counted from 0, to a unit of a layer."""
        assert layer.kernel is not None
        return layer.kernel, source * layer.size + unit
