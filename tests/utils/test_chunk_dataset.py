"""What is wrong with the arguments of a dataset of chunks."""

import pytest

from pellucid.errors import ArgumentError
from pellucid.utils import dataset_from_chunks


def test_all_that_is_wrong_is_told():
    with pytest.raises(ArgumentError) as told:
        dataset_from_chunks(lambda number: number, 3, batch_size=0, seed=-1, buffer_size=0)
    assert str(told.value) == (
        "4 problems:\n"
        "  1. dataset_from_chunks(batch_size=...): got 0, expected a whole number of at least 1, "
        "or None.\n"
        "  2. dataset_from_chunks(seed=...): got -1, expected a whole number of at least 0, or "
        "None.\n"
        "  3. dataset_from_chunks(buffer_size=...): got 0, expected a whole number of at least 1 "
        "(rows that are shuffled together), or None.\n"
        "  4. dataset_from_chunks(chunk_rows=...): got 3, expected the number of rows of each "
        "chunk, such as [1000, 1000, 500]."
    )


def test_chunks_without_rows_are_refused():
    with pytest.raises(ArgumentError, match="got no rows, expected at least one"):
        dataset_from_chunks(lambda number: number, [0, 0])
