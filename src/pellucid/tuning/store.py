"""Trials of a search kept in a storage of Optuna, which outlives and may serve many processes.

Whoever trains a round claims it first. What is finished is written in one piece, so that a kill
at any moment leaves a trial either there or not; a round whose process is gone is taken over.
"""

import contextlib
import json
import os
import socket
import threading
import time
import uuid
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Self

import numpy as np

from pellucid.errors import ArgumentError, FileError, Problem, report
from pellucid.tuning.halving import Schedule
from pellucid.tuning.optuna_terms import (
    distributions,
    from_optuna,
    need_optuna,
    quiet,
    to_optuna,
)
from pellucid.tuning.proposing import Round
from pellucid.tuning.space import Space
from pellucid.tuning.trial import Trial
from pellucid.types import NumpyArray

BEAT_SECONDS, LOST_SECONDS = 10, 300
"""How often a process says that it lives, and after how long it is taken for gone."""

PATIENCE_SECONDS = 60
"""How long to wait for another process that writes to the same SQLite file."""

RECORD, SETTINGS, CLAIM = "pellucid_trial", "pellucid_search", "pellucid_claim"
"""Under which names Optuna keeps what is ours."""

RACES = ("already exists", "no such table", "UNIQUE constraint")
"""What a database says to whom another process outran in making its tables."""

ATTEMPTS, RACE_SECONDS = 20, 0.25
"""How often, and after how long, to open such a database again."""

FAILING = ("optuna", "sqlalchemy", "sqlite3")
"""Libraries whose errors mean that a storage cannot be read or written."""

CHECKSUMS = {
    "rows": "rows with the checksum",
    "judging_rows": "judging rows with the checksum",
}
"""Settings by which rows are told from others, and what messages call them."""

_living: set[str] = set()
"""The stores of this process that are open."""


