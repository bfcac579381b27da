"""Layers of several inputs and the masks of these, beside Keras's."""

import keras
import numpy as np
import pytest

import pellucid

FIRST = np.array([[1, 2, 0, 0], [0, 0, 3, 1]])
SECOND = np.array([[3, 0, 4, 0], [0, 2, 2, 0]])
NAMES = ("first", "second")
MERGING = {
    "Add": {},
    "Average": {},
    "Concatenate": {},
    "Concatenate-1": {"axis": 1},
    "Maximum": {},
    "Minimum": {},
    "Multiply": {},
    "Subtract": {},
}


def averaged(library, label, zeros):
    """Return a model that merges two sequences of words and averages over its real steps."""
    layers = library.layers
    words = [library.Input((4,), dtype="int32") for _ in "ab"]
    vectors = [
        layers.Embedding(5, 3, mask_zero=zero, name=name)(one)
        for one, zero, name in zip(words, zeros, NAMES, strict=True)
    ]
    merged = getattr(layers, label.partition("-")[0])(**MERGING[label])(vectors)
    return library.Model(words, layers.GlobalAveragePooling1D()(merged))


@pytest.mark.parametrize("zeros", [(True, True), (True, False), (False, True)])
@pytest.mark.parametrize("label", MERGING)
def test_masks_go_through_as_in_keras(label, zeros):
    ours, theirs = (averaged(library, label, zeros) for library in (pellucid, keras))
    for name in NAMES:
        theirs.get_layer(name).set_weights(ours.get_layer(name).get_weights())
    expected = theirs.predict([FIRST, SECOND], verbose=0)
    np.testing.assert_allclose(ours.predict([FIRST, SECOND]), expected, rtol=1e-5, atol=1e-6)


def test_a_product_leaves_padding_out():
    one, other = np.array([[[2.0], [3.0], [5.0]]]), np.array([[[7.0], [11.0], [13.0]]])
    masks = [np.array([[True, True, False]]), np.array([[True, False, False]])]
    product = pellucid.layers.Multiply()([one, other], mask=masks)
    assert np.asarray(product).ravel().tolist() == [14.0, 3.0, 0.0]


def test_the_product_of_two_symbolic_tensors_is_that_of_all_their_values():
    def multiplied(library):
        words = library.Input((4,), dtype="int32")
        vectors = library.layers.Embedding(5, 3, mask_zero=True, name="first")(words)
        other = library.layers.Embedding(5, 3, name="second")(words)
        return library.Model(words, library.layers.Flatten()(vectors * other))

    ours, theirs = multiplied(pellucid), multiplied(keras)
    for name in NAMES:
        theirs.get_layer(name).set_weights(ours.get_layer(name).get_weights())
    expected = theirs.predict(FIRST, verbose=0)
    np.testing.assert_allclose(ours.predict(FIRST), expected, rtol=1e-5, atol=1e-6)


def test_masks_of_steps_that_hold_images_are_laid_over_them():
    one, other = np.full((1, 2, 2, 2, 1), 2.0), np.full((1, 2, 2, 2, 1), 3.0)
    masks = [np.array([[True, False]]), np.array([[True, True]])]
    for name, behind in (
        ("Multiply", [6.0, 3.0]),
        ("Maximum", [3.0, 3.0]),
        ("Minimum", [2.0, 3.0]),
    ):
        found = np.asarray(getattr(pellucid.layers, name)()([one, other], mask=masks))
        assert found[0, :, 0, 0, 0].tolist() == behind
