"""What peers take to import and to install, and what only Pellucid has."""

import json
import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from environments import HERE, PELLUCID, PROJECT, Peer, python_of, variables
from process import run_once
from turns import Samples, in_turns


def imports(peers: Sequence[Peer], rounds: int) -> Samples:
    """Measure seconds of each peer's import statement in a fresh process."""
    found: Samples = {peer.key: [] for peer in peers}
    for _, peer in in_turns(peers, rounds):
        found[peer.key].append(_import_seconds(peer, peer.imports))
    if ours := pellucid(peers):
        for name in ("jax", "pellucid"):
            times = [_import_seconds(ours, f"import {name}") for _ in range(rounds)]
            found[f"import {name}"] = times
        found["help"] = [_help_seconds(ours) for _ in range(rounds)]
    return found


def pellucid(peers: Sequence[Peer]) -> Peer | None:
    """Return Pellucid as it runs here, if it takes part."""
    return next((peer for peer in peers if peer.key == PELLUCID.key), None)


def _import_seconds(peer: Peer, statement: str) -> float:
    code = f"import time; t = time.perf_counter(); {statement}; print(time.perf_counter() - t)"
    ended = run_once([python_of(peer.environment), "-c", code], variables(peer))
    return float(ended.output.splitlines()[-1])


def _help_seconds(ours: Peer) -> float:
    command = [python_of(ours.environment), "-m", "pellucid", "--help"]
    return run_once(command, variables(ours)).seconds


def installed(peers: Sequence[Peer]) -> dict[str, int]:
    """Return the bytes on disk of what each peer's users install."""
    found = {}
    for peer in peers:
        needs = _base_dependencies() if peer.key == PELLUCID.key else peer.needs
        command = [python_of(peer.environment), str(HERE / "installed.py"), *needs]
        found[peer.key] = int(run_once(command, variables(peer)).output)
    if PELLUCID.key in found:
        own = (PROJECT / "src").rglob("*.py")
        found[PELLUCID.key] += sum(file.stat().st_size for file in own)
    return found


def _base_dependencies() -> list[str]:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    return [one.split(">")[0] for one in project["dependencies"]]


def own(ours: Peer) -> dict[str, Any]:
    """Return what `own.py` measures of Pellucid, in its environment."""
    with tempfile.TemporaryDirectory() as cache:
        command = [python_of(ours.environment), str(HERE / "own.py")]
        ended = run_once(command, variables(ours, Path(cache)))
    return json.loads(ended.output.splitlines()[-1])
