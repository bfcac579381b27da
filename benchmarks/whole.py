"""Whole processes: from start to trained, and what a network's first epochs cost."""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from environments import HERE, PROJECT, Peer, python_of, reason, variables
from networks import BY_KEY, MLP, Network
from process import Finished, run_once
from turns import entry, in_turns, say
from workload import images, synthetic, synthetic_images, write_csv


@dataclass(frozen=True)
class Job:
    """A whole run from a file that holds data for a network."""

    key: str
    label: str
    network: Network
    epochs: int
    file: str


JOBS = (
    Job("cancer", "breast cancer, 569 rows x 30, 100 epochs", MLP, 100, "cancer.csv"),
    Job("synthetic", "10,000 rows x 20, 20 epochs", MLP, 20, "synthetic.csv"),
    Job("images", "CNN, 8,000 images of 28x28, 5 epochs", BY_KEY["cnn"], 5, "images.npz"),
)


@contextmanager
def empty_cache() -> Iterator[Path]:
    """Make a folder for compiled programs, and remove it afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="compiled-"))
    yield folder
    shutil.rmtree(folder)


def attempt(
    command: list[str], settings: dict[str, str], peer: Peer, turn: int, missing: dict[str, str]
) -> Finished | None:
    """Run a command; a peer that fails in its first turn takes no further part."""
    if peer.key in missing:
        return None
    try:
        return run_once(command, settings)
    except RuntimeError as problem:
        if turn:
            raise
        missing[peer.key] = reason(problem)
        say(f"  left out: {peer.label}: {missing[peer.key]}")
        return None


def first_calls(peers: Sequence[Peer], networks: Sequence[Network], rounds: int) -> dict[str, Any]:
    """Measure what a network's first epochs cost beyond later ones, each in a fresh process.

    `cold` begins with no compiled programs on disk; `warm` finds those that `cold` left, for
    peers that keep some.
    """
    found: dict[str, Any] = {}
    for network in networks:
        say(network.label)
        found[network.key] = told = entry(rounds) | {"cold": {}, "warm": {}}
        for turn, peer in in_turns(peers, rounds):
            command = [python_of(peer.environment), str(HERE / "first_call.py")]
            command += [peer.module, network.key]
            with empty_cache() as cache:
                for run in ("cold", "warm") if peer.cache else ("cold",):
                    settings = variables(peer, cache)
                    ended = attempt(command, settings, peer, turn, told["missing"])
                    if ended is not None:
                        seconds = json.loads(ended.output.splitlines()[-1])["first"]
                        told[run].setdefault(peer.key, []).append(seconds)
                        say(f"  round {turn + 1}  {peer.label:26}{seconds:8.2f} s, {run}")
    return found


@contextmanager
def _files() -> Iterator[tuple[Path, dict[str, str]]]:
    """Write the jobs' files into a folder; say where their data come from."""
    from sklearn.datasets import load_breast_cancer

    data = Path(os.environ.get("PELLUCID_DATA", PROJECT.parent / "shared" / "data"))
    with tempfile.TemporaryDirectory() as folder:
        x, y = load_breast_cancer(return_X_y=True)
        write_csv(Path(folder) / "cancer.csv", x, np.asarray(y))
        write_csv(Path(folder) / "synthetic.csv", *synthetic())
        found = images(data / "mnist_t10k")
        x, y = found or synthetic_images()
        np.savez(Path(folder) / "images.npz", x=x, y=y)
        yield (
            Path(folder),
            {
                "cancer": "scikit-learn's",
                "synthetic": "drawn at random",
                "images": "the first of MNIST's test set" if found else "drawn at random",
            },
        )


def runs(
    peers: Sequence[Peer], jobs: Sequence[Job], rounds: int, threads: dict[str, dict[str, int]]
) -> dict[str, Any]:
    """Measure wall seconds from process start to trained, first and second run, and memory.

    The first run starts with no compiled programs on disk. The second finds those that the
    first left, for peers that keep some; for the others it is simply another run.
    `threads` holds those that each network's training steps were fastest with; torch chooses for
    itself where they were not measured.
    """
    found: dict[str, Any] = {}
    with _files() as (folder, sources):
        for job in jobs:
            say(job.label)
            able = [peer for peer in peers if peer.trains(job.network)]
            chosen = threads.get(job.network.key, {})
            found[job.key] = _runs(job, folder, able, rounds, chosen)
            found[job.key]["source"] = sources[job.key]
    return found


def _runs(
    job: Job, folder: Path, peers: Sequence[Peer], rounds: int, threads: dict[str, int]
) -> dict[str, Any]:
    found = entry(rounds) | {name: {} for name in ("first", "second", "peak_bytes", "loss")}
    for turn, peer in in_turns(peers, rounds):
        command = [python_of(peer.environment), str(HERE / "from_file.py"), peer.module]
        command += [str(folder / job.file), str(job.epochs)]
        with empty_cache() as cache:
            settings = variables(peer, cache)
            if peer.key in threads:
                settings["PEER_THREADS"] = str(threads[peer.key])
            for run in ("first", "second"):
                ended = attempt(command, settings, peer, turn, found["missing"])
                if ended is not None:
                    found[run].setdefault(peer.key, []).append(ended.seconds)
                    found["peak_bytes"].setdefault(peer.key, []).append(ended.peak_bytes)
                    loss = json.loads(ended.output.splitlines()[-1])["loss"]
                    found["loss"].setdefault(peer.key, []).append(loss)
                    say(f"  round {turn + 1}  {peer.label:26}{ended.seconds:8.2f} s, {run} run")
    return found
