"""How paths of arrays are written in a file that allows only letters, digits and `_./-`.

Layers may be called anything, `my layer` or `Schicht ä`. A character that a file does not
allow is written as its code point between `.x` and `.`; so `my layer/kernel` becomes
`my.x20.layer/kernel`.
"""

import re
from collections.abc import Mapping
from typing import TypeVar

from pellucid.saving.limits import refuse, shown

Value = TypeVar("Value")

LAST_CHARACTER = 0x10FFFF

# A dot before x is written so too, lest it be read as the beginning of an escape.
_OTHER = re.compile(r"[^A-Za-z0-9_./-]|\.(?=x)|(?:(?<=/)|^)\.{1,2}(?=/|$)")
_ESCAPE = re.compile(r"\.x([0-9a-f]{1,6})\.")


def escape(path: str) -> str:
    """Return `path` in the characters that a file allows.

    Example:
        >>> from pellucid.saving.names import escape
        >>> escape("my layer/kernel")
        'my.x20.layer/kernel'
    """
    return _OTHER.sub(lambda found: "".join(f".x{ord(one):x}." for one in found[0]), path)


def unescape(name: str, where: str) -> str:
    """Return the path that is written as `name`.

    Raises:
        FileError: No path is written so.
    """
    if ".x" not in name:
        return name
    path = _ESCAPE.sub(lambda found: chr(min(int(found[1], 16), LAST_CHARACTER)), name)
    if escape(path) != name or not path.isprintable():
        refuse(where, f"the array name {shown(name)}", "a name as pellucid writes it")
    return path


def escaped(arrays: Mapping[str, Value]) -> dict[str, Value]:
    """Return `arrays` by their names in files."""
    return {escape(path): array for path, array in arrays.items()}


def unescaped(arrays: Mapping[str, Value], where: str) -> dict[str, Value]:
    """Return `arrays` by their paths."""
    return {unescape(name, where): array for name, array in arrays.items()}
