"""Files with their classes: by folder, by a pattern of names, or by a table."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pellucid.data.file_names import FileNames
from pellucid.data.left_out import left_out
from pellucid.data.table import Column, Table, read_table
from pellucid.data.table.values import levels_of
from pellucid.errors import DataError, FileError, Problem, did_you_mean, report
from pellucid.wording import count_text

FILE_COLUMNS = ("file", "filename", "file_name", "path", "filepath", "name")
LABEL_COLUMNS = ("label", "class", "target", "category", "genre")
"""Names, in small letters, by which the columns of a table of labels are known."""


@dataclass(frozen=True)
class LabelledFiles:
    """Files, their classes, and what belongs together.

    Args:
        paths: The files.
        names: How answers call them.
        labels: The class of each; None where classes are not known.
        groups: A name for each, such as the speaker's; None for none.
        notes: Sentences about what was left out.
    """

    paths: list[Path]
    names: list[str]
    labels: list[str] | None = None
    groups: list[str] | None = None
    notes: tuple[str, ...] = ()

    def take(self, numbers: Sequence[int]) -> "LabelledFiles":
        """Return some of the files.

        Args:
            numbers: Which.
        """
        return replace(
            self,
            paths=[self.paths[one] for one in numbers],
            names=[self.names[one] for one in numbers],
            labels=None if self.labels is None else [self.labels[one] for one in numbers],
            groups=None if self.groups is None else [self.groups[one] for one in numbers],
        )


def files_of(source: Any, endings: Sequence[str], noun: str) -> LabelledFiles:
    """Return files without classes: one, those of a list, or those in a folder and its folders.

    Args:
        source: A path, or a list of paths.
        endings: Endings of the files in folders, in small letters.
        noun: What one file holds: "sound".

    Raises:
        FileError: There is no such file or folder, or nothing in it.
    """
    if not isinstance(source, (str, os.PathLike)):
        paths = [Path(one) for one in source]
        return LabelledFiles(paths, [str(one) for one in source])
    path = Path(source)
    if path.is_file():
        return LabelledFiles([path], [path.name])
    found = sorted(_below(path, endings)) if path.is_dir() else []
    if not found:
        given = "a folder without any" if path.is_dir() else "no such file or folder"
        expected = f"a {noun} or a folder of {noun}s ({' '.join(endings)})"
        known = [one.name for one in path.parent.iterdir()] if path.parent.is_dir() else []
        fix = did_you_mean(path.name, known) if known and not path.is_dir() else ""
        report([Problem(str(path), given, expected, fix)], FileError)
    return LabelledFiles(found, [one.relative_to(path).as_posix() for one in found])


def _below(folder: Path, endings: Sequence[str]) -> Iterator[Path]:
    """Yield files with one of the endings; names that begin with a point are the system's own."""
    for one in folder.rglob("*"):
        hidden = any(part.startswith(".") for part in one.relative_to(folder).parts)
        if not hidden and one.suffix.lower() in endings and one.is_file():
            yield one


def by_folder(files: LabelledFiles, source: Any, noun: str) -> LabelledFiles:
    """Return files with the first folder below `source` as the class of each.

    Args:
        files: What `files_of` found there.
        source: The folder.
        noun: What one file holds.

    Raises:
        FileError: There are no such folders.
    """
    folder, example = Path(source), files.names[0]
    loose = [name for name in files.names if "/" not in name]
    folders = sorted({name.split("/")[0] for name in files.names if "/" in name})
    if loose or len(folders) < 2:
        given = f"'{loose[0]}' beside no folder of a class" if loose else f"one folder, {folders}"
        expected = f"a folder for each class, with its {noun}s in it"
        fix = (
            "Or say where the class stands: in the names, such as "
            f"pattern='{_suggested(example)}', or in a table, labels='labels.csv'."
        )
        report([Problem(str(source), given, expected, fix)], FileError)
    empty = sorted(
        one.name
        for one in folder.iterdir()
        if one.is_dir() and not one.name.startswith(".") and one.name not in folders
    )
    notes = (f"Folders without any {noun}, left out: {', '.join(empty)}.",) if empty else ()
    labels = [name.split("/")[0] for name in files.names]
    return replace(files, labels=labels, notes=(*files.notes, *notes))


