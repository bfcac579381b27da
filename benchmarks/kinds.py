"""The default command on every kind of data, beside the best simple model.

    python benchmarks/kinds.py DATA [--only fsdd,stocks] [--seeds 3] [--again]

Each run is a process of its own, whose wall time is taken from its start to its end and whose
test rows were never seen in training. What was measured already stays, unless `--again` is
given. Writes docs/kinds.md and benchmarks/results/kinds.json.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from machine import description

ROOT = Path(__file__).resolve().parent.parent
STORE = ROOT / "benchmarks" / "results" / "kinds.json"
PAGE = ROOT / "docs" / "kinds.md"


@dataclass(frozen=True)
class Case:
    """One data set and how it is trained on.

    Args:
        name: Its name on the page.
        path: Where it lies in the folder of data.
        score: The score that counts.
        goal: What it should reach; None where only a comparison is asked for.
        options: What is given beside the path.
        greater: Whether a greater score is better.
        judged: Which examples the goal is about.
    """

    name: str
    path: str
    score: str
    goal: float | None
    options: Mapping[str, Any] = field(default_factory=dict)
    greater: bool = True
    judged: str = "test"

    @property
    def call(self) -> str:
        """The command that a user would write."""
        told = [
            f"--{name.replace('_', '-')} {one!r}"
            for name, value in self.options.items()
            for one in (value if isinstance(value, (list, tuple)) else [value])
        ]
        return " ".join(["pellucid train", self.path, *told]).replace("'", '"')


SPOKEN = {"pattern": "{label}_{speaker}_{index}"}
SPEAKERS = ("george", "jackson", "nicolas", "theo")

CASES = (
    Case(
        "boston_housing",
        "boston_housing/housing.csv",
        "rmse",
        3.4,
        {"target": "column_14"},
        greater=False,
    ),
    Case(
        "gtzan_features",
        "gtzan_features/features_30_sec.csv",
        "accuracy",
        0.7,
        {"target": "label", "drop": ("filename", "length")},
    ),
    *(
        Case(name, path, "mase", None, options, greater=False)
        for name, path, options in (
            ("stocks AAPL", "stocks/AAPL.csv", {"target": "Adj Close"}),
            ("stocks IBM", "stocks/IBM.csv", {"target": "Adj Close"}),
            ("daily_min_temperatures", "daily_min_temperatures/daily-min-temperatures.csv", {}),
            ("airline_passengers", "airline_passengers/airline-passengers.csv", {"horizon": 12}),
            ("beijing_pollution", "beijing_pollution/pollution.csv", {"target": "pm2.5"}),
        )
    ),
    Case("rt_polarity", "rt_polarity", "accuracy", 0.75),
    Case("movie_reviews_polarity", "movie_reviews_polarity", "accuracy", 0.82),
    Case("labelled_sentences", "labelled_sentences", "accuracy", 0.78),
    Case("ag_news", "ag_news/test.csv", "accuracy", 0.86, {"target": "column_1"}),
    Case(
        "tiny_shakespeare",
        "tiny_shakespeare/input.txt",
        "nats",
        1.6,
        greater=False,
        judged="validation",
    ),
    Case("eng_fra", "eng_fra/fra.txt", "bleu", None),
    Case("fsdd", "fsdd", "accuracy", 0.97, SPOKEN),
    *(
        Case(
            f"fsdd {name} never heard",
            "fsdd",
            "accuracy",
            0.8,
            {**SPOKEN, "group": "speaker", "test_group": name},
        )
        for name in SPEAKERS
    ),
    Case("sign_digits", "sign_digits", "accuracy", 0.92),
    Case("sign_digits by person", "sign_digits", "accuracy", None, {"group": "runs"}),
    Case("mnist_t10k", "mnist_t10k", "accuracy", 0.985),
    Case("japanese_vowels", "japanese_vowels", "accuracy", None),
    Case("ecg200", "ecg200", "accuracy", None),
    Case("indoor_movement", "indoor_movement/dataset", "accuracy", None),
)


def once(data: Path, case: Case, seed: int) -> dict[str, Any]:
    """Return the scores of one run in a process of its own."""
    command = [sys.executable, __file__, str(data), "--once", case.name, "--seed", str(seed)]
    begun, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{case.name}: {done.stderr[-2000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    told = json.loads(done.stdout.splitlines()[-1])
    return told | {"seconds": time.perf_counter() - begun, "processor": used}


def child(data: Path, case: Case, seed: int) -> None:
    """Train once and print what came of it."""
    from pellucid.tasks import train

    with tempfile.TemporaryDirectory() as folder:
        run = train(data / case.path, seed=seed, output=folder, verbose=0, **case.options)
        kept = json.loads(Path(folder, "metrics.json").read_text())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    scores = {who: own.get(case.score) for who, own in run.scores.items()}
    told = {"scores": scores, "tested": run.tested, "peak_mb": peak}
    if case.judged != "test":
        told[case.judged] = kept[case.judged][case.score]
    print(json.dumps(told))


def best_simple(scores: Mapping[str, Sequence[float]], greater: bool) -> str:
    """Return which of the models beside the network was best on average."""
    others = [who for who in scores if not who.startswith("network")]
    return (max if greater else min)(others, key=lambda who: float(np.mean(scores[who])))


def row(case: Case, runs: Mapping[str, Any]) -> str:
    """Return a case's line of the page."""
    seeds = list(runs.values())
    names = [who for who in seeds[0]["scores"] if all(who in one["scores"] for one in seeds)]
    scores = {who: [one["scores"][who] for one in seeds] for who in names}
    scores = {who: own for who, own in scores.items() if None not in own}
    own, simple = np.array(scores["network"]), best_simple(scores, case.greater)
    told = [
        case.name,
        f"`{case.call}`",
        case.score,
        _spread(own.tolist()) + _beside(case, seeds),
        _goal(case),
        f"{np.mean(scores[simple]):.4g} ({simple})",
        f"{np.mean([one['seconds'] for one in seeds]):.0f}",
        f"{np.mean([one['processor'] for one in seeds]):.0f}",
        f"{max(one['peak_mb'] for one in seeds):.0f}",
    ]
    return f"| {' | '.join(told)} |"


