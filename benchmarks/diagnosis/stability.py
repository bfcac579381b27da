"""Measures whether the diagnosis says the same whatever the seed, and is silent too early.

    python benchmarks/diagnosis/stability.py [--seeds 10] [--sample 16] [--page]

Draws set-ups of the unseen part by lot, a quarter of them healthy, and writes
benchmarks/results/diagnosis-stability.json after each. A seed decides which rows are trained on,
their order and the first weights.
"""

import argparse
import contextlib
import io
import json
import sys
import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "benchmarks")]

import numpy as np  # noqa: E402

from diagnosis import page, split  # noqa: E402
from diagnosis.counting import FIRST, LOUD  # noqa: E402
from diagnosis.run import RESULTS, examine, told  # noqa: E402
from diagnosis.setup import Setup  # noqa: E402
from machine import description  # noqa: E402
from pellucid.errors import PellucidWarning  # noqa: E402

SEED = 20261127
SAME = 0.9
"""In which share of the seeds the first right finding shall be the same."""


@dataclass(frozen=True)
class Stability:
    """What the diagnosis said of one set-up with each seed.

    Args:
        key: The set-up.
        expected: Findings of which one is right; none for a healthy set-up.
        first: The first right finding with each seed, or nothing; of a healthy set-up the first
            alarm.
        early: What was said before the end of each run of a healthy set-up.
    """

    key: str
    expected: tuple[str, ...]
    first: tuple[str, ...]
    early: tuple[str, ...] = ()

    @property
    def usual(self) -> tuple[str, int]:
        """Return what is said most often, and with how many seeds.

        Of a sick set-up silence does not count, of a healthy one nothing else does.
        """
        counts = Counter(name for name in self.first if bool(name) == bool(self.expected))
        return counts.most_common(1)[0] if counts else ("", 0)

    @property
    def stable(self) -> bool:
        """Tell whether that is said with nine of ten seeds."""
        return self.usual[1] >= SAME * len(self.first)


def sample(setups: Sequence[Setup], size: int, seed: int = SEED) -> list[Setup]:
    """Return set-ups drawn by lot, a quarter of them healthy, in the order of the catalogue."""
    rng = np.random.default_rng(seed)
    healthy = [one for one in setups if not one.expected]
    sick = [one for one in setups if one.expected]
    groups = ((sick, size - size // 4), (healthy, size // 4))
    drawn = [group[number] for group, count in groups for number in draw(rng, group, count)]
    return [one for one in setups if one in drawn]


def draw(rng: np.random.Generator, group: Sequence[Setup], count: int) -> list[int]:
    """Return the numbers of so many set-ups of a group."""
    return rng.permutation(len(group))[:count].tolist()


def first_right(setup: Setup, seed: int) -> str:
    """Return the first right finding, which is among the first two and alarms, or nothing."""
    findings = examine(setup, seed, treat=False).findings[:FIRST]
    right = [name for name, level in findings if name in setup.expected and level in LOUD]
    return right[0] if right else ""


def watched(setup: Setup, seed: int) -> tuple[str, str]:
    """Return the first alarm of a healthy run, and the first that came before its end."""
    case = setup.make(seed)
    said = io.StringIO()
    with contextlib.redirect_stdout(said), warnings.catch_warnings():
        warnings.simplefilter("ignore", PellucidWarning)
        history = case.model.fit(
            *case.data.train,
            validation_data=case.data.validation,
            diagnose=True,
            verbose=0,
            **case.fit,
        )
    loud = [name for name, level in told(history.diagnosis) if level in LOUD]
    return loud[0] if loud else "", early_alarm(said.getvalue())


def early_alarm(said: str) -> str:
    """Return the first line of what `fit` printed that alarms before the end, or nothing."""
    starts = tuple(f"{when} training: {level}" for when in ("before", "while") for level in LOUD)
    return next((line for line in said.splitlines() if line.startswith(starts)), "")


def measured(setup: Setup, seeds: int) -> Stability:
    """Return what the diagnosis says of a set-up with each seed."""
    if setup.expected:
        found = tuple(first_right(setup, seed) for seed in range(seeds))
        return Stability(setup.key, setup.expected, found)
    first, early = zip(*(watched(setup, seed) for seed in range(seeds)), strict=True)
    return Stability(setup.key, (), first, early)


def main() -> None:
    """Draw the sample, run it with all seeds and keep what was found after each set-up."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--sample", type=int, default=16)
    parser.add_argument("--page", action="store_true", help="write the page as well")
    asked = parser.parse_args()
    script = "python benchmarks/diagnosis/stability.py"
    found = {
        "date": date.today().isoformat(),
        "command": f"{script} --seeds {asked.seeds} --sample {asked.sample}",
        "machine": description(),
        "seeds": asked.seeds,
        "setups": [],
    }
    for setup in sample(split.parts()["unseen"], asked.sample):
        one = measured(setup, asked.seeds)
        name, count = one.usual
        print(f"{one.key}: {name or 'silent'} {count} of {asked.seeds} | {one.first}", flush=True)
        found["setups"].append({**asdict(one), "usual": name, "count": count, "stable": one.stable})
        (RESULTS / "diagnosis-stability.json").write_text(json.dumps(found, indent=1) + "\n")
    if asked.page:
        page.write(RESULTS, ROOT / "docs" / "diagnosis-benchmark.md")


if __name__ == "__main__":
    main()