def _suggested(name: str) -> str:
    """Return a pattern for names like this one: `{label}_{group}_{index}` for '3_theo_17.wav'."""
    stem = Path(name).stem
    mark = next((one for one in "_- ." if one in stem), "_")
    return mark.join(["{label}", "{group}", "{index}", "{other}"][: 1 + stem.count(mark)])


def by_pattern(
    files: LabelledFiles, pattern: str, group: str | None, noun: str, where: Any
) -> LabelledFiles:
    """Return files with the classes, and groups, that their names say.

    Args:
        files: The files.
        pattern: As in `FileNames`, with a field `label`.
        group: The field that says what belongs together, if any.
        noun: What one file holds.
        where: The data, for messages.

    Raises:
        ArgumentError: It is no pattern, or has no such field.
        FileError: Too many names are of another kind.
    """
    names = FileNames(pattern)
    if group is not None and group not in names.names:
        expected = f"a field of the pattern: {', '.join(names.names)}"
        fix = did_you_mean(group, names.names)
        report([Problem("group", repr(group), expected, fix)])
    found = [names.fields(Path(name)) for name in files.names]
    strange = [
        f"{name}: got a name that is not of the pattern '{pattern}'."
        for name, fields in zip(files.names, found, strict=True)
        if fields is None
    ]
    notes = left_out(strange, len(found), noun, where)
    kept = files.take([number for number, one in enumerate(found) if one is not None])
    known = [one for one in found if one is not None]
    return replace(
        kept,
        labels=[one["label"] for one in known],
        groups=None if group is None else [one[group] for one in known],
        notes=(*files.notes, *notes),
    )


def by_table(
    files: LabelledFiles, table: str | os.PathLike[str], group: str | None, noun: str
) -> LabelledFiles:
    """Return files with the classes, and groups, that a table says.

    Args:
        files: The files.
        table: A CSV with a column of files, one of classes, and perhaps others.
        group: The column that says what belongs together, if any.
        noun: What one file holds.

    Raises:
        DataError: There are no such columns.
        FileError: Too many files of the table are not there.
    """
    rows = read_table(table, header=_has_header(table))
    place = _column(rows, FILE_COLUMNS, 0)
    label = _column(rows, LABEL_COLUMNS, 1)
    report([] if group is None or group in rows else [rows.unknown(group, "group")])
    by_name = _by_any_name(files)
    said, labels = _texts(rows[place]), _texts(rows[label])
    missing = [f"{one}: got no such file." for one in said if one not in by_name]
    missing += [f"{one}: got no class." for one, name in zip(said, labels, strict=True) if not name]
    notes = left_out(missing, len(said), noun, table)
    present = [row for row, one in enumerate(said) if one in by_name and labels[row]]
    kept = files.take([by_name[said[row]] for row in present])
    extra = len(files.paths) - len({*kept.paths})
    if extra:
        notes = (*notes, f"{count_text(extra, noun)} without a row in {table}, left out.")
    groups = None if group is None else _texts(rows[group])
    return replace(
        kept,
        labels=[labels[row] for row in present],
        groups=None if groups is None else [groups[row] for row in present],
        notes=(*files.notes, *notes),
    )


def _has_header(table: Any) -> bool | None:
    """Say that the first line names columns where it does; None to let the reader judge."""
    first = read_table(table, header=True).names
    known = {one.lower() for one in first}
    return True if known & {*FILE_COLUMNS} and known & {*LABEL_COLUMNS} else None


def _column(rows: Table, names: Sequence[str], otherwise: int) -> str:
    found = list(rows.names)
    if len(found) < 2:
        given = f"the only column '{found[0]}'"
        report([Problem(rows.source, given, "a column of files and one of classes")], DataError)
    known = {one.strip("# ").lower(): one for one in reversed(found)}
    return next((known[one] for one in names if one in known), found[otherwise])


def _texts(column: Column) -> list[str]:
    """Return values as they are written, "" where there is none."""
    return [str(one) for one in (column.values if column.storage == "text" else levels_of(column))]


def _by_any_name(files: LabelledFiles) -> Mapping[str, int]:
    """Return the number of each file by its name, with or without folders and ending."""
    found: dict[str, int] = {}
    for number, name in enumerate(files.names):
        path = Path(name)
        # A table takes 01 for the number 1.
        bare = [str(int(path.stem))] if path.stem.isdecimal() else []
        for one in (name, path.name, path.with_suffix("").as_posix(), path.stem, *bare):
            found.setdefault(one, number)
    return found
