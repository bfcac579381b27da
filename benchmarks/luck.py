"""What more trials bring on rows that never judged, and what the best of them bring together.

    PYTHONPATH=src python benchmarks/luck.py [DATA] [--tables sonar,abalone] [--seeds 10,11]
                                             [--trials 256]

Networks of docs/search-quality.md, their values drawn at random, are trained with early stopping by
the validation rows. Scored on the test rows are a trial on average, the best by validation loss of
eight, on average over eights drawn from them, the best of all, and the mean of the eight best.
"""

import argparse
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import judged
import pellucid
from environments import PROJECT
from peers import keras_shaped
from pellucid.callbacks import EarlyStopping
from pellucid.models.cohort import Candidate, Cohort, Data
from pellucid.models.renewing import renewed
from report import table
from run import chosen
from searches import JUDGED, Choice, Range, Search

NAMES = (
    "pima_diabetes",
    "sonar",
    "wine_quality (red)",
    "abalone",
    "boston_housing",
    "gtzan_features",
)
SEEDS = "10,11,12,13"
FEW = 8
DRAWS = 1000
"""Eights that are drawn from the trials."""


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    data = os.environ.get("PELLUCID_DATA", str(PROJECT.parent / "shared" / "data"))
    parser.add_argument("data", nargs="?", type=Path, default=Path(data))
    parser.add_argument("--tables", default="", help=f"by comma, of {', '.join(NAMES)}")
    parser.add_argument("--seeds", default=SEEDS, help="by comma; they divide the tables")
    parser.add_argument("--trials", type=int, default=256)
    return parser.parse_args(given)


@dataclass(frozen=True)
class Trials:
    """Trained trials.

    Args:
        losses: Validation loss in the epoch that was kept, shape (trials,).
        outputs: Outputs for the test rows, shape (trials, rows, units).
    """

    losses: np.ndarray
    outputs: np.ndarray


def drawn(what: Search, rng: np.random.Generator) -> dict[str, Any]:
    """Return values of the space, drawn at random."""
    return {name: _value(own, rng) for name, own in what.space.items()}


def _value(own: Range | Choice, rng: np.random.Generator) -> Any:
    if isinstance(own, Choice):
        return own.options[rng.integers(len(own.options))]
    share = rng.random()
    if own.log:
        return own.low * (own.high / own.low) ** share
    return own.low + share * (own.high - own.low)


def trained(rows: dict[str, Any], seed: int, count: int) -> Trials:
    """Return so many trials on a table."""
    what = JUDGED[rows["kind"]](rows["train_x"].shape[1:], rows["outputs"], rows["loss"])
    train, held = (Data(rows[f"{part}_x"], rows[f"{part}_y"]) for part in ("train", "held"))
    rng, monitor = np.random.default_rng(seed), f"val_{what.example.loss}"
    assert what.patience is not None
    cohort = Cohort(
        [
            Candidate(
                renewed(keras_shaped.model(pellucid, network, [network.loss]), number),
                train,
                {
                    "epochs": what.epochs,
                    "batch_size": network.batch,
                    "callbacks": [
                        EarlyStopping(monitor, patience=what.patience, restore_best_weights=True)
                    ],
                },
                held_out=held,
            )
            for number, network in enumerate(what.made(drawn(what, rng)) for _ in range(count))
        ]
    )
    cohort.train()
    sound = [one for one in cohort.trainees if not one.failed]
    losses = [min(row[monitor] for row in one.logs) for one in sound]
    test = rows["test_x"]
    outputs = [one.finished().predict(test, batch_size=len(test), verbose=0) for one in sound]
    return Trials(np.array(losses), np.array(outputs))


def compared(trials: Trials, rows: dict[str, Any], seed: int) -> Iterator[tuple[float, float]]:
    """Yield score and loss on the test rows, for each column of the table."""
    kind, truth = rows["loss"], rows["test_y"]

    def judge(outputs: np.ndarray) -> tuple[float, float]:
        return judged.score(kind, truth, outputs), judged.mean_loss(kind, truth, outputs)

    each, rng = np.array([judge(one) for one in trials.outputs]), np.random.default_rng(seed)
    few = [rng.choice(len(each), FEW, replace=False) for _ in range(DRAWS)]
    yield tuple(each.mean(0))
    yield tuple(each[[one[np.argmin(trials.losses[one])] for one in few]].mean(0))
    order = np.argsort(trials.losses)
    yield tuple(each[order[0]])
    yield judge(trials.outputs[order[:FEW]].mean(0))


def main() -> None:
    asked = arguments()
    heads = ["one", f"best of {FEW}", f"best of {asked.trials}", f"{FEW} best together"]
    lines, ratios = [], []
    for name in chosen(asked.tables, NAMES):
        found = []
        for seed in map(int, asked.seeds.split(",")):
            rows = judged.divided(asked.data, name, seed)
            found.append(list(compared(trained(rows, seed, asked.trials), rows, seed)))
            losses = np.array(found[-1])[:, 1]
            ratios.append(losses / losses[1])
        middle = np.array(found).mean(0)
        lines.append([name, *(f"{score:.4f}" for score in middle[:, 0])])
    together = np.exp(np.log(ratios).mean(0))
    lines.append([f"test loss, beside the best of {FEW}", *(f"{one:.3f}" for one in together)])
    above = [sum(own > 1 for own in column) for column in zip(*ratios, strict=True)]
    lines.append([f"above it in, of {len(ratios)}", *map(str, above)])
    print(table(["", *heads], lines))


if __name__ == "__main__":
    main()
