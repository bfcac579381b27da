"""What is made in other threads before it is asked for."""

import queue
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Generic, Self, TypeVar

Item = TypeVar("Item")

CLOSE_SECONDS = 10.0
"""How long to wait for a thread that is told to end; one that still reads is left to itself."""


def in_order(calls: Iterable[Callable[[], Item]], workers: int) -> Iterator[Item]:
    """Yield what calls return, in their order, while the next ones are being made.

    Args:
        calls: What to call.
        workers: Threads that call; so many results exist at once, at most.

    Example:
        >>> from pellucid.data.prefetch import in_order
        >>> list(in_order([lambda: 1, lambda: 2, lambda: 3], workers=2))
        [1, 2, 3]
    """
    if workers == 1:
        for call in calls:
            yield call()
        return
    waiting: deque[Future[Item]] = deque()
    with ThreadPoolExecutor(workers, thread_name_prefix="pellucid-read") as pool:
        try:
            for call in calls:
                waiting.append(pool.submit(call))
                if len(waiting) == workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for one in waiting:
                one.cancel()


class Stopped(Exception):
    """Ends a thread of which nothing is wanted any more."""


class Ahead(Generic[Item]):
    """An iterator whose next item is made in a thread of its own while the last one is used.

    Two items exist at most: the one that is used and the one that comes next. What the thread
    raises is raised where the next item is asked for.

    Args:
        make: Returns the iterator to go through, given a function that long work calls now and
            then: it raises `Stopped` once nothing is wanted any more.

    Example:
        >>> from pellucid.data.prefetch import Ahead
        >>> with Ahead(lambda check: iter([1, 2, 3])) as items:
        ...     list(items)
        [1, 2, 3]
    """

    def __init__(self, make: Callable[[Callable[[], None]], Iterator[Item]]) -> None:
        self._make = make
        self._closed = threading.Event()
        self._room = threading.Semaphore(1)
        self._made: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
        self._next: tuple[str, Any] | None = None
        self._thread = threading.Thread(target=self._run, name="pellucid-ahead", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            source = self._make(self._check)
            while True:
                self._room.acquire()
                self._check()
                self._made.put(("item", next(source)))
        except (StopIteration, Stopped):
            self._made.put(("end", None))
        except BaseException as error:
            self._made.put(("error", error))

    def _check(self) -> None:
        if self._closed.is_set():
            raise Stopped

    def ready(self, seconds: float) -> bool:
        """Wait for the next item, at most so many seconds, and say whether it is there."""
        if self._next is None:
            with suppress(queue.Empty):
                self._next = self._made.get(timeout=seconds)
        return self._next is not None

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Item:
        kind, value = self._next or self._made.get()
        if kind == "item":
            self._next = None
            self._room.release()
            return value
        self._next = "end", None
        raise value if kind == "error" else StopIteration

    def close(self) -> None:
        """Tell the thread to end, and wait until it has."""
        self._closed.set()
        self._room.release()
        self._thread.join(CLOSE_SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()
