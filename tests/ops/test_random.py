import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

from pellucid.ops import random

LARGE = 2**17


def order_of(key: int, size: int, count: int) -> np.ndarray:
    return np.asarray(random.permutation(jnp.uint32(key), size, jnp.int32(count)))


@pytest.mark.parametrize(
    ("size", "count"), [(1, 1), (2, 1), (7, 7), (200, 130), (2**15, 2**15), (LARGE, 100_000)]
)
def test_every_index_comes_once_and_the_counted_ones_first(size, count):
    order = order_of(3, size, count)
    assert sorted(order[:count].tolist()) == list(range(count))
    assert sorted(order.tolist()) == list(range(size))


def test_every_order_is_as_likely():
    seen = [tuple(order_of(key, 4, 4).tolist()) for key in range(2400)]
    _, counts = np.unique(seen, axis=0, return_counts=True)
    assert len(counts) == 24
    assert stats.chisquare(counts).pvalue > 0.001


def test_places_are_independent_of_indices_where_chance_has_few_bits_a_round():
    order = order_of(5, LARGE, LARGE)
    assert abs(np.corrcoef(order, np.arange(LARGE))[0, 1]) < 0.01
    # Neighbours whose random bits were equal would stand in the order of their numbers.
    assert np.mean(np.diff(order) > 0) == pytest.approx(0.5, abs=0.01)
    # A batch holds rows of the whole range, not of one part of it.
    thirds = np.sort(order.reshape(-1, 32), axis=1)[:, 16] / LARGE
    assert stats.kstest(thirds, stats.beta(17, 16).cdf).pvalue > 0.001


def test_another_key_gives_another_order():
    assert (order_of(1, 1000, 1000) != order_of(2, 1000, 1000)).mean() > 0.99


def test_a_draw_depends_on_its_row_and_column_and_not_on_how_long_rows_are():
    key = jnp.uint32(9)
    wide = np.asarray(random.bits(key, (3, 4, 7)))
    for columns in (1, 3, 7):
        found = np.asarray(random.bits(key, (3, 4, columns)))
        np.testing.assert_array_equal(found, wide[..., :columns])
    assert random.bits(key, ()).shape == ()
    np.testing.assert_array_equal(random.bits(key, (7,)), wide[0, 0])


@pytest.mark.parametrize("shape", [(2**19, 2), (2**10, 2**10), (4, 2**18), (64, 26, 26, 32)])
def test_no_draw_comes_twice_and_all_are_alike_likely(shape):
    drawn = np.asarray(random.bits(jnp.uint32(4), shape)).ravel()
    # The hash of the hash of a counter: different for different counters.
    assert len(np.unique(drawn)) == drawn.size
    assert stats.kstest(drawn[:: max(1, drawn.size // 2**16)] / 2**32, "uniform").pvalue > 0.001


def test_neighbours_and_rows_below_one_another_are_independent():
    share = np.asarray(random.uniform(jnp.uint32(2), (512, 512)))
    for one, other in ((share[1:], share[:-1]), (share[:, 1:], share[:, :-1])):
        assert abs(np.corrcoef(one.ravel(), other.ravel())[0, 1]) < 0.008


def test_a_mask_drops_its_share_of_values_whatever_its_shape() -> None:
    key = jnp.uint32(7)
    for rate in (0.1, 0.5, 0.9):
        kept = random.keep(key, (100, 200), rate)
        assert kept.dtype == bool
        assert abs(float(jnp.mean(~kept)) - rate) < 0.01
        np.testing.assert_array_equal(
            jax.jit(random.keep, static_argnums=1)(key, (100, 200), rate), kept
        )
    np.testing.assert_array_equal(
        random.keep(key, (4, 5), 0.3), random.keep(key, (9, 8), 0.3)[:4, :5]
    )
