"""One population of Pellucid: so many MLPs of one structure, trained side by side.

    python benchmarks/members_once.py MEMBERS EPOCHS ROWS

Prints the seconds of a second training, for which nothing is compiled, as a JSON line.
"""

import json
import sys
import time
from dataclasses import replace

import pellucid
from networks import MLP
from peers import keras_shaped
from pellucid.models.cohort import Candidate, Cohort, Data
from workload import synthetic


def main() -> None:
    members, epochs, rows = (int(one) for one in sys.argv[1:])
    x, y = synthetic(rows)
    for _ in range(2):
        data, fit = Data(x, y), {"epochs": epochs, "batch_size": MLP.batch}
        begun = time.perf_counter()
        candidates = []
        for number in range(members):
            network = replace(MLP, learning_rate=1e-3 * (1 + number / members))
            candidates.append(Candidate(keras_shaped.model(pellucid, network), data, fit))
        cohort = Cohort(candidates)
        built = time.perf_counter() - begun
        cohort.train()
        seconds = time.perf_counter() - begun
    print(json.dumps({"seconds": seconds, "built": built}))


if __name__ == "__main__":
    main()
