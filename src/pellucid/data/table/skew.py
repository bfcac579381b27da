"""Making skewed numbers symmetric, and back."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from pellucid.types import NumpyArray

SKEWED = 2.0
"""Skewness, above or below 0, from which numbers are transformed; an exponential's is 2."""

FRACTIONS = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
"""Scales that are tried, as fractions of the median distance from the base."""

OVERFLOW = 700.0
"""Beyond this, the hyperbolic sine leaves the range of float64."""


def skewness(numbers: NumpyArray) -> float:
    """Return the third standardised moment; 0 for numbers that do not vary.

    Example:
        >>> import numpy as np
        >>> from pellucid.data.table.skew import skewness
        >>> round(skewness(np.array([0.0, 0.0, 0.0, 4.0])), 3)
        1.155
    """
    centred = numbers - numbers.mean()
    deviation = centred.std()
    return float(np.mean((centred / deviation) ** 3)) if deviation > 0 else 0.0


@dataclass(frozen=True)
class Symmetry:
    """The transformation `asinh((x - base) / softness)`: a line near the base, a logarithm far off.

    Args:
        base: 0 where no number is negative, else the median.
        softness: Distance from the base at which the line bends; None for no transformation.

    Source: Burbidge, Magee, Robb, "Alternative Transformations to Handle Extreme Values of the
    Dependent Variable" (1988).
    """

    base: float = 0.0
    softness: float | None = None

    @classmethod
    def of(cls, numbers: NumpyArray) -> Self:
        """Return what makes numbers most symmetric; nothing if they hardly lean or hardly gain."""
        before = abs(skewness(numbers))
        base = 0.0 if numbers.min() >= 0 else float(np.median(numbers))
        distances = np.abs(numbers - base)
        if before <= SKEWED:
            return cls()
        typical = float(np.median(distances[distances > 0]))
        tried = [cls(base, typical * fraction) for fraction in FRACTIONS]
        best = min(tried, key=lambda one: abs(skewness(one.apply(numbers))))
        return best if abs(skewness(best.apply(numbers))) < before / 2 else cls()

    def apply(self, numbers: NumpyArray) -> NumpyArray:
        """Return the transformed numbers."""
        if self.softness is None:
            return numbers
        return np.arcsinh((numbers - self.base) / self.softness)

    def invert(self, moved: NumpyArray) -> NumpyArray:
        """Return the numbers that were transformed."""
        if self.softness is None:
            return moved
        return self.base + self.softness * np.sinh(np.clip(moved, -OVERFLOW, OVERFLOW))
