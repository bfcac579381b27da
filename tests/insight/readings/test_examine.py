"""Readings of many rows at given weights, against NumPy over all of them."""

import numpy as np
import pytest

import pellucid
from pellucid import layers
from pellucid.errors import PellucidWarning
from pellucid.insight.readings import examine
from pellucid.models.preparing import make_objective
from pellucid.training.recipe import Recipe
from pellucid.training.trainer import Table

ROWS, BATCH = 50, 16
QUANTITIES = ("loss", "activation/mean", "activation/rms", "activation/dead", "gradient/rms")


@pytest.fixture(scope="module")
def subject():
    """Return the model's recipe, weights and rows, one of which alone switches unit 1 on."""
    x = np.random.default_rng(0).normal(size=(ROWS, 2)).astype("float32")
    x[:, 1] = -1
    x[37, 1] = 1
    model = pellucid.Sequential([pellucid.Input((2,)), layers.Dense(3, "relu"), layers.Dense(1)])
    model.compile("adam", "mse")
    kernel = np.array([[1, 0, 0], [0, 1, 0]], "float32")
    model.layers[0].set_weights([kernel, np.array([0, 0, -5], "float32")])
    table = Table((x,), (x[:, :1],), (None,))
    objective = make_objective(model, model.need_compiled("test"), table.y)
    recipe = Recipe(model.network, objective, model.optimizer)
    return model, recipe, model.packed(recipe), table


def test_batches_are_put_together_by_rows(subject):
    model, recipe, weights, table = subject
    probes = examine(recipe, weights, table, 0, batch_size=BATCH, quantities=QUANTITIES)
    (w1, b1), (w2, b2) = (layer.get_weights() for layer in model.layers)
    x = table.x[0]
    hidden = np.maximum(x @ w1 + b1, 0)
    error = hidden @ w2 + b2 - x[:, :1]
    squares = [
        np.mean((2 * hidden[start : start + BATCH].T @ error[start : start + BATCH] / size) ** 2)
        * size
        for start, size in ((0, 16), (16, 16), (32, 16), (48, 2))
    ]
    expected = {
        ("run", "loss"): np.mean(error**2),
        ("dense", "activation/mean"): hidden.mean(),
        ("dense", "activation/rms"): np.sqrt(np.mean(hidden**2)),
        ("dense", "activation/dead"): 1 / 3,
        ("dense_1", "kernel/gradient"): np.sqrt(sum(squares) / ROWS),
    }
    for column, value in expected.items():
        assert probes[column].value == pytest.approx([value], rel=1e-4), column
    assert probes.steps == [0]


@pytest.mark.parametrize("spoilt", ["x", "y"])
def test_a_row_with_nan_spoils_no_other(subject, spoilt):
    _, recipe, weights, table = subject
    (x,), (y,) = table.x, table.y
    whole = Table((x[1:],), (y[1:],), (None,))
    expected = examine(recipe, weights, whole, 0, batch_size=BATCH, quantities=QUANTITIES)
    x, y = x.copy(), y.copy()
    (x if spoilt == "x" else y)[0, 0] = np.nan
    with pytest.warns(PellucidWarning) as told:
        found = examine(
            recipe, weights, Table((x,), (y,), (None,)), 0, batch_size=BATCH, quantities=QUANTITIES
        )
    assert found.to_dict() == expected.to_dict()
    assert str(told[0].message) == (
        "examine: got NaN or infinity in 1 of 50 rows, expected finite numbers. The other rows are "
        "looked at."
    )


def test_fewer_rows_come_from_all_over_the_table(subject):
    _, recipe, weights, table = subject
    order = np.argsort(table.x[0][:, 0])
    values = [
        examine(recipe, weights, table.part(order), seed, 20, 20, ("activation/mean",))[
            "dense", "activation/mean"
        ].value[0]
        for seed in (0, 0, 1)
    ]
    assert values[0] == values[1] != values[2]
    first = np.maximum(table.x[0][order[:20], 0], 0).mean() / 3
    assert min(values) > first + 0.02
