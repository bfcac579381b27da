"""What candidates cost that halving has let go: 7 of 64 that train on, beside 7 alone.

Time of 40 epochs of the MLP, that of the processor and that of the clock, which counts where a GPU
computes: `PYTHONPATH=src python benchmarks/freed.py`. Both train the same seven; the first cohort
holds 57 others that were let go after the first epoch.
"""

import statistics
import time

from folds import BATCH, ROWS, data, mlp
from pellucid.models.cohort import Candidate, Cohort, Data
from pellucid.models.renewing import renewed

MANY, STAYING, EPOCHS, ROUNDS = 64, 7, 41, 5


def cohort(table, count):
    model, fit = mlp(), {"epochs": EPOCHS, "batch_size": BATCH}
    found = Cohort([Candidate(renewed(model, seed), table, fit) for seed in range(count)])
    found.train(1)
    found.free(range(STAYING, count))
    return found


def used(training):
    processor, clock = time.process_time(), time.perf_counter()
    training.train()
    return time.process_time() - processor, time.perf_counter() - clock


def main():
    table = Data(*data())
    for count in (MANY, STAYING):
        cohort(table, count).train()  # compiles
    seconds = [[used(cohort(table, count)) for count in (MANY, STAYING)] for _ in range(ROUNDS)]
    columns = zip(*seconds, strict=True)
    for name, column in zip((f"{STAYING} of {MANY}", "alone"), columns, strict=True):
        processor, clock = map(statistics.median, zip(*column, strict=True))
        print(f"{name}: {processor:.2f} s of processor time, {clock:.2f} s, {ROWS:,} rows")


if __name__ == "__main__":
    main()
