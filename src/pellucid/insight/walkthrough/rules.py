"""What activation functions do to one unit, and their slopes, as formulas."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pellucid.insight.walkthrough.formula import (
    ONE,
    Call,
    Formula,
    Quotient,
    Square,
    Sum,
    Symbol,
    minus,
    negative,
    product,
)


def _safe(function: Callable[[float], float]) -> Callable[[float], float]:
    """Return a function of numbers that overflows to infinity, as arrays do."""

    def compute(x: float) -> float:
        with np.errstate(all="ignore"):
            return float(function(np.float64(x)))

    return compute


logistic = _safe(lambda x: 1.0 / (1.0 + np.exp(-x)))
exponential = _safe(np.exp)
logarithm = _safe(np.log)
tangent = _safe(np.tanh)
softened = _safe(lambda x: np.logaddexp(0.0, x))
positive = _safe(lambda x: max(x, 0.0))
step = _safe(lambda x: float(x > 0))


@dataclass(frozen=True)
class Rule:
    """An activation that looks at each unit alone.

    Args:
        meaning: What the function's name stands for, in words and signs.
        output: out_j from in_j.
        slope: dout_j/din_j from in_j.
    """

    meaning: str
    output: Callable[[Symbol], Formula]
    slope: Callable[[Symbol], Formula]


def sigmoid(x: Formula) -> Formula:
    """Return s(x)."""
    return Call("s", x, logistic)


def _sigmoid_slope(x: Symbol) -> Formula:
    return product(sigmoid(x), minus(ONE, sigmoid(x)))


def _exp(x: Formula) -> Formula:
    return Call("exp", x, exponential)


def log(x: Formula) -> Formula:
    """Return ln(x)."""
    return Call("ln", x, logarithm)


def _tanh(x: Formula) -> Formula:
    return Call("tanh", x, tangent)


RULES: Mapping[str, Rule] = {
    "linear": Rule("", lambda x: x, lambda x: ONE),
    "sigmoid": Rule("s(z) = 1 / (1 + exp(-z)), the sigmoid", sigmoid, _sigmoid_slope),
    "tanh": Rule(
        "tanh(z) = (exp(z) - exp(-z)) / (exp(z) + exp(-z))",
        _tanh,
        lambda x: minus(ONE, Square(_tanh(x))),
    ),
    "relu": Rule(
        "relu(z) = max(z, 0), and relu'(z) is 1 for z > 0, else 0",
        lambda x: Call("relu", x, positive),
        lambda x: Call("relu'", x, step),
    ),
    "exponential": Rule("", _exp, _exp),
    "softplus": Rule(
        "softplus(z) = ln(1 + exp(z)), and s(z) = 1 / (1 + exp(-z)) is its slope",
        lambda x: Call("softplus", x, softened),
        sigmoid,
    ),
}
"""The activations whose formulas are written out, by registered name."""


def softmax(inputs: Sequence[Symbol], chosen: int) -> Formula:
    """Return one unit's share: exp(in_j) over the sum of all exp(in_k)."""
    return Quotient(_exp(inputs[chosen]), Sum(tuple(map(_exp, inputs))))


def softmax_slope(outputs: Sequence[Symbol], of: int, by: int) -> Formula:
    """Return the slope of one unit's share by any unit's input."""
    if of == by:
        return product(outputs[of], minus(ONE, outputs[of]))
    return negative(product(outputs[of], outputs[by]))
