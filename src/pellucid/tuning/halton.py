"""Points that fill a cube evenly, drawn by NumPy alone: the first ones are due in no time."""

import math
from collections.abc import Iterator, Sequence

import numpy as np

from pellucid.types import NumpyArray


def halton(numbers: NumpyArray, options: Sequence[int | None], seed: Sequence[int]) -> NumpyArray:
    """Return points of a scrambled sequence of Halton, in which options take turns.

    Of a range, a number's digits in the base of a prime of its own, each changed by a random
    permutation of its place, are read backwards behind the point:
        n = sum_k d_k b^k  ->  x = sum_k pi_k(d_k) b^-(k+1)
    Options are dealt like cards: of as many numbers in a row as there are options, counted from
    0, each has another one, in an order drawn anew; x is the middle of the option's share.

    Args:
        numbers: Numbers of the points, from 0.
        options: For each dimension how many options it has, or None for a range.
        seed: Seeds of the permutations; a point depends on them and its own number alone.

    Returns:
        Points in [0, 1), shape (numbers, dimensions).

    Example:
        >>> import numpy as np
        >>> halton(np.arange(4), [None], seed=[0]).ravel().argsort().tolist()
        [2, 0, 3, 1]

    Source: Halton, "On the efficiency of certain quasi-random sequences of points" (1960); Owen,
    "A randomized Halton algorithm in R" (2017), for the permutations.
    """
    primes = _primes()
    points = [
        _reversed(numbers, next(primes), seed)
        if count is None
        else _dealt(numbers, count, [*seed, dimension])
        for dimension, count in enumerate(options)
    ]
    return np.stack(points, axis=1)


def _reversed(numbers: NumpyArray, base: int, seed: Sequence[int]) -> NumpyArray:
    """Return the radical inverses of numbers, scrambled."""
    rng = np.random.default_rng([*seed, base])
    left, shares = numbers, np.zeros(len(numbers))
    for place in range(1, 1 + int(53 / math.log2(base))):
        left, digits = np.divmod(left, base)
        shares += rng.permutation(base)[digits] * float(base) ** -place
    return shares


def _dealt(numbers: NumpyArray, options: int, seed: Sequence[int]) -> NumpyArray:
    """Return the middles of the shares of the options that numbers are dealt."""
    hands, places = np.divmod(numbers, options)
    orders = {
        hand: np.random.default_rng([1 + int(hand), *seed]).permutation(options)
        for hand in np.unique(hands)
    }
    dealt = [orders[hand][place] for hand, place in zip(hands, places, strict=True)]
    return (np.array(dealt) + 0.5) / options


def _primes() -> Iterator[int]:
    found: list[int] = []
    number = 2
    while True:
        if all(number % prime for prime in found):
            found.append(number)
            yield number
        number += 1
