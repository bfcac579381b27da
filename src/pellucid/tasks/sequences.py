"""Sequences of numbers to a trained, evaluated and saved network, and back to their classes."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from pellucid.data.left_out import left_out, read_each
from pellucid.data.sequence_files import (
    LongTable,
    SequenceSet,
    partner_of,
    read_arff,
    read_long_table,
    read_sequence_folder,
    read_steps,
    read_ts,
    whole_pair,
    with_partner,
)
from pellucid.data.sequences import padded_width
from pellucid.errors import FileError, Problem, report
from pellucid.layers import (
    GRU,
    BatchNormalization,
    Bidirectional,
    Concatenate,
    Conv1D,
    Dense,
    Dropout,
    GaussianNoise,
    GlobalAveragePooling1D,
    Input,
    Normalization,
    ReLU,
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
from pellucid.tasks.learned import Contents
from pellucid.tasks.pace import epochs_for, rise_and_fall
from pellucid.tasks.run import Run
from pellucid.tasks.scores import Predictions, linear_baseline
from pellucid.types import NumpyArray
from pellucid.wording import count_text

BATCH_SIZE = 16

STEPS = 2_000
"""Steps of training that are aimed at."""

RATE = 2e-3
"""Highest rate of learning."""

KERNELS = (7, 5, 3)
"""Steps that the convolutions cover."""

LONG = 200
"""Steps above which no recurrent layer goes along: it would forget, and take its time."""

MANY = 500
"""Sequences from which the layers are twice as wide."""

COMPARED_STEPS = 64
"""Steps to which sequences are stretched to be compared with one another."""


@dataclass(frozen=True)
class SequencesModel(Classifier):
    """A network that tells sequences apart, with how sequences in files become its inputs.

    What it takes has shape (sequences, steps, channels + 1): the last channel is 1 for real
    steps and 0 for those that fill shorter sequences up, in which all else is 0 too.

    Its settings are `channels`, their names, and what `train_sequences` was told: `target`, `id`
    and `time`.
    """

    kind: ClassVar[str] = "sequences"
    noun: ClassVar[str] = "sequence"

    def read(self, source: Any) -> Examples:
        """Return sequences as the training sequences were read.

        Args:
            source: A file or folder as for `train_sequences`, a CSV with one sequence, or a list
                of such. Classes are known where the data tell them.

        Raises:
            DataError: A class is not one of the model's, or values are no numbers.
            FileError: A file cannot be read, or has other channels.
        """
        found = self._found(source)
        wanted = len(self.settings["channels"])
        if len(found.channels) != wanted:
            given = count_text(len(found.channels), "channel")
            expected = f"{wanted} as in training"
            report([Problem(str(source), given, expected)], FileError)
        labels = found.labels
        if labels is not None:
            labels = numbered(labels, self.classes, str(source))
        x, names = laid_out(found.steps), tuple(found.names)
        return Examples(x, names, labels, self.classes, notes=found.notes)

    def contents(self, x: Any) -> Contents:
        """Return what tells equal sequences from others, however far they are filled up."""
        return super().contents(real_steps(x))

    def _found(self, source: Any) -> SequenceSet:
        target, channels = self.settings["target"], self.settings["channels"]
        if not isinstance(source, (str, os.PathLike)):
            return _single([Path(one) for one in source], channels)
        path, training = Path(source), _training_file(Path(source))
        if training != path:
            read = partial(_read_file, target=target, group=None, channels=channels)
            return whole_pair(training, read)
        if path.is_dir() or path.suffix.lower() in (".ts", ".arff"):
            # A table of classes may be missing where classes are asked for.
            known = target if path.is_dir() and target and (path / target).is_file() else None
            return _read_file(path, known if path.is_dir() else target, None, channels)
        if self.settings["id"] is None:
            return _single([path], channels)
        return _read_table(path, self.settings, channels)

    @classmethod
    def checked(cls, settings: Mapping[str, Any]) -> Mapping[str, Any]:
        for name in ("target", "id", "time"):
            if not isinstance(settings[name], (str, type(None))):
                raise ValueError(f"got {name}={settings[name]!r}, expected a name")
        channels = settings["channels"]
        if not (isinstance(channels, list) and channels and all(map(_is_text, channels))):
            raise ValueError(f"got channels={channels!r}, expected their names")
        return settings


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def train_sequences(
    path: Any,
    *,
    target: str | None = None,
    id: str | None = None,
    group: str | None = None,
    time: str | None = None,
    output: Any = None,
    validation: float = 0.2,
    test: float = 0.2,
    epochs: int | None = None,
    batch_size: int | None = None,
    seed: int = 0,
    probe: str | None = None,
    verbose: Any = "auto",
) -> Run:
    """Train a network on sequences of numbers with their classes, of one length or many.

    Args:
        path: A `.ts` or `.arff` file: where `X_TEST` lies beside `X_TRAIN`, it is the test. A
            folder with a CSV for each sequence, beside a table of their classes or in a folder
            for each class. Or a long table, a row for each step, with `id`.
        target: What tells the class: the table's file in a folder, a column of a long table, an
            attribute of an `.arff`; found when absent, but for a long table.
        id: Column of a long table that tells the sequence.
        group: What belongs together and is never split, such as a person's: a column of the
            table, or a further table in a folder.
        time: Column of a long table that orders the steps; the order of the rows when absent.
        output: Folder for the results; one named after the path when absent, "" for none.
        validation: Share of what is left for training that says when to stop.
        test: Share of all that tests, unless there is a file of its own.
        epochs: Most epochs; by the number of sequences when absent.
        batch_size: Sequences in a step; 16 when absent.
        seed: Seed of everything random.
        probe: "economy" or "full" to look into the network while it trains.
        verbose: 0 silent, else progress.

    Raises:
        ArgumentError: An argument is out of range, or does not fit the path.
        DataError: The classes cannot be learned.
        FileError: No sequences, more than 5 % that cannot be read, or no classes.
    """
    source = _training_file(Path(path))
    options = {"target": target, "id": id, "time": time}
    shares = {"validation": validation, "test": test, "epochs": epochs, "batch_size": batch_size}
    report([*_bad_arguments(source, options, group), *problems_of(**shares)])
    if id is None:
        found = _read_file(source, target, group, None)
    else:
        found = _read_table(source, {**options, "group": group}, None)
    if found.labels is None:
        expected = "the class of each sequence"
        fix = "Say what tells it: target=..., or give a folder for each class."
        report([Problem(str(path), "no classes", expected, fix)], FileError)
    assert found.labels is not None
    examples = with_labels(
        Examples(
            laid_out(found.steps),
            tuple(found.names),
            None,
            (),
            groups=None if found.groups is None else np.array(found.groups),
            test=found.test,
            notes=(*found.notes, _lengths_text(found)),
        ),
        found.labels,
        str(path),
    )
    examples = without_rare_classes(examples, "sequence")
    batch = batch_size or BATCH_SIZE
    most = epochs or epochs_for(STEPS, examples.learned(validation, test) / batch)
    recipe = Recipe(
        SequencesModel,
        partial(_network, batch, most),
        _baselines,
        {**options, "channels": list(found.channels)},
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


def _training_file(path: Path) -> Path:
    """Return the training file of a folder that holds one with its test; else the path itself."""
    if not path.is_dir():
        return path
    files = [one for one in path.iterdir() if one.suffix.lower() in (".ts", ".arff")]
    pairs = [one for one in sorted(files) if partner_of(one) is not None]
    return pairs[0] if len(pairs) == 1 else path


def _bad_arguments(
    path: Path, options: Mapping[str, str | None], group: str | None
) -> list[Problem]:
    problems = []
    is_file = path.suffix.lower() in (".ts", ".arff")
    if is_file and group is not None:
        problems.append(Problem("group", f"{group!r} for {path.name}", "none: no line tells it"))
    if path.suffix.lower() == ".ts" and options["target"] is not None:
        given = f"{options['target']!r} for {path.name}"
        problems.append(Problem("target", given, "none: the class ends each line"))
    if options["id"] is None and options["time"] is not None:
        given = f"{options['time']!r} without id"
        problems.append(Problem("time", given, "a long table, with id=... for the sequence"))
    table = not is_file and not path.is_dir()
    if table and options["id"] is None:
        fix = "Name the column that tells the sequence of each row, as id."
        expected = "a .ts, an .arff, a folder, or a long table"
        problems.append(Problem(str(path), "a file of rows", expected, fix))
    elif table and options["target"] is None:
        problems.append(Problem("target", "none", "the column with the class of each sequence"))
    elif not table and options["id"] is not None:
        given = f"{options['id']!r} for {path.name}"
        problems.append(Problem("id", given, "a long table, a row for each step"))
    return problems


def _read_file(
    path: Path, target: str | None, group: str | None, channels: Sequence[str] | None
) -> SequenceSet:
    """Return what is in a file or folder; with its test unless it is only to be answered."""
    if path.is_dir():
        return read_sequence_folder(path, target, group, channels)
    read = read_ts if path.suffix.lower() == ".ts" else partial(read_arff, target=target)
    return with_partner(path, read) if channels is None else read(path)


def _read_table(
    path: Path, options: Mapping[str, str | None], channels: Sequence[str] | None
) -> SequenceSet:
    """Return what is in a long table."""
    id = options["id"]
    assert id is not None
    columns = LongTable(id, options["target"], options.get("group"), options["time"])
    return read_long_table(path, columns, channels)


def _single(paths: Sequence[Path], channels: Sequence[str]) -> SequenceSet:
    """Return files that hold a sequence each."""
    kept, read, broken = read_each(paths, partial(_channels_of, channels=channels))
    notes = left_out(broken, len(paths), "sequence", paths[0] if paths else "no files")
    names = [str(paths[number]) for number in kept]
    return SequenceSet(read, names, tuple(channels), notes=notes)


def _channels_of(path: Path, channels: Sequence[str]) -> NumpyArray:
    """Return a sequence with its channels in the order of the model's."""
    steps, names = read_steps(path)
    lacking = [one for one in channels if one not in names]
    report(
        (Problem(str(path), f"no column '{one}'", "it, as in training") for one in lacking),
        FileError,
    )
    return steps[:, [names.index(one) for one in channels]]


