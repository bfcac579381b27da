"""Images of classes to a trained, evaluated and saved network, and back to answers for new ones."""

import math
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np

from pellucid.data.file_rows import FileRows, in_parts
from pellucid.data.room import Room, check_memory
from pellucid.errors import FileError, Problem, report
from pellucid.layers import Normalization
from pellucid.models import Model
from pellucid.tasks.arguments import problems_of
from pellucid.tasks.classifier import Classifier, Recipe, numbered, train_classifier
from pellucid.tasks.examples import Examples, without_rare_classes
from pellucid.tasks.image_augmentation import (
    check_augment,
    chosen_variations,
    variations_text,
)
from pellucid.tasks.image_files import ImageFiles, listed
from pellucid.tasks.image_form import ImageForm, bring, check_form, form_for
from pellucid.tasks.image_groups import image_groups
from pellucid.tasks.image_network import ImageDesign, design_for, image_network
from pellucid.tasks.image_search import find_images
from pellucid.tasks.run import Run
from pellucid.tasks.scores import Predictions, linear_classes
from pellucid.types import NumpyArray
from pellucid.wording import count_text

STEPS = 2500
"""Steps of a training, as far as the bounds on epochs allow."""

LEAST_EPOCHS, MOST_EPOCHS = 15, 100

LEAST_PATIENCE = 10

MANY = 2000
"""Images from which on batches are twice as large."""

BASELINE_SIDE = 32
"""Pixels of a side that the logistic regression sees at most; larger squares are averaged."""


COMPARED_BYTES = 64 << 20
"""Bytes of features that the logistic regression learns from, where images stay in their files."""

AT_ONCE = 256
"""Images whose pixels are looked at at once for the baseline."""


@dataclass(frozen=True)
class ImagesModel(Classifier):
    """A network that tells classes of images apart, whatever files they come in.

    Args:
        model: The network; it takes raw pixels.
        classes: Names of the classes.
        shares: The share of each in the training rows.
        settings: Size and colours to which images are brought.
    """

    kind: ClassVar[str] = "images"
    noun: ClassVar[str] = "image"

    def read(self, source: Any) -> Examples:
        """Return images as the training images were read.

        Args:
            source: An image; a folder of them, with folders for classes or not; an IDX or a .npz
                file.

        Raises:
            FileError: Nothing is there, too many images are broken, or it is a data set whose
                parts must be told apart.
            DataError: Some folders are classes that the model knows, others not.
        """
        where = str(source)
        found = find_images(source)
        report(_in_parts(found, where), FileError)
        x, kept = bring(found, ImageForm.of(self.settings), where)
        examples = Examples(x, kept.names, None, self.classes, notes=kept.notes)
        if not {*kept.labels} & {*self.classes}:
            return examples
        rows = [row for row, label in enumerate(kept.labels) if label is not None]
        labels = numbered([str(kept.labels[row]) for row in rows], self.classes, where)
        return replace(examples.take(np.array(rows)), labels=labels)

    @classmethod
    def checked(cls, settings: Mapping[str, Any]) -> Mapping[str, Any]:
        return ImageForm.of(settings).settings()

    @classmethod
    def of(cls, model: Model, path: Any) -> Self:
        found = super().of(model, path)
        shape, form = model.input_shape[1:], ImageForm.of(found.settings)
        if tuple(shape) != form.shape:
            raise FileError(
                f"{path}: preprocessing.json: got images of shape {form.shape} for a network that "
                f"takes {tuple(shape)}, expected the two to fit."
            )
        return found


