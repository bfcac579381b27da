"""Greedy and beam search with a model."""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from pellucid.data.arrays import check_lengths, pad_rows
from pellucid.decoding.reader import (
    Reader,
    changed_at_the_end,
    check_order,
    check_shapes,
    kind_of,
)
from pellucid.decoding.sequences import Sequences, joined
from pellucid.errors import Problem, ShapeError, report
from pellucid.graph import Network
from pellucid.models import Model
from pellucid.models.feeding import read_inputs
from pellucid.ops.search import Beams, beam_search
from pellucid.training import cache
from pellucid.training.objective import Objective
from pellucid.training.recipe import Recipe
from pellucid.training.scoring import Forward, predict_rows
from pellucid.types import Array, NumpyArray


def greedy(
    model: Model,
    source: Any,
    start: Any,
    end: int | None = None,
    max_steps: int = 50,
    batch_size: int = 32,
) -> Sequences:
    """Return what a model says when the most probable word is taken at every step.

    Args:
        model: Takes [source, words so far], or the words so far alone, and gives for each step
            the probabilities of the next word (softmax or logits).
        source: What the model takes beside the words so far: an array, or a list of them where
            there are several; None where there is nothing.
        start: Word with which every sequence begins, or the first words of each, (rows, begun).
        end: Word that ends a sequence; None for none.
        max_steps: Number of words after which a sequence is cut, at least 1.
        batch_size: Rows that are computed at once, at least 1.

    Raises:
        ShapeError: The model, or an array, has other axes.
        ArgumentError: A number is out of range, or the model looks ahead.

    Example:
        >>> import numpy as np, pellucid
        >>> from pellucid.decoding import greedy
        >>> layers = pellucid.layers
        >>> model = pellucid.Sequential(
        ...     [layers.Input((None,), dtype="int32"), layers.Embedding(5, 8), layers.Dense(5)]
        ... )
        >>> found = greedy(model, None, start=np.array([[1], [2]]), max_steps=4)
        >>> found.tokens.shape
        (2, 1, 4)
    """
    return _search("greedy", model, source, start, end, max_steps, 1, 0.0, batch_size)


def beam(
    model: Model,
    source: Any,
    start: Any,
    end: int | None = None,
    max_steps: int = 50,
    width: int = 4,
    length_penalty: float = 0.0,
    batch_size: int = 32,
) -> Sequences:
    """Return the most probable sequences that are found when `width` are kept at every step.

    Args:
        model: As in `greedy`.
        source: As in `greedy`.
        start: As in `greedy`.
        end: As in `greedy`.
        max_steps: As in `greedy`.
        width: How many sequences are kept, at least 1; 1 is greedy search.
        length_penalty: Exponent of the length by which log probabilities are divided before the
            sequences are put in order, at least 0. 0 orders by probability, which favours short
            sequences; 1 by the mean log probability of a word.
        batch_size: As in `greedy`.

    Raises:
        ShapeError: The model, or an array, has other axes.
        ArgumentError: A number is out of range, or the model looks ahead.

    Example:
        >>> import numpy as np, pellucid
        >>> from pellucid.decoding import beam
        >>> layers = pellucid.layers
        >>> model = pellucid.Sequential(
        ...     [layers.Input((None,), dtype="int32"), layers.Embedding(5, 8), layers.Dense(5)]
        ... )
        >>> found = beam(model, None, start=1, max_steps=4, width=3)
        >>> found.tokens.shape, bool((np.diff(found.log_probability) <= 0).all())
        ((1, 3, 4), True)

    Source: Sutskever, Vinyals, Le, "Sequence to Sequence Learning with Neural Networks" (2014).
    """
    return _search("beam", model, source, start, end, max_steps, width, length_penalty, batch_size)


def _search(
    where: str,
    model: Model,
    source: Any,
    start: Any,
    end: int | None,
    max_steps: int,
    width: int,
    length_penalty: float,
    batch_size: int,
) -> Sequences:
    _check_numbers(where, max_steps, width, length_penalty, batch_size)
    check_shapes(model.network, where)
    begun = _beginnings(where, source, start)
    reader = Reader(model.network, _length(where, model.network, begun.shape[1], max_steps))
    _check_words(where, reader, begun, end, width)
    rows = [begun, *_sources(model, reader, source, begun)]
    recipe = Recipe(model.network, Objective(()), None)
    weights = (*model.packed(recipe), recipe.hyper())
    reader = _tried(where, model, recipe, weights, reader, rows)
    key = ("search", recipe.structure, reader.length, reader.kind, max_steps, width)
    program = cache.program(key, lambda: _program(recipe, reader, max_steps, width))
    numbers = np.int32(-1 if end is None else end), np.float32(length_penalty)
    parts = []
    for first in range(0, len(begun), batch_size):
        batch = [one[first : first + batch_size] for one in rows]
        count = len(batch[0])
        if first:
            # All batches are of one size, so that one program serves.
            batch = [pad_rows(one, batch_size) for one in batch]
        found = jax.device_get(program(weights, batch[1:], batch[0], *numbers))
        tokens = found.tokens[:count, :, begun.shape[1] :]
        parts.append(Sequences(tokens, *(one[:count] for one in found[1:]), end=end))
    return joined(parts)


def _program(recipe: Recipe, reader: Reader, max_steps: int, width: int) -> Any:
    """Return the compiled search for batches of one size."""
    bare = recipe.bound(recipe.hyper())

    def run(weights: Any, source: Any, start: Array, end: Array, penalty: Array) -> Beams:
        trained, carried, hyper = weights
        bound = bare.bound(hyper)
        values = bound.values(trained, carried)
        own = replace(reader, network=bound.network)
        repeated = [jnp.repeat(one, width, axis=0) for one in source]

        def next_words(tokens: Array, place: Array) -> Array:
            return own.log_probabilities(values, repeated, tokens, place)

        padding = reader.padding or 0
        return beam_search(next_words, start, max_steps, end, width, penalty, padding)

    return jax.jit(run)


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


# -- what the caller gave ------------------------------------------------------------------------


def _check_numbers(
    where: str, max_steps: int, width: int, length_penalty: float, batch_size: int
) -> None:
    counts = {"max_steps": max_steps, "width": width, "batch_size": batch_size}
    wrong = [
        Problem(f"{where}({name}=...)", repr(value), "a whole number at least 1")
        for name, value in counts.items()
        if not _is_whole(value) or value < 1
    ]
    number = isinstance(length_penalty, (int, float)) and not isinstance(length_penalty, bool)
    if not number or not 0 <= length_penalty < math.inf:
        place = f"{where}(length_penalty=...)"
        wrong.append(Problem(place, repr(length_penalty), "a number at least 0"))
    report(wrong)


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
