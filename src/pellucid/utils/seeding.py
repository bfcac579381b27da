"""One seed for everything."""

import random

import numpy as np

from pellucid.seed import checked_seed, set_seed


def set_random_seed(seed: int) -> None:
    """Seed Python's `random`, `numpy.random` and every model that is made from now on.

    Pellucid needs it only to get other numbers: its seed is 0 unless it is told otherwise, so
    two runs of a script agree anyway. What a script draws from `random` or `numpy.random`
    itself does need it. The first model that is made afterwards has this seed, and each later
    one another that follows from it: call it before each of two models that shall begin alike,
    or give both the same `seed`.

    Args:
        seed: A whole number from 0 to 4294967295.

    Raises:
        ArgumentError: `seed` is not such a number.

    Example:
        >>> import numpy as np
        >>> from pellucid.utils import set_random_seed
        >>> set_random_seed(1)
        >>> first = np.random.rand()
        >>> set_random_seed(1)
        >>> bool(np.random.rand() == first)
        True
        >>> set_random_seed(0)
    """
    whole = checked_seed(seed, "set_random_seed(seed=...)")
    set_seed(whole)
    random.seed(whole)
    np.random.seed(whole)
