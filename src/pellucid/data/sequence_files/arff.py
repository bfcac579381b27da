"""Weka's files: `.arff`, a line for each sequence, of one channel or, in a relation, of several."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from pellucid.data.left_out import left_out, read_each
from pellucid.data.sequence_files.sequence_set import (
    SequenceSet,
    numbered_channels,
    of_most_channels,
)
from pellucid.data.sequence_files.text import lines_of, numbers_of
from pellucid.errors import DataError, FileError, Problem, did_you_mean, report
from pellucid.types import NumpyArray
from pellucid.wording import count_text

EXPECTED = "sequences as .arff: @attribute lines, @data, and a line for each"

ATTRIBUTE = re.compile(r"@attribute\s+('[^']*'|\"[^\"]*\"|\S+)\s+(.+)", re.IGNORECASE)

FIELD = re.compile(r"""\s*(?:'((?:[^'\\]++|\\.)*+)'\s*|"((?:[^"\\]++|\\.)*+)"\s*|([^,]*+))(,|$)""")
"""A field, in quotes or not, and what ends it. Nothing is tried twice, however long a line is."""

NUMERIC = ("numeric", "real", "integer")

CHANNELS = r"\n"
"""What stands between the channels of a sequence in a relation: two signs, no line's end."""

MISSING = "?"

Line = tuple[int, str]
"""Number of a line, from 1, and its text."""


@dataclass(frozen=True)
class Attribute:
    """What one value of each line is.

    Args:
        name: Its name.
        kind: Its type: "numeric", "relational", or its values in braces.
        inner: The types of a relation's own attributes.
    """

    name: str
    kind: str
    inner: tuple[str, ...] = ()

    @property
    def numeric(self) -> bool:
        """Whether it is a number."""
        return self.kind.lower() in NUMERIC

    @property
    def relational(self) -> bool:
        """Whether it is a table of its own."""
        return self.kind.lower() == "relational"


@dataclass(frozen=True)
class Header:
    """Which values of a line are what.

    Args:
        width: Values in a line.
        relation: The place of the relation that holds the sequence; None for one channel.
        steps: The places of the steps in a line, or their number in the relation.
        label: The place of the class, or None.
    """

    width: int
    relation: int | None
    steps: Sequence[int]
    label: int | None


def read_arff(path: Path, target: str | None = None) -> SequenceSet:
    r"""Read an `.arff` file of sequences.

    Numeric attributes are the steps of one channel. A relational attribute is a sequence of
    several channels, as the archive of multivariate series writes it: its own attributes are the
    steps, a row of it is a channel. Missing values behind the last step of a sequence fill it up
    to the length of the longest. Lines that cannot be read are left out and told.

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

    Source: Witten and Frank, "Data Mining" (2005), section 2.4; Bagnall et al., "The UEA
    multivariate time series classification archive" (2018).
    """
    attributes, body = _parted(path)
    header = _header(path, attributes, target)
    kept, read, broken = read_each(body, partial(_read, path, header))
    places = [f"{path.name}, line {body[number][0]}" for number in kept]
    fitting, others = of_most_channels([steps for steps, _ in read], places)
    notes = left_out([*broken, *others], len(body), "sequence", path)
    found = [read[one][0] for one in fitting]
    return SequenceSet(
        found,
        [places[one] for one in fitting],
        numbered_channels(found[0].shape[1]),
        None if header.label is None else [read[one][1] for one in fitting],
        notes=(*notes, *_told(attributes, header, found)),
    )


def _told(
    attributes: Sequence[Attribute], header: Header, found: Sequence[NumpyArray]
) -> Iterator[str]:
    """Yield what was made of the file, in words."""
    used = {*header.steps} if header.relation is None else {header.relation}
    rest = [
        f"'{one.name}'"
        for place, one in enumerate(attributes)
        if place not in used and place != header.label
    ]
    if rest:
        yield f"Left out what is neither a step nor the class: {', '.join(rest)}."
    short = sum(len(one) < len(header.steps) for one in found)
    if short:
        yield (
            f"{count_text(short, 'sequence')} of {len(found)} shorter than the header's "
            f"{count_text(len(header.steps), 'step')}: '{MISSING}' behind the last is no step."
        )


