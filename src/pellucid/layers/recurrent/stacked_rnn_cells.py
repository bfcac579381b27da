"""Cells on top of one another."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import jax.numpy as jnp

from pellucid.description import Refusal, option
from pellucid.errors import Problem
from pellucid.layers.base import automatic_name
from pellucid.layers.context import Context
from pellucid.layers.nesting import Nesting, of_prefix, prefixed, to_layer
from pellucid.layers.recurrent.cell import Cell
from pellucid.layers.weight import Weight
from pellucid.types import Array, Shape
from pellucid.wording import free_name

EXPECTED = "a cell, such as LSTMCell(8) or one of your own class of pellucid.layers.Cell"


def to_cell(value: Any) -> Cell:
    """Return a cell, a list of cells as one; a converter for fields."""
    if isinstance(value, (list, tuple)):
        return StackedRNNCells(tuple(value))
    try:
        layer = to_layer(value)
    except Refusal as refusal:
        raise Refusal(EXPECTED, refusal.fix, refusal.given) from None
    if not isinstance(layer, Cell):
        name = type(layer).__name__
        fix = f"Write {name}Cell(...)." if name in ("SimpleRNN", "GRU", "LSTM") else ""
        raise Refusal(EXPECTED, fix, f"the layer {layer!r}")
    return layer


def _to_cells(value: Any) -> tuple[Cell, ...]:
    if not isinstance(value, (list, tuple)) or not value:
        raise Refusal("a list of cells, such as [LSTMCell(8), LSTMCell(8)]")
    return tuple(map(to_cell, value))


class StackedRNNCells(Nesting, Cell):
    """Several cells as one: each takes the outputs of the one before.

    Args:
        cells: The cells, in order.

    Input shape:
        Inputs (batch, features), and the states of every cell.
    Output shape:
        Outputs of the last cell, and the new states of every cell.

    Raises:
        ArgumentError: `cells` is no list of cells.

    Example:
        >>> import numpy as np, pellucid
        >>> layers = pellucid.layers
        >>> stack = layers.StackedRNNCells([layers.LSTMCell(4), layers.GRUCell(3)])
        >>> layers.RNN(stack)(np.ones((2, 5, 1), "float32")).shape
        (2, 3)
    """

    cells: tuple[Cell, ...] = option(convert=_to_cells)

    def problems(self) -> Iterator[Problem]:
        if len({id(cell) for cell in self.cells}) < len(self.cells):
            fix = "Make each anew: [LSTMCell(8) for _ in range(2)]."
            where = "StackedRNNCells(cells=...)"
            yield Problem(where, "one cell twice", "cells with weights of their own", fix)

    @property
    def inner(self) -> Mapping[str, Cell]:
        found: dict[str, Cell] = {}
        for cell in self.cells:
            found[free_name(automatic_name(cell), found)] = cell
        return found

    @property
    def state_size(self) -> list[Any]:
        return [cell.state_size for cell in self.cells]

    @property
    def number_of_states(self) -> int:
        return sum(cell.number_of_states for cell in self.cells)

    def get_initial_state(self, batch_size: int) -> list[Any]:
        """Return the states of each cell before the first step, all 0, for so many rows."""
        return [cell.get_initial_state(batch_size) for cell in self.cells]

    def nest(self, states: Sequence[Any]) -> list[Any]:
        parts = zip(self.cells, self._split(states), strict=True)
        return [cell.nest(own) for cell, own in parts]

    def _split(self, states: Sequence[Any]) -> list[list[Any]]:
        """Return the states of each cell."""
        left = [*states]
        return [[left.pop(0) for _ in range(cell.number_of_states)] for cell in self.cells]

    def state_shapes(self, shape: Shape) -> list[Shape]:
        return [one for cell, into in self._shapes(shape) for one in cell.state_shapes(into)]

    def output_shape(self, shape: Any) -> Shape:
        *_, (last, into) = self._shapes(shape[0] if isinstance(shape, list) else shape)
        return last.output_shape(into)

    def _shapes(self, shape: Shape) -> list[tuple[Cell, Shape]]:
        """Return each cell with the shape of its inputs."""
        found = []
        for cell in self.cells:
            found.append((cell, shape))
            shape = cell.output_shape(shape)
        return found

    def build(self, shape: Shape) -> Mapping[str, Weight]:
        declared: dict[str, Weight] = {}
        for prefix, (cell, into) in zip(self.inner, self._shapes(shape), strict=True):
            declared |= prefixed(prefix, cell.declared(into))
        return declared

    def step(
        self, weights: Mapping[str, Array], inputs: Array, states: list[Array], context: Context
    ) -> tuple[Array, list[Array]]:
        outputs, following = inputs, []
        parts = zip(self.inner.items(), self._split(states), strict=True)
        for place, ((prefix, cell), own) in enumerate(parts):
            given = of_prefix(prefix, weights)
            outputs, new = cell.step(given, outputs, own, context.at(place))
            following += new
        return outputs, following

    def over(
        self,
        weights: Mapping[str, Array],
        inputs: Array,
        states: list[Array],
        context: Context,
        **loop: Any,
    ) -> tuple[Array, list[Array]]:
        """Run cell after cell over the whole sequence, which comes to the same."""
        mask = loop.get("mask")
        if loop.get("reverse"):
            inputs = jnp.flip(inputs, 1)
            mask = None if mask is None else jnp.flip(mask, 1)
        below, top = {"mask": mask}, {**loop, "mask": mask, "reverse": False}
        outputs, following = inputs, []
        parts = zip(self.inner.items(), self._split(states), strict=True)
        for place, ((prefix, cell), own) in enumerate(parts):
            given = of_prefix(prefix, weights)
            options = top if place == len(self.cells) - 1 else below
            outputs, new = cell.over(given, outputs, own, context.at(place), **options)
            following += new
        return outputs, following
