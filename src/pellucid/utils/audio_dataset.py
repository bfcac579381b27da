"""Sounds in folders, one folder a class."""

import os
from collections.abc import Sequence
from functools import partial
from typing import Any

from pellucid.data import sounds
from pellucid.data.dataset import Dataset
from pellucid.data.folders import Request, files_dataset, find_files

PLACE = "audio_dataset_from_directory"


def audio_dataset_from_directory(
    directory: str | os.PathLike[str],
    labels: Any = "inferred",
    label_mode: str | None = "int",
    class_names: Sequence[str] | None = None,
    batch_size: int | None = 32,
    sampling_rate: int | None = None,
    output_sequence_length: int | None = None,
    shuffle: bool = True,
    seed: int | None = None,
    validation_split: float | None = None,
    subset: str | None = None,
    follow_links: bool = False,
    verbose: bool = True,
) -> Dataset:
    """Return the sounds of a folder, whose folders are classes, a batch at a time.

    Args:
        directory: The folder, with WAV, FLAC, OGG or MP3 files.
        labels: "inferred" from the folders, a list with one number for each file in the order of
            their paths, or None for sounds without labels.
        label_mode: "int", "categorical", "binary" or None, as in `image_dataset_from_directory`.
        class_names: The folders to take, in the order of their numbers; all, sorted, when None.
        batch_size: Sounds in a batch; None for single ones.
        sampling_rate: Samples a second to which all are brought; None for their own, which must
            then be one.
        output_sequence_length: Samples to which all are cut or filled up with silence; None for
            those of the longest in the batch.
        shuffle: Whether every epoch has its own order.
        seed: Seed of the orders and of the split.
        validation_split: Share of the files in the part "validation".
        subset: "training" or "validation".
        follow_links: Whether to go into folders that are links.
        verbose: Whether to say how many files were found.

    Returns:
        A `Dataset` of (sounds, labels), or of sounds alone: float32 from -1 to 1, shape
        (batch, samples, 1), channels averaged.

    Raises:
        ArgumentError: An argument is none of those above.
        FileError: No such folder, an empty one, or, when its batch is read, a broken sound.
        PellucidError: The package soundfile is not installed.

    Differs from Keras: FLAC, OGG and MP3 are read too, several channels are averaged and rates
    brought to one without TensorFlow I/O; the result is a `Dataset`.
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
    read = partial(sounds.read_sounds, sampling_rate=sampling_rate, length=output_sequence_length)
    return files_dataset(request, find_files(request, sounds.ENDINGS), read)
