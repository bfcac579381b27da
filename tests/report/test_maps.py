import numpy as np
import pytest

from pellucid.errors import ShapeError
from pellucid.report import feature_maps, filters, saliency

RNG = np.random.default_rng(0)


def drawn(figure):
    """Return the arrays that the panels of a figure show."""
    return [np.asarray(image.get_array()) for panel in figure.axes for image in panel.images]


def test_every_map_has_a_panel_up_to_a_limit():
    maps = {"first": RNG.random((6, 6, 3)), "second": RNG.random((4, 4, 40))}
    figure = feature_maps(maps)
    shown = drawn(figure)
    assert len(shown) == 3 + 32
    np.testing.assert_array_equal(shown[1], maps["first"][..., 1])
    titles = [title for panel in figure.axes if (title := panel.get_title(loc="left"))]
    assert titles == ["first", "second  (32 of 40)"]


def test_filters_share_a_scale_and_three_channels_are_colours():
    kernel = RNG.standard_normal((3, 3, 2, 2))
    figure = filters(kernel)
    assert len(drawn(figure)) == 4
    limits = {image.get_clim() for panel in figure.axes for image in panel.images}
    assert limits == {(-np.abs(kernel).max(), np.abs(kernel).max())}
    colours = drawn(filters(RNG.standard_normal((3, 3, 3, 5))))
    assert [one.shape for one in colours] == [(3, 3, 3)] * 5
    assert all(one.min() >= 0 and one.max() <= 1 for one in colours)


def test_saliency_adds_channels_up():
    picture, found = RNG.random((5, 6, 3)), RNG.standard_normal((5, 6, 3))
    shown = drawn(saliency(picture, found))
    np.testing.assert_allclose(shown[1], found.sum(axis=-1))


def test_saliency_of_a_series_is_drawn_along_it():
    series, found = RNG.random((50, 2)), RNG.standard_normal(50)
    top, bottom = saliency(series, found).axes
    assert len(top.lines) == 2
    assert len(bottom.patches) == 50


def test_messages():
    with pytest.raises(ShapeError) as caught:
        saliency(np.ones((5, 6)), np.ones((4, 6)))
    assert str(caught.value) == (
        "saliency: got an example of shape (5, 6) and a map of shape (4, 6), "
        "expected a map with the axes of the example."
    )
    with pytest.raises(ShapeError) as caught:
        filters(np.ones((3, 3)))
    assert str(caught.value) == (
        "filters: got an array of shape (3, 3), "
        "expected (height, width, channels, filters) or (size, channels, filters)."
    )
