"""Texts with their classes, from whatever form they are kept in."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pellucid.data.table.table import some
from pellucid.data.text_files import (
    LeftOut,
    TextFile,
    common_folder,
    is_archive,
    lines_of,
    text_files,
)
from pellucid.errors import FileError, Problem, report
from pellucid.wording import count_text

FILES, LABELLED_LINES, CLASS_FILES, LINES = "files", "labelled lines", "class files", "lines"
FORMS = (FILES, LABELLED_LINES, CLASS_FILES, LINES)
"""How texts may be kept: a file each, in a folder a class; lines with a tab and a label; a file
of lines for each class; lines without classes."""

PAPERS = ("readme", "license", "licence", "copying", "changelog", "citation", "notice")
"""What the names of files hold that lie beside data and are none."""

MOST_LABELS = 100
LONGEST_LABEL = 60
LABELLED_SHARE = 0.95
"""Share of lines with a label and a tab, from which a file is one of labelled lines."""

SEPARATOR = "\t"


@dataclass(frozen=True)
class LabelledTexts:
    """Texts, where each came from, and its class.

    Args:
        texts: The texts.
        names: File, or file and line, of each.
        labels: Class of each; None where they are not known.
        form: How they are kept, one of `FORMS`.
        notes: Sentences about what was read.
        left_out: Sentences about what was left out.
    """

    texts: tuple[str, ...]
    names: tuple[str, ...]
    labels: tuple[str, ...] | None
    form: str
    notes: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Found:
    """One text on its way; its label is None where it has none."""

    text: str
    name: str
    label: str | None


def read_texts_at(
    path: Path, form: str | None = None, classes: Sequence[str] | None = None
) -> LabelledTexts:
    """Return the texts at a path, and their classes where the form tells them.

    Args:
        path: A folder, a tar archive, or a file.
        form: How they are kept; None to find out.
        classes: The classes that there may be; texts of others have none. None for any, and then
            each labelled line must have one.

    Raises:
        FileError: There is nothing, nothing that is text, or too much that cannot be read.
    """
    where = str(path)
    if not path.exists():
        report([Problem(where, "no such file or folder", "texts")], FileError)
    path = _only_archive(path) or path
    several = path.is_dir() or is_archive(path)
    files = [one for one in text_files(path) if not several or not is_paper(one)]
    if not files:
        report([Problem(where, "no files", "texts")], FileError)
    form = form_of(files, several) if form is None else form
    left_out = LeftOut(where)
    found = _found(files, form, classes, left_out)
    without = left_out.notes(len(found))
    if not found:
        report([Problem(where, "no text", "at least one")], FileError)
    known = tuple(one.label for one in found if one.label is not None)
    labels = known if len(known) == len(found) else None
    seen = _seen(where, len(found), None if form == FILES else len(files), labels)
    return LabelledTexts(
        tuple(one.text for one in found),
        tuple(one.name for one in found),
        labels,
        form,
        (seen, *_empty_folders(path)),
        tuple(without),
    )


def _only_archive(path: Path) -> Path | None:
    """Return the archive that a folder holds, where there is nothing beside it but papers."""
    inner = [*path.iterdir()] if path.is_dir() else []
    data = [one for one in inner if not is_paper(TextFile(one.name, b""))]
    return data[0] if len(data) == 1 and is_archive(data[0]) else None


def _seen(where: str, texts: int, files: int | None, labels: Sequence[str] | None) -> str:
    """Return a sentence about what was read; `files` where they hold a text a line."""
    told = f"{where}: {count_text(texts, 'text')}"
    if files is not None:
        told += f" from {count_text(files, 'file')}, a line each"
    if labels is None:
        return f"{told}."
    classes = sorted(Counter(labels).items())
    shown = some([f"{name} {times:,}" for name, times in classes], 10)
    return f"{told}, {count_text(len(classes), 'class')}: {shown}."


def _empty_folders(path: Path) -> list[str]:
    """Return a note on folders that would be classes and hold nothing."""
    inner = sorted(one for one in path.iterdir() if one.is_dir()) if path.is_dir() else []
    empty = [one.name for one in inner if not any(one.iterdir())]
    return [f"Empty folders, no classes: {some(empty)}."] if empty else []


# -- which form -----------------------------------------------------------------------------


def is_paper(file: TextFile) -> bool:
    """Return whether a file is one that lies beside data and is none, such as a readme."""
    name = file.parts[-1].lower()
    return any(one in name for one in PAPERS)


def form_of(files: Sequence[TextFile], several: bool) -> str:
    """Return how texts are kept.

    Args:
        files: What there is.
        several: Whether they came from a folder or an archive.
    """
    if len(_folders(files)) > 1:
        return FILES
    if all(is_labelled(one.data) for one in files):
        return LABELLED_LINES
    if several and 2 <= len(files) <= MOST_LABELS and all(_has_lines(one.data) for one in files):
        return CLASS_FILES
    return FILES if several else LINES


def _folders(files: Sequence[TextFile]) -> set[str]:
    """Return the folders that tell files apart; none where a file lies beside them."""
    depth = common_folder(files)
    if any(len(one.parts) <= depth + 1 for one in files):
        return set()
    return {one.parts[depth] for one in files}


def is_labelled(data: bytes) -> bool:
    """Return whether the lines of a file end, or begin, in one of a few short labels and a tab."""
    return label_side(data) is not None


def label_side(data: bytes) -> int | None:
    """Return on which side of a tab the lines of a file have one of a few short labels.

    Args:
        data: The file.

    Returns:
        -1 for the end, 0 for the start, None for no side.
    """
    tab = SEPARATOR.encode()
    lines = [one for one in lines_of(data)[:2000] if one.strip()]
    tabbed = [one for one in lines if tab in one]
    ends = [one.rsplit(tab, 1)[1] for one in tabbed], [one.split(tab, 1)[0] for one in tabbed]
    for side, labels in zip((-1, 0), ends, strict=True):
        short = [one.strip() for one in labels if 0 < len(one.strip()) <= LONGEST_LABEL]
        few = len(set(short)) <= min(MOST_LABELS, max(len(lines) // 2, 1))
        if lines and len(short) >= LABELLED_SHARE * len(lines) and few:
            return side
    return None


def _has_lines(data: bytes) -> bool:
    return sum(1 for one in lines_of(data)[:1000] if one.strip()) >= 3


# -- reading --------------------------------------------------------------------------------


def _found(
    files: Sequence[TextFile], form: str, classes: Sequence[str] | None, left_out: LeftOut
) -> list[_Found]:
    found = []
    for file, label in zip(files, _file_labels(files, form, classes), strict=True):
        if form == FILES:
            text = left_out.decoded(file.data, file.name)
            found += [] if text is None else [_Found(text, file.name, label)]
        elif form == LABELLED_LINES:
            found += _labelled_lines(file, len(files) > 1, classes, left_out)
        else:
            lines = _lines(file, len(files) > 1, left_out)
            found += [_Found(text, place, label) for text, place in lines]
    return found


def _file_labels(
    files: Sequence[TextFile], form: str, classes: Sequence[str] | None
) -> list[str | None]:
    """Return the class that each file's place or name tells."""
    if form == FILES and _folders(files):
        depth = common_folder(files)
        return [_known(one.parts[depth], classes) for one in files]
    if form != CLASS_FILES:
        return [None] * len(files)
    names = [PurePosixPath(one.parts[-1]) for one in files]
    stems = {one.stem for one in names}
    if classes is None:
        return [one.suffix[1:] if len(stems) == 1 else one.stem for one in names]
    return [_known(one.suffix[1:], classes) or _known(one.stem, classes) for one in names]


