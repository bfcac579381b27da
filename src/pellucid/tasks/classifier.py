"""Files or lines with classes to a trained, evaluated and saved network: what all kinds share."""

import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np

from pellucid.callbacks import EarlyStopping
from pellucid.data.file_rows import FileRows
from pellucid.data.table.split import Split
from pellucid.errors import (
    DataError,
    FileError,
    Problem,
    did_you_mean,
)
from pellucid.errors import report as report_problems
from pellucid.models import Model
from pellucid.seed import checked_seed
from pellucid.tasks.answers import Answers
from pellucid.tasks.class_pictures import class_pictures
from pellucid.tasks.document import FORMAT, document_of, parsed, texts_of
from pellucid.tasks.evaluation import Evaluation, confusion_text
from pellucid.tasks.examples import Examples, split_examples
from pellucid.tasks.learned import Contents, marks_of
from pellucid.tasks.run import Run, result_folder, write_run
from pellucid.tasks.scores import Predictions, score_classes
from pellucid.tasks.streamed import dataset_of
from pellucid.types import NumpyArray
from pellucid.wording import count_text


@dataclass(frozen=True)
class Classifier(ABC):
    """A network that tells classes apart, and how raw files become what it takes.

    Args:
        model: The network; its outputs are probabilities of the classes.
        classes: Their names.
        shares: The share of each in the training rows.
        settings: How raw files are read, as plain values that go into the model file.
    """

    kind: ClassVar[str]
    """What the model file calls it."""
    noun: ClassVar[str]
    """One example, in words: "image"."""

    model: Model
    classes: tuple[str, ...]
    shares: tuple[float, ...]
    settings: Mapping[str, Any] = field(default_factory=dict)

    @abstractmethod
    def read(self, source: Any) -> Examples:
        """Return raw data as the training data were read; labels are None where there are none.

        Class numbers are those of `classes`.
        """

    @classmethod
    def checked(cls, settings: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return settings that come from a file, once they are what `read` needs.

        Raises:
            ValueError: They are not.
        """
        return settings

    # -- answers --------------------------------------------------------------------------

    def answers(self, x: Any) -> Predictions:
        """Return predictions for what the network takes."""
        rows = dataset_of(x) if isinstance(x, FileRows) else x
        outputs = np.asarray(self.model.predict(rows, verbose=0))
        if outputs.shape[-1] == 1:
            outputs = np.concatenate([1 - outputs, outputs], axis=1)
        return Predictions(outputs.argmax(axis=1), outputs)

    def constant(self, rows: int) -> Predictions:
        """Return the baseline that looks at nothing: the shares of the classes."""
        only = np.full(rows, int(np.argmax(self.shares)))
        return Predictions(only, np.tile(self.shares, (rows, 1)))

    def predict(self, source: Any) -> Answers:
        """Return the class of each raw example, and the probability of each class."""
        examples = self.read(source)
        return replace(self.told(examples, self.answers(examples.x)), notes=examples.notes)

    def told(self, examples: Examples, predicted: Predictions) -> Answers:
        """Return predictions in the user's words."""
        columns: dict[str, Sequence[Any]] = {self.noun: list(examples.names)}
        if examples.labels is not None:
            columns["actual"] = [self.classes[one] for one in examples.labels]
        columns["predicted"] = [self.classes[one] for one in predicted.values]
        assert predicted.probabilities is not None
        for number, name in enumerate(self.classes):
            column = np.asarray(predicted.probabilities[:, number], np.float64)
            columns[f"probability of {name}"] = np.round(column, 6).tolist()
        return Answers(columns)

    def evaluate(self, source: Any) -> Evaluation:
        """Return scores on raw examples with their classes.

        Raises:
            FileError: The classes are not known.
        """
        examples = self.read(source)
        labels = labels_of(examples, self.noun, source)
        predicted = self.answers(examples.x)
        scores = {
            "network": score_classes(labels, predicted),
            "majority": score_classes(labels, self.constant(len(labels))),
        }
        tested = f"On {count_text(len(labels), self.noun)}:"
        confused = confusion_text(labels, predicted.values, self.classes)
        return Evaluation(tested, scores, confused, examples.notes, self.contents(examples.x))

    def contents(self, x: Any) -> Contents:
        """Return what tells equal examples from others, of what the network takes."""
        return Contents(marks_of(x), self.noun)

    # -- files ----------------------------------------------------------------------------

    def document(self) -> dict[str, Any]:
        """Return the preprocessing as plain values, for the model file."""
        return {
            "format": FORMAT,
            "kind": self.kind,
            "classes": list(self.classes),
            "shares": list(self.shares),
            "settings": dict(self.settings),
        }

    @classmethod
    def of(cls, model: Model, path: Any) -> Self:
        """Return a model that was read from `path` with its preprocessing.

        Raises:
            FileError: The preprocessing is damaged, of another version or another kind.
        """
        document = document_of(model, cls.kind, path)
        classes, shares, settings = parsed(
            path,
            lambda: (
                texts_of(document["classes"], "the name of a class"),
                tuple(float(one) for one in document["shares"]),
                cls.checked(document["settings"]),
            ),
        )
        outputs = model.output_shape[-1]
        if len(shares) != len(classes) or outputs not in {len(classes), len(classes) - 1}:
            raise FileError(
                f"{path}: got {count_text(len(classes), 'class')} for a network of "
                f"{count_text(int(outputs), 'output')}, expected the two to fit."
            )
        return cls(model, classes, shares, settings)


@dataclass(frozen=True)
class Training:
    """How long and how a network is trained.

    Args:
        batch_size: Rows in a step.
        epochs: Most epochs.
        patience: Epochs without a better validation loss after which training stops.
        seed: Seed of everything random.
        probe: "economy" or "full" to look into the network while it trains, or None.
        verbose: As in `fit`.
        tell: Called with a sentence about what was done.
    """

    batch_size: int
    epochs: int
    patience: int
    seed: int
    probe: str | None
    verbose: int
    tell: Callable[[str], None]

    def options(self) -> dict[str, Any]:
        """Return them as arguments of `fit`, but for `probe` and `verbose`."""
        return {
            "batch_size": self.batch_size,
            "epochs": self.epochs,
            "callbacks": [EarlyStopping(patience=self.patience, restore_best_weights=True)],
        }


@dataclass(frozen=True)
class Recipe:
    """How one kind of data is learned.

    Args:
        model_class: What comes out.
        build: Returns a compiled network for the training examples and a seed. What it learns
            from data, a vocabulary or a mean, it learns from these alone. None where `learn`
            does all.
        baselines: Returns what simple models say of the test examples, by their names, when
            fitted to those before.
        settings: How raw files are read.
        batch_size: Rows in a step.
        epochs: Most epochs.
        patience: Epochs without a better validation loss after which training stops.
        learn: Returns a trained network for the examples that are not tested, of which those
            marked True are to say when to stop; None for one `fit` of what `build` returns.
    """

    model_class: type[Classifier]
    build: Callable[[Examples, int], Model] | None
    baselines: Callable[[Examples, Examples], Mapping[str, Predictions]]
    settings: Mapping[str, Any]
    batch_size: int = 32
    epochs: int = 100
    patience: int = 10
    learn: Callable[[Examples, NumpyArray, Training], Model] | None = None


def train_classifier(
    examples: Examples,
    recipe: Recipe,
    source: Any,
    *,
    output: Any = None,
    validation: float = 0.2,
    test: float = 0.2,
    seed: int = 0,
    probe: str | None = None,
    verbose: Any = "auto",
) -> Run:
    """Train a network on examples and evaluate it on some that it has never seen.

    Args:
        examples: All of them.
        recipe: How they are learned.
        source: Where they came from: a path, which names the folder of the results, or else.
        output: Folder for the results; None for one named after a path, "" for none.
        validation: Share of what is left for training that says when to stop, above 0, below 1.
        test: Share of all that tests, unless the data set says which; above 0, below 1.
        seed: Seed of everything random.
        probe: "economy" or "full" to look into the network while it trains.
        verbose: 0 silent, else progress.

    Raises:
        ArgumentError: The seed is none.
        DataError: The data cannot be learned from.
        FileError: A file cannot be written.
    """
    seed = checked_seed(seed, "seed")
    split = split_examples(examples, str(source), validation=validation, test=test, seed=seed)
    noun = recipe.model_class.noun
    folder = None if output == "" else result_folder(f"{Path(source).stem}-run", output)
    shown = verbose != 0
    notes = (*examples.notes, *split.notes)
    if shown:
        print("\n".join([*notes, _parts_text(split, noun)]))
    parts = (split.training, split.validation, split.test)
    training, tested = examples.take(split.training), examples.take(split.test)
    rows = np.sort(np.concatenate([split.training, split.validation]))
    known, held = examples.take(rows), np.isin(rows, split.validation)
    asked = Training(
        recipe.batch_size,
        recipe.epochs,
        recipe.patience,
        seed,
        probe,
        1 if shown and sys.stdout.isatty() else 0,
        print if shown else _silent,
    )
    learn = recipe.learn or partial(_fitted, recipe)
    model = learn(known, held, asked)
    trained = recipe.model_class(model, examples.classes, training.shares(), recipe.settings)
    return _judged(trained, known, tested, recipe, notes, folder, parts)


def _silent(sentence: str) -> None:
    """Tell nothing."""


def _fitted(recipe: Recipe, known: Examples, held: NumpyArray, asked: Training) -> Model:
    """Return a network after one `fit`."""
    assert recipe.build is not None
    training, validation = known.take(np.flatnonzero(~held)), known.take(np.flatnonzero(held))
    model = recipe.build(training, asked.seed)
    given: tuple[Any, ...] = training.x, training.labels
    judged: Any = validation.x, validation.labels
    if isinstance(training.x, FileRows):
        given = (dataset_of(training.x, training.labels, asked.batch_size, model.seed),)
        judged = dataset_of(validation.x, validation.labels, asked.batch_size)
    model.fit(
        *given,
        validation_data=judged,
        probe=asked.probe,
        verbose=asked.verbose,
        **asked.options(),
    )
    return model


def _judged(
    trained: Classifier,
    known: Examples,
    tested: Examples,
    recipe: Recipe,
    notes: tuple[str, ...],
    folder: Path | None,
    parts: Sequence[NumpyArray],
) -> Run:
    actual = np.asarray(tested.labels)
    predicted = trained.answers(tested.x)
    said = {
        "network": predicted,
        **recipe.baselines(known, tested),
        "majority": trained.constant(len(actual)),
    }
    scores = {name: score_classes(actual, one) for name, one in said.items()}
    told = f"On {count_text(len(actual), trained.noun)} never seen in training:"
    answers, learned = trained.told(tested, predicted), trained.contents(known.x).marks
    run = Run(trained, scores, told, answers, folder, notes, learned)
    if folder is not None:
        names = ("training", "validation", "test")
        rows = {name: len(part) for name, part in zip(names, parts, strict=True)}
        facts = {"task": trained.kind, "classes": list(trained.classes), "rows": rows}
        write_run(run, class_pictures(actual, predicted, trained.classes), facts)
    return run


def _parts_text(split: Split, noun: str) -> str:
    rows = [len(split.training), len(split.validation), len(split.test)]
    return (
        f"{count_text(rows[0], noun)} to train, {rows[1]:,} to say when to stop, "
        f"{rows[2]:,} to evaluate."
    )


def labels_of(examples: Examples, noun: str, source: Any) -> NumpyArray:
    """Return the class numbers of examples that must have them.

    Args:
        examples: The examples.
        noun: One of them, in words.
        source: Where they came from, for messages.

    Raises:
        FileError: The classes are not known.
    """
    if examples.labels is None:
        named = ", ".join(map(repr, examples.classes[:10]))
        given, expected = f"{noun}s without classes that are known", f"one of {named} for each"
        fix = "Let them lie as in training: in folders, names or columns of the same names."
        report_problems([Problem(str(source), given, expected, fix)], FileError)
    return np.asarray(examples.labels)


def numbered(labels: Sequence[str], classes: Sequence[str], where: str) -> NumpyArray:
    """Return the numbers of classes that a model knows.

    Args:
        labels: Names, one for each example.
        classes: The known names.
        where: The data, for messages.

    Raises:
        DataError: Some are not known.
    """
    place = {name: number for number, name in enumerate(classes)}
    known = ", ".join(map(repr, classes[:10]))
    report_problems(
        (
            Problem(where, f"the class '{name}'", f"one of {known}", did_you_mean(name, classes))
            for name in sorted({*labels} - {*place})
        ),
        DataError,
    )
    return np.array([place[name] for name in labels], np.int32)


def with_labels(examples: Examples, labels: Sequence[str], where: str) -> Examples:
    """Return examples with labels and classes from names, the classes sorted.

    Args:
        examples: Any.
        labels: A name for each.
        where: The data, for messages.
    """
    classes = tuple(sorted({*labels}))
    return replace(examples, labels=numbered(labels, classes, where), classes=classes)
