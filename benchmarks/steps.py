"""Microseconds a training step, in processes that stay alive and take turns."""

import os
import time
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

from environments import BENCH, Peer, python_of, variables
from networks import MLP, MLP_DROPOUT, Network
from process import Worker
from turns import entry, in_turns, say


def measure(peers: Sequence[Peer], networks: Sequence[Network], rounds: int) -> dict[str, Any]:
    """Measure microseconds a training step of each network, all workers alive."""
    found: dict[str, Any] = {}
    with ExitStack() as stack:
        workers = {peer.key: stack.enter_context(_worker(peer)) for peer in peers}
        for group in _groups(networks):
            found |= _steps(peers, workers, group, rounds)
    return found


def _groups(networks: Sequence[Network]) -> list[list[Network]]:
    """Return the networks that are measured in the same turns: dropout beside without."""
    pair = [network for network in networks if network in (MLP, MLP_DROPOUT)]
    others = [[network] for network in networks if network not in pair]
    return [pair, *others] if pair else others


def _worker(peer: Peer) -> Worker:
    log = BENCH / "logs" / f"{peer.key}.log"
    return Worker(python_of(peer.environment), peer.module, variables(peer), log)


def _steps(
    peers: Sequence[Peer], workers: dict[str, Worker], group: Sequence[Network], rounds: int
) -> dict[str, Any]:
    found = {network.key: entry(rounds) for network in group}
    for network in group:
        say(network.label)
        found[network.key] |= _prepared(peers, workers, network)
    for turn, peer in in_turns(peers, rounds):
        for network in group:
            told = found[network.key]
            if peer.key in told["samples"]:
                threads = told["threads"].get(peer.key)
                spent = _turn(workers[peer.key], network, threads)
                told["samples"][peer.key].append(spent)
                say(f"  round {turn + 1}  {peer.label:26}{spent:12.1f} µs a step, {network.key}")
        time.sleep(0.1)  # lets the threads of the last one go to sleep
    for worker in workers.values():
        worker.ask(do="forget")
    return found


def _prepared(
    peers: Sequence[Peer], workers: dict[str, Worker], network: Network
) -> dict[str, Any]:
    """Build and warm up a network everywhere; return who can train it, and how."""
    found: dict[str, Any] = {"samples": {}, "versions": {}, "threads": {}, "missing": {}}
    for peer in peers:
        if not peer.trains(network):
            continue
        answer = workers[peer.key].ask(do="prepare", network=network.key)
        if missing := answer.get("missing"):
            say(f"  left out: {peer.label}: {missing}")
            found["missing"][peer.key] = missing
            continue
        found["samples"][peer.key] = []
        found["versions"][peer.key] = answer["version"]
        if peer.module == "torch_eager":
            found["threads"][peer.key] = _choose_threads(workers[peer.key], network)
    return found


def _choose_threads(worker: Worker, network: Network) -> int:
    """Return which of one, two and all threads trains fastest."""
    seconds = {}
    for threads in sorted({1, 2, os.cpu_count() or 1}):
        asked = [_train(worker, network, 1, threads) for _ in range(3)]
        seconds[threads] = min(asked)
    return min(seconds, key=seconds.__getitem__)


def _turn(worker: Worker, network: Network, threads: int | None) -> float:
    """Return microseconds a step."""
    seconds = _train(worker, network, network.epochs, threads)
    return seconds / (network.steps * network.epochs) * 1e6


def _train(worker: Worker, network: Network, epochs: int, threads: int | None) -> float:
    """Train on so many threads, where the peer lets one choose; return the seconds."""
    if threads:
        worker.ask(do="threads", threads=threads)
    return worker.ask(do="train", network=network.key, epochs=epochs)["seconds"]
