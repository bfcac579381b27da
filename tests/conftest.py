"""What all tests share. Keras computes on JAX, so that both sides use the same arithmetic."""

import os

os.environ["KERAS_BACKEND"] = "jax"
# Two devices for the tests of computing on several cores; all others compute on one.
os.environ["JAX_NUM_CPU_DEVICES"] = "2"
os.environ["PELLUCID_CORES"] = "1"

import numpy as np
import pytest
from hypothesis import settings

# A busy machine must not fail a property that holds.
settings.register_profile("pellucid", deadline=None)
settings.load_profile("pellucid")


@pytest.fixture
def rng() -> np.random.Generator:
    """Return a source of random numbers that is the same in every run."""
    return np.random.default_rng(20240501)
