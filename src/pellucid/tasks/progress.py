"""How far a prediction is, on a terminal."""

import sys
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from pellucid.training.progress import progress_for

Part = TypeVar("Part")


def one_by_one(parts: Sequence[Part], verbose: Any) -> Iterator[Part]:
    """Yield parts of some work, with a bar on a terminal where it takes long.

    The bar is drawn on standard error, so that answers can go to a file or a pipe.

    Args:
        parts: The parts.
        verbose: "auto" for the bar, 0 for none.

    Example:
        >>> from pellucid.tasks.progress import one_by_one
        >>> [2 * one for one in one_by_one([1, 2, 3], verbose=0)]
        [2, 4, 6]
    """
    progress = progress_for(verbose, "predict", stream=sys.stderr)
    progress.start(1, len(parts))
    try:
        for number, part in enumerate(parts, 1):
            yield part
            progress.update(0, number)
    finally:
        progress.finish()
