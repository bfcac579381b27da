"""Calls that take turns: each runs until it needs a training, and waits while all are made."""

import threading
from collections.abc import Callable
from contextvars import ContextVar, copy_context
from typing import Any

from pellucid.models.cohort import Data, Trainee

_running: ContextVar["Turn | None"] = ContextVar("pellucid_turn", default=None)


def current() -> "Turn | None":
    """Return the turn in whose call this thread is, or None."""
    return _running.get()


class Abandoned(BaseException):
    """Ends a call that waits for a training which will not come."""


class Turn:
    """A call with a thread of its own, which runs only while another waits for it.

    Args:
        call: What is called.
        tables: Rows that calls which take turns share, by what they hold.

    Attributes:
        wants: What it waits for to be trained, or None.
        done: Whether the call has ended.
        result: What it returned.
        error: What it raised, or None.
    """

    def __init__(self, call: Callable[[], Any], tables: dict[Any, Data]) -> None:
        self.tables = tables
        self.wants: Trainee | None = None
        self.done = False
        self.result: Any = None
        self.error: BaseException | None = None
        self._call = call
        self._abandoned = False
        self._go, self._back = threading.Semaphore(0), threading.Semaphore(0)
        self._thread: threading.Thread | None = None

    def resume(self) -> None:
        """Let the call go on until it waits or ends."""
        if self._thread is None:
            own = copy_context()
            self._thread = threading.Thread(target=own.run, args=(self._run,), daemon=True)
            self._thread.start()
        else:
            self._go.release()
        self._back.acquire()

    def wait_for(self, trainee: Trainee) -> None:
        """Wait, from within the call, until `trainee` is trained."""
        self.wants = trainee
        self._back.release()
        self._go.acquire()
        self.wants = None
        if self._abandoned:
            raise Abandoned

    def abandon(self) -> None:
        """End the call at the place where it waits."""
        self._abandoned = True
        self._go.release()

    def _run(self) -> None:
        _running.set(self)
        try:
            self.result = self._call()
        except BaseException as error:
            self.error = error
        finally:
            self.done = True
            self._back.release()