def _known(label: str, classes: Sequence[str] | None) -> str | None:
    return label if classes is None or label in classes else None


def _lines(file: TextFile, several: bool, left_out: LeftOut) -> list[tuple[str, str]]:
    """Return the lines of a file that hold something, and where each is."""
    found = []
    lines = lines_of(file.data)
    ended = lines[:-1] if lines and not lines[-1] else lines
    for number, line in enumerate(ended, 1):
        place = f"{file.name}, line {number}" if several else f"line {number}"
        text = left_out.decoded(line, place)
        if text is not None:
            found.append((text, place))
    return found


def _labelled_lines(
    file: TextFile, several: bool, classes: Sequence[str] | None, left_out: LeftOut
) -> list[_Found]:
    found = []
    first = label_side(file.data) == 0
    for line, place in _lines(file, several, left_out):
        text, tab, label = _parted(line, first, classes)
        if classes is not None and not (tab and label in classes):
            found.append(_Found(line, place, None))
        elif classes is None and not (tab and label):
            left_out.reasons.append(f"{place}: no label and tab")
        elif not text:
            left_out.empty += 1
        else:
            found.append(_Found(text, place, label))
    return found


def _parted(line: str, first: bool, classes: Sequence[str] | None) -> tuple[str, str, str]:
    """Return the text of a line, its tab and its label, which may come first."""
    text, tab, label = line.rpartition(SEPARATOR)
    start, _, rest = line.partition(SEPARATOR)
    if classes is not None:
        first = label.strip() not in classes and start.strip() in classes
    if first:
        text, label = rest, start
    return text.strip(), tab, label.strip()
