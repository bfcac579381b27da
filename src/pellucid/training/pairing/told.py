"""How values and their places read in messages."""

import numpy as np

from pellucid.types import NumpyArray


def value_text(value: float) -> str:
    """Return a label as a person would write it: 3 and not 3.0."""
    return str(int(value)) if np.isfinite(value) and value == int(value) else f"{value:.6g}"


def place_text(y: NumpyArray, chosen: NumpyArray, thing: str = "value") -> str:
    """Return the first chosen value with its row, and how many there are.

    Args:
        y: Labels, shape (rows, ...).
        chosen: True for the values meant, the same shape; at least one is.
        thing: What is counted, in the singular.
    """
    place = int(chosen.argmax())
    row = place // (y.size // len(y))
    count = int(np.count_nonzero(chosen))
    more = f" ({count:,} of {y.size:,} {thing}s)" if count > 1 else ""
    return f"{value_text(float(y.reshape(-1)[place]))} in row {row}{more}"


def interval_text(low: float, high: float) -> str:
    """Return "from 0 to 1", "of at least 0" or "of at most 0"."""
    if np.isinf(high):
        return f"of at least {value_text(low)}"
    if np.isinf(low):
        return f"of at most {value_text(high)}"
    return f"from {value_text(low)} to {value_text(high)}"


def shape_text(shape: tuple[int | None, ...], rows: int) -> str:
    """Return a shape with the number of rows in place of the batch axis."""
    known = tuple(shape[1:])
    inside = ", ".join(str(size) for size in (rows, *known))
    return f"shape ({inside},)" if not known else f"shape ({inside})"
