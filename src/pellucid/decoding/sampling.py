"""Sequences drawn at random from a model."""

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
from pellucid.ops import random
from pellucid.ops.sampling import Narrowing, Samples, sample_sequences
from pellucid.seed import checked_seed
from pellucid.training import cache
from pellucid.training.recipe import Recipe
from pellucid.types import Array


def sample(
    model: Model,
    source: Any,
    start: Any,
    end: int | None = None,
    max_steps: int = 50,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    seed: int = 0,
    batch_size: int = 32,
) -> Sequences:
    """Return what a model says when each word is drawn by its probability.

    With log probabilities z of the words, w is drawn with probability proportional to
    `exp(z[w] / temperature)`, from the `top_k` likeliest alone, and of these from as many of the
    likeliest as have the share `top_p`.

    Args:
        model: As in `greedy`.
        source: As in `greedy`.
        start: As in `greedy`.
        end: As in `greedy`.
        max_steps: As in `greedy`.
        temperature: Above 0; below 1 for what is more likely, above 1 for what is more surprising.
        top_k: How many of the likeliest words are drawn from, at least 1; None for all.
        top_p: Share of probability that is drawn from, above 0 and at most 1; None for all.
        seed: Seed of the draws; each row has its own.
        batch_size: As in `greedy`; it changes nothing of what is drawn.

    Raises:
        ShapeError: The model, or an array, has other axes.
        ArgumentError: A number is out of range, or the model looks ahead.

    Example:
        >>> import numpy as np, pellucid
        >>> from pellucid.decoding import sample
        >>> layers = pellucid.layers
        >>> model = pellucid.Sequential(
        ...     [layers.Input((None,), dtype="int32"), layers.Embedding(5, 8), layers.Dense(5)]
        ... )
        >>> found = sample(model, None, np.array([[1], [2]]), max_steps=4, top_k=3)
        >>> found.tokens.shape
        (2, 1, 4)

    Source: top-k: Fan, Lewis and Dauphin, "Hierarchical Neural Story Generation" (2018); top-p:
        Holtzman et al., "The Curious Case of Neural Text Degeneration" (2020).
    """
    counts = number_problems("sample", max_steps=max_steps, batch_size=batch_size)
    report([*counts, *narrowing_problems("sample", temperature, top_k, top_p)])
    seed = checked_seed(seed, "sample(seed=...)")
    request = make_request("sample", model, source, start, end, max_steps, 1)
    recipe, reader = request.recipe, request.reader
    key = ("sample", *request.key, max_steps)
    program = cache.program(key, lambda: _program(recipe, reader, max_steps))
    last = np.int32(-1 if end is None else end)
    narrowing = make_narrowing(temperature, top_k, top_p, reader.words)
    parts = []
    for first, count, (begun, *given) in request.batches(batch_size):
        rows = np.arange(first, first + len(begun), dtype=np.uint32)
        keys = random.fold(np.uint32(seed), rows)
        found = jax.device_get(program(request.weights, given, begun, last, narrowing, keys))
        tokens, total, length = (one[:count, None] for one in found)
        parts.append(Sequences(tokens[:, :, begun.shape[1] :], total, length, total, end))
    return joined(parts)


def _program(recipe: Recipe, reader: Reader, max_steps: int) -> Any:
    """Return the compiled drawing for batches of one size."""
    bare = recipe.bound(recipe.hyper())

    def run(
        weights: Any, source: Any, start: Array, end: Array, narrowing: Narrowing, keys: Array
    ) -> Samples:
        trained, carried, hyper = weights
        bound = bare.bound(hyper)
        values = bound.values(trained, carried)
        own = replace(reader, network=bound.network)

        memory, next_words = own.continued(values, source, start)
        padding = reader.padding or 0
        return sample_sequences(next_words, memory, start, max_steps, end, narrowing, keys, padding)

    return jax.jit(run)


def make_narrowing(
    temperature: float, top_k: int | None, top_p: float | None, words: int
) -> Narrowing:
    """Return the options of drawing as compiled programs take them.

    Args:
        temperature: As in `sample`.
        top_k: As in `sample`.
        top_p: As in `sample`.
        words: How many words there are.
    """
    kept, share = words if top_k is None else top_k, 1.0 if top_p is None else top_p
    return Narrowing(np.float32(temperature), np.int32(min(kept, words)), np.float32(share))


def narrowing_problems(where: str, temperature: Any, top_k: Any, top_p: Any) -> list[Problem]:
    """Return what is wrong with the options of drawing.

    Args:
        where: The function that was called.
        temperature: As in `sample`.
        top_k: As in `sample`.
        top_p: As in `sample`.
    """
    wrong = []
    if not _is_number(temperature) or not 0 < temperature < math.inf:
        fix = "For the likeliest word at every step use top_k=1."
        place = f"{where}(temperature=...)"
        wrong.append(Problem(place, repr(temperature), "a number above 0", fix))
    if top_k is not None:
        wrong += number_problems(where, top_k=top_k)
    if top_p is not None and (not _is_number(top_p) or not 0 < top_p <= 1):
        expected = "a share above 0 and at most 1"
        wrong.append(Problem(f"{where}(top_p=...)", repr(top_p), expected))
    return wrong


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
