"""How an optimiser moves a weight, as formulas."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pellucid.insight.walkthrough.formula import (
    ONE,
    Derivative,
    Formula,
    Quotient,
    Root,
    Square,
    Sum,
    Symbol,
    minus,
    negative,
    product,
)
from pellucid.optimizers import SGD, Adam, AdamW, RMSprop


@dataclass(frozen=True)
class Move:
    """One update of one weight.

    Args:
        optimizer: The rule.
        weight: The weight before it, after any decay.
        gradient: Its gradient, after any clipping.
        slots: What the optimiser remembers of it, before the update.
        rate: Learning rate in force.
        count: Number of this update, from 1.
    """

    optimizer: Any
    weight: Symbol
    gradient: Symbol | Derivative
    slots: Mapping[str, float]
    rate: float
    count: int


Steps = list[tuple[Symbol, Formula]]
"""What becomes what, in order; the last is the weight."""


def _sgd(move: Move) -> Steps:
    rate = Symbol("eta", (), move.rate)
    against = negative(product(rate, move.gradient))
    if not move.optimizer.momentum:
        return [(move.weight, Sum((move.weight, against)))]
    share = Symbol("mu", (), float(move.optimizer.momentum))
    held = Symbol("m", move.weight.index, move.slots["momentum"])
    momentum = Sum((product(share, held), against))
    new = Symbol("m", move.weight.index, momentum.value)
    moved = [new]
    if move.optimizer.nesterov:
        moved = [product(share, new), against]
    return [(held, momentum), (move.weight, Sum((move.weight, *moved)))]


def _blend(share: Symbol, held: Symbol, new: Formula) -> Formula:
    return Sum((product(share, held), product(minus(ONE, share), new)))


def _adam(move: Move) -> Steps:
    rule, index = move.optimizer, move.weight.index
    betas = (Symbol("beta", (1,), float(rule.beta_1)), Symbol("beta", (2,), float(rule.beta_2)))
    mean = Symbol("m", index, move.slots["momentum"])
    square = Symbol("v", index, move.slots["velocity"])
    mean_formula = _blend(betas[0], mean, move.gradient)
    square_formula = _blend(betas[1], square, Square(move.gradient))
    new_mean = Symbol("m", index, mean_formula.value)
    new_square = Symbol("v", index, square_formula.value)
    remaining = [
        Symbol("c", (place,), 1.0 - beta.value**move.count) for place, beta in enumerate(betas, 1)
    ]
    step_formula = product(Symbol("eta", (), move.rate), Quotient(Root(remaining[1]), remaining[0]))
    step = Symbol("alpha", (), step_formula.value)
    epsilon = Symbol("epsilon", (), float(rule.epsilon))
    share = Quotient(new_mean, Sum((Root(new_square), epsilon)))
    return [
        (step, step_formula),
        (mean, mean_formula),
        (square, square_formula),
        (move.weight, minus(move.weight, product(step, share))),
    ]


def _rmsprop(move: Move) -> Steps:
    rule, index = move.optimizer, move.weight.index
    share = Symbol("rho", (), float(rule.rho))
    square = Symbol("v", index, move.slots["velocity"])
    square_formula = _blend(share, square, Square(move.gradient))
    below = Sum(
        (Symbol("v", index, square_formula.value), Symbol("epsilon", (), float(rule.epsilon)))
    )
    step = product(Symbol("eta", (), move.rate), Quotient(move.gradient, Root(below)))
    return [(square, square_formula), (move.weight, minus(move.weight, step))]


@dataclass(frozen=True)
class UpdateFormula:
    """How one kind of optimiser is told.

    Args:
        meaning: The rule in words and signs.
        fits: Whether an optimiser of this class is told in full.
        steps: The formulas.
    """

    meaning: Callable[[Any], str]
    fits: Callable[[Any], bool]
    steps: Callable[[Move], Steps]


def _again(rule: Any) -> str:
    return "; m is the step, of which the share mu is made again" if rule.momentum else ""


_ADAM = UpdateFormula(
    lambda rule: (
        "m and v are the running means of the gradient and of its square; alpha is the rate eta "
        "corrected for their start at 0, with c_1 = 1 - beta_1^t and c_2 = 1 - beta_2^t in update t"
    ),
    lambda rule: not rule.amsgrad,
    _adam,
)

FORMULAS: Mapping[type, UpdateFormula] = {
    SGD: UpdateFormula(
        lambda rule: "against the gradient, by the learning rate eta" + _again(rule),
        lambda rule: True,
        _sgd,
    ),
    Adam: _ADAM,
    AdamW: _ADAM,
    RMSprop: UpdateFormula(
        lambda rule: "v is the running mean of the gradient's square; eta is the learning rate",
        lambda rule: not rule.momentum and not rule.centered,
        _rmsprop,
    ),
}
"""The optimisers whose update is written out."""


def formula_of(optimizer: Any) -> UpdateFormula | None:
    """Return how an optimiser's update is written; None where only its result is shown."""
    found = FORMULAS.get(type(optimizer))
    plain = not (optimizer.use_ema or optimizer.gradient_accumulation_steps)
    return found if found is not None and plain and found.fits(optimizer) else None


def decayed(weight: Symbol, strength: float, rate: float) -> tuple[Symbol, Formula]:
    """Return a weight after its decay, and the formula of that."""
    share = product(Symbol("eta", (), rate), Symbol("lambda", (), strength))
    formula = minus(weight, product(share, weight))
    return Symbol(weight.name, weight.index, formula.value), formula
