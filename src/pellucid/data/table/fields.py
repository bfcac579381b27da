"""Converters for fields of descriptions that hold lists, as strict as those of single values."""

from typing import Any

from pellucid.description import Converter, Refusal

LONGEST_LIST = 1_000_000
LONGEST_TEXT = 100_000


def to_texts(low: int = 0, high: int = LONGEST_LIST) -> Converter:
    """Return a converter that keeps a list of different strings as a tuple, and refuses all else.

    Args:
        low: Fewest strings.
        high: Most strings.

    Example:
        >>> from pellucid.data.table.fields import to_texts
        >>> to_texts()(["a", "b"])
        ('a', 'b')
    """

    def convert(value: Any) -> tuple[str, ...]:
        fits = isinstance(value, (list, tuple)) and low <= len(value) <= high
        fits = fits and all(isinstance(one, str) and len(one) <= LONGEST_TEXT for one in value)
        if not fits or len(set(value)) != len(value):
            expected = f"a list of {low:,} to {high:,} different strings"
            raise Refusal(expected, given=_shortened(value))
        return tuple(value)

    return convert


def _shortened(value: Any) -> str:
    shown = repr(value)
    return shown if len(shown) <= 80 else f"{shown[:77]}..."
