"""`predict`: outputs for inputs, quick for a single row too."""

from typing import Any

import jax
import numpy as np

from pellucid.layers.variables import version
from pellucid.models.compiling import unpack_batch
from pellucid.models.feeding import read_inputs
from pellucid.models.feeds import is_stream, limited, raw_batches
from pellucid.models.preparing import ensure_built
from pellucid.training import cache
from pellucid.training.objective import Objective
from pellucid.training.recipe import Recipe
from pellucid.training.scoring import Forward, predict_rows


def predict(model: Any, x: Any, batch_size: int | None, steps: int | None) -> Any:
    """Return the outputs for `x`; see `Model.predict`."""
    quick = model.cache.get("quick")
    if quick is not None and type(x) is np.ndarray and quick.takes(x):
        return quick(x)
    if is_stream(x):
        parts = [
            predict(model, unpack_batch(batch)[0], batch_size, None)
            for batch in limited(raw_batches(x), steps)
        ]
        return np.concatenate(parts) if isinstance(parts[0], np.ndarray) else parts
    ensure_built(model, x)
    inputs = read_inputs(model.network, model.input_names, x, checked=False)
    feeds = model.network.prepare(inputs)
    recipe = Recipe(model.network, Objective(()), None)
    forward = cache.program(("forward", recipe.structure), lambda: Forward(recipe))
    weights = (*model.packed(recipe), jax.device_put(recipe.hyper()))
    outputs = predict_rows(forward, weights, feeds, batch_size)
    if type(x) is np.ndarray and len(x) == 1 and len(outputs) == 1 and len(feeds) == 1:
        model.cache["quick"] = Quick(forward, weights, x, inputs[0])
    return model.shaped(outputs)


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
        return x.shape == self._shape and x.dtype == self._dtype and version() == self._version

    def __call__(self, x: Any) -> Any:
        row = x.astype(self._read_dtype, copy=False).reshape(self._read_shape)
        return np.asarray(self._run(*self._weights, [row])[0])
