"""Arguments that the training of every task takes."""

from typing import Any

import numpy as np

from pellucid.errors import Problem, report


def problems_of(*, validation: Any, test: Any, **numbers: Any) -> list[Problem]:
    """Return what is wrong with shares of the rows, and with whole numbers.

    Args:
        validation: Share that says when to stop.
        test: Share that tests.
        numbers: Whole numbers from 1, such as epochs, or None for those that are left open.
    """
    problems = []
    for name, share in (("test", test), ("validation", validation)):
        number = isinstance(share, (int, float)) and not isinstance(share, bool)
        if not number or not 0 < share < 1:
            problems.append(Problem(name, repr(share), "a share of the rows above 0 and below 1"))
    for name, value in numbers.items():
        whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
        if value is not None and not (whole and value >= 1):
            problems.append(Problem(name, repr(value), "a whole number of at least 1"))
    return problems


def check_training(*, validation: Any, test: Any, **numbers: Any) -> None:
    """Refuse shares and numbers that cannot be trained with.

    Args:
        validation: As in `problems_of`, like all that follows.
        test: Share that tests.
        numbers: Whole numbers.

    Raises:
        ArgumentError: Names each.
    """
    report(problems_of(validation=validation, test=test, **numbers))
