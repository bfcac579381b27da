"""A folder of sounds to a trained, evaluated and saved network, and back to their classes."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from pellucid.data.file_names import FileNames
from pellucid.data.file_rows import FileRows, in_parts
from pellucid.data.labelled_files import (
    LabelledFiles,
    by_folder,
    by_pattern,
    by_table,
    files_of,
)
from pellucid.data.room import Room, check_memory
from pellucid.data.sound_files import LEAST_SECONDS, Sounds, read_sound_files
from pellucid.data.sounds import ENDINGS, MOST_SAMPLES
from pellucid.errors import ArgumentError, Problem, did_you_mean, report
from pellucid.layers import (
    MFCC,
    BatchNormalization,
    Concatenate,
    Conv2D,
    Dense,
    Dropout,
    FilterAugment,
    GlobalAveragePooling2D,
    GroupNormalization,
    Input,
    Layer,
    MaxPooling2D,
    MelSpectrogram,
    RandomNoise,
    RandomSpeed,
    RandomTranslation,
    RandomZoom,
    ReLU,
    Reshape,
    SpecAugment,
    SpectrogramNormalization,
)
from pellucid.models import Model
from pellucid.optimizers import Adam
from pellucid.tasks.arguments import problems_of
from pellucid.tasks.classifier import (
    Classifier,
    Recipe,
    numbered,
    train_classifier,
    with_labels,
)
from pellucid.tasks.examples import Examples, without_rare_classes
from pellucid.tasks.pace import epochs_for, rise_and_fall
from pellucid.tasks.run import Run
from pellucid.tasks.scores import Predictions, linear_baseline
from pellucid.tasks.streamed import streams_text
from pellucid.types import NumpyArray

FEATURES = ("logmel", "mfcc")

HIGHEST_RATE = 1_000_000

BATCH_SIZE = 32

STEPS = 2_000
"""Steps of training that are aimed at."""

FILTERS = (16, 32, 64, 96)
"""Filters of the convolutions, each of which halves both sides of the spectrogram."""

RATE = 2e-3
"""Highest rate of learning."""

MOST_FRAMES = 256
LONG = 128
"""Frames above which the first pooling is a long one."""

NARROW = 8_000
"""Samples a second up to which a sound is that of a telephone."""

SPEED = 0.2
"""Most that sounds are played faster."""

NOISE = (5.0, 40.0, 2.0)
"""Least and greatest ratio of a sound to the noise under it, decibel, and the noise's colour."""

AT_ONCE = 32
"""Sounds whose spectra the baseline looks at at once."""

SILENT = 60.0
"""Decibel below the loudest that count as silence."""


@dataclass(frozen=True)
class AudioModel(Classifier):
    """A network that tells sounds apart, with how sounds in files become its inputs.

    Its settings are `rate`, samples a second, `seconds`, the length of a sound, and `pattern`,
    by which names of files tell classes, or None.
    """

    kind: ClassVar[str] = "audio"
    noun: ClassVar[str] = "sound"

    def read(self, source: Any) -> Examples:
        """Return sounds as the training sounds were read.

        Args:
            source: A sound, a list of sounds, a folder of them, or a CSV of files and classes
                beside it. Classes are known where folders, names or the CSV tell them.

        Raises:
            DataError: A class is not one of the model's.
            FileError: A file cannot be read.
        """
        files = _labelled(source, self.settings["pattern"], self.classes)
        form = self.settings["rate"], self.settings["seconds"]
        sounds = _within(Room.of(None), files.paths, *form, source)
        files = files.take(sounds.numbers)
        labels = files.labels
        if labels is not None:
            labels = numbered(labels, self.classes, str(source))
        names, notes = tuple(files.names), (*files.notes, *sounds.notes)
        return Examples(sounds.x, names, labels, self.classes, notes=notes)

    @classmethod
    def checked(cls, settings: Mapping[str, Any]) -> Mapping[str, Any]:
        rate, seconds = settings["rate"], settings["seconds"]
        if type(rate) is not int or not 1 <= rate <= HIGHEST_RATE:
            raise ValueError(f"got rate={rate!r}, expected samples a second")
        if type(seconds) is not float or not 1 <= rate * seconds <= MOST_SAMPLES:
            raise ValueError(f"got seconds={seconds!r}, expected the length of a sound")
        if settings["pattern"] is not None:
            FileNames(settings["pattern"])
        return settings


