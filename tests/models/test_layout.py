"""Images whose channels come first, given to layers that expect them last."""

import warnings

import numpy as np
import pytest

import pellucid
from pellucid import layers
from pellucid.errors import PellucidWarning

LIKE = "inputs of shape (None, 3, 24, 24), which look like images with channels first"
REST = (
    "expected (batch, height, width, channels). Turn them by np.moveaxis(x, 1, -1), or write "
    "data_format='channels_first'. If they are as they should be, write "
    "data_format='channels_last'."
)


def model_of(shape, *first):
    made = pellucid.Sequential([pellucid.Input(shape), *first, layers.Flatten(), layers.Dense(1)])
    made.compile(optimizer="sgd", loss="mse")
    return made


def told(shape, *first, method="fit"):
    """Return the warnings of training a model on two rows of this shape."""
    model = model_of(shape, *first)
    x, y = np.zeros((2, *shape), "float32"), np.array([0.0, 1.0])
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        if method == "fit":
            model.fit(x, y, epochs=2, verbose=0)
        else:
            for _ in range(2):
                model.train_on_batch(x, y)
        model.evaluate(x, y, verbose=0)
        model.predict(x, verbose=0)
    assert all(one.category is PellucidWarning and one.filename == __file__ for one in caught)
    return [str(one.message) for one in caught]


@pytest.mark.parametrize("method", ["fit", "train_on_batch"])
def test_channels_first_is_told_once(method):
    found = told((3, 24, 24), layers.Conv2D(2, 3), layers.Conv2D(2, 1), method=method)
    assert found == [f"conv2d (Conv2D): got {LIKE}, {REST}"]


def test_it_is_told_behind_layers_that_keep_the_shape():
    found = told((3, 24, 24), layers.Rescaling(1 / 255), layers.DepthwiseConv2D(2))
    assert found == [f"depthwise_conv2d (DepthwiseConv2D): got {LIKE}, {REST}"]


def test_one_channel():
    found = told((1, 8, 8), layers.Conv2D(2, 1))
    assert [one.split(", which")[0] for one in found] == [
        "conv2d (Conv2D): got inputs of shape (None, 1, 8, 8)"
    ]


@pytest.mark.parametrize(
    ("shape", "layer"),
    [
        ((24, 24, 3), layers.Conv2D(2, 3)),
        ((3, 24, 24), layers.Conv2D(2, 3, data_format="channels_first")),
        ((3, 24, 24), layers.Conv2D(2, 3, data_format="channels_last")),
        ((3, 24, 20), layers.Conv2D(2, 3)),
        ((3, 16, 16), layers.Conv2D(2, 3)),
        ((2, 24, 24), layers.Conv2D(2, 2)),
        ((3, 3, 3), layers.Conv2D(2, 2)),
        ((1, 1, 1), layers.Conv2D(2, 1)),
        ((8, 8, 1), layers.Conv2D(2, 3)),
    ],
    ids=str,
)
def test_nothing_is_told_of_other_shapes(shape, layer):
    assert told(shape, layer) == []
