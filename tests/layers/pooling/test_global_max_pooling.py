"""Global max pooling by hand."""

import numpy as np

from pellucid import layers


def test_by_hand():
    x = np.reshape([[1.0, -5.0], [3.0, -2.0], [2.0, -9.0]], (1, 3, 2)).astype("float32")
    assert np.asarray(layers.GlobalMaxPooling1D()(x)).tolist() == [[3, -2]]
    assert np.asarray(layers.GlobalMaxPooling1D(keepdims=True)(x)).tolist() == [[[3, -2]]]


def test_sizes_may_be_open():
    assert layers.GlobalMaxPooling2D().output_shape((None, None, 3)) == (3,)
    assert layers.GlobalMaxPooling2D(keepdims=True).output_shape((None, None, 3)) == (1, 1, 3)
    first = layers.GlobalMaxPooling2D(keepdims=True, data_format="channels_first")
    assert first.output_shape((3, None, None)) == (3, 1, 1)
