"""What a model says at every point of a plane, and where its classes meet."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from pellucid.insight.plane import Plane
from pellucid.types import NumpyArray

MARGIN = 0.08
"""How far the grid goes beyond the points, as a share of their spread."""


@dataclass(frozen=True)
class Boundary:
    """The outputs of a model on a grid over a plane.

    Args:
        plane: The plane.
        horizontal: Shape (columns,): first coordinate.
        vertical: Shape (rows,): second coordinate.
        outputs: Shape (rows, columns, classes): probabilities. Shape (rows, columns): values.
        points: Shape (examples, 2): where the data lie on the plane.
    """

    plane: Plane
    horizontal: NumpyArray
    vertical: NumpyArray
    outputs: NumpyArray
    points: NumpyArray

    @property
    def classes(self) -> NumpyArray:
        """Number of the most probable class, shape (rows, columns)."""
        return self.outputs.argmax(axis=-1)

    @property
    def certainty(self) -> NumpyArray:
        """Probability of the most probable class, shape (rows, columns)."""
        return self.outputs.max(axis=-1)

    def margin(self, number: int) -> NumpyArray:
        """Return by how much a class is more probable than the likeliest other.

        Its boundary is where this is 0.
        """
        others = np.delete(self.outputs, number, axis=-1)
        return self.outputs[..., number] - others.max(axis=-1)


def boundary(
    predict: Callable[[NumpyArray], NumpyArray], plane: Plane, x: NumpyArray, resolution: int = 200
) -> Boundary:
    """Return the outputs of a model on a grid around the data.

    Args:
        predict: From rows of features to probabilities (rows, classes) or values (rows,).
        plane: The plane.
        x: The data, shape (rows, features); they say how far the grid goes.
        resolution: Points along each side of the grid.

    Example:
        >>> import numpy as np
        >>> from pellucid.insight import Plane, boundary
        >>> plane = Plane(np.zeros(2), np.ones(2), np.eye(2), ("a", "b"))
        >>> def predict(rows):
        ...     return np.stack([rows[:, 0] < 0.5, rows[:, 0] >= 0.5], axis=1)
        >>> boundary(predict, plane, np.array([[0, 0], [1, 1]]), resolution=4).classes.tolist()
        [[0, 0, 1, 1], [0, 0, 1, 1], [0, 0, 1, 1], [0, 0, 1, 1]]
    """
    points = plane.coordinates(x)
    horizontal, vertical = (_axis(one, resolution) for one in points.T)
    grid = np.stack(np.meshgrid(horizontal, vertical), axis=-1).reshape(-1, 2)
    found = np.asarray(predict(plane.rows(grid)))
    outputs = found.reshape(resolution, resolution, *found.shape[1:])
    return Boundary(plane, horizontal, vertical, outputs, points)


def _axis(values: NumpyArray, resolution: int) -> NumpyArray:
    low, high = float(values.min()), float(values.max())
    beyond = MARGIN * (high - low) or 1.0
    return np.linspace(low - beyond, high + beyond, resolution)
