"""What `fit` was asked for, checked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from pellucid.data.arrays import check_share
from pellucid.errors import Problem, did_you_mean, report
from pellucid.training.history import History
from pellucid.training.presets import PRESETS
from pellucid.training.probe import Probe

BY_LENGTH = "length"
"""The way of shuffling that puts rows of similar length into one batch."""


@dataclass(frozen=True)
class Request:
    """The arguments of one `fit`, as documented there; `watch` is called as the run goes on."""

    x: Any
    y: Any
    batch_size: int | None = None
    epochs: int = 1
    verbose: Any = 0
    callbacks: Any = None
    validation_split: float = 0.0
    validation_data: Any = None
    shuffle: bool | str = True
    class_weight: Mapping[Any, float] | None = None
    sample_weight: Any = None
    initial_epoch: int = 0
    steps_per_epoch: int | None = None
    validation_steps: int | None = None
    validation_batch_size: int | None = None
    validation_freq: int = 1
    probe: Any = None
    mixup: float | None = None
    watch: Callable[[History], None] | None = None

    def check(self) -> None:
        """Refuse numbers out of range, all at once.

        Raises:
            ArgumentError: Names each argument.
        """
        problems = [
            *_whole("batch_size", self.batch_size, 1, "the number of rows in a step", True),
            *_whole("epochs", self.epochs, 1, "the epoch at which to end"),
            *_whole("initial_epoch", self.initial_epoch, 0, "the epoch at which to begin"),
            *_whole("steps_per_epoch", self.steps_per_epoch, 1, "steps in an epoch", True),
            *_whole("validation_steps", self.validation_steps, 1, "batches to score", True),
            *_whole("validation_batch_size", self.validation_batch_size, 1, "rows", True),
            *_whole("validation_freq", self.validation_freq, 1, "epochs between two scores"),
            *check_share(self.validation_split),
            *_above_zero("mixup", self.mixup, "the shape of the distribution of shares"),
        ]
        if self.shuffle != BY_LENGTH and not isinstance(self.shuffle, (bool, np.bool_)):
            expected = f"True, False or '{BY_LENGTH}'"
            problems.append(Problem("fit(shuffle=...)", repr(self.shuffle), expected))
        if not isinstance(self._named_probe, (Probe, type(None))):
            known = did_you_mean(self.probe, [*PRESETS]) if isinstance(self.probe, str) else ""
            expected = "'economy', 'full', True, False or a probe"
            problems.append(Problem("fit(probe=...)", repr(self.probe), expected, known))
        report(problems or self._empty_range())

    @property
    def _named_probe(self) -> Any:
        """The probe that is meant by a name, or whatever was given."""
        if self.probe is False:
            return None
        name = "economy" if self.probe is True else self.probe
        return PRESETS[name]() if isinstance(name, str) and name in PRESETS else self.probe

    @property
    def looking(self) -> Probe | None:
        """What looks into the run, if `check` has passed."""
        return self._named_probe

    def _empty_range(self) -> list[Problem]:
        if self.epochs > self.initial_epoch:
            return []
        given = f"{self.epochs} with initial_epoch={self.initial_epoch}"
        expected = "the epoch at which to end, above the one at which to begin"
        return [Problem("fit(epochs=...)", given, expected)]


def check_switch(where: str, value: Any) -> None:
    """Refuse what is neither True nor False.

    Args:
        where: The argument, as a message calls it.
        value: What was given.

    Raises:
        ArgumentError: It is something else.
    """
    if not isinstance(value, (bool, np.bool_)):
        report([Problem(where, repr(value), "True or False")])


def check_numbers(where: str, batch_size: Any = None, steps: Any = None) -> None:
    """Refuse a batch size or a number of steps that is none.

    Args:
        where: The method that was called.
        batch_size: Rows in a batch, or None.
        steps: Batches to take, or None.

    Raises:
        ArgumentError: Names each argument.
    """
    if batch_size is None and steps is None:
        return
    report(
        [
            *_whole("batch_size", batch_size, 1, "the number of rows in a batch", True, where),
            *_whole("steps", steps, 1, "batches to take", True, where),
        ]
    )


def _above_zero(name: str, value: Any, meaning: str) -> list[Problem]:
    number = isinstance(value, (int, float, np.integer, np.floating)) and value is not True
    if value is None or (number and np.isfinite(value) and value > 0):
        return []
    return [Problem(f"fit({name}=...)", repr(value), f"a number above 0 ({meaning}), or None")]


def _whole(
    name: str, value: Any, low: int, meaning: str, optional: bool = False, where: str = "fit"
) -> list[Problem]:
    if optional and value is None:
        return []
    whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if whole and value >= low:
        return []
    expected = f"a whole number of at least {low} ({meaning})"
    return [Problem(f"{where}({name}=...)", repr(value), expected)]
