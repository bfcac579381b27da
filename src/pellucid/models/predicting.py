"""`predict`: outputs for inputs, quick for a single row too."""

from collections.abc import Iterator, Sequence
from typing import Any

import jax
import numpy as np

from pellucid.data.dataset import Dataset
from pellucid.data.sequences import holds_ragged
from pellucid.errors import Problem, report, within
from pellucid.layers.variables import version
from pellucid.models.compiling import unpack_batch
from pellucid.models.feeding import lengths_of, read_inputs
from pellucid.models.feeds import is_stream, limited, raw_batches, rows_of_steps
from pellucid.models.preparing import ensure_built
from pellucid.models.request import check_numbers
from pellucid.models.stateful import batch_rows, check_batches
from pellucid.models.streaming import loaded
from pellucid.ops import random
from pellucid.training import cache
from pellucid.training.objective import Objective
from pellucid.training.recipe import Recipe
from pellucid.training.scoring import Forward, Onward, predict_on, predict_rows
from pellucid.types import NumpyArray


def predict(model: Any, x: Any, batch_size: int | None, steps: int | None) -> Any:
    """Return the outputs for `x`; see `Model.predict`."""
    quick = model.cache.get("quick")
    if quick is not None and type(x) is np.ndarray and quick.takes(x):
        return quick(x)
    check_numbers("predict", batch_size=batch_size, steps=steps)
    if isinstance(x, Dataset):
        return _predict_dataset(model, x, batch_size, steps)
    if is_stream(x):
        return _predict_stream(model, x, batch_size, steps)
    ensure_built(model, x)
    batch_size = batch_rows(model.network, batch_size, "predict(batch_size=...)")
    rows = rows_of_steps(steps, batch_size)
    inputs = [one[:rows] for one in read_inputs(model.network, model.input_names, x)]
    if model.network.stateful and batch_size is not None:
        return _predict_on(model, inputs, batch_size)
    if holds_ragged(x):
        return _predict_lists(model, inputs, batch_size)
    feeds = model.network.prepare(inputs)
    recipe, forward = forward_of(model)
    weights = (*model.packed(recipe), jax.device_put(recipe.hyper()))
    keys = keys_of(model)
    shaped = model.shaped(predict_rows(forward, weights, feeds, batch_size, keys))
    plain = (
        keys is None
        and type(x) is np.ndarray
        and type(shaped) is np.ndarray
        and feeds[0] is inputs[0]
    )
    if plain and len(x) == len(feeds) == 1:
        model.cache["quick"] = Quick(forward, weights, x, inputs[0])
    return shaped


def forward_of(model: Any) -> tuple[Recipe, Forward]:
    """Return a recipe for the model's outputs alone, and the compiled pass that makes them."""
    recipe = Recipe(model.network, Objective(()), None)
    return recipe, cache.program(("forward", recipe.structure), lambda: Forward(recipe))


def keys_of(model: Any) -> Iterator[Any] | None:
    """Return the random keys of a network that draws in prediction too; None for others."""
    return _keys(model) if model.network.always_draws else None


def _keys(model: Any) -> Iterator[Any]:
    """Yield random keys, others at every call, that follow the model's seed."""
    while True:
        drawn = model.cache["draws"] = model.cache.get("draws", 0) + 1
        yield random.fold(np.uint32(model.seed), drawn)


def _predict_on(model: Any, inputs: list[NumpyArray], batch_size: int) -> Any:
    """Return the outputs for batches that go on from one another, and keep where they end."""
    check_batches(model.network, len(inputs[0]))
    recipe = Recipe(model.network, Objective(()), None)
    onward = cache.program(("onward", recipe.structure), lambda: Onward(recipe))
    trained, carried = model.packed(recipe)
    weights = (trained, carried, jax.device_put(recipe.hyper()))
    outputs, carried = predict_on(onward, weights, model.network.prepare(inputs), batch_size)
    model.adopt(recipe, trained, carried)
    return model.shaped(outputs)


def _predict_lists(model: Any, inputs: list[NumpyArray], batch_size: int | None) -> Any:
    """Return the outputs for sequences of different lengths, short ones computed together."""
    lengths = lengths_of(model.network, inputs)
    assert lengths is not None
    order = np.argsort(lengths, kind="stable")
    given = [one[order] for one in inputs]
    found = predict(model, given if len(given) > 1 else given[0], batch_size, None)
    back, longest, width = np.argsort(order), int(lengths.max()), inputs[0].shape[1]

    def restored(array: NumpyArray) -> NumpyArray:
        steps = array.ndim > 1 and array.shape[1] == width
        return array[back][:, :longest] if steps else array[back]

    return jax.tree.map(restored, found)


def _predict_stream(model: Any, x: Any, batch_size: int | None, steps: int | None) -> Any:
    parts = []
    for number, batch in enumerate(limited(raw_batches(x), steps)):
        with within(f"batch {number} of the generator"):
            parts.append(predict(model, unpack_batch(batch, "predict")[0], batch_size, None))
    if not parts:
        report([Problem("predict(x=generator)", "no batch", "at least one")])
    return _joined(parts)


def _predict_dataset(
    model: Any, dataset: Dataset, batch_size: int | None, steps: int | None
) -> Any:
    """Return the outputs for the rows of a dataset, in their own order."""
    rows = rows_of_steps(steps, dataset.batch_size or 1) or dataset.rows
    parts, made = [], 0
    for name, batch in loaded(dataset):
        with within(name):
            inputs = unpack_batch(batch, "predict")[0]
            parts.append(predict(model, inputs, batch_size, None))
        made += len(jax.tree.leaves(parts[-1])[0])
        if made >= rows:
            break
    return jax.tree.map(lambda array: array[:rows], _joined(parts))


def _joined(parts: Sequence[Any]) -> Any:
    """Return the outputs of several batches as one, in the form in which they come."""
    first = parts[0]
    if isinstance(first, dict):
        return {name: np.concatenate([part[name] for part in parts]) for name in first}
    if isinstance(first, list):
        return [np.concatenate(columns) for columns in zip(*parts, strict=True)]
    return np.concatenate(parts)


class Quick:
    """The shortest way from one row to its outputs, while nothing has changed.

    Args:
        forward: The compiled pass.
        weights: What it takes beside the row.
        x: A row as the user gave it.
        read: The same row as the network takes it.
    """

    def __init__(self, forward: Forward, weights: Any, x: Any, read: Any) -> None:
        self._run, self._weights = forward.run, weights
        self._shape, self._dtype = x.shape, x.dtype
        self._read_shape, self._read_dtype = read.shape, read.dtype
        self._version = version()

    def takes(self, x: Any) -> bool:
        """Return True if `x` is a row like the first one and the weights are the same."""
        same = x.shape == self._shape and x.dtype == self._dtype and version() == self._version
        return same and bool(np.isfinite(x).all())

    def __call__(self, x: Any) -> Any:
        row = x.astype(self._read_dtype, copy=False).reshape(self._read_shape)
        return np.asarray(self._run(*self._weights, [row])[0])
