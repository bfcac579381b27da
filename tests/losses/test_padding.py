"""Padding has no say in a loss: value, mean and gradients are those of the real rows."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid import losses
from pellucid.errors import ShapeError
from pellucid.losses.vocabulary import CLASSES

REAL, PADDING = 5, 3
ROWS = np.array([1.0] * REAL + [0.0] * PADDING, "float32")
WEIGHT = np.array([1.0, 0.0, 2.5, 0.5, 1.0, 9.0, 9.0, 9.0], "float32")


def batch(loss):
    """Return targets and predictions that suit a loss, the last rows being nonsense."""
    random = np.random.default_rng(3)
    y_pred = random.uniform(0.1, 0.9, (REAL + PADDING, 4)).astype("float32")
    y_pred /= y_pred.sum(axis=1, keepdims=True)
    if loss.targets in ("labels", "groups"):
        y_true = np.array([0, 1, 1, 0, 3, 1, 0, 2])
    else:
        y_true = random.integers(0, 2, y_pred.shape).astype("float32")
    y_pred[REAL:] *= 50.0
    return jnp.asarray(y_true), jnp.asarray(y_pred)


CASES = [
    *(one(reduction=reduction) for one in CLASSES for reduction in ("sum_over_batch_size", "sum")),
    *(one(reduction="mean_with_sample_weight") for one in CLASSES),
    losses.SparseCategoricalCrossentropy(ignore_class=1),
    losses.Dice(axis=-1),
    losses.Dice(axis=(0,)),
    losses.Tversky(axis=(1,)),
    losses.FunctionLoss(lambda y_true, y_pred: jnp.mean((y_true - y_pred) ** 2, axis=-1)),
    losses.FunctionLoss(lambda y_true, y_pred: (y_true - y_pred) ** 2),
]


@pytest.mark.parametrize(
    ("loss", "weighted"),
    [(one, False) for one in CASES] + [(one, True) for one in CASES if one.by_row],
    ids=repr,
)
def test_a_padded_batch_is_its_real_rows(loss, weighted):
    y_true, y_pred = batch(loss)
    weight = jnp.asarray(WEIGHT) if weighted else None
    real_weight = None if weight is None else weight[:REAL]

    padded, slope = jax.value_and_grad(
        lambda y: jnp.sum(loss.total(y_true, y, weight, jnp.asarray(ROWS)))
    )(y_pred)
    real, real_slope = jax.value_and_grad(
        lambda y: jnp.sum(loss.total(y_true[:REAL], y, real_weight))
    )(y_pred[:REAL])

    np.testing.assert_allclose(padded, real, rtol=1e-5)
    np.testing.assert_allclose(slope[:REAL], real_slope, rtol=1e-4, atol=1e-7)
    np.testing.assert_array_equal(slope[REAL:], 0.0)


def test_nothing_in_the_padding_spoils_the_value():
    y_true, y_pred = batch(losses.MeanSquaredError())
    spoilt = y_pred.at[REAL:].set(jnp.nan)
    total = losses.MeanSquaredError().total(y_true, spoilt, None, jnp.asarray(ROWS))
    expected = losses.MeanSquaredError()(y_true[:REAL], y_pred[:REAL])
    np.testing.assert_allclose(total, expected, rtol=1e-6)


@pytest.mark.parametrize("rows", [[1, 1, 0, 0], [0, 1, 0, 1], [1, 0, 0, 0], [1, 1, 1, 1]])
def test_one_number_for_a_batch_is_made_of_real_rows_in_turn(rows):
    loss = losses.FunctionLoss(lambda y_true, y_pred: jnp.sqrt(jnp.mean((y_true - y_pred) ** 2)))
    y_true = jnp.zeros((4, 1))
    y_pred = jnp.array([[1.0], [2.0], [4.0], [8.0]])
    kept = np.asarray(rows, bool)
    expected = loss(y_true[kept], y_pred[kept])
    total = loss.total(y_true, y_pred, None, jnp.asarray(rows, jnp.float32))
    np.testing.assert_allclose(total, expected, rtol=1e-6)


def test_a_loss_summed_over_the_batch_takes_no_weights():
    with pytest.raises(ShapeError) as caught:
        losses.Dice(axis=(0, 1))(np.zeros((2, 3)), np.zeros((2, 3)), sample_weight=[1.0, 2.0])
    assert str(caught.value) == (
        "loss 'dice': got sample weights for losses that are sums over the batch, expected none. "
        "Leave the batch, axis 0, out of the loss's axis."
    )


def test_a_batch_of_padding_alone_has_the_loss_zero():
    loss = losses.MeanSquaredError()
    total = loss.total(jnp.ones((3, 1)), jnp.zeros((3, 1)), None, jnp.zeros(3))
    assert float(total) == 0.0


@settings(deadline=None, max_examples=30)
@given(
    values=st.lists(st.floats(-100, 100, width=32), min_size=1, max_size=8),
    data=st.data(),
    reduction=st.sampled_from(["sum_over_batch_size", "sum", "mean_with_sample_weight"]),
)
def test_reduce_is_the_formula(values, data, reduction):
    size = len(values)
    weight = data.draw(st.lists(st.floats(0, 4, width=16), min_size=size, max_size=size))
    rows = data.draw(st.lists(st.sampled_from([0.0, 1.0]), min_size=size, max_size=size))
    total = sum(v * w * r for v, w, r in zip(values, weight, rows, strict=True))
    divisor = {
        "sum_over_batch_size": sum(rows),
        "sum": 1.0,
        "mean_with_sample_weight": sum(w * r for w, r in zip(weight, rows, strict=True)),
    }[reduction]
    expected = total / divisor if divisor else 0.0
    arrays = [jnp.asarray(one, jnp.float32) for one in (values, weight, rows)]
    np.testing.assert_allclose(
        losses.reduce(*arrays, reduction=reduction), expected, rtol=1e-4, atol=1e-3
    )


def test_row_weights_spread_over_values_with_more_axes():
    values = jnp.array([[1.0, 3.0], [5.0, 7.0]])
    weight = jnp.array([1.0, 0.5])
    np.testing.assert_allclose(losses.reduce(values, weight), (1 + 3 + 2.5 + 3.5) / 4)
    mean = losses.reduce(values, weight, reduction="mean_with_sample_weight")
    np.testing.assert_allclose(mean, (1 + 3 + 2.5 + 3.5) / 3)
    np.testing.assert_allclose(
        losses.reduce(values, weight, reduction="none"), [[1.0, 3.0], [2.5, 3.5]]
    )