def train_images(
    path: str | os.PathLike[str],
    *,
    output: Any = None,
    validation: float = 0.15,
    test: float = 0.2,
    epochs: int | None = None,
    batch_size: int | None = None,
    seed: int = 0,
    probe: str | None = None,
    verbose: Any = "auto",
    size: int | tuple[int, int] | None = None,
    color_mode: str | None = None,
    augment: bool | str | Sequence[str] = True,
    group: str | Callable[[str], object] | None = None,
    memory: str | None = None,
) -> Run:
    """Train a convolutional network on images of classes, and evaluate it on some never seen.

    Images are brought to one size and, where all are grey, one channel. Mean and variance of
    their colours are learned from the training images and live inside the model, like the layers
    that vary images while training. Files that are no whole images are left out and named.

    Args:
        path: A folder of folders of images, one a class, or such folders in `train/` and `test/`
            or `validation/`, which are then the data set's own parts; a folder with an IDX pair
            of images and labels, or the file of the images; or a .npz file of x and y, or of
            x_train, y_train, x_test and y_test.
        output: Folder for the results; None for one named after `path`, "" for none.
        validation: Share of what is left for training that says when to stop.
        test: Share of all that tests, unless the data set says which.
        epochs: Most epochs; None for what suits the number of images.
        batch_size: Images in a step; None likewise.
        seed: Seed of the split, of the first weights and of all that is drawn.
        probe: "economy" or "full" to look into the network while it trains.
        verbose: 0 silent, else progress.
        size: Pixels of both sides, or (height, width); None for the middle of the sizes that
            there are, shrunk to 64 pixels on the longer side.
        color_mode: "grayscale", "rgb" or "rgba"; None for what the images are.
        augment: True for what suits the classes, False for none, or some of "rotate", "shift",
            "zoom", "flip" and "light", as a list or parted by commas.
        group: What must not be split, such as the images of one person: a regular expression
            whose parentheses catch the group in a file's path below `path`; "runs" where numbers
            of files follow one another for one person, through the classes; or a function from
            the path to the group.
        memory: What the images may take of memory, such as "2GB"; None for half of what there is.
            More of them stay in their files and are read anew in each epoch, for the same weights.

    Raises:
        ArgumentError: An argument is out of range.
        DataError: The images cannot be learned from.
        FileError: Nothing is there, too much of it is broken, or the results cannot be written.
        PellucidError: The package pillow is not installed.
    """
    problems = problems_of(validation=validation, test=test, epochs=epochs, batch_size=batch_size)
    problems += [*check_form(size, color_mode), *check_augment(augment), *check_memory(memory)]
    report(problems)
    where = str(path)
    found = _with_classes(find_images(path), where)
    form = form_for(found, size, color_mode)
    x, kept = bring(found, form, where, Room.of(memory))
    examples = _examples(x, kept, group)
    learned = examples.learned(validation, test)
    design = design_for(form, int(learned))
    variations = chosen_variations(augment, examples.classes, form)
    pace = _pace(learned)
    recipe = _recipe(form, design, variations, batch_size or pace[0], epochs or pace[1])
    told = (
        f"{count_text(len(examples), 'image')} of {count_text(len(examples.classes), 'class')}, "
        f"brought to {form.text()} (size and color_mode say otherwise).",
        variations_text(variations, augment, examples.classes),
        design.text(),
        *_compared(x, form),
    )
    return train_classifier(
        replace(examples, notes=(*examples.notes, *told)),
        recipe,
        path,
        output=output,
        validation=validation,
        test=test,
        seed=seed,
        probe=probe,
        verbose=verbose,
    )


