"""Whether a gradient is right: what it says, beside what the loss does when weights move."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from pellucid.insight.walkthrough.exercise import Exercise, Taken
from pellucid.types import NumpyArray

STEP = float(np.cbrt(np.finfo(np.float64).eps))
"""Length of a step that loses as much to the curve of the loss as to rounding."""

CLOSE = 1e-5
"""Share of the largest gradient by which a difference may miss it."""

EXACT = 1e-9
"""Share of the largest gradient by which two sums of products in float64 may differ."""


@dataclass(frozen=True)
class Check:
    """One slope, told three ways.

    Args:
        name: What is moved, such as "w_31" or "conv/kernel".
        chain: By the chain rule, number by number; None where the network is walked by layers.
        automatic: By automatic differentiation of the training loss.
        difference: `(L(w + h) - L(w - h)) / 2h`.
        left: `(L(w) - L(w - h)) / h`.
        right: `(L(w + h) - L(w)) / h`.
        doubt: How far `difference` may be off by rounding.
    """

    name: str
    chain: float | None
    automatic: float
    difference: float
    left: float
    right: float
    doubt: float

    def verdict(self, scale: float) -> str:
        """Return "agrees", "kink" or "differs".

        At a kink, such as that of relu at 0, the loss has two slopes and automatic
        differentiation gives one of them or one between: no difference can confirm it.

        Args:
            scale: The largest gradient of the network.
        """
        if self.chain is not None and not abs(self.chain - self.automatic) <= EXACT * scale:
            return "differs"
        allowed = CLOSE * scale + self.doubt
        if abs(self.automatic - self.difference) <= allowed:
            return "agrees"
        low, high = sorted((self.left, self.right))
        return "kink" if low - allowed <= self.automatic <= high + allowed else "differs"


@dataclass(frozen=True)
class Agreement:
    """All checks of one step.

    Args:
        checks: The checks.
        scale: The largest gradient of the network.
    """

    checks: tuple[Check, ...]
    scale: float

    def having(self, verdict: str) -> list[Check]:
        """Return the checks with a verdict."""
        return [check for check in self.checks if check.verdict(self.scale) == verdict]

    @property
    def agrees(self) -> bool:
        """False when a gradient is wrong."""
        return not self.having("differs")

    @property
    def chain_error(self) -> float:
        """Largest distance of chain rule and automatic gradient."""
        pairs = ((one.chain, one.automatic) for one in self.checks)
        return _largest(chain - automatic for chain, automatic in pairs if chain is not None)

    @property
    def difference_error(self) -> float:
        """Largest distance of automatic gradient and difference, kinks left out."""
        kinks = self.having("kink")
        return _largest(one.automatic - one.difference for one in self.checks if one not in kinks)


def _largest(values: Iterable[float]) -> float:
    return float(np.max(np.abs([0.0, *values])))


def check(
    exercise: Exercise,
    taken: Taken,
    name: str,
    direction: NumpyArray,
    automatic: float,
    chain: float | None = None,
) -> Check:
    """Return one slope told by gradients, and by moving the weights.

    Args:
        exercise: What is walked.
        taken: The step.
        name: What is moved.
        direction: Packed like the trained weights; of length 1.
        automatic: Automatic slope of the loss along it.
        chain: The slope by the chain rule.
    """
    weights = taken.before.trained
    length = STEP * max(1.0, float(np.max(np.abs(weights[direction != 0]), initial=0.0)))
    low, high = (
        exercise.loss(weights + sign * length * direction, taken.before) for sign in (-1, 1)
    )
    middle = taken.loss
    doubt = 64 * float(np.finfo(np.float64).eps) * max(abs(low), abs(high), abs(middle)) / length
    return Check(
        name,
        chain,
        automatic,
        (high - low) / (2 * length),
        (middle - low) / length,
        (high - middle) / length,
        doubt,
    )


def scale_of(gradients: Sequence[NumpyArray]) -> float:
    """Return the largest size of any gradient."""
    return float(max((np.max(np.abs(one), initial=0.0) for one in gradients), default=0.0))
