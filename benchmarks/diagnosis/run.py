"""Measures how often the diagnosis is right, silent on healthy runs, and followed by a cure.

    python benchmarks/diagnosis/run.py [--part PART] [--seeds 3] [--only KEY ...] [--treat]
                                       [--page] [--resume] [--minutes 8]

Writes benchmarks/results/diagnosis-PART.json after every set-up; with `--treat`, for the sick ones
alone, diagnosis-PART-treated.json; with `--page` also docs/diagnosis-benchmark.md from the files of
all parts. With `--only` nothing is written. With
`--minutes` no set-up begins after that time, and `--resume` goes on with those that are left.
Set-ups are run one after the other in one process. Their data are found as sources.py says.
"""

import argparse
import functools
import json
import math
import sys
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "benchmarks")]

import numpy as np  # noqa: E402

from diagnosis import page, split  # noqa: E402
from diagnosis.catalogue import BY_KEY, PARTS  # noqa: E402
from diagnosis.counting import Record, cured, figures  # noqa: E402
from diagnosis.setup import Case, Setup, score  # noqa: E402
from machine import description  # noqa: E402
from pellucid.errors import DataError, NonFiniteError, PellucidWarning  # noqa: E402
from pellucid.insight.remedies import DropColumns, EndEarlier  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results"
Result = TypeVar("Result")


