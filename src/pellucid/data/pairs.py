"""Pairs of texts, such as sentences and their translations, from tab-separated lines."""

from dataclasses import dataclass
from typing import Any

from pellucid.data.lines import left_out_text, read_lines
from pellucid.errors import FileError, Problem, report

LONGEST = 100_000
"""Bytes of one line above which it is taken for a mistake."""


@dataclass(frozen=True)
class Pairs:
    """Texts that belong together two by two.

    Args:
        first: One side of each pair.
        second: The other side of each.
        notes: Sentences about what was left out.
    """

    first: tuple[str, ...]
    second: tuple[str, ...]
    notes: tuple[str, ...] = ()


def read_pairs(path: Any) -> Pairs:
    r"""Return the pairs of a file with a pair a line, a tab between its sides.

    Lines without a tab or with an empty side are left out and told; what stands behind a second
    tab, such as whose work it is, is not read.

    Args:
        path: The file, UTF-8.

    Raises:
        FileError: The file cannot be read, or holds no pair.

    Example:
        >>> import pathlib, tempfile
        >>> from pellucid.data.pairs import read_pairs
        >>> path = pathlib.Path(tempfile.mkdtemp()) / "pairs.txt"
        >>> _ = path.write_text("Go.\tVa !\nRun!\nHi.\tSalut !\n")
        >>> read_pairs(path).second
        ('Va !', 'Salut !')
    """
    lines = read_lines(path, LONGEST)
    first, second = [], []
    alone: list[int] = []
    empty: list[int] = []
    for number, text in zip(lines.numbers, lines.texts, strict=True):
        if not text.strip():
            continue
        one, tab, other = text.partition("\t")
        other = other.partition("\t")[0]
        if not tab:
            alone.append(number)
        elif not (one.strip() and other.strip()):
            empty.append(number)
        else:
            first.append(one.strip())
            second.append(other.strip())
    notes = (
        left_out_text(path, alone, "without a tab between two texts"),
        left_out_text(path, empty, "with an empty side"),
    )
    told = (*lines.notes, *(note for note in notes if note))
    if not first:
        given = " ".join(("no pair of texts", *(f"({note.rstrip('.')})" for note in told)))
        fix = "Write one pair a line: Go.<tab>Va !"
        report([Problem(str(path), given, "lines of two texts with a tab between", fix)], FileError)
    return Pairs(tuple(first), tuple(second), told)
