"""Greedy and beam search with a model."""

import math
from dataclasses import replace
from typing import Any

import jax
import numpy as np

from pellucid.decoding.reader import Reader
from pellucid.decoding.request import make_request, number_problems
from pellucid.decoding.sequences import Sequences, joined
from pellucid.errors import Problem, report
from pellucid.models import Model
from pellucid.ops.search import Beams, beam_search
from pellucid.training import cache
from pellucid.training.recipe import Recipe
from pellucid.types import Array


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
    request = make_request(where, model, source, start, end, max_steps, width)
    recipe, reader = request.recipe, request.reader
    key = ("search", *request.key, max_steps, width)
    program = cache.program(key, lambda: _program(recipe, reader, max_steps, width))
    numbers = np.int32(-1 if end is None else end), np.float32(length_penalty)
    parts = []
    for _, count, (begun, *given) in request.batches(batch_size):
        found = jax.device_get(program(request.weights, given, begun, *numbers))
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
        memory, next_words = own.continued(values, source, start, width)
        padding = reader.padding or 0
        return beam_search(next_words, memory, start, max_steps, end, width, penalty, padding)

    return jax.jit(run)


def _check_numbers(
    where: str, max_steps: int, width: int, length_penalty: float, batch_size: int
) -> None:
    wrong = number_problems(where, max_steps=max_steps, width=width, batch_size=batch_size)
    number = isinstance(length_penalty, (int, float)) and not isinstance(length_penalty, bool)
    if not number or not 0 <= length_penalty < math.inf:
        place = f"{where}(length_penalty=...)"
        wrong.append(Problem(place, repr(length_penalty), "a number at least 0"))
    report(wrong)
