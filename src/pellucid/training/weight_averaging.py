"""Stochastic weight averaging: a run ends with the mean of the weights it went through."""

from collections.abc import Mapping, Sequence
from typing import Any

import jax.numpy as jnp

from pellucid.description import number
from pellucid.errors import Problem, report
from pellucid.training.policies import EarlyStopping, Policy, Verdict
from pellucid.types import Array


class SWA(Policy):
    """End with the mean of the weights after several epochs, instead of the last ones.

    `mean = mean + (weights - mean) / (n + 1)` for the n-th weights taken. Where the network has
    `BatchNormalization`, its moving averages become those of the mean weights: plain means over
    one pass over the training rows. What is reported of each epoch is that of its own weights.

    Args:
        start: Epochs before the first whose weights are taken, at least 0.
        frequency: Epochs from one taking to the next, at least 1.

    Raises:
        ArgumentError: A number is out of range; the fit has no more epochs than `start`, or
            another policy or the optimiser's `use_ema` also says with which weights it ends.

    Example:
        >>> import pellucid
        >>> pellucid.callbacks.SWA(start=15)
        SWA(start=15)

    Source: Izmailov et al., "Averaging Weights Leads to Wider Optima and Better Generalization"
        (2018); about the last quarter of a run at a rate that stays high.
    Differs from Keras: it has no such callback.
    """

    start: float = number(low=0, meaning="epochs before the mean begins")
    frequency: float = number(default=1, low=1, meaning="epochs from one taking to the next")

    @property
    def keeps_weights(self) -> bool:
        return True

    def ends_with_kept(self, state: Mapping[str, Array]) -> bool:
        return int(state["taken"]) > 0

    def begin(self) -> dict[str, Array]:
        return {"taken": jnp.int32(0)}

    def observe(
        self, state: Mapping[str, Array], value: Array, epoch: Array, rate: Array
    ) -> tuple[dict[str, Array], Verdict]:
        taken = state["taken"]
        takes = epoch >= self.start + taken * self.frequency
        share = jnp.where(takes, 1 / (taken + 1), 0.0)
        return {"taken": taken + takes}, Verdict(jnp.asarray(False), jnp.float32(1), share)


def check_averaging(policies: Sequence[Policy], optimizer: Any, epochs: int) -> None:
    """Refuse a mean of weights that would never begin, or not be what the run ends with.

    Args:
        policies: The policies of a fit.
        optimizer: Its optimiser.
        epochs: Epochs that it makes at most.

    Raises:
        ArgumentError: Names what is in its way.
    """
    means = [one for one in policies if isinstance(one, SWA)]
    if not means:
        return
    restoring = [isinstance(one, EarlyStopping) and one.restore_best_weights for one in policies]
    rivals = ["another SWA"] * (len(means) - 1)
    rivals += ["EarlyStopping(restore_best_weights=True)"] * any(restoring)
    rivals += [f"{type(optimizer).__name__}(use_ema=True)"] * optimizer.use_ema
    expected = "one that says with which weights the fit ends"
    problems = [Problem("fit: SWA", f"{one} beside it", expected) for one in rivals]
    problems += [
        Problem("SWA(start=...)", f"{one.start:g}", f"fewer than the {epochs} epochs of the fit")
        for one in means
        if one.start >= epochs
    ]
    report(problems)
