"""Pellucid: candidates side by side."""

import time
from functools import partial

import numpy as np

import pellucid
from peers import keras_shaped, pellucid_fit
from pellucid.callbacks import EarlyStopping
from pellucid.models.cohort import Candidate, Cohort, Data
from searches import Choice, Found, Range, Rows, Search

AT_ONCE = 32
"""Candidates of one cohort where a deadline ends the search."""


def drawn(rng: np.random.Generator, own: Range | Choice) -> float:
    if isinstance(own, Choice):
        return int(rng.choice(own.options))
    if own.log:
        return float(np.exp(rng.uniform(np.log(own.low), np.log(own.high))))
    return float(rng.uniform(own.low, own.high))


def search(
    what: Search, train: Rows, held: Rows, seed: int, trials: int | None, deadline: float
) -> Found:
    rng = np.random.default_rng(seed)
    network = what.example
    monitor = f"val_{network.loss}"
    fit = {"epochs": what.epochs, "batch_size": network.batch}
    if what.patience is not None:
        fit["callbacks"] = [EarlyStopping(monitor, what.patience, restore_best_weights=True)]
    rows, held_rows = Data(*train), Data(*held)
    best, lowest, ends = None, np.inf, []
    while not ends or (trials is None and time.perf_counter() < deadline):
        candidates = []
        for number in range(trials or AT_ONCE):
            values = {name: drawn(rng, own) for name, own in what.space.items()}
            model = keras_shaped.model(pellucid, what.made(values), [network.loss])
            model.seed = seed + len(ends) + number
            candidates.append(Candidate(model, rows, fit, held_out=held_rows))
        cohort = Cohort(candidates)
        cohort.train(deadline=None if deadline == np.inf else deadline)
        for one in cohort.trainees:
            loss = min((row[monitor] for row in one.logs), default=np.inf)
            if loss < lowest:
                best, lowest = one, loss
        ends += [time.perf_counter()] * len(candidates)
    assert best is not None
    return Found(ends, float(lowest), partial(best.finished().predict, verbose=0))


def version() -> str:
    return pellucid_fit.version()
