"""Rows that lie in chunks, each of which is read as a whole."""

import numpy as np
import pytest

from pellucid.data.chunks import ChunkedDataset

SIZES = [5, 3, 0, 7, 4, 6]
ROWS = np.arange(sum(SIZES))
STARTS = np.cumsum([0, *SIZES])


def chunks(seen=None, **options):
    def load(number):
        if seen is not None:
            seen.append(number)
        part = ROWS[STARTS[number] : STARTS[number + 1]]
        return {"a": part, "b": part[:, None] / 2}, -part

    return ChunkedDataset(load, SIZES, **{"batch_size": 4, "buffer_size": 10, **options})


def numbers(dataset):
    return np.concatenate([x["a"] for x, _ in dataset])


def test_without_shuffling_rows_come_as_they_lie():
    dataset = chunks(shuffle=False)
    batches = list(dataset)
    assert [len(y) for _, y in batches] == [4] * 6 + [1]
    for x, y in batches:
        np.testing.assert_array_equal(x["a"], -y)
        np.testing.assert_array_equal(x["b"][:, 0] * 2, x["a"])
    assert np.concatenate([x["a"] for x, _ in batches]).tolist() == ROWS.tolist()


@pytest.mark.parametrize("buffer_size", [1, 10, 12, 100])
def test_every_epoch_holds_every_row_once(buffer_size):
    dataset = chunks(shuffle=True, buffer_size=buffer_size)
    for _ in range(3):
        assert sorted(numbers(dataset)) == ROWS.tolist()


def test_the_order_follows_from_seed_and_epoch():
    one, same, other = (chunks(shuffle=True, seed=seed) for seed in (3, 3, 4))
    first = [numbers(dataset).tolist() for dataset in (one, same, other)]
    assert first[0] == first[1] != first[2]
    assert numbers(one).tolist() == numbers(same).tolist() != first[0]


def test_a_buffer_is_rounded_up_to_whole_batches():
    assert chunks().buffer_rows == 12
    assert chunks(buffer_size=None).buffer_rows == 8 * 5
    assert chunks(batch_size=None).buffer_rows == 10


def test_rows_are_shuffled_within_a_buffer_of_whole_chunks_in_a_new_order():
    dataset = chunks(shuffle=True, seed=1)
    order = dataset.order_of(0)
    read = [one.load()[1] for one in dataset.reads(0, 0, 1)]
    as_read = -np.concatenate(read)
    assert sorted(as_read) == ROWS.tolist() != as_read.tolist()
    for start in range(0, len(ROWS), 12):
        part = as_read[start : start + 12]
        assert sorted(order[start : start + 12]) == sorted(part)
        places = dataset.places(0, start, len(part))
        put = np.empty_like(part)
        put[places] = part
        assert put.tolist() == order[start : start + 12].tolist() == numbers_at(dataset, start)


def numbers_at(dataset, start):
    batches = range(start // 4, min(start // 4 + 3, len(dataset)))
    return np.concatenate([dataset[number][0]["a"] for number in batches]).tolist()


def test_reading_from_a_place_leaves_out_the_chunks_before_it():
    seen = []
    reads = list(chunks(seen).reads(None, 8, 1))
    assert [(one.name, one.rows, one.skip) for one in reads] == [
        ("chunk 3", 7, 0),
        ("chunk 4", 4, 0),
        ("chunk 5", 6, 0),
    ]
    assert [one.skip for one in chunks(seen).reads(None, 6, 1)] == [1, 0, 0, 0]
    assert not seen


def test_all_rows_at_once_lie_in_their_own_order():
    x, y = chunks(shuffle=True).arrays()
    assert x["a"].tolist() == ROWS.tolist()
    assert y.tolist() == (-ROWS).tolist()