def _labelled(source: Any, pattern: str | None, classes: tuple[str, ...]) -> LabelledFiles:
    """Return files, with classes where they are known."""
    single = isinstance(source, (str, os.PathLike))
    if single and Path(source).suffix.lower() == ".csv":
        return by_table(files_of(Path(source).parent, ENDINGS, "sound"), source, None, "sound")
    files = files_of(source, ENDINGS, "sound")
    if pattern is not None:
        names = FileNames(pattern)
        fields = [names.fields(Path(name)) for name in files.names]
        labels = [None if one is None else one["label"] for one in fields]
    elif single and Path(source).is_dir():
        labels = [name.split("/")[0] if "/" in name else None for name in files.names]
    else:
        labels = [path.parent.name for path in files.paths]
    known = [one for one in labels if one is not None]
    if len(known) < len(labels) or not {*known} & {*classes}:
        return files
    return LabelledFiles(files.paths, files.names, known, notes=files.notes)


def _within(
    room: Room, paths: Sequence[Path], rate: int | None, seconds: float | None, where: Any
) -> Sounds:
    """Return sounds, with a note where they stay in their files."""
    sounds = read_sound_files(paths, rate, seconds, where, room)
    if not isinstance(sounds.x, FileRows):
        return sounds
    told = streams_text(len(sounds.x), sounds.memory, room, "sound")
    return replace(sounds, notes=(*sounds.notes, told))


