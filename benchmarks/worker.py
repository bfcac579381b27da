"""A process that stays alive and trains a few epochs whenever it is told to.

    python benchmarks/worker.py PEER_MODULE

It reads one JSON request a line and answers each with one JSON line:
`{"do": "prepare", "network": "cnn"}` builds and warms up, or answers why it cannot;
`{"do": "train", "network": "cnn", "epochs": 5}` answers the seconds; `{"do": "forget"}` frees
what was prepared; `{"do": "threads", "threads": 1}` sets torch's threads.
"""

import importlib
import json
import os
import sys
import time
from typing import Any

from networks import BY_KEY


def answers() -> Any:
    """Keep standard output for answers; what libraries print goes to standard error."""
    kept = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    return kept


def main() -> None:
    out = answers()
    peer = importlib.import_module(f"peers.{sys.argv[1]}")
    trainers: dict[str, Any] = {}
    for line in sys.stdin:
        print(json.dumps(answer(peer, trainers, json.loads(line))), file=out)


def answer(peer: Any, trainers: dict[str, Any], request: dict[str, Any]) -> dict[str, Any]:
    """Do what is asked; say how long it took."""
    match request["do"]:
        case "prepare":
            return _prepare(peer, trainers, request["network"])
        case "threads":
            peer.use_threads(request["threads"])
            return {}
        case "forget":
            trainers.clear()
            return {}
    started = time.perf_counter()
    loss = trainers[request["network"]].train(request["epochs"])
    return {"loss": loss, "seconds": time.perf_counter() - started}


def _prepare(peer: Any, trainers: dict[str, Any], key: str) -> dict[str, Any]:
    network = BY_KEY[key]
    try:
        trainers[key] = peer.Trainer(network, *network.data())
        # Twice: some compile once more for arrays that a first call returned.
        trainers[key].train(1)
        trainers[key].train(1)
    except Exception as problem:  # a peer without a layer takes no part, the others do
        return {"missing": f"{type(problem).__name__}: {problem}"}
    return {"version": peer.version()}


if __name__ == "__main__":
    main()
