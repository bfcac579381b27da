"""Shows by training that each set-up is what it says, without any diagnosis.

    python benchmarks/diagnosis/verify.py [KEY ...] [--seeds 3]

Writes benchmarks/results/diagnosis-setups.json; with keys, only their lines of it anew.
"""

import argparse
import json
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "benchmarks")]

from diagnosis.catalogue import BY_KEY, SETUPS  # noqa: E402
from diagnosis.setup import Case, Setup, class_numbers, score  # noqa: E402
from machine import description  # noqa: E402
from pellucid.errors import DataError, NonFiniteError, PellucidWarning  # noqa: E402

STORE = ROOT / "benchmarks" / "results" / "diagnosis-setups.json"
WORSE = 0.05
"""How much worse than its base, on average, a sick run is judged; each seed's is worse."""

ABOVE_CONSTANT = 0.1
"""How much better than the best constant answer a healthy run is judged, on average."""

MOST_RISE = 0.1
"""How far a healthy run's validation loss ends above its lowest, as a share of the first."""


@dataclass(frozen=True)
class Run:
    """What one training came to.

    Args:
        case: The case after `fit`.
        losses: The loss of each epoch on the validation rows.
        refused: Why `fit` would not begin, or nothing.
        broke: Why it broke off, or nothing.
        seconds: How long `fit` took.
    """

    case: Case
    losses: Sequence[float]
    refused: str
    broke: str
    seconds: float


def train(setup: Setup, seed: int) -> Run:
    """Train a set-up."""
    case = setup.make(seed)
    begun = time.perf_counter()
    losses, refused, broke = [], "", ""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PellucidWarning)
        try:
            history = case.model.fit(
                *case.data.train, validation_data=case.data.validation, verbose=0, **case.fit
            )
            losses = history.history["val_loss"]
        except DataError as error:
            refused = str(error)
        except NonFiniteError as error:
            broke = str(error)
    return Run(case, losses, refused, broke, time.perf_counter() - begun)


def judged(run: Run, name: str) -> float:
    """Return how a run's model is judged on the rows held out to the end."""
    return score(run.case.model, name, run.case.data.test)


def best_constant(name: str, train: np.ndarray, test: np.ndarray) -> float:
    """Return how the best constant answer is judged."""
    if name == "r2":
        return 0.0
    if name == "marks":
        return 0.5
    train, test = class_numbers(train), class_numbers(test)
    shares = np.bincount(test) / len(test)
    if name == "balanced accuracy":
        return 1 / len(shares)
    if name == "log-likelihood":
        return float((shares * np.log(np.clip(shares, 1e-7, 1))).sum())
    return float((test == np.bincount(train).argmax()).mean())


def is_worse(sick: Sequence[float], good: Sequence[float]) -> bool:
    """Tell whether runs are clearly worse than those of the same seeds of the base."""
    gaps = np.subtract(good, sick)
    return bool(gaps.mean() >= WORSE and gaps.min() > 0)


def shown_by_score(setup: Setup, runs: Sequence[Run], good: Sequence[Run]) -> dict[str, Any]:
    """It is judged worse than its base on rows that are prepared as it expects."""
    sick = [judged(run, setup.score) for run in runs]
    base = [judged(run, setup.score) for run in good]
    return {"sick": sick, "base": base, "holds": is_worse(sick, base)}


def shown_by_refusal(setup: Setup, runs: Sequence[Run], good: Sequence[Run]) -> dict[str, Any]:
    """`fit` would not begin."""
    base = [judged(run, setup.score) for run in good]
    return {"base": base, "refused": runs[0].refused, "holds": all(run.refused for run in runs)}


def shown_by_gap(setup: Setup, runs: Sequence[Run], good: Sequence[Run]) -> dict[str, Any]:
    """The validation rows promise more than rows held out to the end keep, unlike the base's."""

    def gaps(of: Sequence[Run]) -> list[float]:
        promised = [score(one.case.model, setup.score, one.case.data.validation) for one in of]
        return [a - judged(one, setup.score) for a, one in zip(promised, of, strict=True)]

    sick, base = gaps(runs), gaps(good)
    return {"sick": sick, "base": base, "holds": bool(np.mean(sick) - np.mean(base) >= WORSE)}


def shown_by_validation(setup: Setup, runs: Sequence[Run], good: Sequence[Run]) -> dict[str, Any]:
    """It is judged worse than its base on the validation rows, which are prepared otherwise."""

    def validated(of: Sequence[Run]) -> list[float]:
        return [score(one.case.model, setup.score, one.case.data.validation) for one in of]

    sick, base = validated(runs), validated(good)
    return {"sick": sick, "base": base, "holds": is_worse(sick, base)}


