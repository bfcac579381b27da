"""What is kept of the last `fit`, so that it can be examined and made again."""

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pellucid.models.request import Request
from pellucid.training.history import History
from pellucid.training.nonfinite import NonFinite


@dataclass(frozen=True, eq=False)
class LastRun:
    """One `fit` as it was asked for, and how it ended; the next one takes its place.

    Args:
        asked: Returns the arguments of `fit`, its rows among them; called when they are first
            looked at, as a model that was trained on some rows of a table holds no copy of them.
        compile: The arguments of `compile` by name; the optimiser is a copy from before the run.
        seed: Seed of weights, order and noise.
        start: The packed trained and other weights before the run; None where it never began.
        history: What the run logged; None where it never began.
        failure: What stopped it, where that was an error.
        nonfinite: Where the number came from that was not finite, if one stopped it.
    """

    asked: Callable[[], Request]
    compile: Mapping[str, Any]
    seed: int
    start: tuple[Any, Any] | None = None
    history: History | None = None
    failure: str | None = None
    nonfinite: NonFinite | None = None

    @cached_property
    def request(self) -> Request:
        """The arguments of `fit`, the rows among them as they were given."""
        return self.asked()


def compile_settings(compiled: Any) -> dict[str, Any]:
    """Return what `compile` was told, apart from what a run changes, such as a learning rate."""
    return {**compiled.given, "optimizer": copy.copy(compiled.optimizer)}
