"""How large the parts of a file may be, and the one way to refuse a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from pellucid.errors import FileError, Problem, report

DAMAGED = "The file is damaged or was not written by pellucid: copy or save it again."


@dataclass(frozen=True)
class Limits:
    """Bounds that are checked before anything of that size is read or allocated.

    Args:
        file_bytes: Size of a file.
        members: Number of members of the archive.
        document_bytes: Size of one JSON document.
        document_depth: Nesting of lists and objects in a document.
        document_values: Number of values in a document.
        containers: Number of lists and objects in a document.
        header_bytes: Size of the header of one array member.
        arrays: Number of arrays in one member.
        rank: Number of axes of an array.
        layers: Number of layers in a network, those of inner networks among them.
        nesting: Networks within networks.
        calls: Number of computations once inner networks are written out.
        values_per_row: Number of values that one layer may make of one row of input.
    """

    file_bytes: int = 16 * 2**30
    members: int = 64
    document_bytes: int = 16 * 2**20
    document_depth: int = 64
    document_values: int = 1_000_000
    containers: int = 200_000
    header_bytes: int = 16 * 2**20
    arrays: int = 50_000
    rank: int = 8
    layers: int = 10_000
    nesting: int = 8
    calls: int = 20_000
    values_per_row: int = 2**31


LIMITS = Limits()


def refuse(where: str, given: str, expected: str, fix: str = DAMAGED) -> NoReturn:
    """Raise the `FileError` that says what is wrong at `where`."""
    report([Problem(where, given, expected, fix)], FileError)
    raise AssertionError("report raises")


def shown(value: Any) -> str:
    """Return something from a file in a form that is short and safe to print."""
    short = isinstance(value, list) and len(value) <= 10
    if short and all(isinstance(one, (int, float)) and abs(one) < 2**64 for one in value):
        return str(value)
    if isinstance(value, (Mapping, list, tuple)):
        return f"{'an object' if isinstance(value, Mapping) else 'a list'} of {len(value)}"
    text = ascii(value[:65] if isinstance(value, (str, bytes)) else value)
    return text if len(text) <= 80 else f"{text[:77]}..."


def printable(message: str) -> str:
    """Return a message that may quote a file, without what a terminal would obey, and not long."""
    safe = "".join(one if one.isprintable() or one == "\n" else ascii(one)[1:-1] for one in message)
    return safe if len(safe) <= 2000 else f"{safe[:1997]}..."
