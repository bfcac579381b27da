"""The picture of numbers by layer and step."""

import numpy as np
import pytest

from pellucid.errors import ArgumentError, ShapeError
from pellucid.training.heat_map import HeatMap, draw_heat_map, draw_traces


def shown(values, layers=None, steps=None):
    values = np.array(values, float)
    layers = layers or [f"layer_{number}" for number in range(len(values))]
    return HeatMap(
        "Gradient", layers, steps or list(range(50, 50 * len(values[0]) + 1, 50)), values
    )


def colours(figure):
    """Return the colour of every cell, (layers, steps, red green blue alpha)."""
    mesh = figure.axes[0].collections[0]
    return mesh.cmap(mesh.norm(mesh.get_array()))


def note_of(figure):
    return figure.axes[0].texts[0].get_text()


def test_the_first_layer_is_on_top_and_steps_run_to_the_right():
    figure = draw_heat_map(shown([[1e-4, 1e-3], [1e-2, 1e-1]], ["first", "last"], [10, 40]))
    panel = figure.axes[0]
    assert [label.get_text() for label in panel.get_yticklabels()] == ["first", "last"]
    bottom, top = panel.get_ylim()
    assert bottom > top
    assert panel.get_xlim() == (-5, 55)
    assert note_of(figure) == "from 0.0001 to 0.1000"


def test_equal_ratios_are_equal_steps_of_colour():
    figure = draw_heat_map(shown([[1e-4, 1e-2, 1.0]]))
    mesh = figure.axes[0].collections[0]
    np.testing.assert_allclose(mesh.norm(mesh.get_array()).ravel(), [0, 0.5, 1], atol=1e-12)


def test_zero_infinite_and_unread_do_not_pass_for_numbers():
    figure = draw_heat_map(shown([[0.0, 1.0, np.inf, np.nan], [1e-3, 1e-3, 1e-3, 1e-3]]))
    zero, largest, infinite, unread = colours(figure)[0]
    assert zero.tolist() == [0, 0, 0, 1]
    np.testing.assert_allclose(infinite[:3], [0xD5 / 255, 0x5E / 255, 0])
    assert unread.tolist() == [1, 1, 1, 1]
    assert largest.tolist() not in (zero.tolist(), infinite.tolist(), unread.tolist())
    assert note_of(figure) == "from 0.001 to 1.0000, black: zero, red: infinite, white: none"


def test_what_is_far_below_the_rest_does_not_take_all_colours():
    mesh = draw_heat_map(shown([[1e-30, 1.0]])).axes[0].collections[0]
    assert mesh.norm.vmin == pytest.approx(1e-8)
    assert mesh.norm(mesh.get_array()).ravel().tolist() == [0, 1]


@pytest.mark.parametrize("value", [0.0, 0.5, np.nan, np.inf])
def test_one_value_alone_is_drawn(value):
    draw_heat_map(shown([[value]])).canvas.draw()


def test_a_scale_without_powers_of_ten_is_marked_all_the_same():
    bar = draw_heat_map(shown([[0.2, 0.8]])).axes[1]
    assert [label.get_text() for label in bar.get_yticklabels()] == ["0.2000", "0.4000", "0.8000"]


def test_of_many_layers_some_are_named_and_long_names_keep_their_end():
    layers = [f"block_{number}/a_rather_long_name_{number}" for number in range(60)]
    figure = draw_heat_map(shown(np.ones((60, 2)), layers))
    names = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert len(names) == 20
    assert names[0] == "…ather_long_name_0"
    assert max(map(len, names)) <= 18
    assert figure.get_figheight() < 9


def test_a_dollar_in_a_name_is_no_formula():
    figure = draw_heat_map(shown([[1.0, 2.0], [1.0, 2.0]], ["$x$", "$\\bad$"]))
    figure.canvas.draw()
    assert not any(label.get_parse_math() for label in figure.axes[0].get_yticklabels())


@pytest.mark.parametrize("draw", [draw_heat_map, lambda one: draw_traces(one, "a")])
def test_values_that_do_not_fit_are_refused(draw):
    with pytest.raises(ShapeError) as error:
        draw(HeatMap("G", ["a", "b"], [1], np.ones((1, 2))))
    assert str(error.value) == (
        "draw_heat_map: got values of shape (1, 2) for 2 layers and 1 steps, "
        "expected one for each layer and step."
    )


def test_a_layer_stands_out_among_the_others():
    figure = draw_traces(shown([[1, 2, 0], [3, 4, 5]], ["a", "b"]), "b", 100)
    others, own = figure.axes[0].lines[:2]
    assert own.get_ydata().tolist() == [3, 4, 5]
    np.testing.assert_array_equal(others.get_ydata(), [1, 2, np.nan])
    assert own.get_linewidth() > others.get_linewidth()
    names = [text.get_text() for text in figure.legends[0].get_texts()]
    assert names == ["b", "other layers", "step 100"]
    assert figure.axes[0].get_yscale() == "log"


def test_traces_of_an_unknown_layer_are_refused():
    with pytest.raises(ArgumentError) as error:
        draw_traces(shown([[1.0]], ["a"]), "b")
    assert str(error.value) == "draw_traces(layer=...): got 'b', expected one of the layers."
