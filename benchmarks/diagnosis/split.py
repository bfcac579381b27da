"""The parts of the benchmark: two random halves, and the set-ups that came later.

    python benchmarks/diagnosis/split.py

draws the halves, one to tune thresholds on and one to judge them by, into split.json. They are
drawn by a fixed seed, within each main finding and, for healthy set-ups, within each family of
networks, so that both halves hold as much of everything as can be.
"""

import json
import sys
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent)]

from diagnosis.catalogue import BY_KEY, DEALT, LATER  # noqa: E402
from diagnosis.setup import Setup  # noqa: E402

SEED = 20261126
STORE = HERE / "split.json"


def stratum(setup: Setup) -> str:
    """Return the group within which a set-up is dealt out."""
    return setup.expected[0] if setup.expected else f"healthy {setup.family}"


def halves(setups: Sequence[Setup], seed: int = SEED) -> dict[str, list[str]]:
    """Return the keys of both halves: each group is shuffled and dealt out in turns.

    The odd one of a group goes to the half that has fewer of the sick, or of the healthy, so far.
    Each group has random numbers of its own, so that a change to one leaves the others' order.
    """
    dealt: dict[str, list[Setup]] = {"tuning": [], "test": []}
    for name in sorted({stratum(one) for one in setups}):
        group = [one for one in setups if stratum(one) == name]
        rng = np.random.default_rng([seed, zlib.crc32(name.encode())])
        sick = bool(group[0].expected)
        counts = [sum(bool(one.expected) == sick for one in half) for half in dealt.values()]
        behind = int(counts[0] > counts[1]) if counts[0] != counts[1] else int(rng.integers(2))
        sides = list(dealt.values())
        for turn, number in enumerate(rng.permutation(len(group))):
            sides[(behind + turn) % 2].append(group[number])
    chosen = {half: {one.key for one in part} for half, part in dealt.items()}
    return {half: [one.key for one in setups if one.key in chosen[half]] for half in dealt}


def read() -> dict[str, list[str]]:
    """Return the halves as they were drawn."""
    return json.loads(STORE.read_text())


def parts() -> dict[str, list[Setup]]:
    """Return the set-ups of each part, by its name."""
    halves = {half: [BY_KEY[key] for key in keys] for half, keys in read().items()}
    return {**halves, **LATER}


if __name__ == "__main__":
    STORE.write_text(json.dumps(halves(DEALT), indent=1) + "\n")
