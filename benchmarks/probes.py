"""What it costs to look into a run: training with and without probes, in turns.

    python benchmarks/probes.py [--turns N] [--short]

Trains the MLP, the CNN and the LSTM without a probe, with "economy" and with "full", one after
the other in each turn, and takes the ratio to the run without in the same turn. The first call
is measured in a process of its own, without the cache of compiled programs, in seconds of the
processor. Writes benchmarks/results/probes.json and prints a table.
"""

import argparse
import datetime
import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

from machine import description
from networks import BY_KEY, Network
from peers.pellucid_fit import Trainer
from pellucid.text_table import text_table

ROOT = Path(__file__).resolve().parent.parent
STORE = ROOT / "benchmarks" / "results" / "probes.json"
EPOCHS = {"mlp": 20, "cnn": 16, "lstm": 10}
"""Epochs of a turn: 2,000 steps or more, as a run has whose time matters."""

PROBES = (None, "economy", "full")
FIRST_STEPS, FIRST_CALLS = 8, 3
GOALS = {"economy": 1.03, "full": 1.15}


def fit_seconds(model: Any, network: Network, data: Any, epochs: int, probe: str | None) -> float:
    """Return how long a fit takes."""
    started = time.perf_counter()
    model.fit(*data, epochs=epochs, batch_size=network.batch, verbose=0, probe=probe)
    return time.perf_counter() - started


def measure_steps(key: str, turns: int, epochs: int) -> dict[str, Any]:
    """Return, for each probe, the ratios of training time with it and without, and readings."""
    network = BY_KEY[key]
    data = network.data()
    models = {probe: Trainer(network, *data).model for probe in PROBES}
    for probe, model in models.items():
        fit_seconds(model, network, data, 1, probe)
    seconds: dict[Any, list[float]] = {probe: [] for probe in PROBES}
    for turn in range(turns):
        for probe in [*PROBES[turn % 3 :], *PROBES[: turn % 3]]:
            seconds[probe].append(fit_seconds(models[probe], network, data, epochs, probe))
    found: dict[str, Any] = {"steps": epochs * network.steps}
    for probe in PROBES[1:]:
        ratios = [own / off for own, off in zip(seconds[probe], seconds[None], strict=True)]
        found[str(probe)] = {
            "ratio": median(ratios),
            "lowest": min(ratios),
            "highest": max(ratios),
            "readings": len(models[probe].history.probes.steps),
        }
    return found


def first_call(key: str, probe: str | None) -> float:
    """Return the processor's seconds of a first fit, in a process of its own."""
    command = [sys.executable, __file__, "--first", key, str(probe)]
    own = {**os.environ, "PELLUCID_CACHE": "off"}
    done = subprocess.run(command, env=own, capture_output=True, text=True, check=True)
    return float(done.stdout)


def measure_first(key: str, probe: str | None) -> float:
    """Return the processor's seconds of the first fit of a network."""
    network = replace(BY_KEY[key], rows=FIRST_STEPS * BY_KEY[key].batch)
    data = network.data()
    model = Trainer(network, *data).model
    started = time.process_time()
    fit_seconds(model, network, data, 1, probe)
    return time.process_time() - started


def table(networks: dict[str, Any]) -> str:
    """Return the results as text."""
    rows = []
    for key, found in networks.items():
        off = found["first"]["None"]
        for probe, goal in GOALS.items():
            own = found[probe]
            span = f"{own['lowest']:.3f} to {own['highest']:.3f}"
            met = "yes" if own["ratio"] < goal else "no"
            first = found["first"][probe] / off
            rows.append((key, probe, own["readings"], own["ratio"], span, goal, met, first))
    heads = ("network", "probe", "readings", "time", "span", "goal", "met", "first call")
    return text_table(rows, heads)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--turns", type=int, default=7)
    parser.add_argument("--short", action="store_true", help="a third of the epochs, and no file")
    parser.add_argument("--first", nargs=2, metavar=("NETWORK", "PROBE"))
    asked = parser.parse_args()
    if asked.first:
        key, probe = asked.first
        print(measure_first(key, None if probe == "None" else probe))
        return
    networks: dict[str, Any] = {}
    for key, epochs in EPOCHS.items():
        networks[key] = measure_steps(key, asked.turns, epochs // 3 if asked.short else epochs)
        calls = 1 if asked.short else FIRST_CALLS
        networks[key]["first"] = {
            str(probe): min(first_call(key, probe) for _ in range(calls)) for probe in PROBES
        }
        print(table({key: networks[key]}), flush=True)
    print(table(networks))
    if not asked.short:
        whole = {
            "date": datetime.date.today().isoformat(),
            "machine": description(),
            "networks": networks,
        }
        STORE.write_text(json.dumps(whole, indent=1) + "\n")


if __name__ == "__main__":
    main()
