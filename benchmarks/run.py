"""Measures Pellucid beside its peers and writes docs/benchmarks.md.

    python benchmarks/run.py [--rounds 5] [--only pellucid,torch,...] [--no-write]

The first call makes an environment for each peer under .bench/ (some gigabytes); set
PELLUCID_BENCH_ENVS to a folder of environments to use those instead. Nothing else should run
meanwhile: on two cores the whole takes about half an hour.
"""

import argparse
import json
from datetime import date
from typing import Any

import machine
import measure
import report
from environments import HERE, PEERS, PELLUCID, PROJECT, Peer, python_of

BUSY = 0.5
"""Load from which on something else is running. Two threads that wait for each other, as in
torch, then slow down a hundredfold."""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, help="turns of each peer")
    parser.add_argument("--only", default="", help="keys of the peers to measure, by comma")
    parser.add_argument("--no-write", action="store_true", help="print the page, write no file")
    return parser.parse_args()


def chosen(only: str) -> list[Peer]:
    """Return the peers named in `only`, or all."""
    names = only.split(",") if only else [peer.key for peer in PEERS]
    unknown = set(names) - {peer.key for peer in PEERS}
    if unknown:
        raise SystemExit(f"unknown peers: {', '.join(sorted(unknown))}")
    return [peer for peer in PEERS if peer.key in names]


def results(peers: list[Peer], rounds: int) -> dict[str, Any]:
    """Take every measurement."""
    for peer in peers:
        python_of(peer.environment)
    described = machine.description()
    if described["load_before"] > BUSY:
        measure.say(
            f"the machine is busy (load {described['load_before']:.1f}): figures will be off"
        )
    measure.say("matrix products")
    arithmetic = machine.arithmetic()
    measure.say("training steps")
    steady = measure.steady(peers, rounds)
    processes = [peer for peer in peers if peer.whole]
    measure.say("imports")
    imports = measure.imports(processes, rounds)
    whole = measure.whole(processes, rounds, steady["threads"])
    measure.say("sizes")
    return {
        "date": date.today().isoformat(),
        "command": "make bench",
        "rounds": rounds,
        "machine": described,
        "arithmetic": arithmetic,
        "steady": steady,
        "imports": imports,
        "whole": whole,
        "installed": measure.installed(processes),
        "own": measure.own() if PELLUCID in peers else None,
    }


def main() -> None:
    asked = arguments()
    found = results(chosen(asked.only), asked.rounds)
    page = report.write(found)
    if asked.no_write:
        print(page)
        return
    raw = HERE / "results" / f"{found['date']}.json"
    raw.parent.mkdir(exist_ok=True)
    raw.write_text(json.dumps(found, indent=1) + "\n")
    (PROJECT / "docs" / "benchmarks.md").write_text(page)
    print(f"wrote docs/benchmarks.md and benchmarks/results/{raw.name}")


if __name__ == "__main__":
    main()
