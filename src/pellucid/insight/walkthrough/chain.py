"""The chain rule for a small network, scalar by scalar, of one training step."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import jax
import numpy as np

from pellucid import regularizers
from pellucid.insight.walkthrough.aims import Aim, aim_of, labels_of
from pellucid.insight.walkthrough.backward import Backward
from pellucid.insight.walkthrough.document import Equation, Heading, Sentence, equation
from pellucid.insight.walkthrough.exercise import Exercise, Taken
from pellucid.insight.walkthrough.formula import (
    Call,
    Derivative,
    Formula,
    Number,
    Product,
    Quotient,
    Symbol,
    minus,
    name_of,
    product,
    total,
)
from pellucid.insight.walkthrough.local import Local, local_of, values_of
from pellucid.insight.walkthrough.numbering import Numbering, Scalar
from pellucid.insight.walkthrough.row_walk import RowWalk
from pellucid.insight.walkthrough.units import UnitLayer, units_of
from pellucid.types import NumpyArray


def loss_obstacle(exercise: Exercise) -> str | None:
    """Return what keeps the loss from being told row by row; None if nothing does."""
    loss: Any = exercise.recipe.objective.targets[0].loss
    if loss is None:
        return "a model without a loss"
    network, rows = exercise.recipe.network, exercise.rows
    outputs = np.zeros((rows, *(size or 1 for size in network.shapes[network.outputs[0]])))
    found = exercise.local(lambda p: loss.call(exercise.batch[1].y[0], p), outputs)
    single = rows == 1 and np.ndim(found) == 0
    if loss.by_row and (single or np.shape(found) == (rows,)):
        return None
    return f"the loss '{loss.name}', which is not one number for each row"


class Chain:
    """The scalar walk through one step.

    Args:
        exercise: What is walked.
        taken: The step.
    """

    def __init__(self, exercise: Exercise, taken: Taken) -> None:
        self.exercise, self.taken = exercise, taken
        self.network = exercise.wide.network
        self.layers = units_of(self.network)
        self.values = values_of(exercise, taken)
        self.numbering = Numbering(self.layers, self.values, frozenset(self.network.trained))
        self.target = exercise.wide.objective.targets[0]
        self.aim: Aim | None = aim_of(self.target)
        self.locals = [self._local(layer) for layer in self.layers]
        self.rows = [self._walk(row) for row in range(exercise.rows)]

    def _local(self, layer: UnitLayer) -> Local:
        source = self.network.nodes[layer.node].inputs[0]
        entering = np.asarray(self.taken.results[source], np.float64)
        given = entering.reshape(self.exercise.rows, -1)
        if layer.kernel is not None:
            given = given @ self.values[layer.kernel]
        if layer.bias is not None:
            given = given + self.values[layer.bias]
        return local_of(self.exercise, self.taken, layer.node, given)

    # -- one row -------------------------------------------------------------------------

    def _walk(self, row: int) -> RowWalk:
        walk = RowWalk()
        stages = self._forward(walk, row)
        outputs = stages[-1][1]
        given = self._error(walk, row, outputs)
        slopes = self._output_slopes(row, given, outputs)
        Backward(self.numbering, self.locals, walk, row, stages).run(slopes)
        return walk

    def _forward(self, walk: RowWalk, row: int) -> list[tuple[list[Symbol], list[Symbol]]]:
        """Return the inputs and outputs of the units of each layer, those of the data first."""
        data = np.asarray(self.exercise.batch[0][0][row], np.float64).reshape(-1)
        sources = [Symbol("x", (place,), value) for place, value in enumerate(data.tolist(), 1)]
        walk.numbers |= {name_of(one): one.value for one in sources}
        stages: list[tuple[list[Symbol], list[Symbol]]] = [([], sources)]
        for layer, local in zip(self.layers, self.locals, strict=True):
            walk.forward.append(Heading(layer.label))
            inputs, outputs = [], []
            for unit in range(layer.size):
                entering = self._entering(layer, sources, unit)
                inputs.append(Symbol("in", (layer.first + unit,), entering.value))
                walk.tell(walk.forward, inputs[-1], entering)
            for unit in range(layer.size):
                given = local.output(row, inputs, unit)
                outputs.append(Symbol("out", (layer.first + unit,), given.value))
                walk.tell(walk.forward, outputs[-1], given)
            stages.append((inputs, outputs))
            sources = outputs
        return stages

    def _entering(self, layer: UnitLayer, sources: Sequence[Symbol], unit: int) -> Formula:
        if layer.kernel is None:
            return sources[unit]
        terms = [
            product(self.numbering.symbols[self.numbering.weight(layer, source, unit)], one)
            for source, one in enumerate(sources)
        ]
        if layer.bias is not None:
            terms.append(self.numbering.symbols[layer.bias, unit])
        return total(terms)

    # -- the error -------------------------------------------------------------------------

    @cached_property
    def targets(self) -> NumpyArray:
        """What the outputs should be, shape (rows, outputs)."""
        y, outputs = np.asarray(self.exercise.labels[0]), self.layers[-1].size
        if self.aim is None:
            return np.asarray(y, np.float64).reshape(len(y), -1)
        return labels_of(self.target, y, outputs)

    @cached_property
    def row_losses(self) -> NumpyArray:
        """Loss of every row, as the library computes it."""
        y, outputs = self.exercise.batch[1].y[0], self.taken.results[self.layers[-1].node]
        found = self.exercise.local(lambda p: self.target.loss.call(y, p), _real(outputs))
        return np.asarray(found).reshape(-1)

    def _error(self, walk: RowWalk, row: int, outputs: Sequence[Symbol]) -> Sequence[Symbol]:
        """Return what the loss is written in: errors, or labels."""
        first = self.layers[-1].first
        index = (row + 1,) if self._several_parts else ()
        labels = [
            Symbol("y", (first + place,), value)
            for place, value in enumerate(self.targets[row].tolist())
        ]
        walk.numbers |= {name_of(one): one.value for one in labels}
        if self.aim is None:
            walk.loss = Symbol("L", index, float(self.row_losses[row]))
            value = walk.loss.value
            named = Call(self.target.loss.name, outputs[0], lambda _: value)
            walk.tell(walk.error, walk.loss, named)
            return labels
        given = labels
        walk.error += [equation(one, Number(one.value)) for one in labels]
        if self.aim.by_error:
            given = []
            for label, output in zip(labels, outputs, strict=True):
                error = minus(label, output)
                given.append(Symbol("e", output.index, error.value))
                walk.tell(walk.error, given[-1], error)
        formula = self.aim.loss(given, outputs)
        walk.loss = Symbol("L", index, formula.value)
        walk.tell(walk.error, walk.loss, formula)
        return given

    @property
    def _several_parts(self) -> bool:
        """True when the loss is more than that of one row."""
        return self.exercise.rows > 1 or bool(self.penalties) or self.factors != [1.0]

    @cached_property
    def factors(self) -> list[float]:
        """Weight of each row's loss in the total, such as 1 / rows."""
        y = self.exercise.batch[1].y[0]
        loss = self.target.loss

        def reduced(values: Any) -> Any:
            return self.target.weight * loss.reduce(values, None, None, loss.counted(y, values))

        slopes = self.exercise.local(jax.grad(reduced), self.row_losses)
        return np.asarray(slopes, np.float64).tolist()

    def _output_slopes(
        self, row: int, given: Sequence[Symbol], outputs: Sequence[Symbol]
    ) -> list[Formula]:
        """Return the slope of a row's loss by each output: a formula, or the library's number."""
        if self.aim is not None:
            return [self.aim.slope(given, outputs, j) for j in range(len(outputs))]
        y = self.exercise.batch[1].y[0][row : row + 1]

        def loss(p: Any) -> Any:
            return self.target.loss.call(y, p).sum()

        values = self.taken.results[self.layers[-1].node][row : row + 1]
        slopes = np.asarray(self.exercise.local(jax.grad(loss), _real(values)))[0]
        return [Number(one) for one in slopes.reshape(-1).tolist()]

    # -- the whole batch ---------------------------------------------------------------------

    @cached_property
    def penalties(self) -> dict[int, Any]:
        """Regularisers by the number of the trained weight they are on."""
        network = self.network
        specs = {number: network.weights[number].spec.regularizer for number in network.trained}
        return {number: one for number, one in specs.items() if one is not None}

    @cached_property
    def loss(self) -> Symbol:
        """The loss that training makes small."""
        return Symbol("L", (), self.joined([row.loss for row in self.rows], self._penalty).value)

    @cached_property
    def _penalty(self) -> Symbol | None:
        return Symbol("R", (), self.taken.penalty) if self.penalties else None

    def joined(self, parts: Sequence[Formula], rest: Formula | None) -> Formula:
        """Return the rows' parts of the loss, or of a slope, put together."""
        count = len(parts)
        if all(factor == 1 / count for factor in self.factors):
            rows = total(parts)
            mean = rows if count == 1 else Quotient(rows, Number(float(count)))
        else:
            pairs = zip(self.factors, parts, strict=True)
            mean = total(product(Number(factor), one) for factor, one in pairs)
        return mean if rest is None else total([mean, rest])

    def whole_loss(self) -> Iterator[Equation]:
        """Yield how the rows' losses and the penalty make the loss."""
        if self._several_parts:
            yield equation(self.loss, self.joined([row.loss for row in self.rows], self._penalty))

    @cached_property
    def gradients(self) -> dict[Scalar, Derivative]:
        """The gradient by every trained scalar."""
        return {scalar: self._gradient(scalar)[0] for scalar in self.numbering.scalars}

    def whole_gradients(self) -> Iterator[Equation]:
        """Yield how the rows' shares and the penalty make each gradient."""
        if self._several_parts:
            for scalar in self.numbering.scalars:
                left, formulas = self._gradient(scalar)
                yield equation(left, *formulas)

    def _gradient(self, scalar: Scalar) -> tuple[Derivative, list[Formula]]:
        shares = [row.shares[scalar] for row in self.rows]
        if not self._several_parts:
            return shares[0], []
        rest, meaning = self._penalty_slope(scalar)
        formulas = [self.joined(shares, rest)]
        if meaning is not None:
            formulas.append(self.joined(shares, meaning))
        return Derivative(self.loss, self.numbering.symbols[scalar], formulas[-1].value), formulas

    def _penalty_slope(self, scalar: Scalar) -> tuple[Derivative | None, Formula | None]:
        regularizer, symbol = self.penalties.get(scalar[0]), self.numbering.symbols[scalar]
        if regularizer is None or self._penalty is None:
            return None, None
        meaning = _penalty_formula(regularizer, symbol)
        if meaning is not None:
            return Derivative(self._penalty, symbol, meaning.value), meaning
        slope = self.exercise.local(jax.grad(regularizer), _real(self.values[scalar[0]]))
        value = float(np.asarray(slope).reshape(-1)[scalar[1]])
        return Derivative(self._penalty, symbol, value), None

    def meanings(self) -> list[Sentence]:
        """Return what the names of functions stand for."""
        found = dict.fromkeys(local.meaning for local in self.locals if local.meaning)
        return [Sentence(f"{one}.") for one in found]


def _penalty_formula(regularizer: Any, symbol: Symbol) -> Formula | None:
    if type(regularizer) not in (regularizers.L1, regularizers.L2, regularizers.L1L2):
        return None
    terms: list[Formula] = []
    if getattr(regularizer, "l2", 0.0):
        strength = Symbol("lambda", (2,), float(regularizer.l2))
        terms.append(Product((Number(2.0), strength, symbol)))
    if getattr(regularizer, "l1", 0.0):
        strength = Symbol("lambda", (1,), float(regularizer.l1))
        terms.append(product(strength, Call("sign", symbol, lambda x: float(np.sign(x)))))
    return total(terms)


def _real(array: Any) -> NumpyArray:
    """Return an array in float64, for functions that differentiate by it."""
    return np.asarray(array, np.float64)
