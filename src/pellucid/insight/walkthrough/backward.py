"""The chain rule, from the loss of one row back to every weight."""

from collections.abc import Sequence
from typing import Any

from pellucid.insight.walkthrough.document import Heading
from pellucid.insight.walkthrough.formula import (
    ONE,
    Derivative,
    Formula,
    Number,
    Product,
    Symbol,
    product,
    size,
    total,
    written_out,
)
from pellucid.insight.walkthrough.local import Local
from pellucid.insight.walkthrough.numbering import Numbering, Scalar
from pellucid.insight.walkthrough.row_walk import RowWalk
from pellucid.insight.walkthrough.units import UnitLayer

LONG = 16
"""Leaves of a formula that is still written out in full."""


class Backward:
    """The way back through one row.

    Args:
        numbering: The network's layers and symbols.
        locals: What each layer does with each unit.
        walk: What is told of the row; its loss is there already.
        row: Number of the row.
        stages: Inputs and outputs of each layer's units, those of the data first.
    """

    def __init__(
        self,
        numbering: Numbering,
        locals: Sequence[Local],
        walk: RowWalk,
        row: int,
        stages: Sequence[tuple[list[Symbol], list[Symbol]]],
    ) -> None:
        self.numbering, self.locals, self.walk = numbering, locals, walk
        self.row, self.stages = row, stages
        self.meaning: dict[tuple[Symbol, Symbol], Formula] = {}

    def run(self, slopes: Sequence[Formula]) -> None:
        """Go from the loss, whose slopes by the outputs are given, to the first weights."""
        pairs = zip(self.stages[-1][1], slopes, strict=True)
        signals = [self._slope(output, one) for output, one in pairs]
        for number in reversed(range(len(self.numbering.layers))):
            layer, local = self.numbering.layers[number], self.locals[number]
            self.walk.backward.append(Heading(layer.label))
            self._tell_signals(signals)
            inputs, outputs = self.stages[number + 1]
            sources = self.stages[number][1]
            local_slopes = local.slopes(self.row, inputs, outputs)
            entering = self._through(inputs, outputs, signals, local_slopes)
            self._weights(layer, entering, sources)
            if number:
                signals = [
                    self._before(layer, source, place, entering)
                    for place, source in enumerate(sources)
                ]

    def _slope(self, by: Symbol, meaning: Formula) -> Derivative:
        """Return the slope of the loss by a quantity, and note what it is made of."""
        if not isinstance(meaning, Number):
            self.meaning[self.walk.loss, by] = meaning
        return Derivative(self.walk.loss, by, meaning.value)

    def _tell_signals(self, signals: Sequence[Derivative]) -> None:
        for signal in signals:
            meaning = self.meaning.get((signal.of, signal.by), Number(signal.value))
            self.walk.tell(self.walk.backward, signal, meaning)

    def _through(
        self,
        inputs: Sequence[Symbol],
        outputs: Sequence[Symbol],
        signals: Sequence[Derivative],
        slopes: Any,
    ) -> list[Derivative]:
        """Return the slopes by the sums of a layer's units."""
        for (of, by), formula in slopes.items():
            local = Derivative(outputs[of], inputs[by], formula.value)
            self.meaning[outputs[of], inputs[by]] = formula
            if formula == local:
                formula = Number(local.value)
                del self.meaning[outputs[of], inputs[by]]
            self.walk.tell(self.walk.backward, local, formula)
        found = []
        for by, one in enumerate(inputs):
            terms = [
                product(signals[of], Derivative(outputs[of], one, formula.value))
                for (of, place), formula in slopes.items()
                if place == by
            ]
            found.append(self._slope(one, total(terms)))
            self.walk.tell(self.walk.backward, found[-1], total(terms))
        return found

    def _weights(
        self, layer: UnitLayer, entering: Sequence[Derivative], sources: Sequence[Symbol]
    ) -> None:
        for unit, signal in enumerate(entering):
            if layer.kernel in self.numbering.trained:
                for place, source in enumerate(sources):
                    self._weight(self.numbering.weight(layer, place, unit), signal, source)
            if layer.bias is not None and layer.bias in self.numbering.trained:
                self._weight((layer.bias, unit), signal, ONE)

    def _weight(self, scalar: Scalar, signal: Derivative, source: Formula) -> None:
        symbol = self.numbering.symbols[scalar]
        local = Derivative(signal.by, symbol, source.value)
        meaning = self.meaning | {(signal.by, symbol): source}
        own = self.meaning[signal.of, signal.by]
        steps = own if isinstance(own, Product) else signal
        short = product(steps, local)
        full = written_out(short, meaning)
        chosen = full if size(full) <= LONG else product(signal, source)
        share = Derivative(self.walk.loss, symbol, chosen.value)
        self.walk.shares[scalar] = share
        self.walk.tell(self.walk.backward, share, Product((*_factors(steps), local)), chosen)

    def _before(
        self, layer: UnitLayer, source: Symbol, place: int, entering: Sequence[Derivative]
    ) -> Derivative:
        """Return the slope by what a layer takes."""
        if layer.kernel is None:
            return self._slope(source, entering[place])
        terms = [
            product(signal, self.numbering.symbols[self.numbering.weight(layer, place, unit)])
            for unit, signal in enumerate(entering)
        ]
        return self._slope(source, total(terms))


def _factors(formula: Formula) -> tuple[Formula, ...]:
    return formula.factors if isinstance(formula, Product) else (formula,)
