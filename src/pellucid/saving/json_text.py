r"""JSON documents: strict, bounded before they are parsed, and exact.

Beyond JSON there is one convention: `{"$float": "nan"}`, `"inf"` or `"-inf"` stands for a
number that JSON cannot write. Whatever is written reads back equal.
"""

import itertools
import json
import math
import re
from typing import Any, NoReturn

import numpy as np

from pellucid.errors import NotSaveableError
from pellucid.saving.limits import LIMITS, Limits, refuse, shown

FLOATS = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}
"""The numbers that JSON cannot write."""

SMALLEST_INTEGER, LARGEST_INTEGER = -(2**63), 2**64 - 1
LONGEST_NUMBER = 40

# Possessive, so that a text without a closing quote costs one pass and not a pass a quote.
_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)
_LONG_NUMBER = re.compile(rf"[-+.\w]{{{LONGEST_NUMBER + 1}}}", re.ASCII)
_OPEN, _CLOSE = "[{", "]}"


def encode(document: Any, where: str, limits: Limits = LIMITS) -> bytes:
    """Return `document` as JSON in UTF-8.

    Args:
        document: None, booleans, numbers, strings, lists, and dictionaries with string keys.
        where: How messages call the document.
        limits: What `decode` will accept.

    Raises:
        NotSaveableError: The document holds something else.
        FileError: It is larger than `limits` allow.
    """
    plain = _plain(document, where, limits.document_depth)
    text = json.dumps(plain, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    try:
        data = text.encode()
    except UnicodeEncodeError:
        raise NotSaveableError(
            f"{where}: got text with half a character (a lone surrogate), expected whole text. "
            "Decode the text with errors='replace' where it is read."
        ) from None
    _check_outline(data, text, where, limits, fix="Store less in it.")
    return data


def decode(data: bytes, where: str, limits: Limits = LIMITS) -> Any:
    """Return the document in `data`, whose size, depth and form are checked first.

    Raises:
        FileError: `data` is no such document, or larger than `limits` allow.
    """
    try:
        text = data.decode()
    except UnicodeDecodeError:
        refuse(where, "bytes that are not UTF-8", "a JSON document")
    _check_outline(data, text, where, limits)
    reader = _Reader(where)
    try:
        document = json.loads(
            text,
            object_pairs_hook=reader.read_object,
            parse_int=reader.read_integer,
            parse_float=reader.read_float,
            parse_constant=reader.refuse_constant,
        )
    except json.JSONDecodeError as error:
        refuse(where, f"text that is not JSON at character {error.pos}", "a JSON document")
    if "\\u" in text:
        _check_characters(document, where)
    return document


def _check_outline(
    data: bytes, text: str, where: str, limits: Limits, fix: str | None = None
) -> None:
    """Refuse a document by its size, depth and number of values, without parsing it."""

    def too_many(found: int, what: str, most: int) -> None:
        if found > most:
            words = f"{found:,} {what}", f"at most {most:,}"
            refuse(where, *words) if fix is None else refuse(where, *words, fix)

    too_many(len(data), "bytes of JSON", limits.document_bytes)
    outline = _STRING.sub("", text)
    opened, closed = (sum(map(outline.count, brackets)) for brackets in (_OPEN, _CLOSE))
    too_many(opened, "lists and objects", limits.containers)
    if opened != closed:
        refuse(where, "brackets that do not match", "a JSON document")
    too_many(opened + outline.count(","), "values", limits.document_values)
    too_many(_depth(outline), "levels of nesting", limits.document_depth)
    if _LONG_NUMBER.search(outline):
        refuse(where, f"a number of over {LONGEST_NUMBER} characters", "numbers of usual length")


def _depth(outline: str) -> int:
    brackets = re.findall(r"[\[\]{}]", outline)
    steps = (1 if bracket in _OPEN else -1 for bracket in brackets)
    return max(itertools.accumulate(steps), default=0)


class _Reader:
    """Makes Python values of JSON ones, and refuses what `json` would let pass."""

    def __init__(self, where: str) -> None:
        self.where = where

    def read_object(self, pairs: list[tuple[str, Any]]) -> Any:
        found = dict(pairs)
        if len(found) < len(pairs):
            seen: set[str] = set()
            twice = next(key for key, _ in pairs if key in seen or seen.add(key))
            refuse(self.where, f"the key {shown(twice)} twice", "each key once")
        if any(key.startswith("$") for key in found):
            return self._special(found)
        return found

    def _special(self, found: dict[str, Any]) -> float:
        name = found.get("$float")
        if len(found) == 1 and isinstance(name, str) and name in FLOATS:
            return FLOATS[name]
        key = next(key for key in found if key.startswith("$"))
        known = " or ".join(f'{{"$float": "{known}"}}' for known in FLOATS)
        refuse(self.where, f"an object with the key {shown(key)}", known)

    def read_integer(self, digits: str) -> int:
        value = int(digits)
        if not SMALLEST_INTEGER <= value <= LARGEST_INTEGER:
            refuse(self.where, f"the integer {digits}", "one of 64 bits")
        return value

    def read_float(self, digits: str) -> float:
        value = float(digits)
        if not math.isfinite(value):
            refuse(self.where, f"the number {digits}", "one that a double can hold")
        return value

    def refuse_constant(self, name: str) -> NoReturn:
        refuse(self.where, f"the word {name}", 'JSON, which writes {"$float": "nan"}')


def _check_characters(document: Any, where: str) -> None:
    r"""Refuse text with half characters: `json` makes one of `\ud800`, and it cannot be printed."""
    if isinstance(document, str):
        try:
            document.encode()
        except UnicodeEncodeError:
            refuse(where, f"half a character in {shown(document)}", "whole characters")
    elif isinstance(document, dict):
        for key, value in document.items():
            _check_characters(key, where)
            _check_characters(value, where)
    elif isinstance(document, list):
        for value in document:
            _check_characters(value, where)


def _plain(value: Any, where: str, depth: int) -> Any:
    """Return `value` as `json` shall write it."""
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        if SMALLEST_INTEGER <= value <= LARGEST_INTEGER:
            return value
        raise NotSaveableError(
            f"{where}: got an integer of {value.bit_length()} bits, expected 64."
        )
    if isinstance(value, float):
        return value if math.isfinite(value) else {"$float": str(value)}
    if depth == 0:
        raise NotSaveableError(
            f"{where}: got lists and dictionaries nested too deeply, expected at most "
            f"{LIMITS.document_depth} levels."
        )
    if isinstance(value, (list, tuple)):
        return [_plain(item, where, depth - 1) for item in value]
    if isinstance(value, dict):
        return {
            _key(key, where): _plain(item, f"{where}: {key}", depth - 1)
            for key, item in value.items()
        }
    raise NotSaveableError(
        f"{where}: got {type(value).__name__}, expected None, True or False, a number, text, "
        "a list, or a dictionary of these."
    )


def _key(key: Any, where: str) -> str:
    if isinstance(key, str) and not key.startswith("$"):
        return key
    raise NotSaveableError(
        f"{where}: got the key {key!r}, expected text that does not begin with '$'. "
        "Write it as text, for example str(key)."
    )
