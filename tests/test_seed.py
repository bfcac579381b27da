import numpy as np
import pytest

from pellucid import seed
from pellucid.errors import ArgumentError


@pytest.fixture(autouse=True)
def _put_back(monkeypatch):
    monkeypatch.setattr(seed, "_seed", seed.DEFAULT_SEED)


def test_the_seed_is_zero_until_it_is_set():
    assert seed.get_seed() == 0
    seed.set_seed(np.int64(2**32 - 1))
    assert seed.get_seed() == 2**32 - 1
    assert type(seed.get_seed()) is int


@pytest.mark.parametrize("wrong", [-1, 2**32, 1.0, True, None, "7"])
def test_what_is_no_seed_is_refused_and_changes_nothing(wrong):
    with pytest.raises(ArgumentError) as error:
        seed.set_seed(wrong)
    assert str(error.value) == (
        f"set_seed(seed=...): got {wrong!r}, expected a whole number from 0 to 4294967295."
    )
    assert seed.get_seed() == 0
