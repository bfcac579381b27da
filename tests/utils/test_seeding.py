import random

import numpy as np
import pytest

from pellucid import seed, session
from pellucid.errors import ArgumentError
from pellucid.utils import clear_session, set_random_seed


@pytest.fixture(autouse=True)
def _put_back(monkeypatch):
    monkeypatch.setattr(seed, "_seed", seed.DEFAULT_SEED)
    python, state = random.getstate(), np.random.get_state()
    yield
    random.setstate(python)
    np.random.set_state(state)


def test_one_seed_sets_all_three():
    drawn = []
    for _ in range(2):
        set_random_seed(5)
        drawn.append((seed.get_seed(), random.random(), np.random.rand()))
    assert drawn[0] == drawn[1]
    assert drawn[0] == (5, random.Random(5).random(), np.random.RandomState(5).rand())


def test_what_is_no_seed_is_refused_and_changes_nothing():
    set_random_seed(5)
    with pytest.raises(ArgumentError) as error:
        set_random_seed("5")
    assert str(error.value) == (
        "set_random_seed(seed=...): got '5', expected a whole number from 0 to 4294967295."
    )
    assert seed.get_seed() == 5


def test_clearing_the_session_drops_what_is_kept(monkeypatch):
    kept = {"program": 1}
    monkeypatch.setattr(session, "_droppers", [kept.clear])
    clear_session()
    assert kept == {}
