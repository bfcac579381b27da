"""What lies at a path: which kind of data it is, and how one can tell."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Seen:
    """What a path was taken for.

    Args:
        kind: Name of the kind of data.
        sentence: What was seen, and how to correct it.
    """

    kind: str
    sentence: str


def recognise(path: Any, options: Mapping[str, Any]) -> Seen:
    """Return which kind of data lies at a path.

    Args:
        path: A file or a folder.
        options: What the user says of it, such as `target`.
    """
    return Seen("table", f"{path}: a table.")
