"""What happens to an output when parts of an example are covered; needs no gradient."""

import itertools

import numpy as np

from pellucid.errors import Problem, report
from pellucid.insight.subject import Subject
from pellucid.types import NumpyArray

ROWS = 64
"""Covered copies that are computed at once."""


def occlusion(
    subject: Subject,
    size: int | tuple[int, ...] | None = None,
    stride: int | tuple[int, ...] | None = None,
    value: float = 0.0,
) -> NumpyArray:
    """Return by how much the score falls when a place is covered.

    A patch is moved over the example. Each place gets the mean fall of all patches over it.

    Args:
        subject: Network, example and output value.
        size: Size of the patch along each axis of space; about a sixth of the example's when
            absent.
        stride: Steps by which it is moved; half its size when absent.
        value: What the patch is filled with.

    Returns:
        Shape of the example without its channels.

    Raises:
        ArgumentError: The patch does not fit, or the example has no axes of space.

    Source: Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks" (2014).
    """
    x = subject.rows_of_input[0]
    # A sequence of whole numbers has no channels.
    space = x.shape if x.ndim == 1 else x.shape[:-1]
    sizes = _sizes("size", size, space, tuple(max(1, -(-one // 6)) for one in space))
    steps = _sizes("stride", stride, space, tuple(max(1, one // 2) for one in sizes))
    starts = [_starts(*three) for three in zip(space, sizes, steps, strict=True)]
    corners = list(itertools.product(*starts))
    fall, covers = np.zeros(space, np.float64), np.zeros(space, np.float64)
    whole = float(subject.scores(list(subject.feeds))[0, subject.chosen])
    for first in range(0, len(corners), ROWS):
        part = corners[first : first + ROWS]
        for corner, score in zip(part, _covered(subject, part, sizes, value), strict=True):
            patch = tuple(slice(a, a + b) for a, b in zip(corner, sizes, strict=True))
            fall[patch] += whole - score
            covers[patch] += 1
    return (fall / np.maximum(covers, 1)).astype(np.float32)


def _covered(
    subject: Subject, corners: list[tuple[int, ...]], sizes: tuple[int, ...], value: float
) -> NumpyArray:
    """Return the score of the example with a patch at each of `corners`."""
    network = subject.recipe.network
    own = network.feeds.index(network.inputs[subject.input])
    # Always as many rows, so that one program serves.
    feeds = [np.repeat(feed, ROWS, axis=0) for feed in subject.feeds]
    for row, corner in enumerate(corners):
        patch = tuple(slice(a, a + b) for a, b in zip(corner, sizes, strict=True))
        feeds[own][(row, *patch)] = value
    return subject.scores(feeds)[: len(corners), subject.chosen]


def _starts(length: int, size: int, step: int) -> list[int]:
    """Return where patches begin, the last one flush with the end."""
    return sorted({*range(0, length - size + 1, step), length - size})


def _sizes(
    name: str, given: int | tuple[int, ...] | None, space: tuple[int, ...], default: tuple[int, ...]
) -> tuple[int, ...]:
    if given is None:
        return default
    sizes = (given,) * len(space) if isinstance(given, int) else tuple(given)
    fits = len(sizes) == len(space) and all(0 < a <= b for a, b in zip(sizes, space, strict=True))
    if not fits or not space:
        expected = f"whole numbers from 1 to {space}, one for each axis of space"
        report([Problem(f"saliency(method='occlusion', {name}=...)", repr(given), expected)])
    return sizes
