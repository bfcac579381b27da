"""What went wrong when a loss or gradient was not finite: the step, the layer, the row."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from pellucid.layers.context import Context
from pellucid.training.loss import batch_loss
from pellucid.training.objective import Labels
from pellucid.training.recipe import Recipe
from pellucid.training.state import TrainState
from pellucid.types import Array


@dataclass(frozen=True)
class NonFinite:
    """Where the first value that is not finite came from.

    Args:
        epoch: Epoch, from 0.
        step: Step in the epoch, from 0.
        layer: Path of the layer, or "loss", or the weight whose gradient it was.
        row: Row of the training data, or None.
        value: What was found: "nan" or "inf".
        cause: What happened, in a sentence.
    """

    epoch: int
    step: int
    layer: str
    row: int | None
    value: str
    cause: str

    def __str__(self) -> str:
        row = "" if self.row is None else f", input row {self.row}"
        return (
            f"epoch {self.epoch + 1}, step {self.step}, {self.layer}{row}: {self.cause} "
            "Training stopped; the weights are those from before this step. Try a smaller "
            "learning rate, clipnorm=1.0 in the optimizer, or scaled inputs."
        )


def explain(
    recipe: Recipe,
    state: TrainState,
    batch: tuple[tuple[Array, ...], Labels],
    key: Array,
    index: np.ndarray | None = None,
) -> NonFinite:
    """Repeat one batch eagerly, layer by layer, and say where it stops being finite.

    Args:
        recipe: What was trained.
        state: The last good state.
        batch: Feeds and labels of the batch.
        key: Random key of the step.
        index: Row of the training data of each row of the batch.
    """
    epoch, step = int(state.epoch), int(state.position)
    real = np.asarray(batch[1].rows) > 0
    found: list[tuple[str, int | None, str]] = []

    def observe(number: int, layer: Any, result: Array) -> None:
        if not found:
            bad = _bad_row(np.asarray(result), real)
            if bad is not None:
                found.append((recipe.network.nodes[number].path, *bad))

    values = recipe.values(state.trained, state.carried)
    done = recipe.network.apply(
        values,
        batch[0],
        Context(training=True, key=key, rows=batch[1].rows),
        recipe.objective.logits,
        observe,
    )
    if found:
        path, row, value = found[0]
        return NonFinite(
            epoch,
            step,
            path,
            _source(row, index),
            value,
            f"the layer's output is {value}, though what went into it was finite.",
        )
    row = _loss_row(recipe, done.outputs, batch[1])
    if row is not None:
        return NonFinite(
            epoch,
            step,
            "loss",
            _source(row, index),
            "nan or inf",
            "every layer's output is finite, but the loss of this row is not.",
        )
    return _from_gradients(recipe, state, batch, key, index)


def explain_state(trainer: Any, data: Any) -> NonFinite:
    """Repeat the batch at which a run stopped, and say where it stops being finite.

    Args:
        trainer: The run, at its last good state.
        data: Its rows, or the window of streamed batches.
    """
    state = jax.device_get(trainer.state)
    recipe = trainer.recipe.bound(trainer.recipe.hyper())
    batch, key, index = trainer.failed_batch(data)
    return explain(recipe, state, batch, key, index)


def _from_gradients(
    recipe: Recipe, state: TrainState, batch: Any, key: Array, index: np.ndarray | None
) -> NonFinite:
    epoch, step = int(state.epoch), int(state.position)
    carried = recipe.carried.unpack(state.carried)

    @jax.jit
    def gradients_of(taken: Array) -> list[Array]:
        feeds, labels = jax.tree.map(
            lambda array: jnp.asarray(array)[taken], (batch[0], _parts(batch[1]))
        )
        compute = jax.grad(partial(batch_loss, recipe), has_aux=True)
        values = recipe.trained.unpack(state.trained)
        return compute(values, carried, (feeds, Labels(*labels)), key)[0]

    size = len(batch[1].rows)
    number = _bad_array(gradients_of(np.arange(size)))
    if number is None:
        return NonFinite(
            epoch,
            step,
            "loss",
            None,
            "inf",
            "the sum of the losses or gradients is too large for a 32-bit number.",
        )
    # A batch of copies of one row: masking the others would leave 0 * inf of theirs.
    row = next(
        (
            int(one)
            for one in np.flatnonzero(batch[1].rows)
            if _bad_array(gradients_of(np.full(size, one))) is not None
        ),
        None,
    )
    path = recipe.network.weights[recipe.network.trained[number]].path
    cause = "the loss is finite, but its gradient for this weight is not."
    return NonFinite(epoch, step, path, _source(row, index), "nan or inf", cause)


def _parts(labels: Labels) -> tuple[Any, Any, Any]:
    return tuple(labels.y), tuple(labels.weights), labels.rows


def _bad_array(arrays: Sequence[Array]) -> int | None:
    """Return the number of the last array that is not finite: backwards it is the first."""
    bad = [number for number, array in enumerate(arrays) if not np.isfinite(array).all()]
    return bad[-1] if bad else None


def _bad_row(result: np.ndarray, real: np.ndarray) -> tuple[int | None, str] | None:
    if result.dtype.kind != "f" or result.shape[:1] != real.shape:
        return None
    flat = result.reshape(len(result), -1)
    bad = ~np.isfinite(flat).all(axis=1) & real
    if not bad.any():
        return None
    row = int(np.flatnonzero(bad)[0])
    return row, str(flat[row][~np.isfinite(flat[row])][0])


def _loss_row(recipe: Recipe, outputs: Sequence[Array], labels: Labels) -> int | None:
    real = np.asarray(labels.rows) > 0
    for target, y, output in zip(recipe.objective.targets, labels.y, outputs, strict=True):
        if target.loss is None:
            continue
        values = np.asarray(target.loss.call(y, output))
        bad = _bad_row(values, real)
        if bad is not None:
            return bad[0]
    return None


def _source(row: int | None, index: np.ndarray | None) -> int | None:
    return row if row is None or index is None else int(index[row])
