"""Measures what only Pellucid has: probes, single predictions, memory over many fits.

    python benchmarks/own.py

Prints one JSON line.
"""

import json
import time
from pathlib import Path
from statistics import median
from typing import Any

from networks import MLP
from peers.pellucid_fit import Trainer
from pellucid.training.presets import Economy
from workload import synthetic

TURNS = 9
EPOCHS = 20
PREDICTIONS = 2000
FITS = 1000


def resident_bytes() -> int:
    """Return the memory that the process now occupies (Linux), or 0 where that is unknown."""
    status = Path("/proc/self/statm")
    return int(status.read_text().split()[1]) * 4096 if status.exists() else 0


def seconds_of(work: Any) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def probe_cost() -> dict[str, float]:
    """Return how much longer training takes with a probe every 50 steps, in turns."""
    x, y = synthetic()
    models = {name: Trainer(MLP, x, y).model for name in ("off", "on")}
    extra = {"off": {}, "on": {"probe": Economy(every=50)}}

    def fit(name: str) -> None:
        models[name].fit(x, y, epochs=EPOCHS, batch_size=MLP.batch, verbose=0, **extra[name])

    for name in models:
        fit(name)
    turns = [
        {name: seconds_of(lambda name=name: fit(name)) for name in models} for _ in range(TURNS)
    ]
    ratios = [turn["on"] / turn["off"] for turn in turns]
    return {"ratio": median(ratios), "lowest": min(ratios), "highest": max(ratios)}


def predict_latency() -> dict[str, float]:
    """Return microseconds of one `predict` of one row: the first call, then the median."""
    x, y = synthetic()
    model = Trainer(MLP, x, y).model
    row = x[:1]
    first = seconds_of(lambda: model.predict(row, verbose=0))
    later = [seconds_of(lambda: model.predict(row, verbose=0)) for _ in range(PREDICTIONS)]
    return {"first_us": first * 1e6, "median_us": median(later) * 1e6}


def memory_growth() -> dict[str, float]:
    """Return how much memory a thousand new models, each fitted, leave occupied."""
    x, y = (part[:500] for part in synthetic())

    def build_and_fit() -> None:
        Trainer(MLP, x, y).train(epochs=1)

    for _ in range(20):
        build_and_fit()
    before = resident_bytes()
    started = time.perf_counter()
    for _ in range(FITS):
        build_and_fit()
    seconds = time.perf_counter() - started
    return {"bytes": resident_bytes() - before, "milliseconds_a_fit": seconds / FITS * 1e3}


def main() -> None:
    found = {"probe": probe_cost(), "predict": predict_latency(), "fits": memory_growth()}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
