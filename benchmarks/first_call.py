"""What the first epochs of a network cost one peer beyond later ones: its compilation.

    python benchmarks/first_call.py PEER_MODULE NETWORK

Prints one JSON line: the seconds by which the first two epochs, of eight steps each, outlast
two later ones (some compile once more for arrays that the first call returned).
"""

import importlib
import json
import sys
import time
from dataclasses import replace

from networks import BY_KEY

STEPS = 8


def main() -> None:
    module, key = sys.argv[1:]
    peer = importlib.import_module(f"peers.{module}")
    network = replace(BY_KEY[key], rows=STEPS * BY_KEY[key].batch)
    trainer = peer.Trainer(network, *network.data())
    seconds = [_epoch(trainer) for _ in range(5)]
    later = min(seconds[2:])
    print(json.dumps({"first": sum(seconds[:2]) - 2 * later}))


def _epoch(trainer: object) -> float:
    started = time.perf_counter()
    trainer.train(1)  # type: ignore[attr-defined]
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
