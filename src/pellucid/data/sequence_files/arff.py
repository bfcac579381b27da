"""Weka's files: `.arff`, a line for each sequence of one channel."""

import csv
import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from pellucid.data.left_out import left_out, read_each
from pellucid.data.sequence_files.sequence_set import SequenceSet, numbered_channels
from pellucid.data.sequence_files.text import lines_of, numbers_of
from pellucid.errors import DataError, FileError, Problem, did_you_mean, report
from pellucid.types import NumpyArray
from pellucid.wording import count_text

EXPECTED = "sequences as .arff: @attribute lines, @data, and a line for each"

ATTRIBUTE = re.compile(r"@attribute\s+('[^']*'|\"[^\"]*\"|\S+)\s+(.+)", re.IGNORECASE)

NUMERIC = ("numeric", "real", "integer")

Line = tuple[int, str]
"""Number of a line, from 1, and its text."""


def read_arff(path: Path, target: str | None = None) -> SequenceSet:
    r"""Read an `.arff` file whose numeric attributes are the steps of one channel.

    Lines that cannot be read are left out and told.

    Args:
        path: The file.
        target: Name of the attribute that is the class; the last one with named values when None.

    Raises:
        FileError: There is no such file, it is no `.arff` of this kind, or more than 5 % of its
            lines cannot be read.

    Example:
        >>> import pathlib, tempfile
        >>> from pellucid.data.sequence_files import read_arff
        >>> path = pathlib.Path(tempfile.mkdtemp(), "beats.arff")
        >>> head = "@relation beats\n@attribute a real\n@attribute b real\n"
        >>> _ = path.write_text(head + "@attribute kind {up,down}\n@data\n1,2,up\n3,1,down\n")
        >>> found = read_arff(path)
        >>> found.labels, found.steps[0][:, 0].tolist()
        (['up', 'down'], [1.0, 2.0])

    Source: Witten and Frank, "Data Mining" (2005), section 2.4.
    """
    attributes, body = _parted(path)
    steps = [place for place, (_, kind) in enumerate(attributes) if kind.lower() in NUMERIC]
    label = _label_place(path, attributes, target)
    steps = [place for place in steps if place != label]
    kept, read, broken = read_each(body, partial(_read, path, len(attributes), steps, label))
    notes = left_out(broken, len(body), "sequence", path)
    return SequenceSet(
        [steps for steps, _ in read],
        [f"{path.name}, line {body[number][0]}" for number in kept],
        numbered_channels(1),
        None if label is None else [one for _, one in read],
        notes=notes,
    )


def _parted(path: Path) -> tuple[list[tuple[str, str]], list[Line]]:
    """Return names and kinds of the attributes, and the lines of data."""
    attributes: list[tuple[str, str]] = []
    lines = lines_of(path, EXPECTED)
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if text.lower() == "@data":
            rest = enumerate(lines[number:], number + 1)
            body = [(n, one) for n, one in rest if one.strip() and not one.startswith("%")]
            return _checked(path, attributes, body), body
        found = ATTRIBUTE.match(text)
        if found is not None:
            attributes.append((found[1].strip("'\""), found[2].strip()))
        elif text and text[0] not in "%@":
            break
    raise FileError(str(Problem(str(path), "no line @data behind a header", EXPECTED)))


def _checked(
    path: Path, attributes: list[tuple[str, str]], body: list[Line]
) -> list[tuple[str, str]]:
    problems = []
    if any(kind.lower().startswith("relational") for _, kind in attributes):
        fix = "Archives offer such sets as .ts too."
        problems.append(Problem(str(path), "a relational attribute", "one channel", fix))
    elif not any(kind.lower() in NUMERIC for _, kind in attributes):
        problems.append(Problem(str(path), "no numeric attribute", "one for each step"))
    if not body:
        problems.append(Problem(str(path), "no line behind @data", "sequences"))
    report(problems, FileError)
    return attributes


def _label_place(
    path: Path, attributes: Sequence[tuple[str, str]], target: str | None
) -> int | None:
    names = [name for name, _ in attributes]
    if target is not None and target not in names:
        fix = did_you_mean(target, names[-20:])
        report([Problem("target", repr(target), f"an attribute of {path}", fix)], FileError)
    if target is not None:
        return names.index(target)
    named = [place for place, (_, kind) in enumerate(attributes) if kind.startswith("{")]
    return named[-1] if named else None


def _read(
    path: Path, attributes: int, steps: Sequence[int], label: int | None, line: Line
) -> tuple[NumpyArray, str]:
    """Return a sequence, shape (steps, 1), and its class, "" where there is none."""
    number, text = line
    place = f"{path.name}, line {number}"
    fields = next(csv.reader([text], quotechar="'", skipinitialspace=True))
    if len(fields) != attributes:
        given = count_text(len(fields), "value")
        report([Problem(place, given, f"{attributes}, one for each attribute")], DataError)
    found = numbers_of([fields[one] for one in steps], place)[:, None]
    named = "" if label is None else fields[label].strip().strip('"')
    if label is not None and named in ("", "?"):
        report([Problem(place, "no class", "one of those of the header")], DataError)
    return found, named
