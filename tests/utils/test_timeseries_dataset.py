"""Windows over series, as Keras 3.15 makes them (its documented examples, and a run of it)."""

import numpy as np
import pytest

from pellucid.errors import ArgumentError
from pellucid.utils import timeseries_dataset_from_array

SERIES = np.arange(100)


def test_the_first_example_of_keras():
    dataset = timeseries_dataset_from_array(
        SERIES, None, sequence_length=10, sampling_rate=2, sequence_stride=3, batch_size=None
    )
    np.testing.assert_array_equal(dataset[0], [0, 2, 4, 6, 8, 10, 12, 14, 16, 18])
    np.testing.assert_array_equal(dataset[1], [3, 5, 7, 9, 11, 13, 15, 17, 19, 21])
    np.testing.assert_array_equal(dataset[27], np.arange(81, 100, 2))
    assert len(dataset) == 28


def test_the_second_example_of_keras():
    dataset = timeseries_dataset_from_array(SERIES[:-10], SERIES[10:], sequence_length=10)
    x, y = dataset[0]
    np.testing.assert_array_equal(x[0], SERIES[:10])
    assert y[0] == SERIES[10]
    assert x.shape == (81, 10)


def test_the_third_example_of_keras():
    options = {"sequence_length": 20, "sequence_stride": 20}
    x = timeseries_dataset_from_array(SERIES, None, **options)[0]
    y = timeseries_dataset_from_array(2 * SERIES, None, **options)[0]
    np.testing.assert_array_equal(x[0], SERIES[:20])
    np.testing.assert_array_equal(y[1], 2 * SERIES[20:40])


def test_columns_and_a_part_of_the_steps():
    table = np.stack([SERIES, 10 * SERIES], axis=1)
    dataset = timeseries_dataset_from_array(
        table, SERIES, 3, start_index=50, end_index=60, batch_size=4
    )
    x, y = dataset[0]
    np.testing.assert_array_equal(x[0], table[50:53])
    # As in Keras, targets are counted from the first window.
    np.testing.assert_array_equal(y, [0, 1, 2, 3])
    assert dataset.rows == 8


MESSAGES = [
    (
        {"sequence_length": 101},
        "timeseries_dataset_from_array: got a series of 100 steps, expected at least the 101 that "
        "a window covers. Choose a smaller sequence_length or sampling_rate.",
    ),
    (
        {"sequence_length": 0, "sampling_rate": 1.5},
        "2 problems:\n  1. timeseries_dataset_from_array(sequence_length=...): got 0, expected a "
        "whole number of at least 1.\n  2. timeseries_dataset_from_array(sampling_rate=...): got "
        "1.5, expected a whole number of at least 1.",
    ),
    (
        {"sequence_length": 2, "start_index": 7, "end_index": 7},
        "timeseries_dataset_from_array(start_index=..., end_index=...): got steps 7 to 7, "
        "expected a part of the 100 steps.",
    ),
]


@pytest.mark.parametrize(("options", "told"), MESSAGES)
def test_what_is_told(options, told):
    with pytest.raises(ArgumentError) as error:
        timeseries_dataset_from_array(SERIES, None, **options)
    assert str(error.value) == told