def _recipe(
    form: ImageForm,
    design: ImageDesign,
    variations: Sequence[str],
    batch_size: int,
    epochs: int,
) -> Recipe:
    def build(training: Examples, seed: int) -> Model:
        steps = math.ceil(len(training) / batch_size) * epochs
        classes = len(training.classes)
        return image_network(design, form, classes, variations, steps, seed, training.x)

    patience = max(LEAST_PATIENCE, epochs // 3)
    settings = form.settings()
    return Recipe(ImagesModel, build, _baselines, settings, batch_size, epochs, patience)


def _pace(images: float) -> tuple[int, int]:
    """Return images in a step, and epochs, for so many to learn from."""
    batch = 64 if images >= MANY else 32
    epochs = round(STEPS / max(1, math.ceil(images / batch)))
    return batch, int(np.clip(epochs, LEAST_EPOCHS, MOST_EPOCHS))


# -- what is learned from -------------------------------------------------------------------------


def _in_parts(found: ImageFiles, where: str) -> list[Problem]:
    if not any(found.parts):
        return []
    given = f"a data set with parts of its own: {', '.join(sorted({*found.parts}))}"
    expected = "the images that answers are wanted for"
    return [Problem(where, given, expected, "Name the folder or the file of one part.")]


def _with_classes(found: ImageFiles, where: str) -> ImageFiles:
    """Return the images that lie in a class.

    Raises:
        FileError: None does, or all lie in one folder, whose folders may be the classes.
    """
    rows = [row for row, label in enumerate(found.labels) if label is not None]
    expected = "a folder for each class, or labels beside the images"
    if not rows:
        report([Problem(where, "images without classes", expected)], FileError)
    report(_too_high(found, where), FileError)
    loose = [found.names[row] for row, label in enumerate(found.labels) if label is None]
    if not loose:
        return found
    note = f"Left out {count_text(len(loose), 'image')} outside the folders of classes: "
    return found.take(rows).noted(f"{note}{listed(loose)}.")


def _too_high(found: ImageFiles, where: str) -> list[Problem]:
    """Return the problem of a folder around the folder that was meant."""
    labels = {label for label in found.labels if label is not None}
    inner = Path(where, *labels)
    if len(labels) > 1 or not inner.is_dir() or sum(one.is_dir() for one in inner.iterdir()) < 2:
        return []
    given = f"images in one folder, '{inner.name}', which has folders itself"
    return [Problem(where, given, "a folder for each class", f"Did you mean '{inner}'?")]


def _examples(x: NumpyArray | FileRows, kept: ImageFiles, group: Any) -> Examples:
    """Return images with numbered classes; classes with too few of them are left out."""
    names = [str(one) for one in kept.labels]
    classes = tuple(sorted({*names}, key=_in_order))
    labels = numbered(names, classes, "")
    groups = None if group is None else _groups(kept, labels, group)
    test, note = _own_test(kept)
    notes = (*kept.notes, note) if note else kept.notes
    examples = Examples(x, kept.names, labels, classes, groups, test, notes)
    return without_rare_classes(examples, "whole image")


def _in_order(name: str) -> tuple[bool, int, str]:
    """Return what puts names of classes in order: numbers by their size, and before words."""
    whole = name.isdecimal()
    return not whole, int(name) if whole else 0, name


def _groups(kept: ImageFiles, labels: NumpyArray, group: Any) -> NumpyArray:
    if isinstance(kept.images, np.ndarray):
        given = f"{group!r} for images that are no files"
        report([Problem("group", given, "images in files, whose names tell the group")])
    return image_groups(kept.names, labels.tolist(), group)


def _own_test(kept: ImageFiles) -> tuple[NumpyArray | None, str]:
    """Return what the data set itself keeps for the test, and a sentence about its validation."""
    parts = np.array(kept.parts)
    tested, stopped = (parts == "test"), (parts == "validation")
    if not tested.any() and not stopped.any():
        return None, ""
    if not tested.any():
        return stopped, "There is no part 'test': the part 'validation' is kept for the test."
    if not stopped.any():
        return tested, ""
    return tested, "The part 'validation' is for training too: what says when to stop is drawn."


# -- what it is compared with ---------------------------------------------------------------------


def _baselines(known: Examples, tested: Examples) -> Mapping[str, Predictions]:
    labels, x = np.asarray(known.labels), known.x
    if isinstance(x, FileRows):
        few = np.linspace(0, len(x) - 1, min(len(x), _most_compared(x.shape))).astype(int)
        labels, x = labels[few], x[few]
    normal = Normalization(axis=None)
    normal.adapt(in_parts(x, AT_ONCE))
    mean, spread = float(normal.mean), math.sqrt(normal.variance) or 1.0

    def features(rows: NumpyArray) -> NumpyArray:
        return (_pixels(rows) - mean) / spread

    seen = np.concatenate([features(part) for part in in_parts(x, AT_ONCE)])
    new = (features(part) for part in in_parts(tested.x, AT_ONCE))
    said = linear_classes(seen, labels, new, len(known.classes))
    return {"logistic regression on pixels": said}


def _compared(x: NumpyArray | FileRows, form: ImageForm) -> Iterator[str]:
    """Yield a sentence where the baseline learns from some of the images alone."""
    most = _most_compared((len(x), *form.shape))
    if isinstance(x, FileRows) and len(x) > most:
        yield f"The logistic regression learns from at most {most:,} images, for want of memory."


def _most_compared(shape: tuple[int, ...]) -> int:
    """Return how many of the images that stay in their files the baseline learns from."""
    tall, wide, _ = _squares(shape)
    return max(1, COMPARED_BYTES // (4 * tall * wide * shape[3]))


def _pixels(x: NumpyArray) -> NumpyArray:
    """Return the pixels of each image in a row, squares of them averaged where they are many."""
    images, channels = len(x), x.shape[3]
    tall, wide, side = _squares(x.shape)
    squares = x[:, : tall * side, : wide * side].reshape(images, tall, side, wide, side, channels)
    return squares.mean(axis=(2, 4), dtype=np.float32).reshape(images, -1)


def _squares(shape: tuple[int, ...]) -> tuple[int, int, int]:
    """Return how many squares there are from top to bottom and across, and their side."""
    _, height, width, _ = shape
    side = min(math.ceil(max(height, width) / BASELINE_SIDE), height, width)
    return height // side, width // side, side
