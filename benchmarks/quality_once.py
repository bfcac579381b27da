"""One search of one peer until a deadline, counted from the start of its process.

    python benchmarks/quality_once.py MODULE FILE SECONDS SEED STARTED OUTPUTS

STARTED is the reading of `time.time` when the process was started. Prints the best validation
loss and the number of trials; the best model's outputs for the test rows go into the file OUTPUTS,
with those of the ensemble, for the validation rows too, where the peer makes one.
"""

import importlib
import json
import sys
import time

import numpy as np

from searches import JUDGED


def main() -> None:
    module, file, seconds, seed, started, outputs = sys.argv[1:]
    peer = importlib.import_module(f"peers.{module}")
    with np.load(file) as arrays:
        given = dict(arrays)
    train, held = ((given[f"{part}_x"], given[f"{part}_y"]) for part in ("train", "held"))
    kind, loss = str(given["kind"]), str(given["loss"])
    what = JUDGED[kind](train[0].shape[1:], int(given["outputs"]), loss)
    spent = time.time() - float(started)
    begun = time.perf_counter()
    deadline = begun + float(seconds) - spent
    found = peer.search(what, train, held, int(seed), None, deadline)
    took = spent + time.perf_counter() - begun
    made = {"best_test": found.predict(given["test_x"])}
    if found.ensemble is not None:
        made |= {
            f"ensemble_{part}": found.ensemble(given[f"{part}_x"]) for part in ("held", "test")
        }
    np.savez(outputs, **made)
    told = {"loss": found.loss, "trials": len(found.ends), "seconds": took}
    print(json.dumps(told | {"version": peer.version()}))


if __name__ == "__main__":
    main()
