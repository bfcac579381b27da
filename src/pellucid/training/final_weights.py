"""With which weights a run ends: the last, their moving average, or those of the best epoch."""

from typing import Any

from pellucid.optimizers import engine
from pellucid.training.policies import EarlyStopping, Policy
from pellucid.training.recipe import Recipe
from pellucid.training.state import TrainState
from pellucid.training.weight_averaging import SWA


def best_epoch(recipe: Recipe, state: TrainState) -> int | None:
    """Return the epoch, counted from 0 in this fit, whose weights are restored; None for none.

    Args:
        recipe: What was trained.
        state: Its state at the end.
    """
    for policy, own in zip(recipe.policies, state.policies, strict=True):
        if isinstance(policy, EarlyStopping) and policy.ends_with_kept(own):
            return int(own["best_epoch"])
    return None


def ends_with_mean(recipe: Recipe, state: TrainState) -> bool:
    """Say whether a run ends with a mean of weights, which no epoch has been judged with.

    Args:
        recipe: What was trained.
        state: Its state at the end.
    """
    keeper = _keeper(recipe, state)
    if keeper is None:
        return bool(getattr(recipe.optimizer, "use_ema", False))
    return isinstance(keeper[1], SWA)


def final_weights(recipe: Recipe, state: TrainState) -> tuple[Any, Any]:
    """Return the trained and the other weights, packed, with which the model ends.

    Args:
        recipe: What was trained.
        state: Its state at the end.
    """
    keeper = _keeper(recipe, state)
    if keeper is None:
        return engine.finalize(recipe.optimizer, state.trained, state.optimizer), state.carried
    both = state.best[keeper[0]]
    return both[: recipe.trained.size], both[recipe.trained.size :]


def _keeper(recipe: Recipe, state: TrainState) -> tuple[int, Policy] | None:
    """Return the policy with whose kept weights a run ends, after its place among those that keep
    some; None where it ends with its last ones.
    """
    pairs = zip(recipe.policies, state.policies, strict=True)
    keeping = [(policy, own) for policy, own in pairs if policy.keeps_weights]
    ending = (
        (place, policy) for place, (policy, own) in enumerate(keeping) if policy.ends_with_kept(own)
    )
    return next(ending, None)
