"""One cross-validation of one peer: read rows, train and test each fold, print how it went.

    python benchmarks/folds_once.py MODULE FILE CV REPEATS EPOCHS FITS [TURNS]

It does the first so many of the fits, as often as asked, and prints a JSON line each time.
"""

import importlib
import json
import sys
import time
from itertools import islice
from statistics import mean

import numpy as np

from networks import MLP
from repeated_folds import folds
from searches import a_later_one


def main() -> None:
    module, file, *numbers = sys.argv[1:]
    cv, repeats, epochs, fits, *turns = (int(one) for one in numbers)
    peer = importlib.import_module(f"peers.{module}")
    with np.load(file) as arrays:
        x, y = arrays["x"], arrays["y"]
    pairs = list(islice(folds(len(x), cv, repeats), fits))
    for _ in range(turns[0] if turns else 1):
        begun = time.perf_counter()
        losses, ends = peer.losses(MLP, x, y, pairs, epochs)
        told = {
            "seconds": time.perf_counter() - begun,
            "later": a_later_one(ends),
            "loss": mean(losses),
            "version": peer.version(),
        }
        print(json.dumps(told))


if __name__ == "__main__":
    main()
