"""What `fit` was asked for, checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from pellucid.data.arrays import check_share
from pellucid.errors import Problem, report
from pellucid.training.probe import Probe

BY_LENGTH = "length"
"""The way of shuffling that puts rows of similar length into one batch."""


@dataclass(frozen=True)
class Request:
    """The arguments of one `fit`, as documented there."""

    x: Any
    y: Any
    batch_size: int | None
    epochs: int
    verbose: Any
    callbacks: Any
    validation_split: float
    validation_data: Any
    shuffle: bool | str
    class_weight: Mapping[Any, float] | None
    sample_weight: Any
    initial_epoch: int
    steps_per_epoch: int | None
    validation_steps: int | None
    validation_batch_size: int | None
    validation_freq: int
    probe: Any

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
        ]
        if self.shuffle != BY_LENGTH and not isinstance(self.shuffle, (bool, np.bool_)):
            expected = f"True, False or '{BY_LENGTH}'"
            problems.append(Problem("fit(shuffle=...)", repr(self.shuffle), expected))
        if self.probe is not None and not isinstance(self.probe, Probe):
            expected = "a probe, such as pellucid.training.probe.Scales()"
            problems.append(Problem("fit(probe=...)", repr(self.probe), expected))
        report(problems or self._empty_range())

    def _empty_range(self) -> list[Problem]:
        if self.epochs > self.initial_epoch:
            return []
        given = f"{self.epochs} with initial_epoch={self.initial_epoch}"
        expected = "the epoch at which to end, above the one at which to begin"
        return [Problem("fit(epochs=...)", given, expected)]


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
