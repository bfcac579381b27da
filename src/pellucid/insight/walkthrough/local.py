"""What the units of one layer do with their inputs, and the slopes of that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import jax
import jax.numpy as jnp
import numpy as np

from pellucid import activations
from pellucid.insight.walkthrough.exercise import Exercise, Taken
from pellucid.insight.walkthrough.formula import Call, Derivative, Formula, Symbol, product
from pellucid.insight.walkthrough.rules import RULES, Rule, softmax, softmax_slope
from pellucid.layers import Activation, Dense, Dropout, Softmax
from pellucid.layers.context import Context
from pellucid.training.program import key_of_step
from pellucid.types import NumpyArray

ACROSS = ("log_softmax", "softmax", "sparsemax")
"""Activations in which every output depends on every input."""

Slopes = Mapping[tuple[int, int], Formula]
"""Slopes by (number of the output, number of the input) in the layer; others are 0."""


class Local(Protocol):
    """The activation of a layer, for one row."""

    @property
    def meaning(self) -> str:
        """What the formulas mean, or nothing."""
        ...

    def output(self, row: int, inputs: Sequence[Symbol], unit: int) -> Formula:
        """Return what a unit gives."""
        ...

    def slopes(self, row: int, inputs: Sequence[Symbol], outputs: Sequence[Symbol]) -> Slopes:
        """Return the slopes of outputs by inputs."""
        ...


@dataclass(frozen=True)
class ByRule:
    """A known function of each unit."""

    rule: Rule

    @property
    def meaning(self) -> str:
        return self.rule.meaning

    def output(self, row: int, inputs: Sequence[Symbol], unit: int) -> Formula:
        return self.rule.output(inputs[unit])

    def slopes(self, row: int, inputs: Sequence[Symbol], outputs: Sequence[Symbol]) -> Slopes:
        return {(unit, unit): self.rule.slope(one) for unit, one in enumerate(inputs)}


@dataclass(frozen=True)
class Shares:
    """Softmax."""

    meaning: str = "softmax: every unit's share of the sum of exp(in_k)"

    def output(self, row: int, inputs: Sequence[Symbol], unit: int) -> Formula:
        return softmax(inputs, unit)

    def slopes(self, row: int, inputs: Sequence[Symbol], outputs: Sequence[Symbol]) -> Slopes:
        units = range(len(inputs))
        return {(of, by): softmax_slope(outputs, of, by) for of in units for by in units}


@dataclass(frozen=True)
class Dropped:
    """Dropout: each unit is dropped, or kept and enlarged."""

    factors: NumpyArray
    meaning: str = "dropout: k_j is 0 for what is dropped in this step, 1 / (1 - rate) for the rest"

    def output(self, row: int, inputs: Sequence[Symbol], unit: int) -> Formula:
        return product(self._factor(row, inputs, unit), inputs[unit])

    def slopes(self, row: int, inputs: Sequence[Symbol], outputs: Sequence[Symbol]) -> Slopes:
        return {(unit, unit): self._factor(row, inputs, unit) for unit in range(len(inputs))}

    def _factor(self, row: int, inputs: Sequence[Symbol], unit: int) -> Symbol:
        return Symbol("k", inputs[unit].index, float(self.factors[row, unit]))


@dataclass(frozen=True)
class Computed:
    """A function without a written formula: its values and slopes as the library computes them.

    Args:
        name: What it is called.
        values: Shape (rows, units).
        matrices: Slopes by (row, output, input).
    """

    name: str
    values: NumpyArray
    matrices: NumpyArray

    @property
    def meaning(self) -> str:
        return f"{self.name}: its values and slopes are those that the library computes"

    def output(self, row: int, inputs: Sequence[Symbol], unit: int) -> Formula:
        value = float(self.values[row, unit])
        return Call(self.name, inputs[unit], lambda _: value)

    def slopes(self, row: int, inputs: Sequence[Symbol], outputs: Sequence[Symbol]) -> Slopes:
        matrix = self.matrices[row]
        return {
            (of, by): Derivative(outputs[of], inputs[by], float(matrix[of, by]))
            for of, by in np.argwhere((matrix != 0) | np.eye(len(inputs), dtype=bool)).tolist()
        }


def local_of(exercise: Exercise, taken: Taken, node: int, given: NumpyArray) -> Local:
    """Return what the layer at `node` does with each unit's input.

    Args:
        exercise: What is walked.
        taken: The step.
        node: Number of the layer's node.
        given: Inputs of its units, shape (rows, units): sums of a `Dense`, else what comes in.
    """
    layer: Any = exercise.wide.network.layers[exercise.wide.network.nodes[node].layer]
    if isinstance(layer, Softmax) and layer.axis == -1:
        return Shares()
    if isinstance(layer, (Dense, Activation)):
        function = layer.activation or activations.linear
        name = getattr(function, "registered_name", None)
        if name is not None and name in RULES:
            return ByRule(RULES[name])
        if name == "softmax":
            return Shares()
        shown = name or getattr(function, "__name__", type(function).__name__)
        return _computed(exercise, shown, function, given, name is None or name in ACROSS)
    context = _context(exercise, taken).at(node)
    shape = (exercise.rows, *exercise.wide.network.shapes[node])
    weights = _weights_of(exercise, taken, node)

    def apply(x: Any) -> Any:
        return layer.run(weights, x.reshape(shape), context).reshape(given.shape)

    if isinstance(layer, Dropout):
        return Dropped(exercise.local(apply, np.ones(given.shape)))
    shown = layer.name or type(layer).__name__
    return _computed(exercise, shown, apply, given, isinstance(layer, Softmax))


def _computed(
    exercise: Exercise, name: str, function: Any, given: NumpyArray, across: bool
) -> Computed:
    def compute(x: Any) -> Any:
        values, back = jax.vjp(function, x)
        if not across:
            return values, jax.vmap(jnp.diag)(back(jnp.ones_like(values))[0])
        columns = jnp.eye(given.shape[1])
        rows = [back(jnp.broadcast_to(one, values.shape))[0] for one in columns]
        return values, jnp.stack(rows, axis=1)

    values, matrices = exercise.local(compute, given)
    return Computed(name, values, matrices)


def _context(exercise: Exercise, taken: Taken) -> Context:
    state = taken.before
    key = key_of_step(np.uint32(exercise.seed), state.epoch, state.position)
    return Context(training=True, key=key, rows=np.ones(exercise.rows))


def _weights_of(exercise: Exercise, taken: Taken, node: int) -> dict[str, NumpyArray]:
    network = exercise.wide.network
    number = network.nodes[node].layer
    pairs = zip(network.weights, values_of(exercise, taken), strict=True)
    return {weight.name: value for weight, value in pairs if weight.layer == number}


def values_of(exercise: Exercise, taken: Taken) -> list[NumpyArray]:
    """Return all weights before the step, in the network's order."""
    recipe, state = exercise.wide, taken.before
    return recipe.merge(
        recipe.trained.unpack_host(state.trained), recipe.carried.unpack_host(state.carried)
    )
