"""A network looked into at given weights, over many rows: what probes read, without training."""

import warnings
from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from pellucid.errors import PellucidWarning, Problem
from pellucid.training import cache
from pellucid.training import state as states
from pellucid.training.gauges import QUANTITIES, Gauges, needs_halves
from pellucid.training.probes import Probes
from pellucid.training.program import Rows, as_batch, key_of_step, slice_rows
from pellucid.training.reading import take_reading
from pellucid.training.recipe import Recipe
from pellucid.training.sharding import Sharding
from pellucid.training.trainer import Table
from pellucid.types import Array
from pellucid.wording import count_text

EXAMINED = tuple(name for name in QUANTITIES if name not in ("learning_rate", "update"))
"""What can be told without the state of an optimiser."""


def examine(
    recipe: Recipe,
    weights: tuple[Array, Array],
    table: Table,
    seed: int,
    rows: int = 1024,
    batch_size: int = 128,
    quantities: tuple[str, ...] = EXAMINED,
) -> Probes:
    """Return the readings of many rows at one set of weights, as one reading.

    The network computes as in training: it drops, and normalises with the batch's statistics.
    Batches are put together by rows: means as means, root mean squares as such. A unit is dead
    if no row switched it on. Rows with NaN or infinity are left out, with a warning, unless all
    have some: one of them would make every number NaN.

    Args:
        recipe: Network, losses and optimiser; the latter only scales the loss.
        weights: The two packed vectors of the weights: trained and carried.
        table: Rows with labels.
        seed: Seed of the choice of rows, and of masks and noise.
        rows: Rows to look at; all where there are fewer.
        batch_size: Rows in a batch, as in training: gradients of larger ones are smaller.
        quantities: Keys of `pellucid.training.gauges.QUANTITIES` but the learning rate and the
            update, which are the optimiser's.

    Returns:
        A table with one reading, at step 0.

    Example:
        >>> import numpy as np, pellucid
        >>> from pellucid.insight.readings import examine
        >>> from pellucid.models.preparing import make_objective
        >>> from pellucid.training.recipe import Recipe
        >>> from pellucid.training.trainer import Table
        >>> model = pellucid.Sequential(
        ...     [pellucid.Input((2,)), pellucid.layers.Dense(3, "relu"), pellucid.layers.Dense(1)]
        ... )
        >>> model.compile("adam", "mse")
        >>> x = np.ones((8, 2), "float32")
        >>> table = Table((x,), (x[:, :1],), (None,))
        >>> objective = make_objective(model, model.need_compiled("examine"), table.y)
        >>> recipe = Recipe(model.network, objective, model.optimizer)
        >>> examine(recipe, model.packed(recipe), table, seed=0).layers
        ['run', 'dense', 'dense_1']
    """
    table = _finite(table)
    gauges = Gauges(recipe, quantities, silent_rows=max(rows, table.rows))
    chosen = _spread_rows(table, min(rows, table.rows), seed)
    size = recipe.network.batch_size or min(batch_size, chosen.rows)
    data = chosen.padded(size)
    batches = -(-chosen.rows // size)
    key = ("examine", recipe.structure, quantities, gauges.silent_rows, size, batches)
    program = cache.program(key, lambda: _program(recipe, gauges, size, batches))
    state = states.begin(recipe, *weights, memory=gauges.memory_size)
    numbers = jax.device_get(
        program(state, recipe.hyper(), data, np.int32(chosen.rows), np.uint32(seed))
    )
    counts = np.minimum(size, chosen.rows - size * np.arange(batches))
    probes = Probes(gauges.columns)
    probes.append(0, 0, gauges.combine(np.asarray(numbers, np.float64), counts))
    return probes


def _finite(table: Table) -> Table:
    """Return the rows whose numbers are all finite; all rows if there are none."""
    good = np.ones(table.rows, bool)
    for array in (*table.x, *table.y):
        if array.dtype.kind == "f":
            good &= np.isfinite(array.reshape(table.rows, -1)).all(axis=1)
    bad = table.rows - int(good.sum())
    if not bad or not good.any():
        return table
    given = f"NaN or infinity in {bad:,} of {count_text(table.rows, 'row')}"
    problem = Problem("examine", given, "finite numbers", "The other rows are looked at.")
    warnings.warn(str(problem), PellucidWarning, stacklevel=3)
    return table.part(np.flatnonzero(good))


def _spread_rows(table: Table, count: int, seed: int) -> Table:
    """Return `count` rows from all over the table, in its order."""
    if count == table.rows:
        return table
    return table.part(np.sort(np.random.default_rng(seed).permutation(table.rows)[:count]))


def _program(recipe: Recipe, gauges: Gauges, size: int, batches: int) -> Any:
    """Return the compiled readings of so many batches of `size` rows, one after the other."""
    # A detached copy: the cache of programs must not keep a model's arrays alive.
    recipe, whole = recipe.bound(recipe.hyper()), Sharding(1)

    quantities, silent_rows = gauges.quantities, gauges.silent_rows

    def run(state: Any, hyper: Sequence[Array], data: Rows, count: Array, seed: Array) -> Array:
        bound = recipe.bound(hyper)
        own = Gauges(bound, quantities, silent_rows)

        def read(memory: Array, number: Array) -> tuple[Array, Array]:
            start = number * size
            real = (start + lax.iota(jnp.int32, size) < count).astype(jnp.float32)
            batch = as_batch(slice_rows(data, start, size, real), whole)
            key = key_of_step(seed, state.epoch, number)
            before = state._replace(memory=memory)
            reading = take_reading(bound, before, batch, key, needs_halves(quantities))
            numbers, memory = own.read(reading)
            return memory, numbers

        return lax.scan(read, state.memory, jnp.arange(batches))[1]

    return jax.jit(run)
