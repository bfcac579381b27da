"""The default seed: what a model's random numbers follow when it is given no seed of its own."""

from itertools import count

import numpy as np

from pellucid.errors import Problem, report

DEFAULT_SEED = 0
LARGEST_SEED = 2**32 - 1

_seed = DEFAULT_SEED
_turns = count()


def get_seed() -> int:
    """Return the default seed, which is 0 until `set_seed` changes it.

    The first model that is made follows it; see `next_seed`.

    Returns:
        A whole number from 0 to 4294967295.

    Example:
        >>> from pellucid.seed import get_seed
        >>> get_seed()
        0
    """
    return _seed


def next_seed() -> int:
    """Return the seed of the next model that names none itself.

    The first has the default seed, the n-th one that is hashed from the default seed and n. So
    two towers of a network, or the members of an ensemble, begin with different weights, and
    the same script still gives the same result.

    Returns:
        A whole number from 0 to 4294967295.

    Example:
        >>> from pellucid.seed import next_seed, set_seed
        >>> set_seed(0)
        >>> first, second = next_seed(), next_seed()
        >>> set_seed(0)
        >>> (next_seed(), next_seed()) == (first, second), first
        (True, 0)
        >>> set_seed(0)
    """
    turn = next(_turns)
    return int(np.random.SeedSequence([_seed, turn]).generate_state(1)[0]) if turn else _seed


def set_seed(seed: int) -> None:
    """Set the seed that the models which are made from now on follow if they name none.

    The first of them has it; the others have seeds hashed from it, one after the other.

    Args:
        seed: A whole number from 0 to 4294967295.

    Raises:
        ArgumentError: `seed` is not such a number.

    Example:
        >>> from pellucid.seed import get_seed, set_seed
        >>> set_seed(7)
        >>> get_seed()
        7
        >>> set_seed(0)
    """
    global _seed, _turns
    _seed, _turns = checked_seed(seed, "set_seed(seed=...)"), count()


def seed_after(seed: int, number: int) -> int:
    """Return the seed that comes so many after another; after the largest comes 0.

    Args:
        seed: From 0 to 4294967295.
        number: How many after it, from 0.

    Example:
        >>> from pellucid.seed import seed_after
        >>> seed_after(7, 2), seed_after(4294967295, 1)
        (9, 0)
    """
    return (seed + number) % (LARGEST_SEED + 1)


def checked_seed(seed: int, where: str) -> int:
    """Return `seed` as an int.

    Raises:
        ArgumentError: `seed` is no whole number from 0 to 4294967295; the message begins
            with `where`.
    """
    whole = isinstance(seed, (int, np.integer)) and not isinstance(seed, bool)
    if not whole or not 0 <= seed <= LARGEST_SEED:
        expected = f"a whole number from 0 to {LARGEST_SEED}"
        report([Problem(where, repr(seed), expected)])
    return int(seed)
