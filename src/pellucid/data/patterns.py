"""Patterns of points in the plane: small problems at which one can see what a network does."""

import numpy as np

from pellucid.errors import Problem, report
from pellucid.types import NumpyArray

Pattern = tuple[NumpyArray, NumpyArray]
"""Points, shape (rows, 2) in float32, and the number of each one's class, shape (rows,)."""


def make_xor(rows: int = 200, noise: float = 0.1, seed: int = 0) -> Pattern:
    """Return points around the corners of a square, opposite corners of one class.

    Class 1 where exactly one coordinate of the corner is 1: no straight line parts the classes.

    Args:
        rows: How many points, at least 4.
        noise: Standard deviation around the corners (0, 0), (0, 1), (1, 0) and (1, 1).
        seed: Seed of the noise.

    Raises:
        ArgumentError: Too few rows, or a negative noise.

    Example:
        >>> from pellucid.data import patterns
        >>> x, y = patterns.make_xor(4, noise=0)
        >>> x.tolist(), y.tolist()
        ([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0, 1, 1, 0])

    Source: Minsky and Papert, "Perceptrons" (1969).
    """
    _check("make_xor", rows, 4, noise)
    corner = np.arange(rows) % 4
    first, second = corner // 2, corner % 2
    return _noisy(np.stack([first, second], axis=1), noise, seed), first ^ second


def make_circles(rows: int = 200, noise: float = 0.1, seed: int = 0) -> Pattern:
    """Return points on two circles around 0: class 0 with radius 1, class 1 with radius 0.5.

    Args:
        rows: How many points, at least 2.
        noise: Standard deviation around the circles.
        seed: Seed of noise and order.

    Raises:
        ArgumentError: Too few rows, or a negative noise.

    Example:
        >>> from pellucid.data import patterns
        >>> x, y = patterns.make_circles(noise=0)
        >>> (x[y == 1] ** 2).sum(axis=1).max().round(3)
        np.float32(0.25)
    """
    from sklearn.datasets import make_circles

    _check("make_circles", rows, 2, noise)
    x, y = make_circles(rows, noise=noise, factor=0.5, random_state=seed)
    return np.asarray(x, np.float32), np.asarray(y)


def make_moons(rows: int = 200, noise: float = 0.2, seed: int = 0) -> Pattern:
    """Return points on two half circles that reach into each other.

    Args:
        rows: How many points, at least 2.
        noise: Standard deviation around the half circles.
        seed: Seed of noise and order.

    Raises:
        ArgumentError: Too few rows, or a negative noise.

    Example:
        >>> from pellucid.data import patterns
        >>> x, y = patterns.make_moons(100)
        >>> x.shape, y.sum()
        ((100, 2), np.int64(50))
    """
    from sklearn.datasets import make_moons

    _check("make_moons", rows, 2, noise)
    x, y = make_moons(rows, noise=noise, random_state=seed)
    return np.asarray(x, np.float32), np.asarray(y)


def make_spirals(
    rows: int = 200,
    noise: float = 0.05,
    seed: int = 0,
    *,
    classes: int = 2,
    turns: float = 1.0,
) -> Pattern:
    """Return points on spirals that run out from 0 to radius 1, one spiral a class.

    `radius * (cos a, sin a)` with `a = 2 pi (turns * radius + class / classes)`.

    Args:
        rows: How many points, at least one a class.
        noise: Standard deviation around the spirals.
        seed: Seed of the noise.
        classes: How many spirals, at least 2.
        turns: How often each goes round.

    Raises:
        ArgumentError: Too few rows or classes, or a negative noise.

    Example:
        >>> from pellucid.data import patterns
        >>> x, y = patterns.make_spirals(300, classes=3)
        >>> x.shape, y[:4].tolist()
        ((300, 2), [0, 1, 2, 0])

    Source: Lang and Witbrock, "Learning to Tell Two Spirals Apart" (1988).
    """
    expected = "a whole number, at least 2"
    problems = [Problem("make_spirals(classes=...)", repr(classes), expected)]
    report(problems if classes < 2 else [])
    _check("make_spirals", rows, classes, noise)
    number = np.arange(rows)
    y = number % classes
    # The square root lays the points evenly along the way, which grows outwards.
    radius = np.sqrt((number // classes + 1) / -(-rows // classes))
    angle = 2 * np.pi * (turns * radius + y / classes)
    points = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    return _noisy(points, noise, seed), y


def _noisy(points: NumpyArray, noise: float, seed: int) -> NumpyArray:
    spread = np.random.default_rng(seed).normal(0.0, noise, points.shape)
    return (points + spread).astype(np.float32)


def _check(where: str, rows: int, least: int, noise: float) -> None:
    problems = []
    if rows < least:
        problems.append(Problem(f"{where}(rows=...)", repr(rows), f"at least {least}"))
    if not noise >= 0:
        problems.append(Problem(f"{where}(noise=...)", repr(noise), "a number, at least 0"))
    report(problems)
