"""The measurements: each takes the peers in turns, so that the machine's moods hit all alike."""

import json
import shutil
import tempfile
import time
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from environments import BENCH, HERE, PELLUCID, PROJECT, Peer, python_of, variables
from process import Worker, run_once
from workload import DROPOUT, STEPS_AN_EPOCH, synthetic, write_csv

EPOCHS_A_TURN = 5
"""Enough that a call's fixed cost does not hide the step's, the same for all."""

Samples = dict[str, list[float]]


@dataclass(frozen=True)
class Job:
    """A whole run from a CSV file."""

    key: str
    label: str
    epochs: int


JOBS = (
    Job("cancer", "breast cancer, 569 rows x 30, 100 epochs", 100),
    Job("synthetic", "10,000 rows x 20, 20 epochs", 20),
)


def in_turns(peers: Sequence[Peer], rounds: int) -> Iterator[tuple[int, Peer]]:
    """Yield every peer once a round; each round starts with the next one."""
    for turn in range(rounds):
        start = turn % len(peers)
        for peer in [*peers[start:], *peers[:start]]:
            yield turn, peer


def say(text: str) -> None:
    print(text, flush=True)


# -- steady state ---------------------------------------------------------------------------


def steady(peers: Sequence[Peer], rounds: int) -> dict[str, Any]:
    """Measure microseconds a training step, with and without dropout, all workers alive."""
    with ExitStack() as stack:
        workers = {peer.key: stack.enter_context(_worker(peer)) for peer in peers}
        versions: dict[str, str] = {}
        for peer in peers:
            for dropout in _variants(peer):
                answer = workers[peer.key].ask(do="prepare", dropout=dropout, epochs=1)
                versions[peer.key] = answer["version"]
        threads = {peer.key: _choose_threads(workers[peer.key])
                   for peer in peers if peer.module == "torch_eager"}  # fmt: skip
        return {
            "versions": versions,
            "threads": threads,
            **_turns(peers, workers, rounds),
        }


def _variants(peer: Peer) -> list[float]:
    return [0.0, DROPOUT] if peer.dropout else [0.0]


def _worker(peer: Peer) -> Worker:
    log = BENCH / "logs" / f"{peer.key}.log"
    return Worker(python_of(peer.environment), peer.module, variables(peer), log)


def _choose_threads(worker: Worker) -> int:
    """Return which of one and two threads trains faster, and leave the worker with it."""
    seconds = {}
    for threads in (1, 2):
        worker.ask(do="threads", threads=threads)
        turns = [worker.ask(do="train", dropout=0.0, epochs=1)["seconds"] for _ in range(3)]
        seconds[threads] = min(turns)
    best = min(seconds, key=seconds.__getitem__)
    worker.ask(do="threads", threads=best)
    return best


def _turns(peers: Sequence[Peer], workers: dict[str, Worker], rounds: int) -> dict[str, Samples]:
    """Return microseconds a step; a peer's turn is without dropout, then with it."""
    names = {0.0: "plain", DROPOUT: "dropout"}
    found: dict[str, Samples] = {"plain": {}, "dropout": {}}
    steps = STEPS_AN_EPOCH * EPOCHS_A_TURN
    for turn, peer in in_turns(peers, rounds):
        for dropout in _variants(peer):
            answer = workers[peer.key].ask(do="train", dropout=dropout, epochs=EPOCHS_A_TURN)
            spent = answer["seconds"] / steps * 1e6
            found[names[dropout]].setdefault(peer.key, []).append(spent)
            say(f"  round {turn + 1}  {peer.label:26}{spent:10.1f} µs a step, dropout {dropout}")
            time.sleep(0.1)  # lets the threads of the last one go to sleep
    return found


# -- whole processes ------------------------------------------------------------------------


@contextmanager
def csv_files() -> Iterator[dict[str, Path]]:
    """Write the two tables, and remove them afterwards."""
    from sklearn.datasets import load_breast_cancer

    with tempfile.TemporaryDirectory() as folder:
        files = {job.key: Path(folder) / f"{job.key}.csv" for job in JOBS}
        x, y = load_breast_cancer(return_X_y=True)
        write_csv(files["cancer"], x, np.asarray(y))
        write_csv(files["synthetic"], *synthetic())
        yield files


