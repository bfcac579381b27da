"""Average pooling by hand, and its message."""

import numpy as np
import pytest

from pellucid import layers
from pellucid.errors import ArgumentError


def test_by_hand():
    x = np.reshape([1.0, 3.0, 2.0, 6.0, 5.0], (1, 5, 1)).astype("float32")
    for options, expected in (
        ({}, [2, 4]),
        ({"padding": "same"}, [2, 4, 5]),
        ({"strides": 1}, [2, 2.5, 4, 5.5]),
    ):
        assert np.asarray(layers.AveragePooling1D(2, **options)(x)).ravel().tolist() == expected


def test_it_needs_a_size():
    with pytest.raises(ArgumentError) as caught:
        layers.AveragePooling2D()
    assert str(caught.value) == (
        "AveragePooling2D: got no 'pool_size', "
        "expected AveragePooling2D(pool_size, strides=..., ...)."
    )
