"""The fits of one search of scikit-learn, trained side by side: a backend of joblib."""

import contextlib
import warnings
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from typing import Any

from joblib.parallel import ParallelBackendBase, register_parallel_backend

from pellucid.estimators.turns import Turn
from pellucid.models.cohort import Cohort, Data, Trainee

MOST_CALLS = 1024
"""Calls that are taken on at once where `n_jobs` does not say: each has a thread."""

MOST_BYTES = 2**30
"""Bytes of rows and weights that wait for a training at most."""

COPIES = 8
"""Arrays of the size of its weights that a model in training has, at most about."""


class SideBySide(ParallelBackendBase):
    """A backend of joblib that trains together what many calls want trained.

    Every call runs as it is until a Pellucid estimator in it comes to `fit`; there it waits. When
    all calls wait or have ended, what they wait for is trained as one population, and they go
    on. Calls run one after another, in order, so that what they draw from a shared generator of
    random numbers is what they draw one by one. Its name is "pellucid" as soon as
    `pellucid.estimators` is imported.

    Example:
        >>> import numpy as np, joblib, pellucid
        >>> from sklearn.model_selection import cross_val_score
        >>> x = np.random.default_rng(0).normal(size=(60, 2))
        >>> model = pellucid.PellucidClassifier(epochs=40, learning_rate=0.05, random_state=0)
        >>> with joblib.parallel_config(backend="pellucid"):
        ...     scores = cross_val_score(model, x, x[:, 0] > 0, cv=3)
        >>> bool(scores.mean() > 0.8)
        True
    """

    supports_retrieve_callback = True
    supports_sharedmem = True
    uses_threads = True
    default_n_jobs = -1

    def __init__(self, nesting_level: int | None = None, **options: Any) -> None:
        super().__init__(nesting_level=nesting_level, **options)
        self._submitted: list[tuple[Callable[[], Any], Future[Any], Callable[..., Any]]] = []

    def effective_n_jobs(self, n_jobs: int | None) -> Any:
        """Return how many calls are taken on at once; joblib takes on up to twice as many."""
        if n_jobs == 0:
            raise ValueError("n_jobs == 0 in Parallel has no meaning")
        return MOST_CALLS if n_jobs is None or n_jobs < 0 else n_jobs

    def submit(
        self, func: Callable[[], Any], callback: Callable[..., Any] | None = None
    ) -> Future[Any]:
        """Note a call; it is made when results are asked for."""
        future: Future[Any] = Future()
        assert callback is not None
        self._submitted.append((func, future, callback))
        return future

    @contextlib.contextmanager
    def retrieval_context(self) -> Iterator[None]:
        """Make the calls that are noted, and those that are noted when they have ended."""
        while self._submitted:
            noted, self._submitted = self._submitted, []
            turns = take_turns([func for func, _, _ in noted])
            for turn, (_, future, callback) in zip(turns, noted, strict=True):
                if turn.error is None:
                    future.set_result(turn.result)
                else:
                    future.set_exception(turn.error)
                callback(future)
        yield

    def retrieve_result_callback(self, out: Future[Any]) -> Any:
        """Return what a call returned, or raise what it raised."""
        return out.result()

    def abort_everything(self, ensure_ready: bool = True) -> None:
        """Forget the calls that are not made yet."""
        self._submitted = []

    def get_nested_backend(self) -> Any:
        """Return the backend for calls within calls: one that trains theirs side by side."""
        return SideBySide(nesting_level=(self.nesting_level or 0) + 1), None


def take_turns(calls: Sequence[Callable[[], Any]]) -> list[Turn]:
    """Make calls, and train side by side what they want trained.

    Args:
        calls: Each returns, raises, or waits for a training (`turns.current().wait_for`).

    Returns:
        The turns, which hold what the calls returned or raised.
    """
    tables: dict[Any, Data] = {}
    turns = [Turn(call, tables) for call in calls]
    try:
        # Threads that enter and leave `catch_warnings` in turn leave the wrong filters behind.
        with warnings.catch_warnings():
            _train_until_done(turns)
    except BaseException:
        for turn in turns:
            turn.abandon()
        raise
    return turns


def _train_until_done(turns: Sequence[Turn]) -> None:
    left = deque(turns)
    while left:
        waiting: list[Turn] = []
        wanted: list[Trainee] = []
        held = 0
        while left and held < MOST_BYTES:
            turn = left.popleft()
            turn.resume()
            if turn.wants is not None:
                waiting.append(turn)
                wanted.append(turn.wants)
                held += _bytes(turn.wants)
        if wanted:
            Cohort(wanted).train()
        left.extendleft(reversed(waiting))


def _bytes(trainee: Trainee) -> int:
    weights = 4 * trainee.candidate.model.count_params()
    return trainee.candidate.data.x.nbytes + COPIES * weights


register_parallel_backend("pellucid", SideBySide)
