"""How targets and predictions are brought to one shape, and refused where they do not fit."""

import jax.numpy as jnp

from pellucid.errors import Problem, ShapeError, report
from pellucid.types import Array


def same_rank(y_true: Array, y_pred: Array) -> tuple[Array, Array]:
    """Add or drop a last axis of size 1 where the ranks differ by one, as Keras does.

    `(n,)` beside `(n, 1)` becomes `(n, 1)`; `(n, m, 1)` beside `(n, m)` becomes `(n, m)`.
    """
    if y_true.ndim == y_pred.ndim + 1:
        y_pred, y_true = same_rank(y_pred, y_true)
    elif y_pred.ndim == y_true.ndim + 1 and y_pred.shape[-1] == 1:
        if y_true.ndim == 1:
            y_true = y_true[:, None]
        else:
            y_pred = jnp.squeeze(y_pred, axis=-1)
    return y_true, y_pred


def same_shape(y_true: Array, y_pred: Array, where: str) -> tuple[Array, Array]:
    """Bring both to one rank and refuse shapes that differ.

    Raises:
        ShapeError: The shapes differ by more than a last axis of size 1.
    """
    given = f"y_true of shape {y_true.shape} and y_pred of shape {y_pred.shape}"
    y_true, y_pred = same_rank(y_true, y_pred)
    if y_true.shape != y_pred.shape:
        fix = "Give one target for each predicted value: targets are not repeated to fit."
        report([Problem(where, given, "two arrays of one shape", fix)], ShapeError)
    return y_true, y_pred


def one_a_row(values: Array, y_pred: Array, where: str) -> Array:
    """Return what a user's function gave for a batch, as an array.

    Raises:
        ShapeError: It is neither one value for each row nor one number.
    """
    found = jnp.asarray(values)
    rows = y_pred.shape[0]
    if found.ndim > 0 and found.shape[0] != rows:
        given = f"values of shape {found.shape} for {rows} rows"
        fix = "Take the mean over the last axis only: axis=-1."
        expected = "one value for each row, or one number"
        report([Problem(where, given, expected, fix)], ShapeError)
    return found


def class_numbers(y_true: Array, y_pred: Array, where: str, axis: int = -1) -> Array:
    """Return integer labels with the shape of `y_pred` without its class axis.

    Raises:
        ShapeError: There is not one label for each row of class scores.
    """
    labels = y_true
    if labels.ndim == y_pred.ndim and labels.shape[axis] == 1:
        labels = jnp.squeeze(labels, axis=axis)
    place = axis % y_pred.ndim
    expected = y_pred.shape[:place] + y_pred.shape[place + 1 :]
    if labels.shape != expected:
        fix = "For one-hot labels use the loss or metric without 'sparse' in its name."
        given = f"y_true of shape {y_true.shape} and y_pred of shape {y_pred.shape}"
        wanted = f"y_true of shape {expected}, one class number for each row of scores"
        report([Problem(where, given, wanted, fix)], ShapeError)
    return labels.astype(jnp.int32)
