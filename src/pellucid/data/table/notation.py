"""Text to numbers: which marks mean missing, and how people write numbers."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pellucid.types import NumpyArray

_WORDS = ("na", "n/a", "#n/a", "#na", "nan", "-nan", "null", "none", "nil", "<na>", "missing")

MISSING_MARKS = frozenset(
    {"", "?", "-", "--", ".", "NaN"}
    | {form(word) for word in _WORDS for form in (str.lower, str.upper, str.capitalize)}
)
"""What is read as "no value" wherever it fills a field alone."""

LARGEST_EXACT = 2**53
"""Above this, float64 no longer holds every whole number."""

_PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")


def parse_number(text: str) -> float | None:
    """Return the number that `text` writes plainly, or None.

    Example:
        >>> from pellucid.data.table.notation import parse_number
        >>> parse_number(" 1.5e3 "), parse_number("1_000"), parse_number("3,5")
        (1500.0, None, None)
    """
    text = text.strip()
    if _PLAIN.fullmatch(text) and text.isascii():
        return float(text)
    return {"inf": np.inf, "+inf": np.inf, "-inf": -np.inf}.get(text.lower())


def parse_plain(values: Sequence[str]) -> NumpyArray | None:
    """Return all values as float64, shape (values,), or None if one is not a number."""
    try:
        numbers = np.fromiter(map(float, values), np.float64, len(values))
    except ValueError:
        return None
    # Python's float also takes 1_000 and the digits of other scripts.
    joined = "".join(values)
    return numbers if "_" not in joined and joined.isascii() else None


def keeps_zeros(values: Iterable[str]) -> bool:
    """Return whether values are codes of three or more digits with leading zeros: `00501`."""
    return any(len(value) > 2 and value[0] == "0" and value.isdigit() for value in values)


def exceeds_exact(values: Iterable[str]) -> bool:
    """Return whether a value has so many digits that a float would not tell it from the next."""
    return any(len(value) > 15 and _is_long(value.lstrip("+-")) for value in values)


def _is_long(digits: str) -> bool:
    # Python refuses to turn thousands of digits into an int.
    return digits.isdigit() and (len(digits) > 17 or int(digits) > LARGEST_EXACT)


def number_text(number: float) -> str:
    """Return the shortest text of a number; whole ones without a decimal point.

    Example:
        >>> from pellucid.data.table.notation import number_text
        >>> number_text(3.0), number_text(0.1), number_text(1e300)
        ('3', '0.1', '1e+300')
    """
    if abs(number) < LARGEST_EXACT and number == int(number):
        return str(int(number))
    return repr(float(number))


def canonical_text(text: str) -> str:
    """Return one spelling for a value: `1.0`, `+1` and `1` are the level `1`; `007` stays."""
    text = text.strip()
    if keeps_zeros((text,)) or exceeds_exact((text,)):
        return text
    number = parse_number(text)
    return text if number is None else number_text(number)


@dataclass(frozen=True)
class Notation:
    """A way of writing numbers that is not plain.

    Args:
        words: The notation, as it is shown to the user.
        pattern: What a number written in this way looks like.
        plain: What may stand beside it: `999` beside `1,250`.
        rewrite: Returns the plain form of a number that fits the pattern.
    """

    words: str
    pattern: re.Pattern[str]
    plain: re.Pattern[str]
    rewrite: Callable[[str], str]


_AMOUNT = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_SIGN = r"[$€£¥]"
_SPACE = " \u00a0\u2009\u202f"
"""The space, and those that do not break a line or are thin."""
_APOSTROPHE = "'\u2019"

NOTATIONS: Mapping[str, Notation] = {
    "thousands": Notation(
        "written with commas between thousands",
        re.compile(r"[+-]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?"),
        _PLAIN,
        lambda text: text.replace(",", ""),
    ),
    "decimal comma": Notation(
        "written with a decimal comma",
        re.compile(rf"[+-]?(?:\d{{1,3}}([.{_SPACE}{_APOSTROPHE}])\d{{3}}(?:\1\d{{3}})*|\d+),\d+"),
        re.compile(rf"[+-]?(?:\d+|[1-9]\d{{0,2}}(?:[{_SPACE}{_APOSTROPHE}]\d{{3}})+)"),
        lambda text: re.sub(rf"[.{_SPACE}{_APOSTROPHE}]", "", text).replace(",", "."),
    ),
    "percent": Notation(
        "written as percentages",
        re.compile(r"[+-]?\d+(?:\.\d+)?\s?%"),
        _PLAIN,
        lambda text: text.rstrip("%").strip(),
    ),
    "currency": Notation(
        "written with a currency sign",
        re.compile(rf"[+-]?(?:{_SIGN}\s?{_AMOUNT}|{_AMOUNT}\s?{_SIGN})"),
        _PLAIN,
        lambda text: re.sub(rf"\s?{_SIGN}\s?", "", text).replace(",", ""),
    ),
    "points": Notation(
        "written with points between thousands",
        re.compile(r"[+-]?[1-9]\d{0,2}(?:\.\d{3}){2,}"),
        re.compile(r"[+-]?(?:\d{1,3}|[1-9]\d{0,2}\.\d{3})"),
        lambda text: text.replace(".", ""),
    ),
    "spaces": Notation(
        "written with spaces between thousands",
        re.compile(rf"[+-]?[1-9]\d{{0,2}}(?:[{_SPACE}]\d{{3}})+(?:\.\d+)?"),
        _PLAIN,
        lambda text: re.sub(rf"[{_SPACE}]", "", text),
    ),
    "apostrophes": Notation(
        "written with apostrophes between thousands",
        re.compile(rf"[+-]?[1-9]\d{{0,2}}(?:[{_APOSTROPHE}]\d{{3}})+(?:\.\d+)?"),
        _PLAIN,
        lambda text: re.sub(rf"[{_APOSTROPHE}]", "", text),
    ),
}
"""Other ways of writing numbers; where two fit every value (`1,250`), the first is meant."""

_LIKE_NUMBER = re.compile(
    rf"[+-]?(?:{_SIGN}\s?)?\d+(?:[.,{_SPACE}{_APOSTROPHE}]\d+)*(?:\s?(?:{_SIGN}|%))?"
)


def parse_as(text: str, notation: str | None) -> float | None:
    """Return the number that `text` writes, plainly or in the named notation, or None.

    Example:
        >>> from pellucid.data.table.notation import parse_as
        >>> parse_as("1.234,5", "decimal comma"), parse_as("12", "decimal comma")
        (1234.5, 12.0)
    """
    if notation is None:
        return parse_number(text)
    way = NOTATIONS[notation]
    if way.pattern.fullmatch(text) or way.plain.fullmatch(text):
        return parse_number(way.rewrite(text))
    return None


def find_notation(values: Iterable[str], share: float = 1.0) -> str | None:
    """Return the notation that reads at least `share` of the values, or None.

    Example:
        >>> from pellucid.data.table.notation import find_notation
        >>> find_notation(["3,5", "12", "0,25"])
        'decimal comma'
    """
    texts = list(values)
    for name, way in NOTATIONS.items():
        read = sum(parse_as(text, name) is not None for text in texts)
        if read >= share * len(texts) and any(way.pattern.fullmatch(text) for text in texts):
            return name
    return None


def notation_note(where: str, values: Iterable[str], notation: str) -> str:
    """Return how numbers that are not written plainly are read, in words.

    Args:
        where: What holds them, such as "Column 'price'".
        values: The texts.
        notation: Their notation, a key of `NOTATIONS`.

    Example:
        >>> from pellucid.data.table.notation import notation_note
        >>> notation_note("Column 'x'", ["3,5", "1.234,5"], "decimal comma")
        "Column 'x' is written with a decimal comma: '3,5' is read as 3.5."
        >>> print(notation_note("Column 'x'", ["1,250"], "thousands"))
        Column 'x' is written with commas between thousands: '1,250' is read as 1250. If it is
        written with a decimal comma, write 1.25.
    """
    texts = list(values)
    shown = next(text for text in texts if NOTATIONS[notation].pattern.fullmatch(text))
    told = f"{where} is {NOTATIONS[notation].words}: '{shown}' is read as {_read(shown, notation)}."
    for name, way in NOTATIONS.items():
        other = _read(shown, name)
        if other != _read(shown, notation) and all(
            parse_as(one, name) is not None for one in texts
        ):
            return f"{told} If it is {way.words}, write {other}."
    return told


def _read(text: str, notation: str) -> str:
    number = parse_as(text, notation)
    return "" if number is None else number_text(number)


def is_like_numbers(values: Iterable[str], share: float) -> bool:
    """Return whether at least `share` of the texts are digits and separators, but no number.

    Example:
        >>> from pellucid.data.table.notation import is_like_numbers
        >>> is_like_numbers(["1.234,56 €", "12,5 €"], 1.0), is_like_numbers(["a1", "b2"], 0.8)
        (True, False)
    """
    texts = list(values)
    like = sum(parse_number(one) is None and bool(_LIKE_NUMBER.fullmatch(one)) for one in texts)
    return like >= share * len(texts) > 0
