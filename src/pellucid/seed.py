"""The default seed: what a model's random numbers follow when it is given no seed of its own."""

import numpy as np

from pellucid.errors import Problem, report

DEFAULT_SEED = 0
LARGEST_SEED = 2**32 - 1

_seed = DEFAULT_SEED


def get_seed() -> int:
    """Return the default seed, which is 0 until `set_seed` changes it.

    A model reads it once, when its weights are made, and keeps it.

    Returns:
        A whole number from 0 to 4294967295.

    Example:
        >>> from pellucid.seed import get_seed
        >>> get_seed()
        0
    """
    return _seed


def set_seed(seed: int) -> None:
    """Set the seed of every model that is made from now on and names none itself.

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
    global _seed
    _seed = checked_seed(seed, "set_seed(seed=...)")


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