class Calls:
    """Makes the calls of one run, keeps their times, and what those of the diagnosis raised."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.failed: dict[str, str] = {}

    def timed(self, name: str, call: Callable[[], Result]) -> Result:
        """Return what a call returns."""
        begun = time.perf_counter()
        try:
            return call()
        finally:
            self.seconds[name] = time.perf_counter() - begun

    def attempt(self, name: str, call: Callable[[], Result]) -> Result | None:
        """Return what a call returns, or None if it raised: that costs one run, not the rest."""
        try:
            return self.timed(name, call)
        except Exception as error:
            self.failed[name] = f"{type(error).__name__}: {error}".splitlines()[0]
            return None


def told(diagnosis: Any) -> tuple[tuple[str, str], ...]:
    """Return (name, severity) of each finding, in the order of the diagnosis."""
    return tuple((one.name, one.severity) for one in diagnosis.findings) if diagnosis else ()


def fitted(case: Case) -> str:
    """Train; return what came of it."""
    try:
        case.model.fit(
            *case.data.train,
            validation_data=case.data.validation,
            diagnose=False,
            verbose=0,
            **case.fit,
        )
    except DataError as error:
        return f"refused: {error}"
    except NonFiniteError as error:
        return f"broke: {error}"
    return "trained"


def taken(model: Any, rows: Any, diagnosis: Any) -> Any:
    """Return rows as a treated model takes them: without what its remedies left out of them."""
    x, y = rows
    tried = [one for finding in diagnosis.findings for one in finding.remedies]
    for columns in [one.columns for one in tried if isinstance(one, DropColumns)]:
        if x.shape[-1] - len(columns) == model.input_shape[-1]:
            return np.delete(x, columns, axis=-1), y
    for steps in [one.steps for one in tried if isinstance(one, EndEarlier)]:
        if x.shape[1] - steps == model.input_shape[1]:
            return x[:, :-steps], y
    return rows


def judged(model: Any, name: str, rows: tuple[np.ndarray, np.ndarray]) -> float:
    """Return how a model is judged on rows; NaN where it refuses them, as those with holes."""
    try:
        return score(model, name, rows)
    except DataError:
        return math.nan


def examine(setup: Setup, seed: int, treat: bool) -> Record:
    """Check, train, diagnose and, if asked, treat one run of a set-up.

    `diagnose` tells what `check` finds, too. Where `fit` refused to begin there is no run to
    diagnose, and what `check` said counts.
    """
    case, calls = setup.make(seed), Calls()
    model, data = case.model, case.data
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PellucidWarning)
        # `check` is told what `fit` will be told, less what only acts while it trains.
        told_fit = {name: value for name, value in case.fit.items() if name != "callbacks"}
        checked = calls.attempt(
            "check", lambda: model.check(*data.train, validation_data=data.validation, **told_fit)
        )
        outcome = calls.timed("fit", lambda: fitted(case))
        refused = outcome.startswith("refused")
        diagnosis = checked if refused else calls.attempt("diagnose", lambda: model.diagnose())
        before = judged(model, setup.score, data.test)
        treatment = (
            calls.attempt("treat", lambda: model.treat()) if treat and setup.expected else None
        )
        best = treatment.model if treatment else None
        after = (
            None if best is None else judged(best, setup.score, taken(best, data.test, diagnosis))
        )
    return Record(
        key=setup.key,
        seed=seed,
        expected=setup.expected,
        checked=told(checked),
        findings=told(diagnosis),
        outcome=outcome.splitlines()[0],
        score=before,
        treated=after,
        claimed=bool(treatment) and any(row.cured for row in treatment.table),
        curable=setup.curable,
        failed=calls.failed,
        seconds=calls.seconds,
    )


@functools.cache
def good_scores(key: str, name: str, seeds: int) -> list[float]:
    """Return how a healthy set-up, the good counterpart of sick ones, is judged by each seed."""
    scores = []
    for seed in range(seeds):
        case = BY_KEY[key].make(seed)
        fitted(case)
        scores.append(score(case.model, name, case.data.test))
    return scores


def measure(
    setups: Sequence[Setup],
    seeds: int,
    treat: bool,
    keep: Callable[[list[Record], Mapping[str, list[float]]], None],
    before: tuple[list[Record], dict[str, list[float]]] = ([], {}),
    until: float = math.inf,
) -> None:
    """Run all set-ups with all seeds; `keep` is called after each set-up.

    Args:
        setups: The set-ups.
        seeds: Seeds of each.
        treat: Whether sick runs are treated.
        keep: Takes all records so far and the scores of the good counterparts.
        before: What an earlier run kept; its set-ups are passed over.
        until: Time, by the monotonic clock, after which no set-up begins.
    """
    records, good = [*before[0]], {**before[1]}
    done = {one.key for one in records}
    for setup in [one for one in setups if one.key not in done]:
        if time.monotonic() > until:
            break
        runs = [examine(setup, seed, treat) for seed in range(seeds)]
        records += runs
        if treat and setup.expected:
            good[setup.key] = good_scores(setup.base, setup.score, seeds)
        tell(runs, good)
        keep(records, good)


def tell(runs: Sequence[Record], good: Mapping[str, list[float]]) -> None:
    """Print the line of one set-up."""
    first = runs[0]
    if first.expected:
        mark = f"found {sum(one.found for one in runs)} of {len(runs)}"
    else:
        mark = f"alarms {sum(bool(one.loud) for one in runs)} of {len(runs)}"
    if first.key in good:
        mark += f", cured {sum(cured(one, runs, good) for one in runs)}"
    names = " ".join(name for name, _ in first.findings) or "silent"
    failed = "; ".join(f"{name} raised {why}" for name, why in first.failed.items())
    expected = first.expected[0] if first.expected else "healthy"
    print(f"{first.key} ({expected}): {mark} | {names} {failed}", flush=True)


def earlier(path: Path, asked: argparse.Namespace) -> tuple[list[Record], dict[str, list[float]]]:
    """Return what a run of the same command has kept so far."""
    if not asked.resume or not path.exists():
        return [], {}
    found = json.loads(path.read_text())
    if found["command"] != command(asked):
        return [], {}
    return [run for runs in page.runs_of(found).values() for run in runs], found["good"]


def command(asked: argparse.Namespace) -> str:
    """Return the command line that makes the same file."""
    treat = " --treat" if asked.treat else ""
    return f"python benchmarks/diagnosis/run.py --part {asked.part} --seeds {asked.seeds}{treat}"


def main() -> None:
    """Measure one part, or what is named."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--part", choices=PARTS, default="tuning")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--only", nargs="+", default=[], metavar="KEY", choices=[*BY_KEY])
    parser.add_argument("--treat", action="store_true", help="treat sick runs, and those only")
    parser.add_argument("--page", action="store_true", help="write the page as well")
    parser.add_argument("--resume", action="store_true", help="pass over what the file holds")
    parser.add_argument("--minutes", type=float, default=math.inf, help="then begin no set-up")
    asked = parser.parse_args()
    machine, until = description(), time.monotonic() + 60 * asked.minutes
    path = RESULTS / f"diagnosis-{asked.part}{'-treated' if asked.treat else ''}.json"
    summary: dict[str, Any] = {}

    def keep(records: list[Record], good: Mapping[str, list[float]]) -> None:
        summary.update(figures(records, good, asked.treat))
        found = {
            "part": asked.part,
            "date": date.today().isoformat(),
            "command": command(asked),
            "machine": machine,
            "seeds": asked.seeds,
            "figures": summary,
            "good": good,
            "runs": [asdict(one) for one in records],
        }
        if not asked.only:
            path.write_text(json.dumps(found, indent=1) + "\n")

    setups = [BY_KEY[key] for key in asked.only] or split.parts()[asked.part]
    setups = [one for one in setups if one.expected or not asked.treat]
    before = ([], {}) if asked.only else earlier(path, asked)
    measure(setups, asked.seeds, asked.treat, keep, before, until)
    for name, one in summary.items():
        print(f"{name}: {page.counted(one)}")
    if asked.page:
        page.write(RESULTS, ROOT / "docs" / "diagnosis-benchmark.md")


if __name__ == "__main__":
    main()
