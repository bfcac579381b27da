"""Texts in folders, one folder a class."""

import os
from collections.abc import Sequence
from functools import partial
from typing import Any

from pellucid.data import texts
from pellucid.data.dataset import Dataset
from pellucid.data.folders import Request, files_dataset, find_files

PLACE = "text_dataset_from_directory"


def text_dataset_from_directory(
    directory: str | os.PathLike[str],
    labels: Any = "inferred",
    label_mode: str | None = "int",
    class_names: Sequence[str] | None = None,
    batch_size: int | None = 32,
    max_length: int | None = None,
    shuffle: bool = True,
    seed: int | None = None,
    validation_split: float | None = None,
    subset: str | None = None,
    follow_links: bool = False,
    verbose: bool = True,
) -> Dataset:
    """Return the texts (.txt, UTF-8) of a folder, whose folders are classes, a batch at a time.

    Args:
        directory: The folder.
        labels: "inferred" from the folders, a list with one number for each file in the order of
            their paths, or None for texts without labels.
        label_mode: "int", "categorical", "binary" or None, as in `image_dataset_from_directory`.
        class_names: The folders to take, in the order of their numbers; all, sorted, when None.
        batch_size: Texts in a batch; None for single ones.
        max_length: Characters of each text that are kept; None for all.
        shuffle: Whether every epoch has its own order.
        seed: Seed of the orders and of the split.
        validation_split: Share of the files in the part "validation".
        subset: "training" or "validation".
        follow_links: Whether to go into folders that are links.
        verbose: Whether to say how many files were found.

    Returns:
        A `Dataset` of (texts, labels), or of texts alone; texts are arrays of strings, which a
        model takes that begins with `Input((), dtype="string")` and `TextVectorization`.

    Raises:
        ArgumentError: An argument is none of those above.
        FileError: No such folder, an empty one, or, when its batch is read, what is not UTF-8.

    Differs from Keras: `max_length` counts characters, not bytes; the result is a `Dataset`.
    """
    request = Request(
        PLACE,
        directory,
        labels,
        label_mode,
        class_names,
        batch_size,
        shuffle,
        seed,
        validation_split,
        subset,
        follow_links,
        verbose,
    )
    read = partial(texts.read_texts, longest=max_length)
    return files_dataset(request, find_files(request, texts.ENDINGS), read)
