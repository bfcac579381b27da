"""Keywords that a function does not have, answered with what they are called."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from pellucid.description import unknown_argument
from pellucid.errors import report


def refuse_unknown(where: str, unknown: Iterable[str], known: Sequence[str]) -> None:
    """Answer keywords that a function does not have.

    Args:
        where: What messages call the function.
        unknown: The keywords that were given.
        known: The function's own.

    Raises:
        ArgumentError: Names each, and what it is called now or the near one.
    """
    report(unknown_argument(where, name, known) for name in unknown)


def arguments_of(function: Callable[..., Any]) -> list[str]:
    """Return the names of a function's arguments, those that may only be given by name too."""
    code = function.__code__  # type: ignore[attr-defined]
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    return [name for name in names if name != "self"]
