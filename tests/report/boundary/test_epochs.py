"""Boundaries over epochs: each panel is that of the model stopped there."""

import numpy as np
import pytest

import pellucid
from pellucid.callbacks import Snapshots
from pellucid.data import patterns
from pellucid.report import boundary_animation, boundary_history
from pellucid.report.boundary.view import read_view
from report.boundary.networks import model

X, Y = patterns.make_moons(60)


def trained(epochs, callbacks=()):
    made = model(2)
    made.compile(pellucid.optimizers.SGD(1.0), "binary_crossentropy")
    if epochs:
        made.fit(X, Y, epochs=epochs, verbose=0, callbacks=list(callbacks))
    return made


@pytest.fixture(scope="module")
def run():
    snapshots = Snapshots(epochs=[0, 1, 3])
    return trained(4, [snapshots]), snapshots


def test_each_panel_is_that_of_a_model_trained_so_long(run):
    made, snapshots = run
    weights = made.get_weights()
    figure = boundary_history(made, snapshots, X, Y, resolution=8)
    for panel, epoch in zip(figure.axes, (0, 1, 3), strict=False):
        assert panel.get_title(loc="left") == f"epoch {epoch}"
        view = read_view("test", trained(epoch), X, Y, {"resolution": 8})
        assert panel.texts[0].get_text() == view.score()
        p = view.boundary().outputs[..., 1]
        blue = np.array([0, 0x72, 0xB2]) / 255
        expected = 1 - (1 - 2 * p[0, 0]) * (1 - blue) / 2
        assert p[0, 0] < 0.5
        np.testing.assert_allclose(panel.images[0].get_array()[0, 0], expected, atol=1e-5)
    for before, after in zip(weights, made.get_weights(), strict=True):
        np.testing.assert_array_equal(before, after)


def test_frames_share_axes_and_colours(run):
    made, snapshots = run
    film = boundary_animation(made, snapshots, X, Y, resolution=8)
    assert [frame.name for frame in film.frames] == ["epoch 0", "epoch 1", "epoch 3"]
    assert len({frame.figure.axes[0].get_xlim() for frame in film.frames}) == 1


def test_values_share_their_colours_over_epochs():
    snapshots = Snapshots(epochs=[0, 2])
    made = model(2, 1, None)
    made.compile(pellucid.optimizers.SGD(0.1), "mse")
    y = 5 * X[:, 0]
    made.fit(X, y, epochs=2, verbose=0, callbacks=[snapshots])
    film = boundary_animation(made, snapshots, X, y, resolution=8)
    limits = {frame.figure.axes[0].images[0].get_clim() for frame in film.frames}
    assert len(limits) == 1
