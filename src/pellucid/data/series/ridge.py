"""Linear regression with a penalty, for many strengths of it at once."""

from dataclasses import dataclass

import numpy as np

from pellucid.types import NumpyArray

STRENGTHS = (1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1.0, 10.0)
"""Penalties that are tried, as shares of the number of rows."""


@dataclass(frozen=True)
class Line:
    """A linear map of features that were brought to mean 0 and deviation 1.

    Args:
        kernel: Shape (features, outputs).
        bias: Shape (outputs,).
    """

    kernel: NumpyArray
    bias: NumpyArray

    def __call__(self, x: NumpyArray) -> NumpyArray:
        """Return the outputs for features, shape (rows, features)."""
        return x @ self.kernel + self.bias


def ridge_lines(x: NumpyArray, y: NumpyArray) -> list[Line]:
    """Return the line of least squares for each strength of the penalty.

    `argmin |y - x w - b|^2 + strength * rows * |w|^2`

    Args:
        x: Shape (rows, features), of about mean 0 and deviation 1.
        y: Shape (rows, outputs).

    Source: Hoerl and Kennard, "Ridge Regression" (1970).
    """
    rows, middle, bias = len(x), x.mean(axis=0, dtype=np.float64), y.mean(axis=0)
    centred = x - middle
    spread, directions = np.linalg.eigh(centred.T @ centred)
    along = directions.T @ (centred.T @ (y - bias))
    spread = np.maximum(spread, 0.0)[:, None]
    lines = []
    for strength in STRENGTHS:
        kernel = directions @ (along / (spread + strength * rows))
        lines.append(Line(kernel, bias - middle @ kernel))
    return lines
