"""Batches made when they are asked for."""

import numpy as np
import pytest

import pellucid
from pellucid.data.dataset import Dataset, split_part
from pellucid.errors import ArgumentError

ROWS = np.arange(10, dtype="float32")[:, None]


def pairs(**options):
    return Dataset(lambda numbers: (ROWS[numbers], 2 * ROWS[numbers]), 10, **options)


def test_an_epoch_holds_every_row_once_and_the_last_batch_may_be_smaller():
    dataset = pairs(batch_size=4)
    batches = list(dataset)
    assert [len(x) for x, _ in batches] == [4, 4, 2]
    assert len(dataset) == 3
    np.testing.assert_array_equal(np.concatenate([x for x, _ in batches]), ROWS)
    np.testing.assert_array_equal(dataset[-1][1], 2 * ROWS[8:])


def test_each_epoch_has_its_order_and_the_same_seed_the_same_ones():
    one, same, other = pairs(shuffle=True), pairs(shuffle=True), pairs(shuffle=True, seed=1)
    first = [np.concatenate([x for x, _ in dataset]) for dataset in (one, same, other)]
    np.testing.assert_array_equal(first[0], first[1])
    assert not np.array_equal(first[0], first[2])
    second = np.concatenate([x for x, _ in one])
    assert not np.array_equal(first[0], second)
    np.testing.assert_array_equal(np.sort(second, axis=0), ROWS)


def test_single_rows_have_no_batch_axis():
    x, y = pairs(batch_size=None)[3]
    assert (x.tolist(), y.tolist()) == ([3.0], [6.0])


def test_a_number_beyond_the_last_batch_is_an_index_error():
    with pytest.raises(IndexError, match="batch 3: got a number beyond the 3 batches"):
        pairs(batch_size=4)[3]


def test_fit_takes_a_dataset_and_ends_as_with_its_arrays():
    weights = []
    for streamed in (True, False):
        model = pellucid.Sequential([pellucid.Input((1,)), pellucid.layers.Dense(1)], seed=0)
        model.compile(pellucid.optimizers.SGD(0.01), "mse")
        dataset = pairs(batch_size=4)
        given = (dataset,) if streamed else dataset.arrays()
        model.fit(*given, epochs=3, shuffle=False, batch_size=None if streamed else 4, verbose=0)
        weights.append(model.get_weights())
        score = model.evaluate(dataset, verbose=0)
        np.testing.assert_allclose(score, model.evaluate(*dataset.arrays(), verbose=0), rtol=1e-5)
    np.testing.assert_allclose(weights[0][0], weights[1][0], rtol=1e-6)


def test_both_parts_together_are_all_rows():
    parts = [split_part("here", 10, 0.3, name, 5) for name in ("training", "validation")]
    assert [len(one) for one in parts] == [7, 3]
    assert sorted(np.concatenate(parts)) == list(range(10))


def test_a_part_needs_its_share_its_name_and_a_seed():
    with pytest.raises(ArgumentError) as told:
        split_part("here", 10, None, "trainig", None)
    assert str(told.value) == (
        "3 problems:\n"
        "  1. here(subset=...): got 'trainig', expected 'training' or 'validation'.\n"
        "  2. here(validation_split=...): got None, expected a share of the rows between 0 and "
        "1.\n"
        "  3. here(seed=...): got None, expected a seed for the split. Both parts are drawn by the "
        "same one: seed=0."
    )
