"""Measures Pellucid beside its peers and writes docs/benchmarks.md.

    python benchmarks/run.py [--rounds 5] [--networks cnn,lstm] [--sections steps,first]
                             [--only pellucid,torch] [--device gpu] [--no-write]
    python benchmarks/run.py --page 2026-11-23.json 2026-11-24-lstm.json

The first call makes an environment for each peer under .bench/ (some gigabytes); set
PELLUCID_BENCH_ENVS to a folder of environments to use those instead. Nothing else should run
meanwhile: on two cores the whole takes about two hours.

Only a whole run writes the page. One of some networks, sections or peers shows its page and keeps
its figures in a file of its own under benchmarks/results/; `--page` writes the page from such
files, where what a later file holds replaces what an earlier one does. The images are read from
`mnist_t10k` in the folder PELLUCID_DATA, or in `shared/data` beside the repository.
"""

import argparse
import json
import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import footprint
import machine
import report
import steps
import whole
from environments import DEVICES, HERE, PEERS, PROJECT, on, python_of, suffix
from networks import NETWORKS
from turns import say

RESULTS = HERE / "results"
SECTIONS = ("steps", "first", "whole", "footprint", "own")
BUSY = 0.5
"""Load from which on something else is running. Two threads that wait for each other, as in
torch, then slow down a hundredfold."""


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, help="turns of each peer")
    for name, known in (
        ("networks", [network.key for network in NETWORKS]),
        ("sections", SECTIONS),
        ("only", [peer.key for peer in PEERS]),
    ):
        parser.add_argument(f"--{name}", default="", help=f"by comma, of {', '.join(known)}")
    parser.add_argument("--device", choices=[*DEVICES], default="cpu", help="where to train")
    parser.add_argument("--no-write", action="store_true", help="print the page, write no file")
    parser.add_argument("--page", nargs="+", default=[], help="files to write the page from")
    asked = parser.parse_args(given)
    check_device(parser, asked)
    return asked


def check_device(parser: argparse.ArgumentParser, asked: argparse.Namespace) -> None:
    """End the program where it is to measure a GPU in environments that are made for CPUs."""
    if asked.device == "gpu" and not os.environ.get("PELLUCID_BENCH_ENVS"):
        parser.error("--device gpu needs PELLUCID_BENCH_ENVS: those made here are for CPUs")


def chosen(names: str, known: Sequence[str]) -> list[str]:
    """Return those of the known names that stand in `names`, or all."""
    asked = names.split(",") if names else known
    if unknown := sorted(set(asked) - set(known)):
        raise SystemExit(f"unknown: {', '.join(unknown)}; known: {', '.join(known)}")
    return [name for name in known if name in asked]


def results(asked: argparse.Namespace) -> dict[str, Any]:
    """Take every measurement that is asked for."""
    sections = chosen(asked.sections, SECTIONS)
    keys = chosen(asked.networks, [network.key for network in NETWORKS])
    only = chosen(asked.only, [peer.key for peer in PEERS])
    networks = [network for network in NETWORKS if network.key in keys]
    described = machine.description()
    if described["load_before"] > BUSY:
        say(f"the machine is busy (load {described['load_before']:.1f}): figures will be off")
    for peer in PEERS:
        if peer.key in only:
            python_of(peer.environment)
    peers = on(asked.device, [peer for peer in PEERS if peer.key in only])
    processes = [peer for peer in peers if peer.whole]
    found = {
        "date": date.today().isoformat(),
        "command": "make bench",
        "device": asked.device,
        "raw": raw_name(asked),
        "rounds": asked.rounds,
        "machine": described,
    }
    if asked.device == "cpu":
        found["arithmetic"] = machine.arithmetic()
    if "steps" in sections:
        able = [peer for peer in peers if peer.steps]
        found["steps"] = steps.measure(able, networks, asked.rounds)
    if "first" in sections:
        able = [peer for peer in peers if peer.first]
        found["first_calls"] = whole.first_calls(able, networks, -(-asked.rounds // 2))
    if "whole" in sections:
        threads = {key: entry["threads"] for key, entry in found.get("steps", {}).items()}
        jobs = [job for job in whole.JOBS if job.network in networks]
        found["whole"] = whole.runs(processes, jobs, asked.rounds, threads)
    if "footprint" in sections and not asked.networks:
        found["imports"] = footprint.imports(processes, asked.rounds)
        found["installed"] = footprint.installed(processes)
    if "own" in sections and not asked.networks and (ours := footprint.pellucid(peers)):
        found["own"] = footprint.own(ours)
    return found


def raw_name(asked: argparse.Namespace) -> str:
    """Return the name of the file of figures: a part of a run never has a whole run's name."""
    parts = [asked.networks, asked.sections, asked.only, asked.device.removeprefix("cpu")]
    chosen = [part.replace(",", "+") for part in parts if part]
    return "-".join([date.today().isoformat(), *chosen]) + ".json"


def merged(files: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the figures of all files; a later one's replace an earlier one's, by network."""
    found: dict[str, Any] = {}
    for one in files:
        for name, value in one.items():
            if name in ("steps", "first_calls", "whole"):
                found[name] = found.get(name, {}) | value
            elif name in ("imports", "installed", "own"):
                found[name] = value
            else:
                found.setdefault(name, value)
    return found | {"raw": ", ".join(one["raw"] for one in files)}


def write_page(found: dict[str, Any]) -> None:
    page = PROJECT / "docs" / f"benchmarks{suffix(found['device'])}.md"
    page.write_text(report.write(found))
    say(f"wrote docs/{page.name}")


def main() -> None:
    asked = arguments()
    if asked.page:
        paths = [RESULTS / Path(name).name for name in asked.page]
        write_page(merged([json.loads(path.read_text()) for path in paths]))
        return
    found = results(asked)
    if not asked.no_write:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / found["raw"]).write_text(json.dumps(found, indent=1) + "\n")
        say(f"wrote benchmarks/results/{found['raw']}")
    if asked.no_write or asked.networks or asked.sections or asked.only:
        print(report.write(found))
    else:
        write_page(found)


if __name__ == "__main__":
    main()
