"""Callbacks that are ours."""

import numpy as np
import pytest

import pellucid
from pellucid.callbacks import Snapshots
from pellucid.errors import ArgumentError

X, Y = np.arange(8.0).reshape(4, 2) / 8, np.arange(4.0)[:, None]


def trained(epochs, *callbacks, made=None, begin=0):
    if made is None:
        made = pellucid.Sequential([pellucid.Input((2,)), pellucid.layers.Dense(1)], seed=0)
        made.compile("sgd", "mse")
    if epochs:
        made.fit(X, Y, epochs=epochs, initial_epoch=begin, verbose=0, callbacks=list(callbacks))
    return made


def test_snapshots_are_the_weights_of_shorter_runs():
    snapshots = Snapshots(epochs=range(0, 6, 2))
    trained(5, snapshots)
    assert sorted(snapshots.weights) == [0, 2, 4]
    for epoch, weights in snapshots.weights.items():
        for kept, expected in zip(weights, trained(epoch).get_weights(), strict=True):
            np.testing.assert_array_equal(kept, expected)


def test_snapshots_go_on_with_the_run():
    snapshots = Snapshots(epochs=[1, 3])
    made = trained(2, snapshots)
    trained(4, snapshots, made=made, begin=2)
    assert sorted(snapshots.weights) == [1, 3]


@pytest.mark.parametrize("wrong", [-1, 1.5, True, "5"])
def test_epochs_are_whole_numbers(wrong):
    with pytest.raises(ArgumentError) as caught:
        Snapshots(epochs=[1, wrong])
    expected = f"Snapshots(epochs=...): got {wrong!r}, expected whole numbers, at least 0."
    assert str(caught.value) == expected
