"""Files in folders, one folder a class."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pellucid.data.dataset import Dataset, check_dataset, split_part
from pellucid.errors import FileError, Problem, did_you_mean, report
from pellucid.types import NumpyArray
from pellucid.wording import count_text

LABEL_MODES = ("int", "categorical", "binary", None)


@dataclass(frozen=True)
class Request:
    """What all makers of datasets from folders are asked.

    Args:
        where: The function that was called, for messages.
        directory: The folder.
        labels: "inferred" from the folders, a list with one label for each file in the order of
            their paths, or None.
        label_mode: "int" for numbers of classes, "categorical" for one-hot vectors, "binary" for
            0.0 and 1.0, or None for no labels.
        class_names: The folders to take, in the order of their numbers; all, sorted, when None.
        batch_size: Files in a batch; None for single ones.
        shuffle: Whether every epoch has its own order.
        seed: Seed of orders and of the split.
        validation_split: Share of the files in the part "validation".
        subset: "training" or "validation".
        follow_links: Whether to go into folders that are links.
        verbose: Whether to say how many files were found.
        names: How the argument is called that gives `class_names`, for messages.
    """

    where: str
    directory: Any
    labels: Any
    label_mode: Any
    class_names: Sequence[str] | None
    batch_size: int | None
    shuffle: bool
    seed: int | None
    validation_split: float | None
    subset: str | None
    follow_links: bool
    verbose: bool
    names: str = "class_names"


@dataclass(frozen=True)
class Files:
    """Files with their classes.

    Args:
        paths: The files, sorted.
        labels: Number of the class of each; None where there are no labels.
        class_names: Names of the classes.
    """

    paths: list[Path]
    labels: NumpyArray | None
    class_names: list[str]


def find_files(request: Request, endings: Sequence[str]) -> Files:
    """Return the files with one of the endings, and their classes.

    Raises:
        ArgumentError: An argument is none of those that are known.
        FileError: No such folder, no folder of a class, or no file in one.
    """
    where, folder = request.where, Path(request.directory)
    problems = check_dataset(where, request.batch_size, request.seed)
    if request.label_mode not in LABEL_MODES:
        known = ", ".join(map(repr, LABEL_MODES))
        fix = did_you_mean(str(request.label_mode), [str(one) for one in LABEL_MODES])
        given = repr(request.label_mode)
        problems.append(Problem(f"{where}(label_mode=...)", given, f"one of {known}", fix))
    report(problems)
    if not folder.is_dir():
        known = [one.name for one in folder.parent.iterdir()] if folder.parent.is_dir() else []
        fix = did_you_mean(folder.name, known)
        report([Problem(f"{where}({str(folder)!r})", "no such folder", "a folder", fix)], FileError)
    if request.labels != "inferred" or request.label_mode is None:
        return _listed(request, _within(folder, endings, request.follow_links))
    return _by_class(request, folder, endings)


def _by_class(request: Request, folder: Path, endings: Sequence[str]) -> Files:
    """Return the files of the folders in `folder`, each of which is a class."""
    where = request.where
    found = sorted(one.name for one in folder.iterdir() if one.is_dir())
    names = found if request.class_names is None else list(request.class_names)
    missing = [name for name in names if name not in found]
    report(
        (
            Problem(
                f"{where}({request.names}=...)",
                repr(name),
                f"the name of a folder in {str(folder)!r}",
                did_you_mean(name, found),
            )
            for name in missing
        ),
        FileError,
    )
    each = [_within(folder / name, endings, request.follow_links) for name in names]
    kinds = " ".join(endings)
    if not names:
        expected = "a folder for each class, with its files"
        fix = "For files without classes write labels=None."
        report([Problem(f"{where}({str(folder)!r})", "no folders", expected, fix)], FileError)
    report(
        (
            Problem(
                f"{where}, class '{name}'",
                "an empty folder",
                f"files ({kinds})",
                f"Remove the folder, or name the others in {request.names}=[...].",
            )
            for name, paths in zip(names, each, strict=True)
            if not paths
        ),
        FileError,
    )
    if request.label_mode == "binary" and len(names) != 2:
        given = count_text(len(names), "class")
        fix = "Write label_mode='int'."
        report([Problem(f"{where}(label_mode='binary')", given, "two classes", fix)], FileError)
    labels = np.repeat(np.arange(len(names), dtype=np.int32), [len(paths) for paths in each])
    return Files([path for paths in each for path in paths], labels, names)


def _listed(request: Request, paths: list[Path]) -> Files:
    """Return files without classes, or with the labels that were given."""
    where = request.where
    if not paths:
        report([Problem(f"{where}({str(request.directory)!r})", "no files", "files")], FileError)
    if request.labels in (None, "inferred") or request.label_mode is None:
        return Files(paths, None, [])
    labels = np.asarray(request.labels)
    if labels.shape != (len(paths),):
        given = f"labels of shape {labels.shape} for {count_text(len(paths), 'file')}"
        report([Problem(f"{where}(labels=...)", given, "one label for each file")])
    names = request.class_names or [str(one) for one in np.unique(labels)]
    return Files(paths, labels.astype(np.int32), list(names))


def _within(folder: Path, endings: Sequence[str], follow_links: bool) -> list[Path]:
    found = [
        Path(root) / name
        for root, _, names in os.walk(folder, followlinks=follow_links)
        for name in names
        if name.lower().endswith(tuple(endings))
    ]
    return sorted(found)


def files_dataset(
    request: Request, files: Files, read: Callable[[Sequence[Path]], NumpyArray]
) -> Dataset:
    """Return the files of the part that was asked for, read when their batch is.

    Args:
        request: What was asked for.
        files: All files.
        read: Returns what is in some files, as one array.
    """
    where = request.where
    chosen = split_part(
        where, len(files.paths), request.validation_split, request.subset, request.seed
    )
    if not request.shuffle:
        chosen = np.sort(chosen)

    def load(numbers: NumpyArray) -> Any:
        rows = chosen[numbers]
        x = read([files.paths[row] for row in rows])
        if files.labels is None:
            return x
        return x, _encoded(files.labels[rows], request.label_mode, len(files.class_names))

    seed = request.seed or 0
    dataset = Dataset(load, len(chosen), request.batch_size, request.shuffle, seed, parallel=True)
    dataset.class_names = files.class_names
    dataset.file_paths = [str(files.paths[row]) for row in chosen]
    if request.verbose:
        classes = count_text(len(files.class_names), "class")
        print(f"Found {count_text(len(files.paths), 'file')} of {classes}.")
    return dataset


def _encoded(labels: NumpyArray, mode: str | None, classes: int) -> NumpyArray:
    if mode == "categorical":
        return np.eye(classes, dtype=np.float32)[labels]
    return labels.astype(np.float32)[:, None] if mode == "binary" else labels