def _parted(path: Path) -> tuple[list[Attribute], list[Line]]:
    """Return the attributes, those of a relation within it, and the lines of data."""
    attributes: list[Attribute] = []
    relation: str | None = None
    inner: list[str] = []
    lines = lines_of(path, EXPECTED)
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if text.lower() == "@data":
            rest = enumerate(lines[number:], number + 1)
            body = [(n, one) for n, one in rest if one.strip() and not one.startswith("%")]
            return _checked(path, attributes, body), body
        found = ATTRIBUTE.match(text)
        if found is not None and relation is None:
            one = Attribute(found[1].strip("'\""), found[2].strip())
            attributes.append(one)
            relation = one.name if one.relational else None
        elif found is not None:
            inner.append(found[2].strip())
        elif relation is not None and text.lower().startswith("@end"):
            attributes[-1] = Attribute(relation, "relational", tuple(inner))
            relation, inner = None, []
        elif text and text[0] not in "%@":
            break
    raise FileError(str(Problem(str(path), "no line @data behind a header", EXPECTED)))


def _checked(path: Path, attributes: list[Attribute], body: list[Line]) -> list[Attribute]:
    problems = []
    relations = [one for one in attributes if one.relational]
    strange = [kind for one in relations for kind in one.inner if kind.lower() not in NUMERIC]
    if len(relations) > 1:
        given = count_text(len(relations), "relational attribute")
        problems.append(Problem(str(path), given, "one, which holds the sequence"))
    elif strange:
        given = f"a relational attribute of values '{strange[0]}'"
        fix = "Relations within relations, names and dates are not read."
        problems.append(Problem(str(path), given, "numbers, one for each step", fix))
    elif relations and not relations[0].inner:
        given = f"a relational attribute '{relations[0].name}' without attributes or @end"
        problems.append(Problem(str(path), given, "a numeric one in it for each step"))
    elif not relations and not any(one.numeric for one in attributes):
        problems.append(Problem(str(path), "no numeric attribute", "one for each step"))
    if not body:
        problems.append(Problem(str(path), "no line behind @data", "sequences"))
    report(problems, FileError)
    return attributes


def _header(path: Path, attributes: Sequence[Attribute], target: str | None) -> Header:
    label = _label_place(path, attributes, target)
    relation = next((place for place, one in enumerate(attributes) if one.relational), None)
    if relation is not None:
        steps: Sequence[int] = range(len(attributes[relation].inner))
    else:
        numeric = [place for place, one in enumerate(attributes) if one.numeric]
        steps = [place for place in numeric if place != label]
    return Header(len(attributes), relation, steps, label)


def _label_place(path: Path, attributes: Sequence[Attribute], target: str | None) -> int | None:
    names = [one.name for one in attributes]
    if target is not None and target not in names:
        fix = did_you_mean(target, names[-20:])
        report([Problem("target", repr(target), f"an attribute of {path}", fix)], FileError)
    if target is not None:
        return names.index(target)
    named = [place for place, one in enumerate(attributes) if one.kind.startswith("{")]
    return named[-1] if named else None


def _read(path: Path, header: Header, line: Line) -> tuple[NumpyArray, str]:
    """Return a sequence, shape (steps, channels), and its class, "" where there is none."""
    number, text = line
    place = f"{path.name}, line {number}"
    fields = _fields(text)
    if len(fields) != header.width:
        given = count_text(len(fields), "value")
        report([Problem(place, given, f"{header.width}, one for each attribute")], DataError)
    if header.relation is None:
        channels = [[fields[one] for one in header.steps]]
    else:
        rows = fields[header.relation].split(CHANNELS)
        channels = [[value.strip() for value in row.split(",")] for row in rows]
        _check_steps(channels, len(header.steps), place)
    length = _length(channels)
    if not length:
        report([Problem(place, "missing values alone", "a number for a step at least")], DataError)
    found = np.stack([numbers_of(one[:length], place) for one in channels], axis=1)
    named = "" if header.label is None else fields[header.label]
    if header.label is not None and named in ("", MISSING):
        report([Problem(place, "no class", "one of those of the header")], DataError)
    return found, named


def _check_steps(channels: Sequence[Sequence[str]], steps: int, place: str) -> None:
    for number, one in enumerate(channels, 1):
        if len(one) != steps:
            given = f"{count_text(len(one), 'step')} in channel {number}"
            report([Problem(place, given, f"{steps}, as the header says")], DataError)


def _length(channels: Sequence[Sequence[str]]) -> int:
    """Return how many steps there are before all values are missing to the end."""
    length = len(channels[0])
    while length and all(one[length - 1] == MISSING for one in channels):
        length -= 1
    return length


def _fields(text: str) -> list[str]:
    """Return the values of a line, without the quotes around them."""
    if "'" not in text and '"' not in text:
        return [one.strip() for one in text.split(",")]
    fields, place, end = [], 0, ","
    while end == ",":
        found = FIELD.match(text, place)
        assert found is not None
        single, double, bare, end = found.groups()
        fields.append(next(one for one in (single, double, bare) if one is not None).strip())
        place = found.end()
    return fields
