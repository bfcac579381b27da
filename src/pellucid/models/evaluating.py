"""`evaluate`: losses and metrics on data, without training."""

from typing import Any

import jax
import numpy as np

from pellucid.errors import ArgumentError
from pellucid.models.compiling import unpack_batch
from pellucid.models.feeds import is_stream, limited, raw_batches
from pellucid.models.preparing import ensure_built, make_objective, read_table
from pellucid.training import cache
from pellucid.training.progress import progress_for
from pellucid.training.recipe import Recipe
from pellucid.training.scoring import Scorer
from pellucid.training.trainer import Table
from pellucid.types import NumpyArray


def evaluate(
    model: Any,
    x: Any,
    y: Any,
    batch_size: int | None,
    verbose: Any,
    sample_weight: Any,
    steps: int | None,
) -> dict[str, Any]:
    """Return loss and metrics by name; see `Model.evaluate`."""
    compiled = model.need_compiled("evaluate")
    tables = _tables(model, x, y, sample_weight, steps)
    total: NumpyArray | None = None
    recipe = None
    rows = 0
    for table in tables:
        if recipe is None:
            objective = make_objective(model, compiled, table.y)
            recipe = Recipe(model.network, objective, None)
        sums = score_table(model, recipe, table, batch_size)
        total = sums if total is None else total + sums
        rows += table.rows
    if recipe is None or total is None:
        raise ArgumentError("evaluate(x=generator): got no batch, expected at least one.")
    logs = recipe.objective.logs(np.asarray(recipe.objective.log_vector(total.astype(np.float32))))
    progress = progress_for(verbose, "evaluate")
    progress.start(1, 1, rows, batch_size)
    progress.epoch_end(0, logs)
    progress.finish()
    return logs


def score_table(
    model: Any, recipe: Recipe, table: Table, batch_size: int | None = None
) -> NumpyArray:
    """Return the sums of losses and metrics over the rows of `table`."""
    batch = min(batch_size or 256, table.rows)
    scorer = cache.program(("score", recipe.structure, batch), lambda: Scorer(recipe, batch))
    trained, carried = model.packed(recipe)
    data = jax.device_put(table.padded(batch))
    sums = scorer.run(trained, carried, recipe.hyper(), data, np.int32(table.rows))
    return np.asarray(sums, np.float64)


def _tables(model: Any, x: Any, y: Any, sample_weight: Any, steps: int | None) -> Any:
    if not is_stream(x):
        ensure_built(model, x)
        return [read_table(model, x, y, sample_weight, where="evaluate")]
    return (_batch_table(model, batch) for batch in limited(raw_batches(x), steps))


def _batch_table(model: Any, batch: Any) -> Table:
    x, y, weight = unpack_batch(batch)
    ensure_built(model, x)
    return read_table(model, x, y, weight, where="evaluate")
