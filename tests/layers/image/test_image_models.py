"""The layers over images inside models: open sizes, training, files."""

import numpy as np
import pytest

from pellucid import Sequential, layers, load_model

OPEN = [
    (layers.Resizing(4, 6), (4, 6, 3)),
    (layers.CenterCrop(4, 6), (4, 6, 3)),
    (layers.RandomCrop(4, 6), (4, 6, 3)),
    (layers.RandomRotation(0.2), (None, None, 3)),
    (layers.UpSampling2D(2), (None, None, 3)),
    (layers.ZeroPadding2D(1), (None, None, 3)),
    (layers.Cropping2D(1), (None, None, 3)),
]


@pytest.mark.parametrize(("layer", "expected"), OPEN, ids=lambda one: type(one).__name__)
def test_sizes_may_be_left_open(layer, expected):
    assert layer.output_shape((None, None, 3)) == expected
    drawn = layer(layers.Input((None, None, 3)))
    assert drawn.shape == (None, *expected)
    assert layer.output_shape((5, 7, 3)) == layer(np.ones((2, 5, 7, 3), "float32")).shape[1:]


def made():
    model = Sequential(
        [
            layers.Input((6, 6, 1)),
            layers.RandomFlip("horizontal"),
            layers.RandomTranslation(0.2, 0.2),
            layers.RandomCrop(5, 5),
            layers.ZeroPadding2D(1),
            layers.SpatialDropout2D(0.2),
            layers.Flatten(),
            layers.Dense(1),
        ]
    )
    model.compile(loss="mse", optimizer="sgd")
    return model


def test_a_model_varies_its_images_in_training_alone_and_the_same_way_again(tmp_path):
    rng = np.random.default_rng(0)
    images, targets = rng.normal(size=(20, 6, 6, 1)).astype("float32"), rng.normal(size=(20, 1))
    one, again = made(), made()
    losses = [
        model.fit(images, targets, epochs=2, batch_size=8, verbose=0).history["loss"]
        for model in (one, again)
    ]
    assert losses[0] == losses[1]
    first, second = (one.predict(images, verbose=0) for _ in range(2))
    np.testing.assert_array_equal(first, second)
    one.save(tmp_path / "model.pellucid")
    loaded = load_model(tmp_path / "model.pellucid")
    np.testing.assert_array_equal(loaded.predict(images, verbose=0), first)
