"""What a person sees while a network trains, is evaluated or predicts.

| verbose | on a terminal | elsewhere (a file, a pipe, a notebook) |
| --- | --- | --- |
| 0 | nothing | nothing |
| 1 or "auto" | a live display | a line for about every twentieth of the epochs |
| 2 | a line an epoch | a line an epoch |

A thinned run prints its first and last epoch, some 20 evenly spaced ones between, and, where
epochs are slow, at least a line a minute. Prediction writes nothing but a live display.
"""

import sys
import time
from typing import Any, TextIO

from pellucid.errors import Problem, near, report
from pellucid.training.lines import Lines
from pellucid.training.observer import Clock, Progress, Task


def progress_for(
    verbose: int | bool | str,
    task: Task = "train",
    *,
    stream: TextIO | None = None,
    clock: Clock = time.perf_counter,
) -> Progress:
    """Return the observer that `verbose` asks for; the table at the top of this file says which.

    Args:
        verbose: 0, 1, 2 or "auto", as in Keras.
        task: What is run.
        stream: Where to show it; standard output when None.
        clock: Seconds, for tests.

    Raises:
        ArgumentError: `verbose` is something else.

    Example:
        >>> from pellucid.training.lines import Lines
        >>> from pellucid.training.progress import progress_for
        >>> isinstance(progress_for(2), Lines)
        True

    Differs from Keras: with verbose 1 or "auto" and no terminal a long run prints some of its
    epochs, not all.
    """
    check_verbose(verbose)
    if verbose == 0:
        return Progress()
    out = sys.stdout if stream is None else stream
    if verbose == 2:
        return Lines(out, task=task, clock=clock)
    if _is_terminal(out):
        from pellucid.training.live import Live

        return Live(out, task=task, clock=clock)
    return Lines(out, thin=True, task=task, clock=clock)


def check_verbose(verbose: Any) -> None:
    """Refuse a `verbose` that is none.

    Raises:
        ArgumentError: It is neither 0, 1, 2 nor "auto".
    """
    if isinstance(verbose, (bool, int)) and verbose in (0, 1, 2):
        return
    if verbose == "auto":
        return
    fix = "Did you mean 'auto'?" if near(str(verbose), ["auto"]) else ""
    report([Problem("verbose", repr(verbose), "0, 1, 2 or 'auto'", fix)])


def _is_terminal(stream: TextIO | None) -> bool:
    try:
        return stream is not None and stream.isatty()
    except (OSError, ValueError, AttributeError):
        return False