class Store:
    """The trials of one search in a storage.

    Args:
        storage: A URL such as "sqlite:///search.db", the path of such a file, or a storage of
            Optuna.
        name: Name of the search in it.
        space: The parameters.
        higher: Whether higher scores are better.
        where: What messages begin with.

    Raises:
        MissingExtraError: Optuna is not installed.
        ArgumentError: It is no storage, or cannot be opened.
        FileError: It cannot be read or written, now or in any method.
    """

    def __init__(self, storage: Any, name: str, space: Space, higher: bool, where: str) -> None:
        optuna = need_optuna(f"{where}(storage=...)")
        self._optuna, self.name, self.space, self.where = optuna, name, space, where
        self._own = isinstance(storage, (str, os.PathLike))
        if not self._own and not hasattr(storage, "create_new_study"):
            expected = "a path, the URL of a database, or a storage of Optuna"
            report([Problem(f"{where}(storage=...)", repr(storage), expected)])
        self._storage = _opened(optuna, storage) if self._own else storage
        direction = "maximize" if higher else "minimize"
        options: dict[str, Any] = {"storage": self._storage, "load_if_exists": True}
        with quiet(optuna), self._told():
            self._study = optuna.create_study(study_name=name, direction=direction, **options)
            self._claims = optuna.create_study(study_name=f"{name} (rounds)", **options)
        self._token = uuid.uuid4().hex
        self._claim: int | None = None
        self._beaten, self._lock = 0.0, threading.Lock()
        _living.add(self._token)

    def close(self) -> None:
        """Let go of a claim that is held, and of the file."""
        _living.discard(self._token)
        try:
            with self._told():
                # An interrupt may have left a transaction open.
                self._storage.remove_session()
                self._release(False)
        finally:
            if self._own:
                self._storage.remove_session()
                self._storage.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, error: type[BaseException] | None, *more: object) -> None:
        # After an error of the storage itself another one would only hide it.
        with contextlib.suppress(FileError) if error else contextlib.nullcontext():
            self.close()

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """Say in words of ours that the storage failed."""
        try:
            yield
        except Exception as error:
            library = type(error).__module__.split(".")[0]
            if library not in FAILING and not isinstance(error, OSError):
                raise
            reason = _reason(error)
            place = f"{self.where}(storage=...): '{self.name}'"
            given, expected = f"one that failed ({reason})", "one that can be read and written"
            problem = Problem(place, given, expected, _fix_for(reason))
            raise FileError(str(problem)) from error

    # -- what the search is about ----------------------------------------------------------

    def settings(self) -> dict[str, Any]:
        """Return what the search was begun with; nothing for a new one."""
        with self._told():
            return dict(self._study.user_attrs.get(SETTINGS, {}))

    def check(self, settings: Mapping[str, Any]) -> None:
        """Write down what a new search is about, or refuse one that is about something else.

        Raises:
            ArgumentError: Names what differs.
        """
        now = json.loads(json.dumps(settings))
        before = self.settings()
        if not before:
            with self._told():
                self._study.set_user_attr(SETTINGS, now)
            return
        other = "Give the new search another storage, or another name=..."
        same = f"Write seed={before.get('seed')} to go on with it, "
        same += "or give the new search another storage, or another name=..."
        report(
            Problem(
                f"{self.where}(storage=...): '{self.name}'",
                f"{CHECKSUMS.get(key, key)} {now.get(key)!r}",
                f"{before.get(key)!r}, with which that search was begun",
                same if key == "seed" else other,
            )
            for key in sorted({*now, *before})
            if now.get(key) != before.get(key)
        )

    # -- trials ----------------------------------------------------------------------------

    def read(self) -> list[Trial]:
        """Return the trials that are finished, by number."""
        states = self._optuna.trial.TrialState
        found: dict[int, Trial] = {}
        with self._told():
            finished = self._study.get_trials(
                deepcopy=False, states=(states.COMPLETE, states.PRUNED, states.FAIL)
            )
        for one in finished:
            record = one.user_attrs.get(RECORD)
            if record is not None and record["number"] not in found:
                found[record["number"]] = _trial(from_optuna(self.space, one.params), record)
        return [found[number] for number in sorted(found)]

    def write(self, trials: Sequence[Trial]) -> None:
        """Write finished trials, each in one piece."""
        states = self._optuna.trial.TrialState
        kinds = distributions(self._optuna, self.space)
        for one in trials:
            record = {"number": one.number, **one.outcome()}
            scored = one.score is not None
            state = states.PRUNED if one.state == "freed" else states.COMPLETE
            made = self._optuna.trial.create_trial(
                state=state if scored else states.FAIL,
                value=one.score,
                params=to_optuna(self.space, one.parameters),
                distributions=kinds,
                user_attrs={RECORD: record},
                intermediate_values={} if one.score is None else {one.epochs: one.score},
            )
            with self._told():
                self._study.add_trial(made)
            self.beat()

    # -- rounds ----------------------------------------------------------------------------

    def claim(self, schedule: Schedule) -> Round | None:
        """Return the first round that nobody has finished or is at, claimed; None for none."""
        with self._told():
            return self._first_unclaimed(schedule)

    def _first_unclaimed(self, schedule: Schedule) -> Round | None:
        self._release(True)
        recorded = {one.number for one in self.read()}
        number = 0
        while (round := schedule.round(number)) is not None:
            wanted = range(round.first, round.first + round.size)
            if not recorded.issuperset(wanted) and self._claimed(number):
                return round
            number += 1
        return None

    def pending(self, schedule: Schedule) -> bool:
        """Say whether a round is not finished, whoever is at it."""
        recorded, number = {one.number for one in self.read()}, 0
        while (round := schedule.round(number)) is not None:
            if not recorded.issuperset(range(round.first, round.first + round.size)):
                return True
            number += 1
        return False

    def _claimed(self, number: int) -> bool:
        """Claim a round, and say whether it is ours: the earliest of living claims holds it."""
        if self._holders(number):
            return False
        owner = {
            "round": number,
            "token": self._token,
            "host": socket.gethostname(),
            "process": os.getpid(),
            "time": time.time(),
        }
        running = self._optuna.trial.TrialState.RUNNING
        made = self._optuna.trial.create_trial(state=running, user_attrs={CLAIM: owner})
        self._claims.add_trial(made)
        self._beaten = time.monotonic()
        holders = self._holders(number)
        self._claim = next(place for place, one in holders if one["token"] == self._token)
        if holders[0][0] == self._claim:
            return True
        self._release(False)
        return False

    def _holders(self, number: int) -> list[tuple[int, Mapping[str, Any]]]:
        """Return the living claims of a round with their owners, the earliest first."""
        running = self._optuna.trial.TrialState.RUNNING
        claims = [
            (one.number, one.user_attrs[CLAIM])
            for one in self._claims.get_trials(deepcopy=False, states=(running,))
        ]
        return [one for one in claims if one[1]["round"] == number and _lives(one[1])]

    def _release(self, finished: bool) -> None:
        if self._claim is None:
            return
        states = self._optuna.trial.TrialState
        state = states.COMPLETE if finished else states.FAIL
        # Forgotten first: interrupted in between it is told already, or dies with this process.
        claim, self._claim = self._claim, None
        self._claims.tell(claim, 0.0 if finished else None, state)

    def beat(self) -> None:
        """Say, now and then, that this process lives; may be called from any thread."""
        with self._lock:
            if self._claim is None or time.monotonic() - self._beaten < BEAT_SECONDS:
                return
            self._beaten = time.monotonic()
            with self._told():
                self._say_alive(self._claim)

    def _say_alive(self, number: int) -> None:
        study = self._storage.get_study_id_from_name(self._claims.study_name)
        claim = self._storage.get_trial_id_from_study_id_trial_number(study, number)
        owner = self._storage.get_trial(claim).user_attrs[CLAIM]
        self._storage.set_trial_user_attr(claim, CLAIM, {**owner, "time": time.time()})