def _spread(values: Sequence[float]) -> str:
    mean = f"{np.mean(values):.4g}"
    return f"{mean} ± {np.std(values, ddof=1):.2g}" if len(values) > 1 else mean


def _beside(case: Case, seeds: Sequence[Mapping[str, Any]]) -> str:
    """Return the score on the examples that the goal is about, where these are not the test."""
    if case.judged == "test":
        return ""
    return f" ({case.judged}: {_spread([one[case.judged] for one in seeds])})"


def _goal(case: Case) -> str:
    if case.goal is None:
        return ""
    which = "" if case.judged == "test" else f" ({case.judged})"
    return f"{'≥' if case.greater else '≤'} {case.goal:g}{which}"


def page(results: Mapping[str, Any]) -> str:
    """Return the results as a page."""
    known = {case.name: case for case in CASES}
    lines = [
        "# Every kind of data",
        "",
        "The documented default for each kind of data on real sets, beside the best of the simple",
        "models that the same run fits to the same rows. Test rows were never seen in training;",
        "mean ± standard deviation over the seeds, which draw the split, the first weights and",
        "the order of rows. Nothing was chosen for one of the sets but what its command says.",
        "Seconds are those of the clock, whatever else ran; processor seconds are the run's own.",
        "",
        "| data | command | score | network | goal | best simple model | seconds | "
        "processor seconds | peak MB |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
        *(row(known[name], runs) for name, runs in results.items() if name in known),
        "",
        f"Made by `python benchmarks/kinds.py DATA` on {time.strftime('%Y-%m-%d')}, {_machine()}.",
        "",
    ]
    return "\n".join(lines)


def _machine() -> str:
    found = description()
    return f"{found['processor']}, {found['cores']} cores, Python {found['python']}"


def main() -> None:
    """Measure what is asked for, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--only", default="", help="names of cases, by comma")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--again", action="store_true", help="measure what is known already")
    parser.add_argument("--once", help=argparse.SUPPRESS)
    parser.add_argument("--seed", type=int, default=0, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    known = {case.name: case for case in CASES}
    if asked.once:
        child(asked.data, known[asked.once], asked.seed)
        return
    results = json.loads(STORE.read_text()) if STORE.exists() else {}
    for name in asked.only.split(",") if asked.only else known:
        runs = {} if asked.again else results.setdefault(name, {})
        for seed in range(asked.seeds):
            if str(seed) in runs:
                continue
            runs[str(seed)] = once(asked.data, known[name], seed)
            print(name, seed, runs[str(seed)], flush=True)
            results = {
                case: results.get(case, {}) | ({} if case != name else runs)
                for case in [*known]
                if case == name or case in results
            }
            STORE.write_text(json.dumps(results, indent=1) + "\n")
    PAGE.write_text(page(results))


if __name__ == "__main__":
    main()
