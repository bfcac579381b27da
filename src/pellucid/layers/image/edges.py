"""Numbers for the two ends of each axis of space, as padding and cropping take them."""

from collections.abc import Callable
from typing import Any

import numpy as np

from pellucid.description import Refusal

Edges = tuple[tuple[int, int], ...]
"""For each axis of space how much is added or cut off (at the beginning, at the end)."""


def edges_of(axes: int) -> Callable[[Any], Edges]:
    """Return a converter for fields: a number for all, or for each axis a number or a pair."""
    pairs = ((1, 2),) * axes
    numbers = f", {axes} of them such as {tuple(range(1, 1 + axes))}," if axes > 1 else ""
    shown = f"{axes} pairs" if axes > 1 else "a pair"
    expected = (
        f"a whole number at least 0{numbers} or {shown} for beginning and end such as "
        f"{pairs if axes > 1 else pairs[0]}"
    )

    def convert(value: Any) -> Edges:
        whole = _is_whole(value) or (axes == 1 and _is_pair(value))
        ends = (value,) * axes if whole else value
        if not isinstance(ends, (tuple, list)) or len(ends) != axes:
            raise Refusal(expected)
        if not all(_is_whole(one) or _is_pair(one) for one in ends):
            raise Refusal(expected)
        return tuple((one, one) if _is_whole(one) else (int(one[0]), int(one[1])) for one in ends)

    return convert


def _is_pair(value: Any) -> bool:
    together = isinstance(value, (tuple, list))
    return together and len(value) == 2 and all(_is_whole(one) for one in value)


def _is_whole(value: Any) -> bool:
    whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    return whole and bool(value >= 0)
