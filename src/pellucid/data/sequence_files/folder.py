"""A folder with a file for each sequence, and a table, or folders, that tell their classes."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pellucid.data.left_out import left_out, read_each
from pellucid.data.sequence_files.sequence_set import SequenceSet
from pellucid.data.sequence_files.steps import fields_of, read_steps, separator_of
from pellucid.data.sequence_files.text import lines_of
from pellucid.errors import FileError, Problem, did_you_mean, report
from pellucid.types import NumpyArray
from pellucid.wording import count_text

ENDINGS = (".csv", ".tsv", ".txt")

TELLING = ("target", "label", "class")
"""Words in the name of a table that tells classes."""


def read_sequence_folder(
    folder: Path,
    target: str | None = None,
    group: str | None = None,
    channels: Sequence[str] | None = None,
) -> SequenceSet:
    """Read a folder with a CSV for each sequence.

    The class of each stands in a table that lies in the folder too, a line for each sequence
    with its number or name and its class; or the folder holds a folder for each class. What
    cannot be read is left out and told.

    Args:
        folder: The folder.
        target: Name of the table; when None one whose name has "target", "label" or "class".
        group: Name of another such table that tells what belongs together, or a column of the
            first one.
        channels: Names that the columns must have; those of most files when None.

    Raises:
        FileError: There are no sequences, no such table, or more than 5 % cannot be read.
    """
    files = sorted(one for one in folder.iterdir() if one.suffix.lower() in ENDINGS)
    if not files:
        return _read_all(_class_folders(folder), folder, channels)
    telling = _telling(folder, files, target)
    tables = {one.resolve() for one in (telling, _file(folder, group)) if one is not None}
    kept = [one for one in files if one.resolve() not in tables]
    if not kept:
        report([Problem(str(folder), "no files beside tables", "a CSV a sequence")], FileError)
    named = _Named([(one, None) for one in kept])
    if telling is not None:
        named = _told(named, _Table.of(telling))
    if group is not None:
        named = _grouped(named, folder, group)
    return _read_all(named, folder, channels)


@dataclass(frozen=True)
class _Table:
    """A table with names or numbers of sequences first, and what is said of them.

    Args:
        path: The file.
        names: Names of its columns, as far as the first line has some.
        rows: Fields of each line.
    """

    path: Path
    names: tuple[str, ...]
    rows: list[list[str]]

    @classmethod
    def of(cls, path: Path) -> "_Table":
        """Read a table."""
        expected = "a line for each sequence: its number or name, and its class"
        lines = [one for one in lines_of(path, expected) if one.strip()]
        separator = separator_of(lines[0]) if lines else None
        rows = [fields_of(one, separator) for one in lines]
        short = [number for number, row in enumerate(rows, 1) if len(row) < 2]
        if short or not rows:
            given = f"one value in line {short[0]}" if short else "no lines"
            report([Problem(str(path), given, expected)], FileError)
        return cls(path, tuple(one.lstrip("#").strip() for one in rows[0]), rows)


@dataclass(frozen=True)
class _Named:
    """Files with the class of each, and what belongs together.

    Args:
        files: Each with its class, or None.
        groups: A name for each; None for none.
        table: The table that told the classes, if one did.
        notes: What was left out.
    """

    files: list[tuple[Path, str | None]]
    groups: list[str] | None = None
    table: _Table | None = None
    notes: tuple[str, ...] = ()

    def take(self, kept: Sequence[int]) -> "_Named":
        """Return some of the files."""
        groups = None if self.groups is None else [self.groups[one] for one in kept]
        return replace(self, files=[self.files[one] for one in kept], groups=groups)


def _class_folders(folder: Path) -> _Named:
    """Return the files of the folders in a folder, each of which is a class."""
    found = [
        (one, part.name)
        for part in sorted(folder.iterdir())
        if part.is_dir()
        for one in sorted(part.iterdir())
        if one.suffix.lower() in ENDINGS
    ]
    telling = next((one for one, _ in found if _tells(one)), None)
    if telling is not None:
        given = f"{telling.relative_to(folder)}, which seems to tell classes, in one of its folders"
        expected = "a folder for each class, or files beside a table"
        report([Problem(str(folder), given, expected, f"Give {telling.parent}.")], FileError)
    if not found:
        expected = (
            f"a file for each sequence ({' '.join(ENDINGS)}), or one pair of X_TRAIN and X_TEST "
            "(.ts .arff)"
        )
        report([Problem(str(folder), "a folder without any", expected)], FileError)
    return _Named(list(found))


def _tells(path: Path) -> bool:
    """Return whether a table seems to tell classes, by its name."""
    return any(word in path.stem.lower() for word in TELLING)


def _file(folder: Path, name: str | None) -> Path | None:
    """Return the file that a name means, in the folder or from where one is; None for none."""
    if name is None:
        return None
    return next((one for one in (folder / name, Path(name)) if one.is_file()), None)


def _telling(folder: Path, files: Sequence[Path], target: str | None) -> Path | None:
    """Return the table that tells the classes; None where there is none."""
    if target is not None:
        named = _file(folder, target)
        if named is None:
            fix = did_you_mean(target, [one.name for one in files[-20:]])
            expected = f"a file of {folder} with the classes"
            report([Problem("target", f"no file '{target}'", expected, fix)], FileError)
        return named
    found = [one for one in files if _tells(one)]
    if len(found) in (0, len(files)):
        return None
    if len(found) > 1:
        given = f"{len(found)} tables that may tell classes: {found[0].name}, {found[1].name}"
        fix = f"Name it: target='{found[0].name}'."
        report([Problem(str(folder), given, "one", fix)], FileError)
    return found[0]


def _told(named: _Named, table: _Table) -> _Named:
    """Return the files that a table tells classes of."""
    paths = [path for path, _ in named.files]
    known = _by_any_name(paths)
    said = _by_file(table, 1, known)
    # The first line may be a heading.
    strange = [
        f"{table.path.name}, line {number}: got no file of the name or number '{row[0]}'."
        for number, row in enumerate(table.rows, 1)
        if row[0] not in known and number > 1
    ]
    notes = [*named.notes, *left_out(strange, len(table.rows), "line", table.path)]
    files: list[tuple[Path, str | None]] = [(one, said[one]) for one in paths if one in said]
    if len(files) < len(paths):
        spare = count_text(len(paths) - len(files), "sequence")
        notes.append(f"{spare} without a line in {table.path.name}, left out.")
    return _Named(files, table=table, notes=tuple(notes))


def _grouped(named: _Named, folder: Path, group: str) -> _Named:
    """Return the files with what belongs together, as a table or a column of one tells."""
    path = _file(folder, group)
    table = named.table if path is None else _Table.of(path)
    if table is None or (path is None and group not in table.names):
        known = [] if table is None else list(table.names)
        expected = f"a file in {folder} or a column of its table"
        fix = did_you_mean(group, known) if known else ""
        report([Problem("group", repr(group), expected, fix)], FileError)
    assert table is not None
    paths = [one for one, _ in named.files]
    said = _by_file(table, table.names.index(group) if path is None else 1, _by_any_name(paths))
    lacking = [f"{one.name}: got no group." for one in paths if one not in said]
    notes = left_out(lacking, len(paths), "sequence", table.path)
    taken = named.take([number for number, one in enumerate(paths) if one in said])
    groups = [said[one] for one, _ in taken.files]
    return replace(taken, groups=groups, notes=(*taken.notes, *notes))


def _by_file(table: _Table, column: int, known: Mapping[str, Path]) -> Mapping[Path, str]:
    """Return what a column says of each file."""
    return {
        known[row[0]]: row[column]
        for row in table.rows
        if row[0] in known and column < len(row) and row[column]
    }


def _by_any_name(files: Sequence[Path]) -> Mapping[str, Path]:
    """Return files by their names, with and without ending, and by the numbers at their ends."""
    numbers = [re.search(r"(\d+)$", one.stem) for one in files]
    ends = [None if one is None else one[1] for one in numbers]
    alone = Counter(ends)
    found = {
        end: path
        for end, path in zip(ends, files, strict=True)
        if end is not None and alone[end] == 1
    }
    for path in files:
        found |= {path.stem: path, path.name: path}
    return found


def _read_all(named: _Named, folder: Path, channels: Sequence[str] | None) -> SequenceSet:
    paths = [path for path, _ in named.files]
    kept, read, broken = read_each(paths, read_steps)
    known = Counter(names for _, names in read).most_common(1)
    wanted = tuple(channels) if channels is not None else known[0][0] if known else ()
    strange = [
        f"{paths[number]}: got the columns {', '.join(names)}, expected {', '.join(wanted)}."
        for number, (_, names) in zip(kept, read, strict=True)
        if {*names} != {*wanted}
    ]
    notes = left_out([*broken, *strange], len(paths), "sequence", folder)
    fitting = [
        (number, _ordered(steps, names, wanted))
        for number, (steps, names) in zip(kept, read, strict=True)
        if {*names} == {*wanted}
    ]
    taken = named.take([number for number, _ in fitting])
    labels = [label for _, label in taken.files if label is not None]
    return SequenceSet(
        [steps for _, steps in fitting],
        [path.relative_to(folder).as_posix() for path, _ in taken.files],
        wanted,
        labels if len(labels) == len(taken.files) else None,
        taken.groups,
        notes=(*named.notes, *notes),
    )


def _ordered(steps: NumpyArray, names: Sequence[str], wanted: Sequence[str]) -> NumpyArray:
    """Return a sequence with its channels in the order in which they are wanted."""
    return steps[:, [names.index(one) for one in wanted]]
