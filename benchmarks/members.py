"""What a population costs by its number of members, from 1 to 1,024: time and memory.

    python benchmarks/members.py [--device gpu]

Each number of members is a process of its own, so that its peak memory is its own: the MLP
20-64-64-1 with Adam on 1,024 rows, batches of 32, members that differ in seed and learning rate.
A first epoch compiles; the next four, one call, are measured. Both kinds of time are kept: that
of the clock, and that of the processor, which other work on the machine changes less; and of
memory: the process's, and that of the GPU. Writes `benchmarks/results/members.json` and draws
`docs/pictures/members.png`; of a GPU, `members-gpu.json` and `members-gpu.png`.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from environments import DEVICES, suffix

ROOT = Path(__file__).parent.parent
MEMBERS = tuple(4**power for power in range(6))
ROWS, BATCH, EPOCHS = 1024, 32, 4
STEPS = EPOCHS * ROWS // BATCH


def model(seed: int) -> Any:
    import pellucid

    layers = pellucid.layers
    inner = [layers.Dense(64, "relu"), layers.Dense(64, "relu")]
    made = pellucid.Sequential([layers.Input((20,)), *inner, layers.Dense(1)], seed=seed)
    made.compile(pellucid.optimizers.Adam(1e-3 * (1 + seed % 7)), "mse")
    return made


def measured(members: int) -> dict[str, float | None]:
    """Return what a population of so many members costs, in this process."""
    from pellucid.models.cohort import Candidate, Data, Trainee
    from pellucid.training.population import Population

    rng = np.random.default_rng(0)
    x = rng.normal(size=(ROWS, 20)).astype("float32")
    data = Data(x, (x[:, 0] * x[:, 1]).astype("float32"))
    fit = {"batch_size": BATCH, "epochs": 1 + EPOCHS}
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    candidates = [Candidate(model(seed), data, fit) for seed in range(members)]
    population = Population([Trainee(one).member for one in candidates])
    population.advance(STEPS // EPOCHS)
    clock, processor = time.perf_counter(), time.process_time()
    population.advance(STEPS)
    return {
        "members": members,
        "seconds": time.perf_counter() - clock,
        "processor_seconds": time.process_time() - processor,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "peak_mb_before": before / 1024,
        "gpu_peak_mb": gpu_peak_mb(),
    }


def gpu_peak_mb() -> float | None:
    """Return how much of a GPU's memory was in use at most; None on a CPU."""
    import jax

    told = jax.devices()[0].memory_stats()
    return None if told is None else told["peak_bytes_in_use"] / 2**20


def draw(rows: list[dict[str, float]], device: str) -> None:
    """Draw time by the number of members, and peak memory."""
    from pellucid.drawing import BLUE, GREY, VERMILION, new_figure, save_figure, styled, subtitle

    @styled
    def picture() -> Any:
        figure, (times, memory) = new_figure(1, 2, width=8.4, height=3.6)
        members = [row["members"] for row in rows]
        step = 1e6 / STEPS
        clock = [row["seconds"] * step for row in rows]
        most = clock
        if device == "cpu":
            most = [row["processor_seconds"] * step for row in rows]
            times.plot(members, most, "o-", color=BLUE, ms=3.5, label="processor time")
        times.plot(members, clock, "o--", color=VERMILION, ms=3.5, label="time by the clock")
        straight = [most[-1] * one / members[-1] for one in members]
        times.plot(members, straight, color=GREY, lw=1, ls=":", label="proportional")
        times.set(xscale="log", yscale="log", xlabel="members", ylabel="µs for a step of each")
        times.legend()
        subtitle(times, "Time of a step of all members", "MLP 20-64-64-1, batch 32, Adam")
        kind = "peak_mb" if device == "cpu" else "gpu_peak_mb"
        memory.plot(members, [row[kind] for row in rows], "o-", color=BLUE, ms=3.5)
        memory.set(xscale="log", xlabel="members", ylabel="MB", ylim=(0, None))
        of, what = ("the process", "Python, JAX and all") if device == "cpu" else ("the GPU", "All")
        subtitle(memory, f"Peak memory of {of}", f"{what} members")
        return figure

    save_figure(picture(), ROOT / "docs" / "pictures" / f"members{suffix(device)}.png")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--device", choices=[*DEVICES], default="cpu", help="where to train")
    parser.add_argument("--members", type=int, help="measure so many in this process alone")
    asked = parser.parse_args()
    if asked.members:
        print(json.dumps(measured(asked.members)))
        return
    paths = os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, **DEVICES[asked.device], "PYTHONPATH": paths}
    rows = []
    for members in MEMBERS:
        command = [sys.executable, __file__, "--members", str(members)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        rows.append(json.loads(done.stdout))
        print(rows[-1], flush=True)
    results = ROOT / "benchmarks" / "results" / f"members{suffix(asked.device)}.json"
    results.write_text(json.dumps(rows, indent=1) + "\n")
    draw(rows, asked.device)


if __name__ == "__main__":
    main()
