"""What the names of files say: `3_theo_17.wav` by the pattern `{label}_{speaker}_{index}`."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath

from pellucid.errors import ArgumentError, Problem, report

FIELD = re.compile(r"\{(\w+)\}")

MOST_CHARACTERS = 200
"""Characters of a pattern above which it is none."""


@dataclass(frozen=True)
class FileNames:
    """A pattern of names, such as `{label}_{speaker}_{index}` or `{label}/{speaker}/{take}`.

    A field stands for some characters other than `/` and the one that follows it in the pattern.
    The ending is no part of a name; folders are as far as the pattern has `/`.

    Args:
        pattern: The pattern.

    Raises:
        ArgumentError: There is no field in it, one comes twice, or two touch.

    Example:
        >>> from pathlib import PurePath
        >>> from pellucid.data.file_names import FileNames
        >>> FileNames("{label}_{speaker}_{index}").fields(PurePath("recordings/3_theo_17.wav"))
        {'label': '3', 'speaker': 'theo', 'index': '17'}
    """

    pattern: str

    def __post_init__(self) -> None:
        report(_bad(self.pattern), ArgumentError)

    @property
    def names(self) -> list[str]:
        """The names of the fields, in their order."""
        return FIELD.findall(self.pattern)

    def fields(self, path: PurePath) -> Mapping[str, str] | None:
        """Return what a file's name says; None where it is not of the pattern."""
        parts = path.with_suffix("").parts[-1 - self.pattern.count("/") :]
        found = self._expression().fullmatch("/".join(parts))
        return None if found is None else found.groupdict()

    def _expression(self) -> re.Pattern[str]:
        pieces = FIELD.split(self.pattern)
        found = re.escape(pieces[0])
        for name, behind in zip(pieces[1::2], pieces[2::2], strict=True):
            # No field holds what ends it, so that each name can be read in one way only.
            found += f"(?P<{name}>[^/{re.escape(behind[:1])}]+){re.escape(behind)}"
        return re.compile(found)


def _bad(pattern: str) -> Iterator[Problem]:
    if not isinstance(pattern, str) or len(pattern) > MOST_CHARACTERS:
        yield Problem("pattern", repr(pattern)[:60], "text such as '{label}_{speaker}_{index}'")
        return
    names = FIELD.findall(pattern)
    if "label" not in names:
        expected = "the field {label}, such as '{label}_{speaker}_{index}'"
        yield Problem("pattern", repr(pattern), expected)
    for name in sorted({one for one in names if names.count(one) > 1 or one[0].isdigit()}):
        yield Problem("pattern", f"the field {{{name}}}", "names that are words, each once")
    if "}{" in pattern:
        yield Problem("pattern", repr(pattern), "a character between two fields")
