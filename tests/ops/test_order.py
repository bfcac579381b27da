import jax.numpy as jnp
import numpy as np

from pellucid.ops import random
from pellucid.ops.order import WINDOW, by_length

BATCH, ROWS = 4, 4 * WINDOW * 3 + 5
SIZE = -(-ROWS // BATCH) * BATCH + BATCH


def ordered(key=1):
    lengths = np.random.default_rng(0).integers(1, 100, SIZE).astype("int32")
    order = random.permutation(jnp.uint32(key), SIZE, ROWS)
    found = by_length(jnp.uint32(key + 7), order, jnp.asarray(lengths), BATCH, jnp.int32(ROWS))
    return np.asarray(found), lengths


def test_every_real_row_comes_once_before_the_padding():
    found, _ = ordered()
    assert sorted(found[:ROWS].tolist()) == list(range(ROWS))
    assert sorted(found.tolist()) == list(range(SIZE))


def test_rows_of_a_batch_have_similar_lengths():
    found, lengths = ordered()
    whole = ROWS // BATCH * BATCH
    batches = lengths[found[:whole]].reshape(-1, BATCH)
    assert np.ptp(batches, axis=1).mean() < 5
    # Sorted within a window, whose order is random: long and short batches alternate.
    means = batches.mean(axis=1)
    assert abs(np.corrcoef(means[1:], means[:-1])[0, 1]) < 0.3


def test_the_order_follows_the_key():
    assert ordered(1)[0].tolist() == ordered(1)[0].tolist()
    assert ordered(1)[0].tolist() != ordered(2)[0].tolist()
