"""What `fit` was asked for, checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from pellucid.errors import Problem, report


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
    shuffle: bool
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
        ]
        report(problems)


def _whole(name: str, value: Any, low: int, meaning: str, optional: bool = False) -> list[Problem]:
    if optional and value is None:
        return []
    whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if whole and value >= low:
        return []
    expected = f"a whole number of at least {low} ({meaning})"
    return [Problem(f"fit({name}=...)", repr(value), expected)]
