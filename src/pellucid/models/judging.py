"""What trained candidates answer, and how well, on chosen rows of their tables."""

from collections.abc import Callable
from typing import Any

import jax
import numpy as np

from pellucid.data.arrays import bucket
from pellucid.models.cohort import Data, Trainee
from pellucid.models.evaluating import BATCH
from pellucid.models.predicting import forward_of, keys_of
from pellucid.training import cache
from pellucid.training.objective import Objective
from pellucid.training.recipe import Recipe
from pellucid.training.scoring import RowScorer, predict_rows
from pellucid.training.trainer import Table
from pellucid.training.work import scoring_rows
from pellucid.types import NumpyArray


class Judge:
    """Scores and outputs of candidates that have been trained.

    One compiled program scores any rows of a table by any model of a structure.

    Args:
        data: The rows; they weigh as their sample weights say, whatever the class weights of
            training.
        objective: Returns the losses and metrics by which a model is scored; those that it was
            trained with when None.
    """

    def __init__(self, data: Data, objective: Callable[[Any], Objective] | None = None) -> None:
        self.data, self._objective = data, objective
        self._held: dict[int, Any] = {}

    def scores(self, trainee: Trainee, numbers: NumpyArray | None) -> dict[str, Any]:
        """Return loss and metrics by name, as `evaluate` does on these rows.

        Args:
            trainee: The trained model.
            numbers: Numbers of the rows, of which one may stand there several times; None for
                all.
        """
        model = trainee.candidate.model
        table = self.data.table(model)
        chosen = np.arange(table.rows) if numbers is None else np.asarray(numbers)
        batch = min(scoring_rows(model.network, BATCH), table.rows)
        made = trainee.recipe.objective if self._objective is None else self._objective(model)
        recipe = Recipe(model.network, made, None)
        key = ("score rows", recipe.structure, batch)
        scorer = cache.program(key, lambda: RowScorer(recipe, batch))
        size = bucket(max(len(chosen), table.rows), batch)
        padded = np.pad(chosen.astype(np.int32), (0, size - len(chosen)))
        vector = scorer.run(
            *trainee.weights(),
            recipe.hyper(),
            self._on_device(table, batch),
            padded,
            np.int32(len(chosen)),
        )
        return made.logs(np.asarray(vector))

    def outputs(self, trainee: Trainee, numbers: NumpyArray) -> list[NumpyArray]:
        """Return each output of the model for rows with these numbers."""
        model = trainee.candidate.model
        feeds = [feed[numbers] for feed in self.data.table(model).x]
        recipe, forward = forward_of(model)
        weights = (*trainee.weights(), recipe.hyper())
        return predict_rows(forward, weights, feeds, None, keys_of(model))

    def _on_device(self, table: Table, batch: int) -> Any:
        if id(table) not in self._held:
            self._held[id(table)] = jax.device_put(table.padded(batch))
        return self._held[id(table)]
