"""Held-out rows from which nothing can be learned of how sure a model may be."""

from collections.abc import Iterator

from pellucid.errors import Problem
from pellucid.insight.remedies.sampling import class_numbers
from pellucid.types import NumpyArray


def lone_class(labels: NumpyArray, where: str) -> Iterator[Problem]:
    """Yield what is wrong with labels that are all of one class.

    Args:
        labels: Class numbers or marks, of each row.
        where: What the message calls them.

    Example:
        >>> import numpy as np
        >>> from pellucid.models.lone_class import lone_class
        >>> [str(one) for one in lone_class(np.array([1, 1, 1]), "y")]
        ['y: got 3 rows of class 1 alone, expected rows of at least two classes. Give more rows.']
    """
    numbers = class_numbers(labels)
    if numbers is not None and len(numbers) and (numbers == numbers[0]).all():
        count = "1 row" if len(numbers) == 1 else f"{len(numbers):,} rows"
        given, expected = f"{count} of class {numbers[0]} alone", "rows of at least two classes"
        yield Problem(where, given, expected, "Give more rows.")