def whole(peers: Sequence[Peer], rounds: int, threads: dict[str, int]) -> dict[str, Any]:
    """Measure wall seconds from process start to trained, first and second run, and memory.

    The first run starts with no compiled programs on disk. The second finds those that the
    first left, for peers that keep some; for the others it is simply another run.
    """
    found: dict[str, Any] = {}
    with csv_files() as files:
        for job in JOBS:
            say(job.label)
            found[job.key] = _runs(job, str(files[job.key]), peers, rounds, threads)
    return found


def _runs(
    job: Job, file: str, peers: Sequence[Peer], rounds: int, threads: dict[str, int]
) -> dict[str, Samples]:
    names = ("first", "second", "peak_bytes", "loss")
    found: dict[str, Samples] = {name: {peer.key: [] for peer in peers} for name in names}
    for turn, peer in in_turns(peers, rounds):
        cache = Path(tempfile.mkdtemp(prefix="compiled-"))
        settings = variables(peer, cache)
        if peer.key in threads:
            settings["PEER_THREADS"] = str(threads[peer.key])
        command = [python_of(peer.environment), str(HERE / "from_csv.py"), peer.module]
        for run in ("first", "second"):
            ended = run_once([*command, file, str(job.epochs)], settings)
            found[run][peer.key].append(ended.seconds)
            found["peak_bytes"][peer.key].append(ended.peak_bytes)
        found["loss"][peer.key].append(json.loads(ended.output.splitlines()[-1])["loss"])
        shutil.rmtree(cache)
        first, second = found["first"][peer.key][-1], found["second"][peer.key][-1]
        say(f"  round {turn + 1}  {peer.label:26}{first:8.2f} s {second:8.2f} s")
    return found


# -- import and size ------------------------------------------------------------------------


def imports(peers: Sequence[Peer], rounds: int) -> Samples:
    """Measure seconds of each peer's import statement in a fresh process."""
    found: Samples = {peer.key: [] for peer in peers}
    for _, peer in in_turns(peers, rounds):
        found[peer.key].append(_import_seconds(peer, peer.imports))
    if PELLUCID in peers:
        for name in ("jax", "pellucid"):
            times = [_import_seconds(PELLUCID, f"import {name}") for _ in range(rounds)]
            found[f"import {name}"] = times
        found["help"] = [_help_seconds() for _ in range(rounds)]
    return found


def _import_seconds(peer: Peer, statement: str) -> float:
    code = f"import time; t = time.perf_counter(); {statement}; print(time.perf_counter() - t)"
    ended = run_once([python_of(peer.environment), "-c", code], variables(peer))
    return float(ended.output.splitlines()[-1])


def _help_seconds() -> float:
    command = [python_of(PELLUCID.environment), "-m", "pellucid", "--help"]
    return run_once(command, variables(PELLUCID)).seconds


def installed(peers: Sequence[Peer]) -> dict[str, int]:
    """Return the bytes on disk of what each peer's users install."""
    found = {}
    for peer in peers:
        needs = _base_dependencies() if peer is PELLUCID else peer.needs
        command = [python_of(peer.environment), str(HERE / "installed.py"), *needs]
        found[peer.key] = int(run_once(command, variables(peer)).output)
    if PELLUCID.key in found:
        own = (PROJECT / "src").rglob("*.py")
        found[PELLUCID.key] += sum(file.stat().st_size for file in own)
    return found


def _base_dependencies() -> list[str]:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    return [one.split(">")[0] for one in project["dependencies"]]


# -- Pellucid alone -------------------------------------------------------------------------


def own() -> dict[str, Any]:
    """Return what `own.py` measures of Pellucid, in its environment."""
    with tempfile.TemporaryDirectory() as cache:
        command = [python_of(PELLUCID.environment), str(HERE / "own.py")]
        ended = run_once(command, variables(PELLUCID, Path(cache)))
    return json.loads(ended.output.splitlines()[-1])