def _opened(optuna: Any, storage: Any) -> Any:
    given = os.fspath(storage)
    url = given if "://" in given else f"sqlite:///{given}"
    options = {"connect_args": {"timeout": PATIENCE_SECONDS}} if url.startswith("sqlite") else {}
    for attempt in range(ATTEMPTS):
        try:
            with quiet(optuna):
                return optuna.storages.RDBStorage(url, engine_kwargs=options)
        except Exception as error:
            reason = _reason(error)
            raced = any(one in reason for one in RACES) and attempt < ATTEMPTS - 1
            if not raced:
                raise ArgumentError(
                    f"tune(storage=...): got {given!r}, expected a storage that Optuna can open, "
                    f"such as 'sqlite:///search.db' ({reason}). {_fix_for(reason)}"
                ) from None
        time.sleep(RACE_SECONDS)
    raise AssertionError("the last attempt returns or raises")


def _fix_for(reason: str) -> str:
    kept = "make the same call again: finished trials that were written are kept."
    if "locked" in reason:
        return f"Another program holds it. When that is done, {kept}"
    return f"Mend it, or name another, and {kept}"


def _reason(error: BaseException) -> str:
    """Return the first line of what lies at the bottom of an error."""
    while error.__cause__ is not None:
        error = error.__cause__
    return str(error.args[0] if error.args else error).strip().splitlines()[0]


def _lives(owner: Mapping[str, Any]) -> bool:
    """Say whether the process that holds a claim is still at it."""
    if time.time() - owner["time"] > LOST_SECONDS:
        return False
    if owner["host"] != socket.gethostname() or os.name != "posix":
        return True
    if owner["process"] == os.getpid():
        return owner["token"] in _living
    try:
        os.kill(owner["process"], 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _trial(parameters: Mapping[str, Any], record: Mapping[str, Any]) -> Trial:
    numbers = {
        "scores": tuple(map(float, record["scores"])),
        "kept": tuple(record["kept"]),
        "metrics": {name: float(value) for name, value in record["metrics"].items()},
    }
    return Trial(**{**record, **numbers, "parameters": parameters})


def checksum(arrays: Iterable[NumpyArray]) -> int:
    """Return a number by which other rows are told from these."""
    found = 0
    for array in arrays:
        found = zlib.crc32(np.ascontiguousarray(array).tobytes(), found)
    return found
