"""The attention map shows weights and words."""

import numpy as np
import pytest

from pellucid.errors import ShapeError
from pellucid.report import attention_map

WEIGHTS = np.random.default_rng(0).dirichlet(np.ones(4), (3, 5))


def shown(figure):
    """Return the arrays that the panels of a figure show."""
    return [np.asarray(image.get_array()) for panel in figure.axes for image in panel.images]


def test_a_panel_for_each_head_on_one_scale():
    figure = attention_map(WEIGHTS, title="look")
    np.testing.assert_array_equal(shown(figure), WEIGHTS)
    panels = [panel for panel in figure.axes if panel.images]
    assert [panel.get_title(loc="left") for panel in panels] == [
        "look, head 1",
        "look, head 2",
        "look, head 3",
    ]
    assert {image.get_clim() for panel in panels for image in panel.images} == {(0, 1)}
    assert (panels[0].get_xlabel(), panels[0].get_ylabel()) == ("key", "query")


def test_words_stand_at_the_axes_and_cut_padding_off():
    queries, keys = ["ich", "sehe", "nichts"], ["I", "see"]
    figure = attention_map(WEIGHTS[0], queries, keys)
    np.testing.assert_array_equal(shown(figure), [WEIGHTS[0][:3, :2]])
    panel = figure.axes[0]
    assert [label.get_text() for label in panel.get_xticklabels()] == keys
    assert [label.get_text() for label in panel.get_yticklabels()] == queries


def test_messages():
    with pytest.raises(ShapeError) as caught:
        attention_map(np.ones(3))
    assert str(caught.value) == (
        "attention_map: got weights of shape (3,), expected (queries, keys) or "
        "(heads, queries, keys)."
    )
    with pytest.raises(ShapeError) as caught:
        attention_map(WEIGHTS, keys=["a"] * 5)
    assert str(caught.value) == "attention_map(keys=...): got 5 words, expected at most 4."
