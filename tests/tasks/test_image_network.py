import numpy as np
import pytest

from pellucid.tasks.image_form import ImageForm
from pellucid.tasks.image_network import ImageDesign, design_for, image_network


@pytest.mark.parametrize(
    ("side", "filters", "shrinks"),
    [
        (3, (32, 64), False),
        (8, (32, 64), False),
        (28, (16, 32, 64), False),
        (64, (16, 32, 64), True),
        (200, (16, 16, 16, 32, 64), True),
    ],
)
def test_blocks_halve_the_sides_down_to_a_few_pixels(side, filters, shrinks):
    design = design_for(ImageForm(side, 2 * side, "rgb"), 100)
    assert design == ImageDesign(filters, residual=False, shrinks=shrinks)


def test_many_images_make_it_deeper():
    design = design_for(ImageForm(32, 32, "rgb"), 50_000)
    assert design.text() == "Residual network, blocks of 16-32-64 filters."


@pytest.mark.parametrize("residual", [False, True])
def test_networks_take_raw_pixels_and_normalise_them_themselves(rng, residual):
    form = ImageForm(7, 6, "grayscale")
    x = rng.integers(0, 256, (20, 7, 6, 1)).astype(np.uint8)
    design = ImageDesign((4, 8), residual)
    model = image_network(design, form, 3, ("rotate", "light"), 10, 5, x)
    np.testing.assert_allclose(model.predict(x, verbose=0).sum(axis=1), 1, rtol=1e-5)
    (normalised,) = [one for one in model.layers if type(one).__name__ == "Normalization"]
    mean, variance = normalised.get_weights()
    np.testing.assert_allclose(mean, [x.mean()], rtol=1e-5)
    np.testing.assert_allclose(variance, [x.astype("float64").var()], rtol=1e-5)
    convolutions = [one for one in model.layers if type(one).__name__ == "Conv2D"]
    assert len(convolutions) == (2 * 5 if residual else 2 * 2)
    again = image_network(design, form, 3, ("rotate", "light"), 10, 5, x)
    for one, other in zip(model.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