def shown_by_unused_rows(setup: Setup, runs: Sequence[Run], good: Sequence[Run]) -> dict[str, Any]:
    """Most rows of the embedding are where they began, those of the base are not."""

    def unused(one: Setup, of: Sequence[Run]) -> list[float]:
        begun = [one.make(seed).model for seed in range(len(of))]
        pairs = zip(begun, of, strict=True)
        moved = [np.any(a.weights[0] != run.case.model.weights[0], axis=1) for a, run in pairs]
        return [float(1 - rows.mean()) for rows in moved]

    sick, base = unused(setup, runs), unused(BY_KEY[setup.base], good)
    return {"sick": sick, "base": base, "holds": min(sick) > 0.5 > max(base)}


PROOFS: dict[str, Callable[[Setup, Sequence[Run], Sequence[Run]], dict[str, Any]]] = {
    "score": shown_by_score,
    "refusal": shown_by_refusal,
    "gap": shown_by_gap,
    "validation": shown_by_validation,
    "unused rows": shown_by_unused_rows,
}
"""How a set-up is shown to be sick."""


def healthy(setup: Setup, runs: Sequence[Run]) -> dict[str, Any]:
    """Return how a healthy set-up is judged beside the best constant answer.

    Its validation loss has not risen much at the end, and twice as many epochs would not better
    its score.
    """
    good = [judged(run, setup.score) for run in runs]
    parts = [(run.case.data.train[1], run.case.data.test[1]) for run in runs]
    constant = [best_constant(setup.score, *both) for both in parts]
    gaps = np.subtract(good, constant)
    rises = [float(run.losses[-1] - min(run.losses)) / run.losses[0] for run in runs]
    twice = setup.but(epochs=2 * setup.epochs)
    longer = [judged(train(twice, seed), setup.score) for seed in range(len(runs))]
    ended = "callbacks" in setup.fit or (
        max(rises) <= MOST_RISE and np.subtract(longer, good).mean() < WORSE
    )
    return {
        "healthy": good,
        "constant": constant,
        "rise": rises,
        "twice_as_long": longer,
        "holds": bool(gaps.mean() >= ABOVE_CONSTANT and gaps.min() >= ABOVE_CONSTANT / 2 and ended),
    }


def line(setup: Setup, runs: dict[str, list[Run]]) -> dict[str, Any]:
    """Return the line of the table for one set-up."""
    own = runs[setup.key]
    found = PROOFS[setup.shown](setup, own, runs[setup.base]) if setup.base else healthy(setup, own)
    ended = next((run.broke for run in own if run.broke), "")
    return {
        "family": setup.family,
        "task": setup.task,
        "expected": list(setup.expected),
        "score": setup.score,
        "shown": setup.shown if setup.base else "above constant",
        **found,
        "broke": ended,
        "seconds": [run.seconds for run in own],
    }


def main() -> None:
    """Train what is named, with its bases, and keep the table after each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("keys", nargs="*", help="set-ups; all without one")
    parser.add_argument("--seeds", type=int, default=3)
    asked = parser.parse_args()
    lines = json.loads(STORE.read_text())["setups"] if asked.keys and STORE.exists() else {}
    machine = description()
    good: dict[str, list[Run]] = {}
    for setup in [BY_KEY[key] for key in asked.keys] or SETUPS:
        runs = {key: good.get(key) or trained(key, asked.seeds) for key in needed(setup)}
        good |= {key: of for key, of in runs.items() if not BY_KEY[key].base}
        told = {"seeds": asked.seeds, "date": date.today().isoformat()}
        lines[setup.key] = {**line(setup, runs), **told}
        tell(setup, lines[setup.key])
        found = {one.key: lines[one.key] for one in SETUPS if one.key in lines}
        table = {"machine": machine, "setups": found}
        STORE.write_text(json.dumps(table, indent=1) + "\n")
    wrong = [key for key, one in found.items() if not one["holds"]]
    print(f"{len(found)} set-ups; not what they say: {', '.join(wrong) or 'none'}")


def needed(setup: Setup) -> list[str]:
    """Return the keys of the set-ups whose runs show what one is."""
    return [setup.base, setup.key] if setup.base else [setup.key]


def trained(key: str, seeds: int) -> list[Run]:
    """Return the runs of a set-up, one for each seed."""
    return [train(BY_KEY[key], seed) for seed in range(seeds)]


def tell(setup: Setup, found: dict[str, Any]) -> None:
    """Print one line of the table."""
    parts = [f"{'' if found['holds'] else 'NOT '}{setup.key}"]
    for name in ("healthy", "constant", "rise", "twice_as_long", "sick", "base"):
        if name in found:
            parts.append(f"{name} {' '.join(f'{one:.2f}' for one in found[name])}")
    if found.get("refused") or found["broke"]:
        parts.append((found.get("refused") or found["broke"])[:90].replace("\n", " "))
    print(" | ".join([*parts, f"{max(found['seconds']):.1f} s"]), flush=True)


if __name__ == "__main__":
    main()
