"""Compiled programs that look at a network without training it: score and predict."""

from collections.abc import Iterator, Sequence
from typing import Any

import jax
import numpy as np

from pellucid.layers.context import Context
from pellucid.training import cache
from pellucid.training.program import Rows, score
from pellucid.training.recipe import Recipe
from pellucid.training.sharding import Sharding, parts_for
from pellucid.types import Array, NumpyArray


class Scorer:
    """The compiled program that sums losses and metrics over rows.

    It returns the sums, and the weights that are not trained: stateful layers change them.
    """

    def __init__(self, recipe: Recipe, batch_size: int, parts: int = 1) -> None:
        self.recipe = recipe.bound(recipe.hyper())
        self.batch_size = batch_size
        self.traces = 0
        self.sharding = Sharding(parts)
        self.run = self.sharding.compile(self._run)

    def _run(
        self, trained: Array, carried: Array, hyper: Sequence[Array], data: Rows, count: Array
    ) -> tuple[Array, Array]:
        self.traces += 1
        recipe = self.recipe.bound(hyper)
        return score(recipe, (trained, carried), data, count, self.batch_size, self.sharding)


def scorer_for(recipe: Recipe, batch_size: int) -> Scorer:
    """Return the program that scores batches of so many rows, kept by structure."""
    parts = parts_for(recipe.network, recipe.structure, batch_size)
    key = ("score", recipe.structure, batch_size, parts)
    return cache.program(key, lambda: Scorer(recipe, batch_size, parts))


class RowScorer:
    """The compiled program that scores chosen rows of a table; how many they are is data.

    It returns the reported values end to end, as `Objective.logs` takes them.
    """

    def __init__(self, recipe: Recipe, batch_size: int) -> None:
        self.recipe = recipe.bound(recipe.hyper())
        self.batch_size = batch_size
        self.run = jax.jit(self._run)

    def _run(
        self,
        trained: Array,
        carried: Array,
        hyper: Sequence[Array],
        table: Rows,
        numbers: Array,
        count: Array,
    ) -> Array:
        recipe = self.recipe.bound(hyper)
        chosen = jax.tree.map(lambda leaf: leaf.at[numbers].get(mode="promise_in_bounds"), table)
        weights = trained, carried
        sums, _ = score(recipe, weights, chosen, count, self.batch_size, Sharding(1))
        return recipe.objective.log_vector(sums)


class Forward:
    """The compiled pass from feeds to outputs, for batches of any one size at a time."""

    def __init__(self, recipe: Recipe) -> None:
        self.structure = recipe.structure
        self.recipe = recipe.bound(recipe.hyper())
        self.traces = 0
        self.run = self._compiled(1)
        self._spread: dict[int, Any] = {}

    def for_rows(self, rows: int) -> Any:
        """Return the program that suits batches of `rows`: on one core or on several."""
        parts = parts_for(self.recipe.network, self.structure, rows)
        if parts == 1:
            return self.run
        if parts not in self._spread:
            self._spread[parts] = self._compiled(parts)
        return self._spread[parts]

    def _compiled(self, parts: int) -> Any:
        sharding = Sharding(parts)

        def run(
            trained: Array,
            carried: Array,
            hyper: Sequence[Array],
            feeds: Sequence[Array],
            key: Array | None = None,
        ) -> Any:
            self.traces += 1
            recipe, rows = self.recipe.bound(hyper), sharding.split(feeds)
            values = recipe.values(trained, carried)
            return recipe.network.apply(values, rows, Context(key=key)).outputs

        return sharding.compile(run)


class Onward:
    """The compiled pass of a network with stateful layers, which go on from batch to batch.

    It returns the outputs, and the weights that are not trained with the states in them.
    """

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe.bound(recipe.hyper())
        self.run = jax.jit(self._run)

    def _run(
        self, trained: Array, carried: Array, hyper: Sequence[Array], feeds: Sequence[Array]
    ) -> tuple[list[Array], Array]:
        recipe = self.recipe.bound(hyper)
        done = recipe.network.apply(recipe.values(trained, carried), feeds, Context())
        return done.outputs, recipe.after(carried, done.state)


PREDICT_ROWS = 2048
"""Rows of the largest batch that predict computes at once."""


def predict_rows(
    forward: Forward,
    weights: tuple[Any, ...],
    feeds: Sequence[NumpyArray],
    batch_size: int | None,
    keys: Iterator[Any] | None = None,
) -> list[NumpyArray]:
    """Return the outputs for all rows, computed in batches of few different sizes.

    Args:
        forward: The compiled pass.
        weights: What it takes before the feeds.
        feeds: The rows.
        batch_size: Rows that are computed at once, at most.
        keys: A random key for each batch, where the network draws numbers.
    """
    rows = len(feeds[0])
    if not rows:
        # The shapes of the outputs are those of any row's.
        blank = [np.zeros((1, *feed.shape[1:]), feed.dtype) for feed in feeds]
        return [output[:0] for output in _predict_batch(forward, weights, blank, keys)]
    limit = batch_size or PREDICT_ROWS
    parts = []
    for start in range(0, rows, limit):
        piece = [feed[start : start + limit] for feed in feeds]
        parts.append(_predict_batch(forward, weights, piece, keys))
    if len(parts) == 1:
        return parts[0]
    return [np.concatenate(columns) for columns in zip(*parts, strict=True)]


def predict_on(
    onward: Onward, weights: tuple[Any, ...], feeds: Sequence[NumpyArray], batch_size: int
) -> tuple[list[NumpyArray], Array]:
    """Return the outputs for whole batches in their order, and what the last one left."""
    trained, carried, hyper = weights
    parts = []
    for start in range(0, len(feeds[0]), batch_size):
        piece = [feed[start : start + batch_size] for feed in feeds]
        outputs, carried = onward.run(trained, carried, hyper, piece)
        parts.append([np.asarray(output) for output in outputs])
    return [np.concatenate(columns) for columns in zip(*parts, strict=True)], carried


def _predict_batch(
    forward: Forward,
    weights: tuple[Any, ...],
    feeds: list[NumpyArray],
    keys: Iterator[Any] | None = None,
) -> list[NumpyArray]:
    rows = len(feeds[0])
    # Few batch sizes, so that few programs are compiled: one row, or a power of two.
    size = 1 if rows == 1 else max(32, 1 << (rows - 1).bit_length())
    if size != rows:
        feeds = [
            np.concatenate([feed, np.zeros((size - rows, *feed.shape[1:]), feed.dtype)])
            for feed in feeds
        ]
    program = forward.for_rows(size)
    key = () if keys is None else (next(keys),)
    outputs = program(*weights, feeds, *key)
    return [np.asarray(output)[:rows] for output in outputs]
