"""Words drawn at random by their probabilities, from all of them or from the likeliest.

Source: top-k: Fan, Lewis and Dauphin, "Hierarchical Neural Story Generation" (2018); top-p:
Holtzman et al., "The Curious Case of Neural Text Degeneration" (2020).
"""

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jax import lax

from pellucid.ops import random
from pellucid.ops.search import NextWords
from pellucid.types import Array


class Narrowing(NamedTuple):
    """From which words to draw, and how boldly.

    Args:
        temperature: By what log probabilities are divided, above 0: below 1 the likely become
            likelier, above 1 all more equal.
        top_k: How many of the likeliest words are kept.
        top_p: Words are kept, the likeliest first, until they have this share of what `top_k`
            left.
    """

    temperature: Array | float
    top_k: Array | int
    top_p: Array | float


def narrowed(log_probabilities: Array, narrowing: Narrowing) -> Array:
    """Return the log probabilities from which words are drawn, -inf for those left out.

    The likeliest word always stays; of equal ones the one with the smaller number.

    Args:
        log_probabilities: Shape (rows, words).
        narrowing: What is left of them.
    """
    scaled = log_probabilities / narrowing.temperature
    order = jnp.argsort(-scaled, axis=-1, stable=True)
    ordered = jnp.take_along_axis(scaled, order, -1)
    place = jnp.arange(scaled.shape[-1])
    ordered = jnp.where(place < narrowing.top_k, ordered, -jnp.inf)
    shares = jax.nn.softmax(ordered, axis=-1)
    before = jnp.cumsum(shares, axis=-1) - shares
    # Rounding must leave nothing out where all are wanted.
    kept = (before < narrowing.top_p) | (narrowing.top_p >= 1) | (place == 0)
    ordered = jax.nn.log_softmax(jnp.where(kept, ordered, -jnp.inf), axis=-1)
    return jnp.take_along_axis(ordered, jnp.argsort(order, axis=-1), -1)


def draw(key: Array, log_probabilities: Array) -> Array:
    """Return one word, drawn by its probability.

    Args:
        key: Key of the draw.
        log_probabilities: Shape (words,); they need not be normalised.
    """
    noise = -jnp.log(-jnp.log(random.uniform(key, log_probabilities.shape)))
    return jnp.argmax(log_probabilities + noise)


class Samples(NamedTuple):
    """Sequences that were drawn.

    Args:
        tokens: Shape (rows, length); the start first, padding behind the end.
        log_probability: Shape (rows,), of what was drawn, before narrowing.
        length: Shape (rows,); number of words behind the start, the end among them.
    """

    tokens: Array
    log_probability: Array
    length: Array


class _State(NamedTuple):
    place: Array
    samples: Samples
    ended: Array
    memory: Any


def sample_sequences(
    next_words: NextWords,
    memory: Any,
    start: Array,
    steps: int,
    end: Array,
    narrowing: Narrowing,
    keys: Array,
    padding: int = 0,
) -> Samples:
    """Return a sequence for each row, drawn word by word.

    Args:
        next_words: Gives the next word.
        memory: What is remembered before the last word of the start; an empty tuple for nothing.
        start: Shape (rows, begun): how the sequences begin.
        steps: How many words are added at most.
        end: The word that ends a sequence; negative for none.
        narrowing: From which words to draw.
        keys: Shape (rows,); what is drawn for a row follows its key and the place alone.
        padding: What stands behind the end.
    """
    rows, begun = start.shape
    tokens = jnp.full((rows, begun + steps), padding, jnp.int32).at[:, :begun].set(start)

    def goes_on(state: _State) -> Array:
        return (state.place < begun + steps) & ~state.ended.all()

    def step(state: _State) -> _State:
        place, (tokens, total, length), ended, before = state
        found, memory = next_words(before, tokens, place - 1)
        own = jax.vmap(random.fold, (0, None))(keys, place)
        word = jax.vmap(draw)(own, narrowed(found, narrowing))
        gained = jnp.take_along_axis(found, word[:, None], 1)[:, 0]
        samples = Samples(
            tokens.at[:, place].set(jnp.where(ended, padding, word)),
            total + jnp.where(ended, 0.0, gained),
            length + ~ended,
        )
        return _State(place + 1, samples, ended | (word == end), memory)

    nothing = jnp.zeros(rows, jnp.int32)
    first = Samples(tokens, jnp.zeros(rows), nothing)
    begin = _State(jnp.asarray(begun), first, nothing > 0, memory)
    return lax.while_loop(goes_on, step, begin).samples
