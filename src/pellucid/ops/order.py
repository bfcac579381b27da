"""The order in which rows are visited, where short sequences shall not wait for long ones."""

import jax.numpy as jnp
from jax import lax

from pellucid.ops import random
from pellucid.types import Array

WINDOW = 32
"""Batches among which rows are sorted by length; the order of all rows stays random."""


def by_length(key: Array, order: Array, lengths: Array, batch: int, count: Array) -> Array:
    """Return a random order changed so that the rows of a batch have similar lengths.

    Runs of `WINDOW` batches are sorted by length, then whole batches change places. The rows
    that are no whole batch, and the padding behind them, stay last.

    Args:
        key: Random key, uint32.
        order: A random order of row numbers, a multiple of `batch` long.
        lengths: Length of each row's sequence, by row number.
        batch: Rows in a batch.
        count: Number of real rows; the rest of `order` is padding.

    Source: bucketing, as in Sutskever, Vinyals, Le, "Sequence to Sequence Learning" (2014),
    section 3.4.
    """
    place = lax.iota(jnp.int32, order.size)
    window = jnp.where(place < count, place // (WINDOW * batch), order.size)
    _, _, ordered = lax.sort((window, lengths[order], order), num_keys=2)
    batches = ordered.reshape(-1, batch)
    return batches[random.permutation(key, len(batches), count // batch)].reshape(-1)
