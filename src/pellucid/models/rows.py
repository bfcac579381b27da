"""The rows that a model was given, chosen by their numbers."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from pellucid.data.arrays import by_name, to_array
from pellucid.data.sequences import is_ragged
from pellucid.insight.remedies import Rows
from pellucid.insight.remedies.changes import count_rows, joined, joined_weights, take
from pellucid.models.feeding import weight_by_output
from pellucid.types import NumpyArray

Names = tuple[Sequence[str], Sequence[str]]
"""Names of a model's inputs and of its outputs."""


def rows_of(model: Any, x: Any, y: Any, sample_weight: Any = None) -> Rows:
    """Return rows as set-ups hold them: one array, or one by name where there are several."""
    return _rows((model.input_names, model.output_names), x, y, sample_weight)


def _rows(names: Names, x: Any, y: Any, sample_weight: Any) -> Rows:
    weight = None if sample_weight is None else np.asarray(sample_weight)
    return Rows(_named(x, names[0], "x"), _named(y, names[1], "y"), weight)


def chosen_rows(names: Names, given: Sequence[Any], numbers: NumpyArray | None) -> tuple[Any, ...]:
    """Return inputs, labels and weights of some of the rows that a model is trained on.

    Args:
        names: What the model calls its inputs and outputs.
        given: Inputs, labels and weights or None, as `fit` takes them.
        numbers: Numbers of the rows; None for all, as they were given.
    """
    if numbers is None:
        return tuple(given)
    x, y, weight = given
    by_output = isinstance(weight, Mapping)
    rows = take(_rows(names, x, y, None if by_output else weight), numbers)
    if by_output:
        return rows.x, rows.y, {name: np.asarray(one)[numbers] for name, one in weight.items()}
    return rows.x, rows.y, rows.sample_weight


def joined_rows(names: Names, first: Sequence[Any], second: Sequence[Any]) -> tuple[Any, Any, Any]:
    """Return inputs, labels and weights of some rows and of others after them.

    Args:
        names: What the model calls its inputs and outputs.
        first: Inputs, labels and weights or None, as `fit` takes them.
        second: The same of the others. Rows without a weight beside some that have one weigh 1.
    """
    own, other = (_rows(names, x, y, None) for x, y, _ in (first, second))
    both, counts = joined(own, other), (count_rows(own), count_rows(other))
    pairs = zip(*(weight_by_output(one[2], names[1]) for one in (first, second)), strict=True)
    weights = [joined_weights(pair, counts) for pair in pairs]
    if all(one is None for one in weights):
        return both.x, both.y, None
    weight = weights[0] if len(weights) == 1 else dict(zip(names[1], weights, strict=True))
    return both.x, both.y, weight


def _named(value: Any, names: Sequence[str], where: str) -> Any:
    entries = [
        list(one) if is_ragged(one) else to_array(one, where, text=True)
        for one in by_name(value, names, where)
    ]
    return entries[0] if len(names) == 1 else dict(zip(names, entries, strict=True))
