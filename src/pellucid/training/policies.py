"""Policies: small state machines that watch the epochs from inside the program.

A policy reads the reported values at each epoch's end and may ask to stop, to lower the
learning rate or to keep a copy of the weights. Its state is a few scalars, so the same
code serves one fit, a cross-validation and a search.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import jax.numpy as jnp

from pellucid.description import Description, choice, count, flag, number, text
from pellucid.errors import ArgumentError, did_you_mean
from pellucid.types import Array

HIGHER_IS_BETTER = (
    "acc",
    "auc",
    "precision",
    "recall",
    "f1",
    "fbeta",
    "iou",
    "r2",
    "specificity",
    "sensitivity",
    "correlation",
    "cosine",
)


@dataclass(frozen=True)
class Verdict:
    """What a policy asks for after one epoch.

    Args:
        stop: Whether to stop.
        rate_scale: What to multiply the learning rate by.
        share: Share of the present weights in those that are kept for the policy: 0 to leave
            these, 1 to put the present ones in their place.
    """

    stop: Array
    rate_scale: Array
    share: Array


class Policy(Description):
    """Base of the policies; `observe` is pure and traced."""

    kind: ClassVar[str] = "policy"
    stops: ClassVar[bool] = False

    def monitored(self) -> str | None:
        """Return the name of the reported value that the policy watches, or None."""
        return getattr(self, "monitor", None)

    @property
    def keeps_weights(self) -> bool:
        """True when the program must keep weights beside the present ones."""
        return False

    def ends_with_kept(self, state: Mapping[str, Array]) -> bool:
        """Say whether a run that ends in this state ends with the kept weights."""
        return False

    def begin(self) -> dict[str, Array]:
        """Return the state before the first epoch."""
        raise NotImplementedError

    def observe(
        self, state: Mapping[str, Array], value: Array, epoch: Array, rate: Array
    ) -> tuple[dict[str, Array], Verdict]:
        """Return the next state and the verdict.

        Args:
            state: The present state.
            value: The watched value of this epoch.
            epoch: Number of this epoch, from 0.
            rate: Learning rate in force, with the present scale.
        """
        raise NotImplementedError


def direction(monitor: str, mode: str) -> float:
    """Return 1 when higher values of `monitor` are better, else -1."""
    if mode != "auto":
        return 1.0 if mode == "max" else -1.0
    name = monitor.removeprefix("val_")
    if name.endswith("loss"):
        return -1.0
    return 1.0 if any(word in name for word in HIGHER_IS_BETTER) else -1.0


def listed_callbacks(callbacks: Any) -> list[Any]:
    """Return what was given as callbacks: a list, a single one or None, as a list."""
    given = callbacks if isinstance(callbacks, (list, tuple)) else [callbacks]
    return [one for one in given if one is not None]


def check_monitors(policies: Sequence[Any], names: Sequence[str]) -> None:
    """Refuse a policy or callback that watches what is not reported.

    Raises:
        ArgumentError: Names the policy, the value and the near one.
    """
    for policy in policies:
        monitor = getattr(policy, "monitor", None)
        if monitor is None or monitor in names:
            continue
        fix = did_you_mean(monitor, list(names))
        if monitor.startswith("val_") and not any(name.startswith("val_") for name in names):
            fix = "Give fit validation data, with validation_split=0.2 or validation_data=(x, y)."
        raise ArgumentError(
            f"{type(policy).__name__}(monitor=...): got '{monitor}', expected one of the reported "
            f"values {', '.join(names)}. {fix}"
        )


class EarlyStopping(Policy):
    """Stop training when a reported value has stopped improving.

    An epoch improves when its value is better than the best so far by more than
    `min_delta`. After `patience` epochs without improvement training stops.

    Args:
        monitor: Name of the reported value, such as "val_loss".
        min_delta: Smallest change that counts, at least 0.
        patience: Epochs to wait, at least 0.
        verbose: 1 to say when it acted.
        mode: "min", "max", or "auto" (from the name).
        baseline: A value that must be beaten for the waiting to start over.
        restore_best_weights: Give the model the weights of its best epoch at the end.
        start_from_epoch: Epochs to let pass first.

    Raises:
        ArgumentError: A number is out of range; `monitor` is not reported (at fit).

    Example:
        >>> import pellucid
        >>> pellucid.callbacks.EarlyStopping(monitor="loss", patience=3)
        EarlyStopping(monitor='loss', patience=3)

    Source: Prechelt, "Early Stopping - But When?" (1998).
    Differs from Keras: runs inside the compiled program; a misspelt monitor is an error.
    """

    stops: ClassVar[bool] = True

    monitor: str = text(default="val_loss")
    min_delta: float = number(default=0.0, low=0)
    patience: float = number(default=0, low=0, meaning="epochs to wait")
    verbose: int = count(default=0, low=0)
    mode: str = choice(("auto", "min", "max"), default="auto")
    baseline: float | None = number(default=None, optional=True)
    restore_best_weights: bool = flag(default=False)
    start_from_epoch: float = number(default=0, low=0)

    @property
    def keeps_weights(self) -> bool:
        return self.restore_best_weights

    def ends_with_kept(self, state: Mapping[str, Array]) -> bool:
        return self.restore_best_weights and int(state["best_epoch"]) >= 0

    def begin(self) -> dict[str, Array]:
        return {
            "best": jnp.float32(-jnp.inf),
            "wait": jnp.float32(0),
            "best_epoch": jnp.int32(-1),
            "stopped": jnp.int32(-1),
        }

    def observe(
        self, state: Mapping[str, Array], value: Array, epoch: Array, rate: Array
    ) -> tuple[dict[str, Array], Verdict]:
        sign = direction(self.monitor, self.mode)
        score = sign * value
        active = epoch >= self.start_from_epoch
        better = active & (score - self.min_delta > state["best"])
        first = active & (state["best_epoch"] < 0)
        resets = better
        if self.baseline is not None:
            resets = better & (score - self.min_delta > sign * self.baseline)
        wait = jnp.where(active, jnp.where(resets, 0.0, state["wait"] + 1), state["wait"])
        stop = active & ~better & (wait >= self.patience) & (epoch > 0)
        kept = {
            "best": jnp.where(better, score, state["best"]),
            "wait": wait,
            "best_epoch": jnp.where(better | first, epoch, state["best_epoch"]),
            "stopped": jnp.where(stop, epoch, state["stopped"]),
        }
        return kept, Verdict(stop, jnp.float32(1), jnp.float32(better | first))


class ReduceLROnPlateau(Policy):
    """Lower the learning rate when a reported value has stopped improving.

    After `patience` epochs without improvement the rate becomes
    `max(rate * factor, min_lr)`; then `cooldown` epochs pass before waiting starts again.

    Args:
        monitor: Name of the reported value.
        factor: What the rate is multiplied by, at least 0 and below 1.
        patience: Epochs to wait, at least 0.
        verbose: 1 to say when it acted.
        mode: "min", "max", or "auto" (from the name).
        min_delta: Smallest change that counts, at least 0.
        cooldown: Epochs to let pass after a reduction.
        min_lr: Smallest learning rate.

    Example:
        >>> import pellucid
        >>> pellucid.callbacks.ReduceLROnPlateau(factor=0.5, patience=2)
        ReduceLROnPlateau(factor=0.5, patience=2)

    Differs from Keras: runs inside the compiled program; a misspelt monitor is an error.
    """

    monitor: str = text(default="val_loss")
    factor: float = number(default=0.1, low=0, below=1)
    patience: float = number(default=10, low=0, meaning="epochs to wait")
    verbose: int = count(default=0, low=0)
    mode: str = choice(("auto", "min", "max"), default="auto")
    min_delta: float = number(default=1e-4, low=0)
    cooldown: float = number(default=0, low=0)
    min_lr: float = number(default=0.0, low=0)

    def begin(self) -> dict[str, Array]:
        zero = jnp.float32(0)
        return {"best": jnp.float32(-jnp.inf), "wait": zero, "cooling": zero}

    def observe(
        self, state: Mapping[str, Array], value: Array, epoch: Array, rate: Array
    ) -> tuple[dict[str, Array], Verdict]:
        score = direction(self.monitor, self.mode) * value
        cooling = jnp.maximum(state["cooling"] - 1, 0.0)
        wait = jnp.where(state["cooling"] > 0, 0.0, state["wait"])
        better = score > state["best"] + self.min_delta
        waiting = ~better & (cooling == 0)
        wait = jnp.where(better, 0.0, wait + waiting)
        acts = waiting & (wait >= self.patience) & (rate > self.min_lr)
        lowered = jnp.maximum(rate * self.factor, self.min_lr) / rate
        kept = {
            "best": jnp.where(better, score, state["best"]),
            "wait": jnp.where(acts, 0.0, wait),
            "cooling": jnp.where(acts, self.cooldown, cooling),
        }
        scale = jnp.where(acts, lowered, 1.0)
        return kept, Verdict(jnp.asarray(False), scale, jnp.float32(0))
