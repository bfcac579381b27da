"""Files of the time series classification archives: `.ts`."""

from collections.abc import Mapping, Sequence
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
from pellucid.errors import DataError, FileError, Problem, report
from pellucid.types import NumpyArray

EXPECTED = "sequences as .ts: header lines that begin with @, @data, and a line for each"

Line = tuple[int, str]
"""Number of a line, from 1, and its text."""


def read_ts(path: Path) -> SequenceSet:
    r"""Read a `.ts` file: a line for each sequence, `:` between channels and `,` between steps.

    Lines that cannot be read are left out and told.

    Args:
        path: The file.

    Raises:
        FileError: There is no such file, it is no `.ts` or one with time stamps, or more than
            5 % of its lines cannot be read.

    Example:
        >>> import pathlib, tempfile
        >>> from pellucid.data.sequence_files import read_ts
        >>> path = pathlib.Path(tempfile.mkdtemp(), "steps.ts")
        >>> head = "@timeStamps false\n@classLabel true up down\n@data\n"
        >>> _ = path.write_text(head + "1,2,3:4,5,6:up\n3,1:0,0:down\n")
        >>> found = read_ts(path)
        >>> found.labels, [one.shape for one in found.steps]
        (['up', 'down'], [(3, 2), (2, 2)])

    Source: Ruiz et al., "The great multivariate time series classification bake off" (2021).
    """
    header, body = _parted(path)
    labelled = header.get("classlabel", "false").lower().startswith("true")
    kept, read, broken = read_each(body, partial(_read, path, labelled))
    places = [f"{path.name}, line {body[number][0]}" for number in kept]
    fitting, others = of_most_channels([steps for steps, _ in read], places)
    notes = left_out([*broken, *others], len(body), "sequence", path)
    return SequenceSet(
        [read[one][0] for one in fitting],
        [places[one] for one in fitting],
        numbered_channels(read[fitting[0]][0].shape[1]),
        [read[one][1] for one in fitting] if labelled else None,
        notes=notes,
    )


def _parted(path: Path) -> tuple[Mapping[str, str], list[Line]]:
    """Return what the header says, by words in small letters, and the lines of data."""
    header: dict[str, str] = {}
    lines = lines_of(path, EXPECTED)
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if text.lower() == "@data":
            body = [(n, one) for n, one in enumerate(lines[number:], number + 1) if one.strip()]
            return header, _checked(path, header, body)
        if text.startswith("@"):
            word, _, rest = text[1:].partition(" ")
            header[word.lower()] = rest.strip()
        elif text and text[0] not in "#%":
            break
    raise FileError(str(Problem(str(path), "no line @data behind a header", EXPECTED)))


def _checked(path: Path, header: Mapping[str, str], body: list[Line]) -> list[Line]:
    if header.get("timestamps", "false").lower().startswith("true"):
        fix = "Write the values alone, a step after the other."
        report([Problem(str(path), "sequences with time stamps", "plain ones", fix)], FileError)
    if not body:
        report([Problem(str(path), "no line behind @data", "sequences")], FileError)
    return body


def _read(path: Path, labelled: bool, line: Line) -> tuple[NumpyArray, str]:
    """Return a sequence, shape (steps, channels), and its class, "" where there is none."""
    number, text = line
    place = f"{path.name}, line {number}"
    parts = text.strip().split(":")
    label = parts.pop().strip() if labelled else ""
    if not parts or (labelled and not label):
        report([Problem(place, "a line without a class", "values:class")], DataError)
    channels = [numbers_of(one.split(","), place) for one in parts]
    return _stacked(channels, place), label


def _stacked(channels: Sequence[NumpyArray], place: str) -> NumpyArray:
    lengths = sorted({len(one) for one in channels})
    if len(lengths) > 1:
        given = f"channels of {lengths[0]} and {lengths[-1]} steps"
        report([Problem(place, given, "as many steps in each")], DataError)
    return np.stack(channels, axis=1)
