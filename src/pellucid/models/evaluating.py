"""`evaluate`: losses and metrics on data, without training."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from pellucid.errors import Problem, report, within
from pellucid.models.compiling import unpack_batch
from pellucid.models.feeds import is_stream, limited, raw_batches, refuse_beside, rows_of_steps
from pellucid.models.preparing import check_labels, ensure_built, make_objective, read_table
from pellucid.models.request import check_numbers
from pellucid.models.stateful import batch_rows, check_batches
from pellucid.training import cache
from pellucid.training.progress import progress_for
from pellucid.training.recipe import Recipe
from pellucid.training.scoring import Scorer
from pellucid.training.sharding import parts_for
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
    where: str = "evaluate",
) -> dict[str, Any]:
    """Return loss and metrics by name; see `Model.evaluate`."""
    check_numbers(where, batch_size=batch_size, steps=steps)
    progress = progress_for(verbose, "evaluate")
    compiled = model.need_compiled(where)
    tables = _tables(model, x, y, sample_weight, batch_size, steps, where)
    total: NumpyArray | None = None
    recipe = None
    rows = 0
    for table in tables:
        check_labels(model, compiled, table.y, complete=False, doubtful=False)
        if recipe is None:
            objective = make_objective(model, compiled, table.y)
            recipe = Recipe(model.network, objective, None)
        sums = score_table(model, recipe, table, batch_size)
        total = sums if total is None else total + sums
        rows += table.rows
    if recipe is None or total is None:
        report([Problem(f"{where}(x=generator)", "no batch", "at least one")])
    assert recipe is not None
    assert total is not None
    logs = recipe.objective.logs(np.asarray(recipe.objective.log_vector(total.astype(np.float32))))
    progress.start(1, 1, rows, batch_size)
    progress.epoch_end(0, logs)
    progress.finish()
    return logs


def score_table(
    model: Any, recipe: Recipe, table: Table, batch_size: int | None = None
) -> NumpyArray:
    """Return the sums of losses and metrics over the rows of `table`.

    Stateful layers go on from where they are, and stay where the last batch leaves them.
    """
    check_batches(model.network, table.rows)
    size = batch_rows(model.network, batch_size, "evaluate(batch_size=...)")
    batch = min(size or 256, table.rows)
    parts = parts_for(recipe.network, recipe.structure, batch)
    key = ("score", recipe.structure, batch, parts)
    scorer = cache.program(key, lambda: Scorer(recipe, batch, parts))
    trained, carried = model.packed(recipe)
    data = scorer.sharding.put(table.padded(batch))
    sums, moved = scorer.run(trained, carried, recipe.hyper(), data, np.int32(table.rows))
    if model.network.stateful:
        model.adopt(recipe, trained, moved)
    return np.asarray(sums, np.float64)


def _tables(
    model: Any,
    x: Any,
    y: Any,
    sample_weight: Any,
    batch_size: int | None,
    steps: int | None,
    where: str,
) -> Iterator[Table]:
    if not is_stream(x):
        ensure_built(model, x)
        rows = rows_of_steps(
            steps, batch_rows(model.network, batch_size, f"{where}(batch_size=...)")
        )
        yield read_table(model, x, y, sample_weight, where=where).part(slice(rows))
        return
    refuse_beside(f"{where}(x=generator)", y=y, sample_weight=sample_weight)
    for number, batch in enumerate(limited(raw_batches(x), steps)):
        with within(f"batch {number} of the generator"):
            yield _batch_table(model, batch, where)


def _batch_table(model: Any, batch: Any, where: str) -> Table:
    x, y, weight = unpack_batch(batch, where)
    ensure_built(model, x)
    return read_table(model, x, y, weight, where=where)
