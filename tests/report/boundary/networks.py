"""Small networks with weights of our choice."""

import numpy as np

import pellucid
from pellucid import layers

W, B = np.array([[1.5], [-2.0]]), 0.25
"""A line: 1.5 u - 2 v + 0.25 = 0."""


def model(width=2, units=1, activation="sigmoid", weights=None):
    made = pellucid.Sequential(
        [layers.Input((width,)), layers.Dense(units, activation=activation)], seed=0
    )
    if weights is not None:
        made.set_weights(weights)
    return made


def line(activation="sigmoid"):
    return model(activation=activation, weights=[W, [B]])


def lines_of(panel):
    """Return the points of each line that a panel draws along a level, shape (points, 2)."""
    return [path.vertices for drawn in panel.collections for path in contours(drawn)]


def contours(drawn):
    return drawn.get_paths() if type(drawn).__name__ == "QuadContourSet" else []
