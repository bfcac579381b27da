"""Positions by hand, as KerasHub documents them."""

import numpy as np
import pytest

import pellucid
from pellucid import layers
from pellucid.errors import ShapeError

X = np.ones((2, 3, 4), "float32")


def test_a_position_has_its_vector_whatever_stands_there():
    layer = layers.PositionEmbedding(5)
    found = np.asarray(layer(X))
    np.testing.assert_array_equal(found, np.stack([layer.get_weights()[0][:3]] * 2))


def test_waves_are_their_formula():
    found = np.asarray(layers.SinePositionEncoding(max_wavelength=100)(X))[1]
    for step in range(3):
        for feature in range(4):
            angle = step / 100 ** ((feature - feature % 2) / 4)
            expected = np.cos(angle) if feature % 2 else np.sin(angle)
            assert found[step, feature] == pytest.approx(expected, abs=1e-6)


def test_more_steps_than_positions():
    expected = "got 3 steps, expected at most 2. Make it sequence_length=3."
    with pytest.raises(ShapeError) as caught:
        layers.PositionEmbedding(2)(layers.Input((3, 4)))
    assert str(caught.value) == f"PositionEmbedding: {expected}"
    x = layers.Input((None, 4))
    model = pellucid.Model(x, layers.PositionEmbedding(2, name="places")(x))
    with pytest.raises(ShapeError) as caught:
        model.predict(X)
    assert str(caught.value) == f"places (PositionEmbedding): {expected}"


def test_masks_go_on_through_the_sum():
    words = layers.Input((None,), dtype="int32")
    x = layers.Embedding(9, 4, mask_zero=True)(words)
    model = pellucid.Model(
        words, layers.GlobalAveragePooling1D()(x + layers.PositionEmbedding(6)(x))
    )
    short, long = np.array([[1, 2]]), np.array([[1, 2, 0, 0]])
    np.testing.assert_allclose(model.predict(short), model.predict(long), rtol=1e-6)
