"""How numbers, times and counts read in messages, tables and pictures."""

import math
from collections.abc import Collection


def number_text(value: float) -> str:
    """Return a number with about four digits that matter.

    Args:
        value: Any real number, also NaN or infinite.

    Example:
        >>> from pellucid.wording import number_text
        >>> [number_text(value) for value in (0.5, 0.03125, 0.00001, 12.3456, float("nan"))]
        ['0.5000', '0.03125', '1e-05', '12.346', 'nan']
    """
    value += 0.0  # Of a zero with a sign the sign says nothing.
    size = abs(value)
    if not math.isfinite(value):
        return str(float(value))
    if size >= 1e9 or 0 < size < 0.1:
        return f"{value:.4g}"
    places = 4 if size < 10 else 3 if size < 100 else 2 if size < 1000 else 1 if size < 1e4 else 0
    return f"{value:,.{places}f}"


def measured_text(value: float) -> str:
    """Return a whole number as a whole number, and any other with about four digits that matter.

    Args:
        value: Any real number, also NaN or infinite.

    Example:
        >>> from pellucid.wording import measured_text
        >>> [measured_text(value) for value in (3.0, 5600.0, 0.5, float("inf"))]
        ['3', '5,600', '0.5000', 'inf']
    """
    whole = math.isfinite(value) and abs(value) < 1e9 and value == int(value)
    return f"{int(value):,}" if whole else number_text(value)


def duration_text(seconds: float) -> str:
    """Return a time as a person would say it.

    Args:
        seconds: Seconds, at least 0.

    Example:
        >>> from pellucid.wording import duration_text
        >>> [duration_text(seconds) for seconds in (0.123, 12.34, 125, 7384)]
        ['0.12 s', '12.3 s', '2 min 05 s', '2 h 03 min']
    """
    if seconds < 9.995:
        return f"{seconds:.2f} s"
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


def free_name(stem: str, taken: Collection[str]) -> str:
    """Return `stem`, or the first of `stem_1`, `stem_2` and so on that is not taken.

    Args:
        stem: The name that is wanted.
        taken: The names that there are.

    Example:
        >>> from pellucid.wording import free_name
        >>> free_name("dense", ["dense", "dense_1"])
        'dense_2'
    """
    name, number = stem, 0
    while name in taken:
        number += 1
        name = f"{stem}_{number}"
    return name


def count_text(number: int, thing: str) -> str:
    """Return "1 row", "2 rows", "12,000 rows".

    Args:
        number: How many.
        thing: What is counted, in the singular; its plural ends in "s" or "es".

    Example:
        >>> from pellucid.wording import count_text
        >>> count_text(1, "row"), count_text(12000, "row"), count_text(2, "class")
        ('1 row', '12,000 rows', '2 classes')
    """
    ending = "es" if thing.endswith("s") else "s"
    return f"{number:,} {thing}" + ("" if number == 1 else ending)
