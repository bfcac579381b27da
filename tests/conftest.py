"""What all tests share. Keras computes on JAX, so that both sides use the same arithmetic."""

import os
from collections.abc import Iterator

os.environ["KERAS_BACKEND"] = "jax"
# Two devices for the tests of computing on several cores; all others compute on one.
os.environ["JAX_NUM_CPU_DEVICES"] = "2"
os.environ["PELLUCID_CORES"] = "1"

import numpy as np
import pytest
from hypothesis import settings

from pellucid import seed

# A busy machine must not fail a property that holds.
settings.register_profile("pellucid", deadline=None)
settings.load_profile("pellucid")


@pytest.fixture(scope="module", autouse=True)
def _each_model_is_the_first() -> Iterator[None]:
    """Let each model have the default seed, so that tests can compare two of the same structure.

    What follows from the seeds of a script's second and third model is tested by whole scripts.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(seed, "next_seed", seed.get_seed)
        yield


@pytest.fixture
def rng() -> np.random.Generator:
    """Return a source of random numbers that is the same in every run."""
    return np.random.default_rng(20240501)
