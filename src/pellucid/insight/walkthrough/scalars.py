"""One training step of a small network, number by number."""

from collections.abc import Iterator
from functools import cached_property

import numpy as np

from pellucid.insight.walkthrough.chain import Chain
from pellucid.insight.walkthrough.differences import EXACT, Check, check
from pellucid.insight.walkthrough.document import Cell, Heading, Item, Sentence, Table, equation
from pellucid.insight.walkthrough.exercise import Exercise, Taken, slots_of
from pellucid.insight.walkthrough.formula import Derivative, Formula, Number, Symbol, name_of
from pellucid.insight.walkthrough.numbering import Scalar
from pellucid.insight.walkthrough.update import Move, decayed, formula_of
from pellucid.optimizers.rule import ORDINARY
from pellucid.types import NumpyArray

SHARED = "alpha"
"""The symbol of what is the same for all weights, and told once."""


class ScalarStep:
    """The stages of one step, scalar by scalar.

    Args:
        exercise: What is walked.
        taken: The step.
    """

    def __init__(self, exercise: Exercise, taken: Taken) -> None:
        self.exercise, self.taken = exercise, taken
        self.chain = Chain(exercise, taken)
        self.numbering = self.chain.numbering
        self.network = exercise.recipe.network
        self.optimizer = exercise.recipe.optimizer
        self.places = {number: place for place, number in enumerate(self.network.trained)}

    def initial_items(self) -> Iterator[Item]:
        """Yield the weights as they stand."""
        rows = (
            (symbol, self._where(scalar), symbol.value)
            for scalar, symbol in self.numbering.symbols.items()
        )
        yield Table(("symbol", "weight", "value"), tuple(rows))

    def forward_items(self) -> Iterator[Item]:
        """Yield sums and outputs of the units, row by row."""
        yield from self.chain.meanings()
        for number, row in enumerate(self.chain.rows, 1):
            yield from self._heading(number)
            yield from row.forward

    def error_items(self) -> Iterator[Item]:
        """Yield errors and losses, row by row, and the loss that they make."""
        aim, penalties = self.chain.aim, self.chain.penalties
        name = self.chain.target.loss.name
        unknown = f"L is '{name}', whose value and slopes are those that the library computes."
        yield Sentence(unknown if aim is None else f"L is {aim.meaning}.")
        for number, row in enumerate(self.chain.rows, 1):
            yield from self._heading(number)
            yield from row.error
        if penalties:
            told = (f"{one!r} on {self.network.weights[at].path}" for at, one in penalties.items())
            yield Sentence(f"R is the penalty on the weights: {', '.join(told)}.")
        yield from self.chain.whole_loss()

    def backward_items(self) -> Iterator[Item]:
        """Yield the chain rule, row by row, and the gradients that the rows make together."""
        for number, row in enumerate(self.chain.rows, 1):
            yield from self._heading(number)
            yield from row.backward
        together = list(self.chain.whole_gradients())
        if together:
            yield Heading("Gradients of the whole loss")
            yield from together

    def update_items(self) -> Iterator[Item]:
        """Yield what the optimiser makes of each weight."""
        found = formula_of(self.optimizer)
        if found is None:
            yield Sentence(f"{self.optimizer!r} makes of the weights:")
            yield self._before_and_after()
            return
        yield Sentence(f"{type(self.optimizer).__name__}: {found.meaning(self.optimizer)}.")
        for number, steps in enumerate(self._updates.values()):
            for left, formula in steps:
                if left.name != SHARED or number == 0:
                    yield equation(left, formula, becomes=_is_kept(left))
        if self.network.has_constraints:
            yield Sentence("Then the constraints bound the weights:")
            yield self._before_and_after()
        if not self.update_agrees:
            yield Sentence(
                "THE UPDATE DISAGREES: the formulas above do not give the weights that the "
                "training program gives.",
                loud=True,
            )

    @property
    def update_agrees(self) -> bool:
        """False when the formulas of the update do not give what the training step gives."""
        if formula_of(self.optimizer) is None or self.network.has_constraints:
            return True
        pairs = ((steps[-1][1].value, self._after(one)) for one, steps in self._updates.items())
        return all(abs(told - done) <= EXACT * max(1.0, abs(done)) for told, done in pairs)

    @cached_property
    def _updates(self) -> dict[Scalar, list[tuple[Symbol, Formula]]]:
        return {scalar: list(self._update(scalar)) for scalar in self.numbering.scalars}

    def _update(self, scalar: Scalar) -> Iterator[tuple[Symbol, Formula]]:
        """Yield what becomes what: the gradient clipped, the weight decayed, the rule's steps."""
        taken, (number, index) = self.taken, scalar
        place = self.places[number]
        weight = self.numbering.symbols[scalar]
        gradient: Symbol | Derivative = self.chain.gradients[scalar]
        clipped = _at(taken.clipped[place], index)
        if clipped != _at(taken.gradients[place], index):
            gradient = Symbol("g", weight.index, clipped)
            yield gradient, Number(clipped)
        strength = self._decay(place)
        if strength:
            weight, formula = decayed(weight, strength, taken.rate)
            yield weight, formula
        held = slots_of(self.exercise.wide, taken.before).items()
        slots = {name: _at(arrays[place], index) for name, arrays in held}
        count = int(taken.before.step) + 1
        found = formula_of(self.optimizer)
        assert found is not None
        yield from found.steps(Move(self.optimizer, weight, gradient, slots, taken.rate, count))

    def _decay(self, place: int) -> float:
        roles = self.exercise.wide.roles
        role = roles[place] if roles else ORDINARY
        strength = self.optimizer.decay_strength(self.exercise.wide.trained.shapes[place], role)
        return 0.0 if strength is None else float(strength)

    def _before_and_after(self) -> Table:
        rows = (
            (symbol, symbol.value, self.chain.gradients[scalar].value, self._after(scalar))
            for scalar in self.numbering.scalars
            for symbol in [self.numbering.symbols[scalar]]
        )
        return Table(("weight", "before", "gradient", "after"), tuple(rows))

    def _after(self, scalar: Scalar) -> float:
        return _at(self.taken.moved[self.places[scalar[0]]], scalar[1])

    @property
    def slopes(self) -> dict[str, Cell]:
        """The gradients as tables show them, by name."""
        return {name_of(one): one for one in self.chain.gradients.values()}

    def checks(self) -> Iterator[Check]:
        """Yield every gradient told three ways."""
        layout = self.exercise.wide.trained
        for scalar, gradient in self.chain.gradients.items():
            place = self.places[scalar[0]]
            direction = np.zeros(layout.size)
            direction[layout.offsets[place] + scalar[1]] = 1.0
            automatic = _at(self.taken.gradients[place], scalar[1])
            given = (name_of(gradient), direction, automatic, gradient.value)
            yield check(self.exercise, self.taken, *given)

    def numbers(self) -> dict[str, float]:
        """Return by name what belongs to the whole batch; with one row everything."""
        chain = self.chain
        found = dict(chain.rows[0].numbers) if len(chain.rows) == 1 else {}
        found |= {name_of(symbol): symbol.value for symbol in self.numbering.symbols.values()}
        found |= {name_of(gradient): gradient.value for gradient in chain.gradients.values()}
        return found | {"L": chain.loss.value}

    def after(self) -> dict[str, float]:
        """Return the trained weights after the update, by name."""
        symbols = self.numbering.symbols
        return {name_of(symbols[one]): self._after(one) for one in self.numbering.scalars}

    def _where(self, scalar: Scalar) -> str:
        weight = self.network.weights[scalar[0]]
        index = np.unravel_index(scalar[1], weight.spec.shape)
        frozen = "" if scalar[0] in self.places else ", not trained"
        return f"{weight.path}[{', '.join(str(int(axis)) for axis in index)}]{frozen}"

    def _heading(self, number: int) -> Iterator[Item]:
        if self.exercise.rows > 1:
            yield Heading(f"Row {number} of {self.exercise.rows}")


def _is_kept(symbol: Symbol) -> bool:
    """Say whether a symbol takes a new value in place of its own, which optimisers carry on."""
    return symbol.name not in (SHARED, "g")


def _at(array: NumpyArray, place: int) -> float:
    return float(array.reshape(-1)[place])
