"""Lines of text files: what can be read of them, and what was left out."""

import codecs
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pellucid.errors import FileError, Problem, report
from pellucid.wording import count_text

LONGEST = 10_000_000
"""Bytes of one line above which it is taken for a mistake."""

MOST_SHOWN = 5
"""Numbers of lines that a sentence names."""


@dataclass(frozen=True)
class Lines:
    """The lines of a file that could be read, without their ends.

    Args:
        texts: The lines.
        numbers: The number of each in the file, from 1.
        notes: Sentences about those that were left out.
    """

    texts: tuple[str, ...]
    numbers: tuple[int, ...]
    notes: tuple[str, ...] = ()


def read_lines(path: Any, longest: int = LONGEST) -> Lines:
    r"""Return the lines of a file that are UTF-8 and not far too long.

    Args:
        path: The file.
        longest: Bytes above which a line is left out; it is never held in memory.

    Raises:
        FileError: The file cannot be read, or more than half of its lines are left out.

    Example:
        >>> import pathlib, tempfile
        >>> from pellucid.data.lines import read_lines
        >>> path = pathlib.Path(tempfile.mkdtemp()) / "poem.txt"
        >>> _ = path.write_bytes(b"one\ntwo\nth\xffree\n")
        >>> read_lines(path).texts
        ('one', 'two')
    """
    texts, numbers = [], []
    strange: list[int] = []
    long: list[int] = []
    try:
        for number, line in enumerate(_raw_lines(Path(path), longest), 1):
            if line is None:
                long.append(number)
                continue
            try:
                texts.append(line.decode("utf-8"))
                numbers.append(number)
            except UnicodeDecodeError:
                strange.append(number)
    except FileNotFoundError:
        raise FileError(f"{path}: got no such file, expected a text.") from None
    except OSError as error:
        raise FileError(f"{path}: cannot be read ({error.strerror}).") from None
    if len(strange) + len(long) > len(texts):
        report([*_problems(path, strange, long, longest)], FileError)
    notes = (
        left_out_text(path, strange, "not UTF-8"),
        left_out_text(path, long, f"longer than {longest:,} bytes"),
    )
    return Lines(tuple(texts), tuple(numbers), tuple(note for note in notes if note))


def _raw_lines(path: Path, longest: int) -> Iterator[bytes | None]:
    """Yield each line without its end; None for one that is too long."""
    with path.open("rb") as file:
        first = True
        while line := file.readline(longest + 2):
            cut = len(line) > longest and not line.endswith(b"\n")
            while cut and line and not line.endswith(b"\n"):
                line = file.readline(longest + 2)
            if first:
                line = line.removeprefix(codecs.BOM_UTF8)
                first = False
            line = line.removesuffix(b"\n").removesuffix(b"\r")
            yield None if cut or len(line) > longest else line


def _problems(
    path: Any, strange: Sequence[int], long: Sequence[int], longest: int
) -> Iterator[Problem]:
    if strange:
        given = f"{count_text(len(strange), 'line')} not in UTF-8 ({lines_text(strange)})"
        yield Problem(str(path), given, "text in UTF-8", "Save the file as UTF-8.")
    if long:
        given = f"{count_text(len(long), 'line')} of more than {longest:,} bytes"
        fix = "Break the lines first."
        yield Problem(str(path), f"{given} ({lines_text(long)})", "shorter ones", fix)


def left_out_text(path: Any, numbers: Sequence[int], why: str) -> str:
    """Return a sentence about lines that are left out; nothing where there are none.

    Args:
        path: The file.
        numbers: Their numbers.
        why: What is wrong with them: "not UTF-8".
    """
    if not numbers:
        return ""
    return f"{path}: {count_text(len(numbers), 'line')} left out, {why} ({lines_text(numbers)})."


def lines_text(numbers: Sequence[int]) -> str:
    """Return "line 3", "lines 3, 8", and for many "lines 3, 8, 9, 12, 40 and 7 more".

    Args:
        numbers: Numbers of lines, at least one.
    """
    shown = ", ".join(f"{number:,}" for number in numbers[:MOST_SHOWN])
    more = len(numbers) - MOST_SHOWN
    rest = f" and {more:,} more" if more > 0 else ""
    return f"line{'' if len(numbers) == 1 else 's'} {shown}{rest}"
