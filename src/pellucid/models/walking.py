"""A model's next training step, walked through on one batch."""

from typing import Any

import numpy as np

from pellucid.insight.walkthrough import Exercise, Walkthrough, walk
from pellucid.models.compiling import check_losses
from pellucid.models.looking import lacks_batch
from pellucid.models.preparing import check_labels, ensure_built, make_objective, read_table
from pellucid.models.stateful import check_batch
from pellucid.training.recipe import Recipe


def walkthrough(model: Any, x: Any, y: Any, steps: int, detail: str) -> Walkthrough:
    """Return the walk through the steps that one batch makes; see `Model.walkthrough`."""
    compiled = model.need_compiled("walkthrough")
    shapes = [model.network.shapes[node] for node in model.network.inputs] if model.built else []
    if lacks_batch(x, shapes):
        x = np.asarray(x)[None]
        y = None if y is None else np.asarray(y)[None]
    ensure_built(model, x)
    table = read_table(model, x, y, where="walkthrough")
    check_batch(model.network, table.rows, "walkthrough(x=...)")
    check_losses(model, compiled, "walkthrough")
    check_labels(model, compiled, table.y, complete=False, doubtful=False)
    objective = make_objective(model, compiled, table.y)
    recipe = Recipe(model.network, objective, compiled.optimizer)
    made = model.progress_made
    optimizer = made.optimizer_for(recipe)
    exercise = Exercise(
        recipe,
        model.packed(recipe),
        table.x,
        table.y,
        model.seed,
        made.epochs,
        0 if optimizer is None else made.steps,
        optimizer,
    )
    return walk(exercise, steps, detail)
