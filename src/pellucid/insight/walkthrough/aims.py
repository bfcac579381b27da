"""What losses say of one row, and their slopes by its outputs, as formulas."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pellucid import losses
from pellucid.insight.walkthrough.formula import (
    ONE,
    ZERO,
    Call,
    Formula,
    Number,
    Quotient,
    Square,
    Symbol,
    minus,
    negative,
    product,
    total,
)
from pellucid.insight.walkthrough.rules import log
from pellucid.training.objective import Target
from pellucid.types import NumpyArray


@dataclass(frozen=True)
class Aim:
    """A loss as formulas.

    Args:
        meaning: The loss in words and signs.
        by_error: Whether it is written in e_j = y_j - out_j.
        loss: A row's loss from errors or labels, and outputs.
        slope: Its slope by one output, from the same and the output's number.
    """

    meaning: str
    by_error: bool
    loss: Callable[[Sequence[Symbol], Sequence[Symbol]], Formula]
    slope: Callable[[Sequence[Symbol], Sequence[Symbol], int], Formula]


def _mean(terms: Sequence[Formula]) -> Formula:
    added = total(terms)
    return added if len(terms) == 1 else Quotient(added, Number(float(len(terms))))


def _part(formula: Formula, count: int) -> Formula:
    return formula if count == 1 else Quotient(formula, Number(float(count)))


def _sign(x: float) -> float:
    return float(np.sign(x))


def _squared() -> Aim:
    return Aim(
        "the mean squared error: the mean of e_j^2 over the outputs. Its slope has a factor 2 that "
        "textbooks avoid by L = e^2/2",
        True,
        lambda e, out: _mean([Square(one) for one in e]),
        lambda e, out, j: _part(product(Number(-2.0), e[j]), len(e)),
    )


def _absolute() -> Aim:
    return Aim(
        "the mean absolute error: the mean of |e_j| over the outputs",
        True,
        lambda e, out: _mean([Call("abs", one, abs) for one in e]),
        lambda e, out, j: _part(negative(Call("sign", e[j], _sign)), len(e)),
    )


def _huber(delta: float) -> Aim:
    def loss(e: Symbol) -> Formula:
        if abs(e.value) <= delta:
            return Quotient(Square(e), Number(2.0))
        bound = Symbol("delta", (), delta)
        straight = product(bound, Call("abs", e, abs))
        return minus(straight, Quotient(Square(bound), Number(2.0)))

    def slope(e: Symbol) -> Formula:
        if abs(e.value) <= delta:
            return negative(e)
        return negative(product(Symbol("delta", (), delta), Call("sign", e, _sign)))

    return Aim(
        f"Huber's loss: e_j^2/2 while |e_j| is at most delta = {delta:g}, straight beyond, the "
        "mean over the outputs",
        True,
        lambda e, out: _mean([loss(one) for one in e]),
        lambda e, out, j: _part(slope(e[j]), len(e)),
    )


def _yes_or_no() -> Aim:
    def loss(y: Symbol, out: Symbol) -> Formula:
        yes, no = product(y, log(out)), product(minus(ONE, y), log(minus(ONE, out)))
        return negative(yes if y.value == 1 else no if y.value == 0 else total([yes, no]))

    def slope(y: Symbol, out: Symbol) -> Formula:
        yes = negative(Quotient(y, out))
        no = Quotient(minus(ONE, y), minus(ONE, out))
        return yes if y.value == 1 else no if y.value == 0 else total([yes, no])

    def negative_sum(y: Sequence[Symbol], out: Sequence[Symbol]) -> Formula:
        return _mean([loss(*pair) for pair in zip(y, out, strict=True)])

    return Aim(
        "the binary crossentropy: the mean of -y_j ln out_j - (1 - y_j) ln(1 - out_j)",
        False,
        negative_sum,
        lambda y, out, j: _part(slope(y[j], out[j]), len(y)),
    )


def _one_of_several() -> Aim:
    def loss(y: Sequence[Symbol], out: Sequence[Symbol]) -> Formula:
        pairs = zip(y, out, strict=True)
        return total(negative(product(one, log(p))) for one, p in pairs if one.value)

    return Aim(
        "the categorical crossentropy: minus the sum of y_j ln out_j",
        False,
        loss,
        lambda y, out, j: negative(Quotient(y[j], out[j])) if y[j].value else ZERO,
    )


def aim_of(target: Target) -> Aim | None:
    """Return the formulas of an output's loss; None where only its values are known."""
    loss: Any = target.loss
    if type(loss) is losses.MeanSquaredError:
        return _squared()
    if type(loss) is losses.MeanAbsoluteError:
        return _absolute()
    if type(loss) is losses.Huber:
        return _huber(float(loss.delta))
    if type(loss) is losses.BinaryCrossentropy and target.link == "sigmoid":
        return _yes_or_no()
    several = (losses.CategoricalCrossentropy, losses.SparseCategoricalCrossentropy)
    every = getattr(loss, "ignore_class", None) is None
    if type(loss) in several and target.link == "softmax" and every:
        return _one_of_several()
    return None


def labels_of(target: Target, y: NumpyArray, outputs: int) -> NumpyArray:
    """Return what each output should be, shape (rows, outputs), as the loss takes it."""
    loss: Any = target.loss
    if type(loss) is losses.SparseCategoricalCrossentropy:
        return np.eye(outputs)[y.reshape(-1).astype(int)]
    wide = np.asarray(y, np.float64).reshape(len(y), -1)
    smoothing = float(getattr(loss, "label_smoothing", 0.0))
    share = 0.5 if type(loss) is losses.BinaryCrossentropy else 1.0 / outputs
    return wide * (1.0 - smoothing) + smoothing * share