def train_audio(
    path: Any,
    *,
    labels: str | os.PathLike[str] | None = None,
    pattern: str | None = None,
    group: str | None = None,
    test_group: str | None = None,
    rate: int | None = None,
    seconds: float | None = None,
    features: str = "logmel",
    augment: bool = True,
    output: Any = None,
    validation: float = 0.2,
    test: float = 0.2,
    epochs: int | None = None,
    batch_size: int | None = None,
    seed: int = 0,
    probe: str | None = None,
    verbose: Any = "auto",
    memory: str | None = None,
) -> Run:
    """Train a network on a folder of sounds, and evaluate it on some that it has never heard.

    Args:
        path: The folder: WAV, FLAC, OGG or MP3, of any rates, channels and lengths. Its folders
            are the classes, unless `labels` or `pattern` says them.
        labels: CSV with a column of files and one of classes.
        pattern: What the names of files say, such as "{label}_{speaker}_{index}"; a folder is a
            part of it too: "{label}/{speaker}/{take}".
        group: Field of the pattern, or column of the CSV, whose equal values are never split:
            the speaker's, or the recording that pieces were cut from.
        test_group: The value of it that tests, instead of a share of all sounds.
        rate: Samples a second to bring all to; the commonest, at most 22,050, when absent.
        seconds: Length to bring all to; one that nearly all fit in, at most 10, when absent.
        features: "logmel" for the loudness of bands of pitch, "mfcc" for their cepstrum.
        augment: Whether to vary sounds while training: other speeds, noise, colour, shifts of
            time and pitch, hidden stripes.
        output: Folder for the results; one named after the path when absent, "" for none.
        validation: Share of what is left for training that says when to stop.
        test: Share of all that tests.
        epochs: Most epochs; by the number of sounds when absent.
        batch_size: Sounds in a step; 32 when absent.
        seed: Seed of everything random.
        probe: "economy" or "full" to look into the network while it trains.
        verbose: 0 silent, else progress.
        memory: What the sounds may take of memory, such as "2GB"; half of what there is when
            absent. More of them stay in their files and are read anew in each epoch, for the same
            weights.

    Raises:
        ArgumentError: An argument is out of range, or names what is not there.
        DataError: The classes cannot be learned.
        FileError: No sounds, more than 5 % that cannot be read, or no classes.
        PellucidError: The package soundfile is not installed.
    """
    shares = {"validation": validation, "test": test, "epochs": epochs, "batch_size": batch_size}
    problems = _bad_arguments(labels, pattern, group, test_group, rate, seconds, features)
    report([*problems, *problems_of(**shares), *check_memory(memory)])
    files = _found(path, labels, pattern, group)
    sounds = _within(Room.of(memory), files.paths, rate, seconds, path)
    files = files.take(sounds.numbers)
    assert files.labels is not None
    examples = with_labels(
        Examples(
            sounds.x,
            tuple(files.names),
            None,
            (),
            groups=None if files.groups is None else np.array(files.groups),
            test=_kept(files, test_group),
            notes=(*files.notes, *sounds.notes, *sounds.form),
        ),
        files.labels,
        str(path),
    )
    examples = without_rare_classes(examples, "sound")
    batch = batch_size or BATCH_SIZE
    most = epochs or epochs_for(STEPS, examples.learned(validation, test) / batch)
    recipe = Recipe(
        AudioModel,
        partial(_network, sounds.rate, features, augment, batch, most),
        partial(_baselines, sounds.rate),
        {"rate": sounds.rate, "seconds": sounds.seconds, "pattern": pattern},
        batch_size=batch,
        epochs=most,
        patience=max(10, most // 4),
    )
    return train_classifier(
        examples,
        recipe,
        path,
        output=output,
        validation=validation,
        test=test,
        seed=seed,
        probe=probe,
        verbose=verbose,
    )


def _bad_arguments(
    labels: Any,
    pattern: Any,
    group: Any,
    test_group: Any,
    rate: Any,
    seconds: Any,
    features: Any,
) -> Iterator[Problem]:
    if labels is not None and pattern is not None:
        yield Problem("labels, pattern", "both", "one of them: where the classes stand")
    if group is not None and labels is None and pattern is None:
        expected = "a pattern or a table that says it"
        fix = "For folders in the folders of classes: pattern='{label}/{group}/{take}'."
        yield Problem("group", f"{group!r} for classes by folder", expected, fix)
    if test_group is not None and group is None:
        yield Problem("test_group", repr(test_group), "group=... to say what it is a value of")
    if rate is not None and (type(rate) is not int or not 1000 <= rate <= HIGHEST_RATE):
        expected = f"samples a second, a whole number from 1,000 to {HIGHEST_RATE:,}"
        yield Problem("rate", repr(rate), expected)
    number = isinstance(seconds, (int, float)) and not isinstance(seconds, bool)
    if seconds is not None and not (number and LEAST_SECONDS <= seconds <= 3600):
        expected = f"a length from {LEAST_SECONDS:g} to 3,600 seconds"
        yield Problem("seconds", repr(seconds), expected)
    if features not in FEATURES:
        fix = did_you_mean(str(features), FEATURES)
        yield Problem("features", repr(features), f"one of {', '.join(map(repr, FEATURES))}", fix)


def _found(path: Any, labels: Any, pattern: str | None, group: str | None) -> LabelledFiles:
    files = files_of(path, ENDINGS, "sound")
    if labels is not None:
        return by_table(files, labels, group, "sound")
    if pattern is not None:
        return by_pattern(files, pattern, group, "sound", path)
    return by_folder(files, path, "sound")


def _kept(files: LabelledFiles, test_group: str | None) -> NumpyArray | None:
    """Return which files the user keeps for the test; None for a share of all."""
    if test_group is None:
        return None
    groups = files.groups or []
    if test_group not in groups:
        known = sorted({*groups})
        expected = f"one of {', '.join(map(repr, known[:10]))}"
        fix = did_you_mean(test_group, known)
        report([Problem("test_group", repr(test_group), expected, fix)], ArgumentError)
    return np.array(groups) == test_group


# -- the network ------------------------------------------------------------------------------


def _network(
    rate: int,
    features: str,
    augment: bool,
    batch_size: int,
    epochs: int,
    training: Examples,
    seed: int,
) -> Model:
    """Return the network for these sounds: spectrogram, changes while training, convolutions."""
    samples = training.x.shape[1]
    front = _front(rate, samples, features)
    bands, frames = front.output_shape((samples,))
    assert bands is not None
    assert frames is not None
    inputs = Input((samples,))
    heard = inputs
    for layer in _played(front, features) if augment else [front]:
        heard = layer(heard)
    views = [Reshape((bands, frames, 1))(one(heard)) for one in _normalised(features)]
    seen = Concatenate()(views) if len(views) > 1 else views[0]
    for layer in _changes(features) if augment else []:
        seen = layer(seen)
    for place, filters in enumerate(FILTERS):
        seen = _block(seen, filters, (2, 4) if place == 0 and frames > LONG else (2, 2))
    known = Dropout(0.3)(GlobalAveragePooling2D()(seen))
    outputs = Dense(len(training.classes), activation="softmax")(known)
    model = Model(inputs, outputs, seed=seed)
    steps = epochs * -(-len(training) // batch_size)
    optimizer = Adam(rise_and_fall(RATE, steps))
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def _front(rate: int, samples: int, features: str) -> MelSpectrogram:
    """Return the layer that turns samples into features of frames."""
    # Thirty milliseconds hold a few periods of a voice and are short beside a vowel.
    covered = min(round(0.03 * rate), samples)
    options: dict[str, Any] = {
        "fft_length": 1 << covered.bit_length(),
        "sequence_length": covered,
        "sequence_stride": max(round(0.015 * rate), samples // MOST_FRAMES),
        "sampling_rate": rate,
        # The fewer are wider than a voice's own pitch, which differs from speaker to speaker.
        "num_mel_bins": 24 if rate <= NARROW else 64,
        "min_freq": 50.0,
        "top_db": SILENT,
    }
    return MFCC(num_coefficients=20, **options) if features == "mfcc" else MelSpectrogram(**options)


def _played(front: Layer, features: str) -> list[Layer]:
    """Return the front with the layers around it that play each sound otherwise in every epoch.

    At another speed a voice is one of another build; noise and colour are those of another
    room and microphone.
    """
    layers = [RandomSpeed(SPEED), RandomNoise(*NOISE), front]
    # Cepstra lose the colour with their mean.
    return [*layers, FilterAugment()] if features == "logmel" else layers


def _normalised(features: str) -> list[Layer]:
    """Return the layers that take out what is not said, each for a view of its own.

    Without its colour a sound is the same from every voice and microphone, but some sounds
    differ by their colour alone, so that both views are seen.
    """
    if features == "mfcc":
        return [GroupNormalization(groups=-1, axis=1, center=False, scale=False)]
    return [SpectrogramNormalization(), SpectrogramNormalization(by_band=False)]


def _changes(features: str) -> list[Layer]:
    """Return the layers that make each spectrogram another one in every epoch.

    Stretched along the frames, a voice speaks faster or slower; shifted and stretched a little
    along the bands, its throat is another one at the same pitch.
    """
    # The axis of a cepstrum is no pitch.
    shift, stretch, hidden = (0.04, 0.05, 0.25) if features == "logmel" else (0.0, 0.0, 0.0)
    return [
        RandomTranslation(shift, 0.1, fill_mode="nearest"),
        RandomZoom(stretch, 0.3, fill_mode="nearest"),
        SpecAugment(hidden, 0.25),
    ]


def _block(inputs: Any, filters: int, pool: tuple[int, int]) -> Any:
    """Return what a convolution finds, with both sides of the spectrogram made smaller."""
    found = Conv2D(filters, 3, padding="same", use_bias=False)(inputs)
    return MaxPooling2D(pool, padding="same")(ReLU()(BatchNormalization(momentum=0.9)(found)))


# -- the baseline -----------------------------------------------------------------------------


def _baselines(rate: int, known: Examples, new: Examples) -> Mapping[str, Predictions]:
    """Return logistic regression on the mean and deviation of each cepstral coefficient."""
    assert known.labels is not None
    x, rows = _statistics(known.x, rate), _statistics(new.x, rate)
    mean, deviation = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-6)
    x, rows = (x - mean) / deviation, (rows - mean) / deviation
    found = linear_baseline(x, known.labels, rows, "classes", len(known.classes))
    return {"logistic regression": found}


def _statistics(sounds: NumpyArray | FileRows, rate: int) -> NumpyArray:
    """Return mean and deviation of each coefficient over time, shape (sounds, 40)."""
    front = _front(rate, sounds.shape[1], "mfcc")
    cepstra = (np.asarray(front(part)) for part in in_parts(sounds, AT_ONCE))
    both = [np.concatenate([one.mean(axis=2), one.std(axis=2)], axis=1) for one in cepstra]
    return np.concatenate(both)
