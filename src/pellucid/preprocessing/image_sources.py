"""Images for `ImageDataGenerator`: in memory, in folders of classes, or named in a data frame."""

import os
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pellucid.data.arrays import to_array
from pellucid.data.folders import Request, find_files
from pellucid.data.images import ENDINGS, check_image_options, read_image
from pellucid.errors import (
    DataError,
    PellucidWarning,
    Problem,
    ShapeError,
    did_you_mean,
    report,
)
from pellucid.preprocessing.image_flow import ImageRows
from pellucid.types import NumpyArray
from pellucid.wording import count_text

READ_ENDINGS = (*ENDINGS, ".ppm", ".tif", ".tiff")

DIRECTORY_MODES = ("categorical", "binary", "sparse", "input", None)
FRAME_MODES = (*DIRECTORY_MODES, "raw")

Share = tuple[float, float]
"""The part of some rows that is taken: from and to, as shares of their number."""


@dataclass(frozen=True)
class Reading:
    """How image files are read.

    Args:
        where: The method that was called, for messages.
        size: (height, width) to bring them to.
        color_mode: "rgb", "rgba" or "grayscale".
        interpolation: How sizes are changed.
        keep: "crop" to keep the ratio of the sides, "" to stretch.
        channels_first: Whether channels are the first axis.
    """

    where: str
    size: tuple[int, int]
    color_mode: str
    interpolation: str
    keep: str
    channels_first: bool

    def __post_init__(self) -> None:
        check_image_options(self.where, self.color_mode, self.size, self.interpolation)

    def reader(self, paths: Sequence[Any]) -> Callable[[int], NumpyArray]:
        """Return the function that reads the file with a number."""

        def read(number: int) -> NumpyArray:
            size = (int(self.size[0]), int(self.size[1]))
            path = paths[number]
            image = read_image(path, self.color_mode, size, self.interpolation, self.keep)
            return np.moveaxis(image, -1, 0) if self.channels_first else image

        return read


def rows_of_arrays(
    x: Any, y: Any, weights: Any, share: Share, ignore_class_split: bool, dtype: np.dtype
) -> ImageRows:
    """Return images that lie in memory.

    Args:
        x: Images, four axes.
        y: What goes with each, or None.
        weights: A weight for each, or None.
        share: The part to take.
        ignore_class_split: Whether the part may lack classes that the rest has.
        dtype: Type of the images.

    Raises:
        ShapeError: They do not fit.
        ArgumentError: Several inputs are given, or the part lacks classes.
    """
    where = "ImageDataGenerator.flow"
    if isinstance(x, (tuple, list)) and len(x) == 2 and np.ndim(x[0]) == 4:
        expected = "images alone"
        fix = "Give other inputs by a generator of your own."
        report([Problem(f"{where}(x=...)", "images and another input", expected, fix)])
    images = to_array(x, f"{where}(x=...)").astype(dtype)
    labels = None if y is None else np.asarray(y)
    given = None if weights is None else np.asarray(weights)
    report(_unfit(where, images, labels, given), ShapeError)
    taken = slice(*(int(edge * len(images)) for edge in share))
    if labels is not None and share != (0.0, 1.0) and not ignore_class_split:
        report(_unlike(where, labels, taken))
    own = None if labels is None else labels[taken]
    chosen = images[taken]

    def targets(numbers: NumpyArray, _: NumpyArray) -> NumpyArray:
        assert own is not None
        return own[numbers]

    return ImageRows(
        lambda number: chosen[number],
        len(chosen),
        None if own is None else targets,
        None if given is None else given[taken],
    )


def _unfit(
    where: str, images: NumpyArray, labels: NumpyArray | None, weights: NumpyArray | None
) -> Iterator[Problem]:
    if images.ndim != 4:
        expected = "four axes: (images, height, width, channels)"
        yield Problem(f"{where}(x=...)", f"an array of shape {images.shape}", expected)
    for name, array in (("y", labels), ("sample_weight", weights)):
        if array is not None and (not array.ndim or len(array) != len(images)):
            given = f"shape {array.shape} for {count_text(len(images), 'image')}"
            yield Problem(f"{where}({name}=...)", given, "one for each image")