def laid_out(sequences: Sequence[NumpyArray]) -> NumpyArray:
    """Return sequences as one array with a further channel: 1 for real steps, 0 behind them.

    Args:
        sequences: Shape (steps, channels) each.

    Returns:
        float32, shape (sequences, steps, channels + 1).
    """
    width = padded_width(sequences)
    found = np.zeros((len(sequences), width, sequences[0].shape[1] + 1), np.float32)
    for row, steps in enumerate(sequences):
        found[row, : len(steps), :-1] = steps
        found[row, : len(steps), -1] = 1
    return found


def real_steps(laid: NumpyArray) -> list[NumpyArray]:
    """Return what `laid_out` was given."""
    return [one[one[:, -1] == 1, :-1] for one in laid]


def _lengths_text(found: SequenceSet) -> str:
    lengths = sorted(len(one) for one in found.steps)
    ends = f"{lengths[0]} to " if lengths[0] < lengths[-1] else ""
    steps, channels = count_text(lengths[-1], "step"), count_text(len(found.channels), "channel")
    return f"{ends}{steps} of {channels}."


# -- the network ------------------------------------------------------------------------------


def _network(batch_size: int, epochs: int, training: Examples, seed: int) -> Model:
    """Return the network for these sequences: convolutions beside a recurrent layer.

    Source: Karim et al., "LSTM Fully Convolutional Networks for Time Series Classification"
    (2018).
    """
    width, channels = training.x.shape[1:]
    units = 32 if len(training) < MANY else 64
    inputs = Input((None, channels))
    real, mask = inputs[..., -1:], inputs[..., -1]
    scaled = _scaling(training.x)(inputs[..., :-1]) * real
    noisy = GaussianNoise(0.1)(scaled)
    hidden = noisy
    for filters, kernel in zip((units, 2 * units, units), KERNELS, strict=True):
        convolved = Conv1D(filters, kernel, padding="same", use_bias=False)(hidden)
        # What fills shorter sequences up is nothing, to each layer that looks along the steps.
        hidden = ReLU()(BatchNormalization(momentum=0.9)(convolved, mask=mask)) * real
    seen = [GlobalAveragePooling1D()(hidden, mask=mask)]
    if width <= LONG:
        seen.append(Bidirectional(GRU(units))(noisy, mask=mask))
    joined = Concatenate()(seen) if len(seen) > 1 else seen[0]
    outputs = Dense(len(training.classes), activation="softmax")(Dropout(0.4)(joined))
    model = Model(inputs, outputs, seed=seed)
    steps = epochs * -(-len(training) // batch_size)
    optimizer = Adam(rise_and_fall(RATE, steps))
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def _scaling(laid: NumpyArray) -> Normalization:
    """Return the layer that brings each channel to mean 0 and variance 1 over the real steps."""
    steps = np.concatenate(real_steps(laid)).astype(np.float64)
    variance = steps.var(axis=0)
    # A channel that never changes in training would make a mountain of the first that does.
    variance[variance == 0] = 1
    return Normalization(mean=steps.mean(axis=0), variance=variance)


# -- the baselines ----------------------------------------------------------------------------


def _baselines(known: Examples, new: Examples) -> Mapping[str, Predictions]:
    """Return logistic regression on a few statistics, and the class of the nearest sequence."""
    assert known.labels is not None
    classes = len(known.classes)
    sequences, others = real_steps(known.x), real_steps(new.x)
    x, rows = _standardised(_statistics(sequences), _statistics(others))
    linear = linear_baseline(x, known.labels, rows, "classes", classes)
    nearest = known.labels[_nearest(*_standardised(_stretched(sequences), _stretched(others)))]
    return {
        "logistic regression": linear,
        "nearest neighbour": Predictions(nearest, np.eye(classes)[nearest]),
    }


def _statistics(sequences: Sequence[NumpyArray]) -> NumpyArray:
    """Return mean, deviation, first and last value of each channel."""
    return np.stack(
        [np.concatenate([one.mean(0), one.std(0), one[0], one[-1]]) for one in sequences]
    )


def _stretched(sequences: Sequence[NumpyArray]) -> NumpyArray:
    """Return sequences brought to the same number of steps, as rows."""
    places = np.linspace(0, 1, COMPARED_STEPS)
    return np.stack(
        [
            np.concatenate([np.interp(places, np.linspace(0, 1, len(one)), c) for c in one.T])
            for one in sequences
        ]
    )


def _standardised(known: NumpyArray, new: NumpyArray) -> tuple[NumpyArray, NumpyArray]:
    mean, deviation = known.mean(axis=0), known.std(axis=0)
    deviation = np.where(deviation > 0, deviation, 1)
    return (known - mean) / deviation, (new - mean) / deviation


def _nearest(known: NumpyArray, new: NumpyArray) -> NumpyArray:
    """Return for each new row the number of the known one that is nearest."""
    return np.array([int(np.square(known - one).sum(axis=1).argmin()) for one in new])
