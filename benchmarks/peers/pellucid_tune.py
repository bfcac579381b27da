"""Pellucid: `tune` with its default sampler; Hyperband where trials may end early."""

import time
from functools import partial
from typing import Any

import numpy as np

import pellucid
from peers import keras_shaped, pellucid_fit
from pellucid.callbacks import EarlyStopping
from searches import Choice, Found, Range, Rows, Search


def suggested(own: Range | Choice) -> Any:
    if isinstance(own, Choice):
        return list(own.options)
    return (own.low, own.high, "log") if own.log else (own.low, own.high)


def search(
    what: Search, train: Rows, held: Rows, seed: int, trials: int | None, deadline: float
) -> Found:
    network = what.example
    monitor = f"val_{network.loss}"
    early: dict[str, Any] = {}
    if what.patience is not None:
        stop = EarlyStopping(monitor, patience=what.patience, restore_best_weights=True)
        early = {"callbacks": [stop], "halving": "hyperband"}

    def build(**values: Any) -> Any:
        return keras_shaped.model(pellucid, what.made(values), [network.loss])

    found = pellucid.tune(
        build,
        {name: suggested(own) for name, own in what.space.items()},
        *train,
        trials=trials,
        seconds=None if deadline == np.inf else deadline - time.perf_counter(),
        epochs=what.epochs,
        batch_size=network.batch,
        validation_data=held,
        metric=monitor,
        at_once=what.at_once,
        seed=seed,
        verbose=0,
        **early,
    )
    ends = [time.perf_counter()] * len(found.trials)
    assert found.best.score is not None
    several = sum(one.state == "complete" for one in found.trials) > 1
    together = partial(answer_together, found) if several else None
    return Found(ends, found.best.score, partial(found.best_model.predict, verbose=0), together)


def answer_together(found: Any, x: np.ndarray) -> np.ndarray:
    return found.ensemble().predict(x)


def version() -> str:
    return pellucid_fit.version()