def _unlike(where: str, labels: NumpyArray, taken: slice) -> list[Problem]:
    rest = np.delete(labels, np.r_[taken], axis=0)
    if np.array_equal(np.unique(labels[taken]), np.unique(rest)):
        return []
    given = "a part with other classes than the rest"
    fix = "Shuffle the images first, or write ignore_class_split=True."
    return [Problem(f"{where}(subset=...)", given, "the same classes in both", fix)]


def rows_of_directory(
    directory: Any,
    classes: Sequence[str] | None,
    class_mode: str | None,
    follow_links: bool,
    share: Share,
    reading: Reading,
) -> ImageRows:
    """Return the images in a folder, whose folders are classes.

    Args:
        directory: The folder.
        classes: The folders to take; all when None.
        class_mode: One of `DIRECTORY_MODES`.
        follow_links: Whether to go into folders that are links.
        share: The part of each class to take.
        reading: How they are read.
    """
    _check_mode(reading.where, class_mode, DIRECTORY_MODES)
    label_mode = "binary" if class_mode == "binary" else "int"
    request = Request(
        reading.where,
        directory,
        "inferred",
        label_mode,
        classes,
        batch_size=None,
        shuffle=False,
        seed=None,
        validation_split=None,
        subset=None,
        follow_links=follow_links,
        verbose=False,
        names="classes",
    )
    files = find_files(request, READ_ENDINGS)
    assert files.labels is not None
    rows: list[int] = []
    for number in range(len(files.class_names)):
        own = np.flatnonzero(files.labels == number)
        rows += own[slice(*(int(edge * len(own)) for edge in share))].tolist()
    paths = [files.paths[row] for row in rows]
    labels = files.labels[rows]
    print(f"Found {len(rows)} images belonging to {len(files.class_names)} classes.")
    return ImageRows(
        reading.reader(paths),
        len(paths),
        _targets(class_mode, [[int(one)] for one in labels], len(files.class_names)),
        filenames=[one.relative_to(directory).as_posix() for one in paths],
        filepaths=[str(one) for one in paths],
        class_indices={name: number for number, name in enumerate(files.class_names)},
        classes=labels,
    )


def rows_of_frame(
    frame: Any,
    directory: Any,
    columns: Mapping[str, Any],
    classes: Sequence[str] | None,
    class_mode: str | None,
    validate: bool,
    share: Share,
    reading: Reading,
) -> ImageRows:
    """Return the images that a column of a data frame names.

    Args:
        frame: The frame.
        directory: The folder from which the names begin, or None.
        columns: Names of columns by the arguments x_col, y_col and weight_col.
        classes: The classes to take; all when None.
        class_mode: One of `FRAME_MODES`.
        validate: Whether rows without an image file are left out.
        share: The part of the rows to take.
        reading: How they are read.
    """
    where = reading.where
    _check_mode(where, class_mode, FRAME_MODES)
    labelled = class_mode in ("categorical", "binary", "sparse")
    needed = dict(columns) if labelled or class_mode == "raw" else dict(columns, y_col=None)
    report(_missing_columns(where, frame, needed))
    names = [str(one) for one in _column(frame, columns["x_col"])]
    paths = [Path(directory or "", one) for one in names]
    rows = _with_files(paths, where, columns["x_col"]) if validate else [*range(len(paths))]
    labels: list[list[str]] = []
    indices: dict[str, int] = {}
    if labelled:
        labels = _named(frame, columns["y_col"], where, class_mode)
        known = [*classes] if classes else sorted({one for row in rows for one in labels[row]})
        indices = {name: number for number, name in enumerate(known)}
        labels = [[one for one in own if one in indices] for own in labels]
        rows = [row for row in rows if labels[row]]
        report(_not_two(where, class_mode, known))
    taken = rows[slice(*(int(edge * len(rows)) for edge in share))]
    numbers = [[indices[one] for one in labels[row]] for row in taken] if labelled else []
    belonging = f" belonging to {len(indices)} classes" if labelled else ""
    print(f"Found {len(taken)} {'' if validate else 'non-'}validated image filenames{belonging}.")
    weights = columns["weight_col"]
    targets = _targets(class_mode, numbers, len(indices))
    if class_mode == "raw":
        targets = _picked(_raw(frame, columns["y_col"])[taken])
    return ImageRows(
        reading.reader([paths[row] for row in taken]),
        len(taken),
        targets,
        None if weights is None else np.asarray(_column(frame, weights), np.float32)[taken],
        filenames=[names[row] for row in taken],
        filepaths=[str(paths[row]) for row in taken],
        class_indices=indices,
        classes=np.array([own[0] for own in numbers], np.int32) if labelled else None,
    )


