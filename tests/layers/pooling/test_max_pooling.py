"""Max pooling by hand."""

import numpy as np

from pellucid import layers


def test_by_hand():
    x = np.reshape([1.0, -3.0, 2.0, 5.0, 4.0], (1, 5, 1)).astype("float32")
    for options, expected in (
        ({}, [1, 5]),
        ({"padding": "same"}, [1, 5, 4]),
        ({"pool_size": 3, "strides": 1}, [2, 5, 5]),
        ({"pool_size": 3, "strides": 2, "padding": "same"}, [1, 5, 5]),
    ):
        assert np.asarray(layers.MaxPooling1D(**options)(x)).ravel().tolist() == expected


def test_what_overhangs_counts_for_nothing_even_below_zero():
    x = np.full((1, 3, 3, 1), -7.0, "float32")
    assert np.asarray(layers.MaxPooling2D(padding="same")(x)).ravel().tolist() == [-7.0] * 4
