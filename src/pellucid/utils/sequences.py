"""Sequences of different lengths as one array."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from pellucid.data.sequences import lay_out, to_arrays
from pellucid.errors import Problem, report
from pellucid.types import NumpyArray

ENDS = ("pre", "post")


def pad_sequences(
    sequences: Sequence[Any],
    maxlen: int | None = None,
    dtype: Any = "int32",
    padding: str = "pre",
    truncating: str = "pre",
    value: Any = 0.0,
) -> NumpyArray:
    """Return sequences of different lengths as one array, padded and cut to one length.

    Args:
        sequences: Lists or arrays; their first axis counts steps.
        maxlen: Number of steps that each gets; the longest sequence's when absent.
        dtype: Type of the result.
        padding: "pre" or "post": whether padding comes before or behind the steps.
        truncating: "pre" or "post": whether sequences that are too long lose their first or
            their last steps.
        value: What stands in the steps that are padding.

    Returns:
        An array of shape (sequences, maxlen, ...).

    Raises:
        ArgumentError: An argument is none of those above, or `sequences` is no list of lists.
        ShapeError: The steps of some sequences have other sizes than those of the rest.

    Example:
        >>> import pellucid
        >>> pellucid.utils.pad_sequences([[1, 2, 3], [4]]).tolist()
        [[1, 2, 3], [0, 0, 4]]

    `fit` and `predict` also take such lists as they are: see docs/networks.md.
    """
    place = "pad_sequences"
    problems = [
        Problem(f"{place}({name}=...)", repr(given), "'pre' or 'post'")
        for name, given in (("padding", padding), ("truncating", truncating))
        if given not in ENDS
    ]
    whole = isinstance(maxlen, (int, np.integer)) and not isinstance(maxlen, bool) and maxlen > 0
    if maxlen is not None and not whole:
        problems.append(Problem(f"{place}(maxlen=...)", repr(maxlen), "a whole number above 0"))
    for row, one in enumerate(sequences if hasattr(sequences, "__len__") else []):
        if not hasattr(one, "__len__") or isinstance(one, (str, bytes)):
            fix = "Put a single sequence in a list: [sequence]."
            problems.append(Problem(f"{place}, row {row}", repr(one), "a list of numbers", fix))
            break
    if not hasattr(sequences, "__len__"):
        shown = type(sequences).__name__
        problems.append(Problem(place, shown, "a list of sequences", "Write list(...)."))
    report(problems)
    arrays = to_arrays(sequences, place)
    width = max((len(one) for one in arrays), default=0) if maxlen is None else int(maxlen)
    return lay_out(arrays, width, value, np.dtype(dtype), padding, truncating)
