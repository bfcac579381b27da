"""What all tests share. Keras computes on JAX, so that both sides use the same arithmetic."""

import os

os.environ["KERAS_BACKEND"] = "jax"

import numpy as np
import pytest


@pytest.fixture
def rng() -> np.random.Generator:
    """Return a source of random numbers that is the same in every run."""
    return np.random.default_rng(20240501)
