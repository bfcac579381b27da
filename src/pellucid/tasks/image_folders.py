"""Images in folders: a folder a class, and perhaps folders for parts of the data set."""

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pellucid.data.images import ENDINGS
from pellucid.tasks.image_files import ImageFiles, joined, listed
from pellucid.wording import count_text

IMAGE_ENDINGS = (*ENDINGS, ".jfif", ".pgm", ".ppm", ".tif", ".tiff")

PARTS = {
    "train": ("train", "training"),
    "validation": ("val", "valid", "validation", "dev"),
    "test": ("test", "testing"),
}
"""How the folders of a data set's own parts are called."""

HIDDEN = ("__macosx", "thumbs.db", "desktop.ini")
"""What systems leave in folders, beside names that begin with a dot."""


def in_folder(folder: Path) -> ImageFiles:
    """Return the images of a folder; those in folders of it have these for their classes.

    Args:
        folder: The folder; where it has a folder `train/` and one `test/` or `validation/`, each
            with folders of classes, these are parts of the data set.
    """
    parts = _part_folders(folder)
    if not parts:
        return _in_classes(folder, folder, "")
    found = [_in_classes(own, folder, part) for own, part in parts.items()]
    other = [one.name for one in _folders(folder) if one not in parts]
    notes = [
        f"{one.name}/: {count_text(len(own), 'image')} for the part '{part}'."
        for (one, part), own in zip(parts.items(), found, strict=True)
    ]
    if other:
        notes.append(f"Left out what is beside these parts: {listed(other)}.")
    return joined(found, notes)


def _part_folders(folder: Path) -> Mapping[Path, str]:
    """Return the folders of a data set's own parts; none unless it has one to train and another."""
    known = {name: part for part, names in PARTS.items() for name in names}
    found = {one: known[one.name.lower()] for one in _folders(folder) if one.name.lower() in known}
    whole = {"train"} < {*found.values()} and all(_folders(one) for one in found)
    return found if whole else {}


def _folders(folder: Path) -> list[Path]:
    return sorted(one for one in folder.iterdir() if one.is_dir() and not _hidden(one.name))


def _hidden(name: str) -> bool:
    return name.startswith(".") or name.lower() in HIDDEN


def _in_classes(folder: Path, root: Path, part: str) -> ImageFiles:
    """Return the images of a folder, whose folders are classes.

    Args:
        folder: The folder.
        root: The folder from which names begin.
        part: The part of the data set that it is, or "".
    """
    paths: list[Path] = []
    labels: list[str | None] = []
    left = _Left()
    loose = sorted(one for one in folder.iterdir() if not one.is_dir())
    classes: list[tuple[str | None, list[Path]]] = [(None, loose)]
    classes += [(one.name, sorted(_within(one))) for one in _folders(folder)]
    for label, held in classes:
        kept = left.without_others(held, root)
        paths += kept
        labels += [label] * len(kept)
        if label is not None and not kept:
            left.empty.append(label)
    names = tuple(one.relative_to(root).as_posix() for one in paths)
    return ImageFiles(names, paths, tuple(labels), (part,) * len(paths), tuple(left.notes()))


def _within(folder: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(folder):
        folders[:] = [one for one in folders if not _hidden(one)]
        yield from (Path(root) / name for name in names)


class _Left:
    """What was left out of a folder."""

    def __init__(self) -> None:
        self.hidden: list[str] = []
        self.other: list[str] = []
        self.empty: list[str] = []

    def without_others(self, paths: Sequence[Path], root: Path) -> list[Path]:
        """Return the images among files, and take note of the others."""
        kept = []
        for path in paths:
            name = path.relative_to(root).as_posix()
            if _hidden(path.name):
                self.hidden.append(name)
            elif path.suffix.lower() not in IMAGE_ENDINGS:
                self.other.append(name)
            else:
                kept.append(path)
        return kept

    def notes(self) -> Iterator[str]:
        """Yield a sentence for each kind of thing that was left out."""
        if self.hidden:
            yield f"Left out {count_text(len(self.hidden), 'hidden file')}: {listed(self.hidden)}."
        if self.other:
            counted = count_text(len(self.other), "file")
            yield f"Left out {counted} without the ending of an image: {listed(self.other)}."
        if self.empty:
            counted = count_text(len(self.empty), "empty folder")
            yield f"Left out {counted} of a class: {listed(self.empty)}."
