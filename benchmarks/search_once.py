"""One search of one peer: read rows, search, print how it went.

    python benchmarks/search_once.py MODULE FILE SEARCH TRIALS EPOCHS [TURNS]

It searches as often as asked, each time with another seed, and prints a JSON line each time: its
seconds, those of a trial after the first, the best validation loss.
"""

import importlib
import json
import sys
import time
from dataclasses import replace

import numpy as np

from searches import BY_KEY, a_later_one, held_back


def main() -> None:
    module, file, key, trials, epochs, *turns = sys.argv[1:]
    peer = importlib.import_module(f"peers.{module}")
    with np.load(file) as arrays:
        train, held = held_back(arrays["x"], arrays["y"])
    what = replace(BY_KEY[key], epochs=int(epochs))
    for seed in range(int(turns[0]) if turns else 1):
        begun = time.perf_counter()
        found = peer.search(what, train, held, seed, int(trials), np.inf)
        told = {
            "seconds": time.perf_counter() - begun,
            "later": a_later_one(found.ends),
            "loss": found.loss,
            "version": peer.version(),
        }
        print(json.dumps(told))


if __name__ == "__main__":
    main()
