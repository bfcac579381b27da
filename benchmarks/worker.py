"""A process that stays alive and trains a few epochs whenever it is told to.

    python benchmarks/worker.py PEER_MODULE

It reads one JSON request a line and answers each with one JSON line:
`{"do": "prepare", "dropout": 0.1}` builds and warms up, `{"do": "train", "dropout": 0.1,
"epochs": 5}` answers the seconds, `{"do": "threads", "threads": 1}` sets torch's threads.
"""

import importlib
import json
import os
import sys
import time
from typing import Any

from workload import synthetic


def answers() -> Any:
    """Keep standard output for answers; what libraries print goes to standard error."""
    kept = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    return kept


def main() -> None:
    out = answers()
    peer = importlib.import_module(f"peers.{sys.argv[1]}")
    trainers: dict[float, Any] = {}
    for line in sys.stdin:
        print(json.dumps(answer(peer, trainers, json.loads(line))), file=out)


def answer(peer: Any, trainers: dict[float, Any], request: dict[str, Any]) -> dict[str, Any]:
    """Do what is asked; say how long it took."""
    started = time.perf_counter()
    if request["do"] == "prepare":
        trainers[request["dropout"]] = peer.Trainer(*synthetic(), dropout=request["dropout"])
        # Twice: some compile once more for arrays that a first call returned.
        trainers[request["dropout"]].train(request["epochs"])
        trainers[request["dropout"]].train(request["epochs"])
        return {"version": peer.version(), "seconds": time.perf_counter() - started}
    if request["do"] == "threads":
        peer.use_threads(request["threads"])
        return {}
    loss = trainers[request["dropout"]].train(request["epochs"])
    return {"loss": loss, "seconds": time.perf_counter() - started}


if __name__ == "__main__":
    main()