def _check_mode(where: str, mode: Any, known: Sequence[str | None]) -> None:
    if mode not in known:
        expected = f"one of {', '.join(map(repr, known))}"
        fix = did_you_mean(str(mode), [one for one in known if one])
        if mode == "multi_output":
            fix = "For several targets write class_mode='raw' with several columns."
        report([Problem(f"{where}(class_mode=...)", repr(mode), expected, fix)])


def _missing_columns(where: str, frame: Any, columns: Mapping[str, Any]) -> Iterator[Problem]:
    known = list(_read_frame(frame).columns)
    for argument, names in columns.items():
        for name in names if isinstance(names, (list, tuple)) else [names]:
            if name is not None and name not in known:
                fix = did_you_mean(str(name), known)
                yield Problem(f"{where}({argument}=...)", repr(name), "a column of the frame", fix)


def _with_files(paths: Sequence[Path], where: str, column: str) -> list[int]:
    """Return the numbers of the rows whose files are there; a warning counts the others."""
    rows = [
        row
        for row, path in enumerate(paths)
        if path.suffix.lower() in READ_ENDINGS and os.path.isfile(path)
    ]
    kept = {*rows}
    gone = [str(path) for row, path in enumerate(paths) if row not in kept]
    if gone:
        given = f"{count_text(len(gone), 'name')} without an image file, such as {gone[0]}"
        problem = Problem(f"{where}, column '{column}'", given, "image files", "They are left out.")
        warnings.warn(str(problem), PellucidWarning, stacklevel=4)
    return rows


def _named(frame: Any, column: str, where: str, class_mode: str | None) -> list[list[str]]:
    """Return the names of the classes of each row."""
    found = []
    for row, value in enumerate(_column(frame, column)):
        several = isinstance(value, (list, tuple)) and class_mode == "categorical"
        names = list(value) if several else [value]
        if not all(isinstance(one, str) for one in names):
            fix = f"Write frame[{column!r}] = frame[{column!r}].astype(str), or class_mode='raw'."
            given = f"{value!r} in row {row}"
            report([Problem(f"{where}, column '{column}'", given, "text", fix)], DataError)
        found.append(names)
    return found


def _not_two(where: str, class_mode: str | None, classes: Sequence[str]) -> Iterator[Problem]:
    if class_mode == "binary" and len(classes) != 2:
        given = count_text(len(classes), "class")
        fix = "Write class_mode='sparse'."
        yield Problem(f"{where}(class_mode='binary')", given, "two classes", fix)


def _targets(
    class_mode: str | None, labels: Sequence[Sequence[int]], classes: int
) -> Callable[[NumpyArray, NumpyArray], Any] | None:
    """Return the function that makes what goes with images of some numbers."""
    if class_mode is None:
        return None
    if class_mode == "input":
        return lambda _, images: images.copy()
    if class_mode == "categorical":
        several = np.zeros((len(labels), classes), np.float32)
        for row, own in enumerate(labels):
            several[row, list(own)] = 1
        return _picked(several)
    return _picked(np.array([own[0] for own in labels if own], np.float32))


def _picked(values: NumpyArray) -> Callable[[NumpyArray, NumpyArray], NumpyArray]:
    return lambda numbers, _: values[numbers]


def _raw(frame: Any, columns: Any) -> NumpyArray:
    """Return one column, or several side by side, as an array."""
    if isinstance(columns, (list, tuple)):
        return np.stack([np.asarray(_column(frame, one)) for one in columns], axis=1)
    return np.asarray(_column(frame, columns))


def _column(frame: Any, name: str) -> list[Any]:
    return _read_frame(frame)[name].to_list()


def _read_frame(frame: Any) -> Any:
    import narwhals

    return narwhals.from_native(frame, eager_only=True)
