"""Beam search: the most probable sequences that a model of the next word gives.

Source: Lowerre, "The HARPY Speech Recognition System" (1976); Sutskever, Vinyals, Le, "Sequence
to Sequence Learning with Neural Networks" (2014).
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jax import lax

from pellucid.types import Array

NextWords = Callable[[Any, Array, Array], tuple[Array, Any]]
"""Takes what is remembered before a word, arrays with the rows first; the words so far, shape
(rows, length); and the place of that word, the last so far. Returns the log probabilities of the
word behind it, shape (rows, words), and what is remembered before that one."""


class Beams(NamedTuple):
    """Sequences that were found, best first.

    Args:
        tokens: Shape (rows, width, length); the start first, padding behind the end.
        log_probability: Shape (rows, width); -inf where there are fewer sequences than width.
        length: Shape (rows, width); number of words behind the start, the end among them.
        score: Shape (rows, width); log probability divided by `length ** length_penalty`.
    """

    tokens: Array
    log_probability: Array
    length: Array
    score: Array


class _State(NamedTuple):
    place: Array
    tokens: Array
    total: Array
    length: Array
    ended: Array
    memory: Any


def beam_search(
    next_words: NextWords,
    memory: Any,
    start: Array,
    steps: int,
    end: Array,
    width: int,
    length_penalty: Array | float = 0.0,
    padding: int = 0,
) -> Beams:
    """Return the `width` best sequences that are found when as many are kept at every step.

    At each step every sequence that is kept and has not ended is continued by every word, and
    the most probable of all are kept; of equally probable ones those of the better sequence and
    the smaller word. With a width of 1 this is greedy search.

    Args:
        next_words: Gives the next word; its rows are the sequences that are kept, those of one
            row one after the other.
        memory: What is remembered before the last word of the start; an empty tuple for nothing.
        start: Shape (rows, begun): how the sequences begin.
        steps: How many words are added at most.
        end: The word that ends a sequence; negative for none.
        width: How many sequences are kept.
        length_penalty: Exponent of the length by which log probabilities are divided before the
            sequences are put in order; 0 orders by probability, which favours short ones.
        padding: What stands behind the end.
    """
    rows, begun = start.shape
    tokens = jnp.full((rows, width, begun + steps), padding, jnp.int32)
    tokens = tokens.at[:, :, :begun].set(start[:, None])
    # The sequences are all the same at first: one of them is continued.
    total = jnp.where(jnp.arange(width) == 0, 0.0, -jnp.inf) + jnp.zeros((rows, 1))

    def goes_on(state: _State) -> Array:
        open_ones = ~state.ended & jnp.isfinite(state.total)
        return (state.place < begun + steps) & jnp.any(open_ones)

    def step(state: _State) -> _State:
        flat = state.tokens.reshape(rows * width, -1)
        found, memory = next_words(state.memory, flat, state.place - 1)
        found = found.reshape(rows, width, -1)
        words = found.shape[-1]
        # What has ended stays as it is, which counts as its one continuation.
        stays = jnp.where(jnp.arange(words) == 0, 0.0, -jnp.inf)
        found = jnp.where(state.ended[..., None], stays, found)
        candidates = (state.total[..., None] + found).reshape(rows, width * words)
        total, chosen = lax.top_k(candidates, width)
        kept, word = chosen // words, chosen % words
        ended = jnp.take_along_axis(state.ended, kept, 1)
        tokens = jnp.take_along_axis(state.tokens, kept[..., None], 1)
        origin = (width * jnp.arange(rows)[:, None] + kept).reshape(-1)
        return _State(
            state.place + 1,
            tokens.at[:, :, state.place].set(jnp.where(ended, padding, word)),
            total,
            jnp.take_along_axis(state.length, kept, 1) + ~ended,
            ended | (word == end),
            jax.tree.map(lambda one: one[origin], memory),
        )

    nothing = jnp.zeros((rows, width), jnp.int32)
    first = _State(jnp.asarray(begun), tokens, total, nothing, nothing > 0, memory)
    last = lax.while_loop(goes_on, step, first)
    score = last.total / jnp.maximum(last.length, 1).astype(total.dtype) ** length_penalty
    order = jnp.argsort(-score, axis=1, stable=True)
    return Beams(
        jnp.take_along_axis(last.tokens, order[..., None], 1),
        *(jnp.take_along_axis(one, order, 1) for one in (last.total, last.length, score)),
    )
