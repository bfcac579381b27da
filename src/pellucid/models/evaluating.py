"""`evaluate`: losses and metrics on data, without training."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from pellucid.data.dataset import Dataset
from pellucid.errors import Problem, report, within
from pellucid.models.compiling import Compiled, unpack_batch
from pellucid.models.feeds import is_stream, limited, raw_batches, refuse_beside, rows_of_steps
from pellucid.models.preparing import check_labels, ensure_built, make_objective, read_table
from pellucid.models.request import check_numbers
from pellucid.models.stateful import batch_rows, check_batches
from pellucid.models.streaming import Windows, first_rows, sums_over
from pellucid.training.progress import progress_for
from pellucid.training.recipe import Recipe
from pellucid.training.scoring import scorer_for
from pellucid.training.trainer import Table
from pellucid.training.work import scoring_rows
from pellucid.types import NumpyArray

BATCH = 32
"""Rows of a batch, where nothing else is asked for; as many are scored at once as suits them."""


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
    if isinstance(x, Dataset):
        refuse_beside(f"{where}(x=dataset)", y=y, sample_weight=sample_weight)
    if isinstance(x, Dataset) and _has_one_form(model, x):
        recipe, total, rows = _of_dataset(model, compiled, x, batch_size, steps, where)
        return _told(progress, recipe, total, rows, batch_size)
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
    return _told(progress, recipe, total, rows, batch_size)


def _told(
    progress: Any, recipe: Recipe, total: NumpyArray, rows: int, batch_size: int | None
) -> dict[str, Any]:
    """Return loss and metrics by name, and show them."""
    logs = recipe.objective.logs(np.asarray(recipe.objective.log_vector(total.astype(np.float32))))
    progress.start(1, 1, rows, batch_size)
    progress.epoch_end(0, logs)
    progress.finish()
    return logs


def _has_one_form(model: Any, dataset: Dataset) -> bool:
    """Say whether all rows are of one shape, so that they can lie in one array."""
    if not model.built:
        first = next(dataset.reads(None, 0, dataset.batch_size or 1))
        ensure_built(model, unpack_batch(first.load())[0])
    network = model.network
    return not any(None in network.shapes[node] for node in network.feeds)


def _of_dataset(
    model: Any,
    compiled: Compiled,
    dataset: Dataset,
    batch_size: int | None,
    steps: int | None,
    where: str,
) -> tuple[Recipe, NumpyArray, int]:
    """Return what scores the rows of a dataset, the sums over them and their number."""

    def to_table(name: str, batch: Any) -> Table:
        with within(name):
            table = _batch_table(model, batch, where)
            check_labels(model, compiled, table.y, complete=False, doubtful=False)
            return table

    like = first_rows(dataset, to_table)
    recipe = Recipe(model.network, make_objective(model, compiled, like.y), None)
    size = batch_rows(model.network, batch_size, f"{where}(batch_size=...)")
    rows = rows_of_steps(steps, dataset.batch_size or 1)
    scored = size or scoring_rows(model.network, BATCH)
    windows = Windows(dataset, to_table, like, min(scored, dataset.rows), rows)
    check_batches(model.network, windows.rows)
    weights = model.packed(recipe)
    total, moved = sums_over(recipe, weights, windows)
    if model.network.stateful:
        model.adopt(recipe, weights[0], moved)
    return recipe, total, windows.rows


def score_table(
    model: Any, recipe: Recipe, table: Table, batch_size: int | None = None
) -> NumpyArray:
    """Return the sums of losses and metrics over the rows of `table`.

    Stateful layers go on from where they are, and stay where the last batch leaves them.
    """
    check_batches(model.network, table.rows)
    size = batch_rows(model.network, batch_size, "evaluate(batch_size=...)")
    batch = min(size or scoring_rows(model.network, BATCH), table.rows)
    scorer = scorer_for(recipe, batch)
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
