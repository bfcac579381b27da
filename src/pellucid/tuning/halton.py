"""Points that fill a cube evenly, drawn by NumPy alone: the first ones are due in no time."""

import math

import numpy as np

from pellucid.types import NumpyArray


def halton(first: int, last: int, dimensions: int, seed: int) -> NumpyArray:
    """Return the points `first` to `last` (excluded) of a scrambled sequence of Halton.

    A number's digits in the base of a dimension's prime, each changed by a random permutation of
    its place, are read backwards behind the point:
        n = sum_k d_k b^k  ->  x = sum_k pi_k(d_k) b^-(k+1)

    Args:
        first: Number of the first point, from 0.
        last: Number after that of the last point.
        dimensions: How many numbers a point has.
        seed: Seed of the permutations; a point depends on it and its own number alone.

    Returns:
        Points in [0, 1), shape (last - first, dimensions).

    Example:
        >>> halton(0, 4, 1, seed=0).ravel().argsort().tolist()
        [2, 0, 3, 1]

    Source: Halton, "On the efficiency of certain quasi-random sequences of points" (1960); Owen,
    "A randomized Halton algorithm in R" (2017), for the permutations.
    """
    points = np.zeros((last - first, dimensions))
    for dimension, base in enumerate(_primes(dimensions)):
        rng = np.random.default_rng([seed, base])
        left = np.arange(first, last)
        for place in range(1, 1 + int(53 / math.log2(base))):
            left, digits = np.divmod(left, base)
            points[:, dimension] += rng.permutation(base)[digits] * float(base) ** -place
    return points


def _primes(count: int) -> list[int]:
    found: list[int] = []
    number = 2
    while len(found) < count:
        if all(number % prime for prime in found):
            found.append(number)
        number += 1
    return found
