"""Files or lines with classes to a trained, evaluated and saved network: what all kinds share."""

import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np

from pellucid.callbacks import EarlyStopping
from pellucid.data.table.split import Split
from pellucid.errors import (
    DataError,
    FileError,
    PellucidError,
    Problem,
    did_you_mean,
)
from pellucid.errors import report as report_problems
from pellucid.models import Model
from pellucid.seed import checked_seed
from pellucid.tasks.answers import Answers
from pellucid.tasks.arguments import check_training
from pellucid.tasks.class_pictures import class_pictures
from pellucid.tasks.evaluation import Evaluation, confusion_text
from pellucid.tasks.examples import Examples, split_examples
from pellucid.tasks.run import Run, result_folder, write_run
from pellucid.tasks.scores import Predictions, score_classes
from pellucid.types import NumpyArray
from pellucid.wording import count_text

FORMAT = 1
"""Version of the preprocessing document in a model file."""


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
        outputs = np.asarray(self.model.predict(x, verbose=0))
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
        if examples.labels is None:
            given, expected = "no classes", f"the class of each {self.noun}"
            report_problems([Problem(str(source), given, expected)], FileError)
        labels = np.asarray(examples.labels)
        predicted = self.answers(examples.x)
        scores = {
            "network": score_classes(labels, predicted),
            "majority": score_classes(labels, self.constant(len(labels))),
        }
        tested = f"On {count_text(len(labels), self.noun)}:"
        confused = confusion_text(labels, predicted.values, self.classes)
        return Evaluation(tested, scores, confused, examples.notes)

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
        document = model.preprocessing
        if not isinstance(document, dict) or document.get("kind") != cls.kind:
            raise FileError(f"{path}: got no model of the kind '{cls.kind}'.")
        if document.get("format") != FORMAT:
            raise FileError(
                f"{path}: got preprocessing of format {document.get('format')!r}, expected "
                f"{FORMAT}. The file was written by a newer version: update pellucid."
            )
        try:
            classes = tuple(_text(one) for one in document["classes"])
            shares = tuple(float(one) for one in document["shares"])
            settings = cls.checked(document["settings"])
        except (KeyError, TypeError, ValueError, PellucidError) as error:
            raise FileError(f"{path}: preprocessing.json: {error}") from None
        outputs = model.output_shape[-1]
        if len(shares) != len(classes) or outputs not in {len(classes), len(classes) - 1}:
            raise FileError(
                f"{path}: got {count_text(len(classes), 'class')} for a network of "
                f"{count_text(int(outputs), 'output')}, expected the two to fit."
            )
        return cls(model, classes, shares, settings)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"got {value!r} for the name of a class, expected text")
    return value


@dataclass(frozen=True)
class Recipe:
    """How one kind of data is learned.

    Args:
        model_class: What comes out.
        build: Returns a compiled network for the training examples and a seed. What it learns
            from data, a vocabulary or a mean, it learns from these alone.
        baselines: Returns what simple models say of the test examples, by their names, when
            fitted to those before.
        settings: How raw files are read.
        batch_size: Rows in a step.
        epochs: Most epochs.
        patience: Epochs without a better validation loss after which training stops.
    """

    model_class: type[Classifier]
    build: Callable[[Examples, int], Model]
    baselines: Callable[[Examples, Examples], Mapping[str, Predictions]]
    settings: Mapping[str, Any]
    batch_size: int = 32
    epochs: int = 100
    patience: int = 10


def train_classifier(
    examples: Examples,
    recipe: Recipe,
    source: Any,
    *,
    output: Any = None,
    validation: float = 0.2,
    test: float = 0.2,
    epochs: int | None = None,
    batch_size: int | None = None,
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
        validation: Share of what is left for training that says when to stop.
        test: Share of all that tests, unless the data set says which.
        epochs: Most epochs, instead of the recipe's.
        batch_size: Rows in a step, instead of the recipe's.
        seed: Seed of everything random.
        probe: "economy" or "full" to look into the network while it trains.
        verbose: 0 silent, else progress.

    Raises:
        ArgumentError: An argument is out of range.
        DataError: The data cannot be learned from.
        FileError: A file cannot be written.
    """
    seed = checked_seed(seed, "seed")
    check_training(validation=validation, test=test, epochs=epochs, batch_size=batch_size)
    split = split_examples(examples, str(source), validation=validation, test=test, seed=seed)
    noun = recipe.model_class.noun
    folder = None if output == "" else result_folder(f"{Path(source).stem}-run", output)
    shown = verbose != 0
    notes = (*examples.notes, *split.notes)
    if shown:
        print("\n".join([*notes, _parts_text(split, noun)]))
    parts = (split.training, split.validation, split.test)
    training, held, tested = (examples.take(part) for part in parts)
    model = recipe.build(training, seed)
    model.fit(
        training.x,
        training.labels,
        validation_data=(held.x, held.labels),
        batch_size=batch_size or recipe.batch_size,
        epochs=epochs or recipe.epochs,
        callbacks=[EarlyStopping(patience=recipe.patience, restore_best_weights=True)],
        probe=probe,
        verbose=1 if shown and sys.stdout.isatty() else 0,
    )
    trained = recipe.model_class(model, examples.classes, training.shares(), recipe.settings)
    known = examples.take(np.sort(np.concatenate([split.training, split.validation])))
    return _judged(trained, known, tested, recipe, notes, folder, parts)


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
    run = Run(trained, scores, told, trained.told(tested, predicted), folder, notes)
    if folder is not None:
        names = ("training", "validation", "test")
        rows = {name: len(part) for name, part in zip(names, parts, strict=True)}
        facts = {"task": trained.kind, "classes": list(trained.classes), "rows": rows}
        write_run(run, class_pictures(actual, predicted, trained.classes), facts)
    return run


def _parts_text(split: Split, noun: str) -> str:
    rows = [len(split.training), len(split.validation), len(split.test)]
    return (
        f"{count_text(rows[0], noun)} to train, {rows[1]} to say when to stop, "
        f"{rows[2]} to evaluate."
    )


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
