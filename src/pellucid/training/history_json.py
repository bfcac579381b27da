"""The form in which a history stands in a JSON file, and the check of one that comes back."""

import json
import math
from collections.abc import Iterator
from typing import Any

from pellucid.errors import FileError, Problem, report
from pellucid.wording import count_text

FORMAT = "pellucid.history"
VERSION = 1
LARGEST = 10**300
"""The largest whole number, which must be one for a float too."""

DEEPEST = 3
"""How deep the list of a metric with many values may be nested."""


def to_json_value(value: Any) -> Any:
    """Return a logged value as plain JSON; a number that is not finite becomes its name."""
    if isinstance(value, list):
        return [to_json_value(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value


def from_json_value(value: Any) -> Any:
    """Return the logged value that `to_json_value` described."""
    if isinstance(value, list):
        return [from_json_value(item) for item in value]
    return float(value) if isinstance(value, str) else value


def check_content(content: Any, where: str) -> None:
    """Check that `content` has the form of what `History.to_dict` returns.

    Raises:
        FileError: It has another; the message begins with `where`.
    """
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise FileError(f"{where}: got something else, expected a history in JSON ('{FORMAT}').")
    if content.get("version") != VERSION:
        given = repr(content.get("version"))[:40]
        raise FileError(
            f"{where}: got a history of version {given}, expected {VERSION}. "
            "A newer Pellucid may read it."
        )
    report(_content_problems(content, where), FileError)


def _content_problems(content: dict[str, Any], where: str) -> Iterator[Problem]:
    epochs, columns = content.get("epoch"), content.get("columns")
    if not isinstance(epochs, list) or not all(type(one) is int for one in epochs):
        yield Problem(where, "no list of epochs", "'epoch': [1, 2, ...]")
        return
    if not isinstance(columns, dict):
        yield Problem(where, "no columns", "'columns': {'loss': [...], ...}")
        return
    for name, column in columns.items():
        if not isinstance(column, list) or len(column) != len(epochs):
            expected = f"a list of {count_text(len(epochs), 'value')}, one an epoch"
            yield Problem(f"{where}, column {name[:40]!r}", "something else", expected)
        elif not all(value is None or _is_value(value) for value in column):
            expected = "numbers, lists of numbers or null"
            yield Problem(f"{where}, column {name[:40]!r}", "something else", expected)
    for key, kind in (("params", dict), ("better", dict), ("monitor", str), ("stopped", str)):
        if not isinstance(content.get(key), (kind, type(None))):
            yield Problem(
                f"{where}, '{key}'", repr(content[key])[:40], f"a {kind.__name__} or null"
            )
    try:
        json.dumps(content.get("params"), allow_nan=False)
    except (ValueError, TypeError, RecursionError):
        yield Problem(f"{where}, 'params'", "something else", "plain JSON values, numbers finite")
    better = content.get("better")
    if isinstance(better, dict) and not all(one in ("min", "max") for one in better.values()):
        yield Problem(f"{where}, 'better'", "another word", "'min' or 'max'")


def _is_value(value: Any, depth: int = 0) -> bool:
    if isinstance(value, list):
        return depth < DEEPEST and all(_is_value(item, depth + 1) for item in value)
    if isinstance(value, str):
        return value in ("NaN", "Infinity", "-Infinity")
    if isinstance(value, int):
        return not isinstance(value, bool) and abs(value) <= LARGEST
    return isinstance(value, float)
