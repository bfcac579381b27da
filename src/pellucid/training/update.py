"""What one step makes of the trained weights."""

from typing import Any

from pellucid.optimizers import engine
from pellucid.training.recipe import Recipe
from pellucid.training.state import TrainState
from pellucid.types import Array


def updated(recipe: Recipe, state: TrainState, gradients: Array) -> tuple[Array, Any]:
    """Return the trained weights after a step, within their bounds, and the optimiser's state.

    Args:
        recipe: What is trained.
        state: The state before the step.
        gradients: Of the scaled loss, packed as the trained weights are.
    """
    trained, optimizer = engine.apply_gradients(
        recipe.optimizer,
        recipe.trained,
        state.trained,
        gradients,
        state.optimizer,
        state.step,
        state.rate_scale,
        recipe.roles,
    )
    if recipe.network.has_constraints:
        trained = recipe.trained.pack(recipe.network.constrain(recipe.trained.unpack(trained)))
    return trained, optimizer
