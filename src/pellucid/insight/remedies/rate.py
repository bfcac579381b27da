"""Longer and shorter steps: learning rate, clipping, optimiser."""

from dataclasses import dataclass
from typing import Any, ClassVar

from pellucid import optimizers
from pellucid.description import Description
from pellucid.insight.remedies.changes import (
    batch_size_of,
    count_rows,
    epochs_of,
    optimizer_of,
    with_compile,
    with_fit,
)
from pellucid.insight.remedies.remedy import Remedy, Turn
from pellucid.insight.remedies.setup import Setup
from pellucid.optimizers.schedules import CosineDecay
from pellucid.training.policies import ReduceLROnPlateau, listed_callbacks


def readable(rate: float) -> float:
    """Return a rate with three digits that matter.

    Args:
        rate: Any rate, such as a product with the digits that it brings.

    Example:
        >>> from pellucid.insight.remedies.rate import readable
        >>> [readable(rate) for rate in (0.05 * 0.1, 0.1 * 3, 1 / 3, 20000.0)]
        [0.005, 0.3, 0.333, 20000.0]
    """
    return float(f"{rate:.3g}")


@dataclass(frozen=True)
class SetLearningRate(Remedy):
    """Use one learning rate from the first step to the last.

    Args:
        rate: The rate, above 0.
    """

    rate: float
    name: ClassVar[str] = "set-learning-rate"

    @property
    def words(self) -> str:
        return f"Use the learning rate {self.rate:g}."

    def apply(self, setup: Setup) -> Setup:
        optimizer = optimizer_of(setup)
        if optimizer.learning_rate == self.rate:
            return setup
        return with_compile(setup, optimizer=optimizer.replace(learning_rate=self.rate))


@dataclass(frozen=True)
class LowerRateLater(Remedy):
    """Begin at a rate again, and halve it only where the loss has not fallen for several epochs.

    Args:
        rate: The rate to begin with, above 0.
        patience: Epochs to wait.
    """

    rate: float
    patience: int = 5
    name: ClassVar[str] = "lower-rate-later"

    @property
    def words(self) -> str:
        return (
            f"Begin at the learning rate {self.rate:g}, and let it be halved once the loss has not "
            f"fallen for {self.patience} epochs: "
            f"ReduceLROnPlateau(factor=0.5, patience={self.patience}, min_delta=0)."
        )

    def apply(self, setup: Setup) -> Setup:
        given = listed_callbacks(setup.fit.get("callbacks"))
        if not any(isinstance(one, ReduceLROnPlateau) for one in given):
            return setup
        callbacks = [self._patient(one) for one in given]
        return SetLearningRate(self.rate).apply(with_fit(setup, callbacks=callbacks))

    def _patient(self, callback: Any) -> Any:
        if not isinstance(callback, ReduceLROnPlateau):
            return callback
        return callback.replace(
            factor=max(callback.factor, 0.5),
            patience=max(callback.patience, self.patience),
            min_delta=0.0,
        )


@dataclass(frozen=True)
class ScaleLearningRate(Remedy):
    """Multiply the learning rate; a schedule is left as it is.

    Args:
        factor: By what.
    """

    factor: float
    name: ClassVar[str] = "scale-learning-rate"

    @property
    def words(self) -> str:
        if self.factor < 1:
            return f"Divide the learning rate by {1 / self.factor:g}."
        return f"Multiply the learning rate by {self.factor:g}."

    @property
    def turn(self) -> Turn | None:
        return "learning rate", -1 if self.factor < 1 else 1

    def apply(self, setup: Setup) -> Setup:
        optimizer = optimizer_of(setup)
        if isinstance(optimizer.learning_rate, Description) or self.factor == 1:
            return setup
        rate = readable(optimizer.learning_rate * self.factor)
        return with_compile(setup, optimizer=optimizer.replace(learning_rate=rate))


@dataclass(frozen=True)
class ClipGradients(Remedy):
    """Bound the norm of all gradients together.

    Args:
        norm: The bound.
    """

    norm: float = 1.0
    name: ClassVar[str] = "clip-gradients"

    @property
    def words(self) -> str:
        return f"Clip the gradients: global_clipnorm={self.norm:g} in the optimizer."

    def apply(self, setup: Setup) -> Setup:
        optimizer = optimizer_of(setup)
        if optimizer.global_clipnorm == self.norm:
            return setup
        clipped = optimizer.replace(clipnorm=None, clipvalue=None, global_clipnorm=self.norm)
        return with_compile(setup, optimizer=clipped)


@dataclass(frozen=True)
class UseOptimizer(Remedy):
    """Use another optimiser, with its own learning rate.

    Args:
        optimizer: Its name.
    """

    optimizer: str = "adam"
    name: ClassVar[str] = "use-optimizer"

    @property
    def words(self) -> str:
        return f'Compile with optimizer="{self.optimizer}".'

    def apply(self, setup: Setup) -> Setup:
        wanted = optimizers.get(self.optimizer)
        if type(optimizer_of(setup)) is type(wanted):
            return setup
        return with_compile(setup, optimizer=wanted)


@dataclass(frozen=True)
class DecayLearningRate(Remedy):
    """Let the learning rate fall to 0 along half a cosine wave over the whole run."""

    name: ClassVar[str] = "decay-learning-rate"

    @property
    def words(self) -> str:
        return "Let the learning rate fall to 0 over the run: CosineDecay(rate, steps)."

    def apply(self, setup: Setup) -> Setup:
        optimizer = optimizer_of(setup)
        rate = optimizer.learning_rate
        if isinstance(rate, Description):
            return setup
        steps = epochs_of(setup) * -(-count_rows(setup.train) // batch_size_of(setup))
        decay = CosineDecay(rate, steps)
        return with_compile(setup, optimizer=optimizer.replace(learning_rate=decay))
