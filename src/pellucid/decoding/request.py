"""What a model is asked to go on from, checked and ready for a compiled program."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from pellucid.data.arrays import check_lengths, pad_rows
from pellucid.decoding.reader import (
    Reader,
    changed_at_the_end,
    check_order,
    check_shapes,
    kind_of,
)
from pellucid.errors import Problem, ShapeError, report
from pellucid.graph import Network
from pellucid.models import Model
from pellucid.models.feeding import read_inputs
from pellucid.training import cache
from pellucid.training.objective import Objective
from pellucid.training.recipe import Recipe
from pellucid.training.scoring import Forward, predict_rows
from pellucid.types import NumpyArray


@dataclass(frozen=True)
class Request:
    """A model, how its sequences begin, and what else it takes.

    Args:
        reader: The network as what gives the next word.
        recipe: What compiled programs are made from.
        weights: Its weights and numbers, as programs take them.
        rows: The first words of each sequence, (rows, begun), then what the network takes
            beside the words.
    """

    reader: Reader
    recipe: Recipe
    weights: Any
    rows: tuple[NumpyArray, ...]

    @property
    def key(self) -> tuple[Any, ...]:
        """What programs of equal requests share."""
        return self.recipe.structure, self.reader.length, self.reader.kind

    def batches(self, size: int) -> Iterator[tuple[int, int, list[NumpyArray]]]:
        """Yield the number of a batch's first row, how many rows are real, and the rows.

        Args:
            size: Rows that are computed at once; all batches have it, so that one program serves.
        """
        for first in range(0, len(self.rows[0]), size):
            batch = [one[first : first + size] for one in self.rows]
            count = len(batch[0])
            yield first, count, [pad_rows(one, size) for one in batch] if first else batch


def make_request(
    where: str, model: Model, source: Any, start: Any, end: int | None, max_steps: int, width: int
) -> Request:
    """Return what a caller asks of a model, once it is seen to be possible.

    Args:
        where: The function that was called, for messages.
        model: Takes [source, words so far], or the words so far alone.
        source: What it takes beside the words.
        start: A word, or the first words of each sequence.
        end: Word that ends a sequence; None for none.
        max_steps: Words that are added at most.
        width: Different words that are asked for at once.

    Raises:
        ArgumentError: A word is unknown, or the model looks ahead.
        ShapeError: The model, or an array, has other axes.
    """
    check_shapes(model.network, where)
    begun = _beginnings(where, source, start)
    reader = Reader(model.network, _length(where, model.network, begun.shape[1], max_steps))
    _check_words(where, reader, begun, end, width)
    rows = [begun, *_sources(model, reader, source, begun)]
    recipe = Recipe(model.network, Objective(()), None)
    weights = (*model.packed(recipe), recipe.hyper())
    reader = _tried(where, model, recipe, weights, reader, rows)
    return Request(reader, recipe, weights, tuple(rows))


def _tried(
    where: str, model: Model, recipe: Recipe, weights: Any, reader: Reader, rows: list[NumpyArray]
) -> Reader:
    """Return the reader with what the model's outputs are, once it is seen to look back only."""
    if "decoding" not in model.cache:
        words = changed_at_the_end(rows[0][0], reader.length, reader.words)
        feeds = reader.feeds([one[:1].repeat(2, 0) for one in rows[1:]], words)
        forward = cache.program(("forward", recipe.structure), lambda: Forward(recipe))
        outputs = predict_rows(forward, weights, feeds, None)[0].astype(np.float32)
        check_order(outputs, where)
        model.cache["decoding"] = "logits" if reader.ends_in_softmax else kind_of(outputs)
    return replace(reader, kind=model.cache["decoding"])


def number_problems(where: str, **counts: Any) -> list[Problem]:
    """Return what is wrong with numbers that count something.

    Args:
        where: The function that was called.
        counts: The numbers by the names of its arguments.
    """
    return [
        Problem(f"{where}({name}=...)", repr(value), "a whole number at least 1")
        for name, value in counts.items()
        if not _is_whole(value) or value < 1
    ]


def _is_whole(value: Any) -> bool:
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)


def _beginnings(where: str, source: Any, start: Any) -> NumpyArray:
    """Return the first words of every sequence, shape (rows, begun)."""
    words = np.asarray(start)
    whole = words.dtype.kind in "iu"
    if whole and words.ndim == 0:
        rows = 1 if source is None else len(_first(source))
        return np.full((rows, 1), words, np.int32)
    if not whole or words.ndim != 2 or not words.size:
        given = f"an array of shape {words.shape} and type {words.dtype}"
        expected = "a whole number, or the first words of every sequence, (rows, begun)"
        report([Problem(f"{where}(start=...)", given, expected)], ShapeError)
    return words.astype(np.int32)


def _first(source: Any) -> Any:
    """Return one of the arrays of a source."""
    if isinstance(source, Mapping):
        return next(iter(source.values()))
    return source[0] if isinstance(source, (list, tuple)) and np.ndim(source[0]) > 1 else source


def _length(where: str, network: Network, begun: int, max_steps: int) -> int:
    """Return how many words the model is given at once."""
    needed, taken = begun + max_steps - 1, network.shapes[network.inputs[-1]][0]
    if taken is not None and needed > taken:
        given = f"{max_steps} behind {begun} to start with"
        fix = "Leave the length open: Input((None,))."
        expected = f"at most {taken - begun + 1}: the model takes {taken} words"
        report([Problem(f"{where}(max_steps=...)", given, expected, fix)])
    return taken or needed


def _check_words(where: str, reader: Reader, start: NumpyArray, end: Any, width: int) -> None:
    """Refuse words that the model does not know, and more sequences than there are words."""
    wrong = []
    known = f"a whole number from 0 to {reader.words - 1}"
    strange = start[(start < 0) | (start >= reader.words)]
    if strange.size:
        wrong.append(Problem(f"{where}(start=...)", str(strange[0]), known))
    if end is not None and not (_is_whole(end) and 0 <= end < reader.words):
        wrong.append(Problem(f"{where}(end=...)", repr(end), f"{known}, or None"))
    if reader.padding is not None:
        for name, held in (("start", start), ("end", [] if end is None else [end])):
            if reader.padding in held:
                given = f"{reader.padding}, which the model takes for padding"
                wrong.append(Problem(f"{where}({name}=...)", given, "another word"))
    if width > reader.words:
        expected = f"at most {reader.words}, the number of words"
        wrong.append(Problem(f"{where}(width=...)", str(width), expected))
    report(wrong)


def _sources(model: Model, reader: Reader, source: Any, start: NumpyArray) -> list[NumpyArray]:
    """Return what the network takes beside the words, in order."""
    words = np.resize(start[:, :1], (len(start), reader.length))
    given: Any
    if isinstance(source, Mapping):
        given = {**source, model.input_names[-1]: words}
    elif source is None:
        given = [words]
    else:
        alone = len(reader.network.inputs) == 2
        given = [source, words] if alone else [*source, words]
    network = reader.network
    inputs = read_inputs(network, model.input_names, given)
    check_lengths(dict(zip(model.input_names, inputs, strict=True)))
    feeds = network.prepare(inputs)
    return [feed for node, feed in zip(network.feeds, feeds, strict=True) if node != reader.target]
