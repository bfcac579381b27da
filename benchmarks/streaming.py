"""What it costs to train on rows that are read meanwhile: speed and memory, beside rows in memory.

    python benchmarks/streaming.py [--gigabytes 10]

Trains the MLP of `make bench` on Parquet files that make so many gigabytes of float32 numbers: the
same few files again and again, in a new order and shuffled. They lie in a temporary folder, so
that they are likely read from the cache of the system. Beside it the same network is trained on
one file in memory, shuffled as by default, before and after, and on the 10,000 rows of `make
bench`; the streamed run is compared with the fastest of the three. Each runs in a process of its
own, so that its peak memory is its own; what compiles is made before the clock starts. At last
weights from streamed rows are compared with those from the same rows in memory in the same order.

Writes benchmarks/results/streaming.json, and the section "Measured" of docs/streaming.md; with
--short neither.
"""

import argparse
import datetime
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from machine import description
from networks import MLP

ROOT = Path(__file__).resolve().parent.parent
STORE = ROOT / "benchmarks" / "results" / "streaming.json"
PAGE = ROOT / "docs" / "streaming.md"
HEADING = "## Measured"

FILES, FILE_ROWS = 2, 1_250_000
COLUMNS = [f"x{number}" for number in range(MLP.shape[0])]
ROW_BYTES = 4 * (len(COLUMNS) + 1)
MEMORY_SECONDS = 8


def write_files(folder: Path) -> None:
    """Write random rows."""
    import polars

    for number in range(FILES):
        rng = np.random.default_rng(number)
        x = rng.normal(size=(FILE_ROWS, len(COLUMNS))).astype(np.float32)
        label = rng.integers(0, 2, FILE_ROWS).astype(np.float32)
        frame = polars.DataFrame(x, schema=COLUMNS).with_columns(polars.Series("label", label))
        frame.write_parquet(folder / f"{number}.parquet")


def model() -> Any:
    import pellucid
    from peers import keras_shaped

    return keras_shaped.model(pellucid, MLP)


def rows_of(folder: Path, files: int, **options: Any) -> Any:
    """Return the rows of so many files, which are read again and again."""
    from pellucid.utils import dataset_from_parquet

    paths = [folder / f"{number % FILES}.parquet" for number in range(files)]
    return dataset_from_parquet(paths, target="label", batch_size=MLP.batch, **options)


def rate(network: Any, *data: Any, epochs: int = 1, **options: Any) -> float:
    """Return rows a second of one fit."""
    begun = time.perf_counter()
    network.fit(*data, epochs=epochs, verbose=0, **options)
    rows = data[0].rows if len(data) == 1 else epochs * len(data[0])
    return rows / (time.perf_counter() - begun)


def streamed(folder: Path, gigabytes: float) -> dict[str, Any]:
    network = model()
    files = round(gigabytes * 1e9 / ROW_BYTES / FILE_ROWS) or 1
    dataset = rows_of(folder, files)
    network.fit(dataset, steps_per_epoch=64, verbose=0)
    return {"rows": dataset.rows, "rate": rate(network, dataset)}


def in_memory(folder: Path, short: bool) -> dict[str, Any]:
    network = model()
    x, y = rows_of(folder, 1).arrays()
    x, y = np.array(x), np.array(y)
    first = rate(network, x, y, batch_size=MLP.batch)
    again = rate(network, x, y, batch_size=MLP.batch)
    epochs = 1 if short else max(1, int(MEMORY_SECONDS * again / len(x)))
    told = rate(network, x, y, epochs=epochs, batch_size=MLP.batch)
    return {"rows": len(x), "rate": max(told, again), "with_compiling": first}


def as_in_bench(folder: Path, short: bool) -> dict[str, Any]:
    network, (x, y) = model(), MLP.data()
    rate(network, x, y, batch_size=MLP.batch)
    epochs = 10 if short else 160
    return {"rows": len(x), "rate": rate(network, x, y, epochs=epochs, batch_size=MLP.batch)}


def equal(folder: Path, gigabytes: float) -> dict[str, Any]:
    dataset = rows_of(folder, 1)
    x, y = dataset.arrays()
    order = dataset.order_of(0)
    one, other = model(), model()
    other.set_weights(one.get_weights())
    one.fit(dataset, epochs=1, verbose=0)
    other.fit(x[order], y[order], epochs=1, batch_size=MLP.batch, shuffle=False, verbose=0)
    pairs = list(zip(one.get_weights(), other.get_weights(), strict=True))
    return {
        "steps": len(dataset),
        "equal": all(np.array_equal(a, b) for a, b in pairs),
        "furthest": max(float(np.abs(a - b).max()) for a, b in pairs),
    }


PARTS = {"streamed": streamed, "memory": in_memory, "bench": as_in_bench, "equal": equal}


def part(name: str, folder: Path, argument: float) -> dict[str, Any]:
    """Return what one part measures, in a process of its own."""
    command = [sys.executable, __file__, "--part", name, str(folder), str(argument)]
    done = subprocess.run(command, env=os.environ, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{name} failed:\n{done.stderr[-3000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def run_part(name: str, folder: str, argument: str) -> None:
    found = PARTS[name](Path(folder), float(argument))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps(found | {"peak_mb": peak / 1024}))


def section(found: dict[str, Any]) -> str:
    """Return the section of the page."""
    streamed, machine = found["streamed"], found["machine"]
    command = f"python benchmarks/streaming.py --gigabytes {found['gigabytes']:g}"
    rows = [
        (name, f"{one['rows']:,}", f"{one['rate']:,.0f}", f"{one['peak_mb']:,.0f}")
        for name, one in (
            (f"streamed from Parquet, {found['gigabytes']:g} GB", streamed),
            ("one file in memory, before", found["before"]),
            ("one file in memory, after", found["after"]),
            ("the rows of `make bench` in memory", found["bench"]),
        )
    ]
    table = ["| rows | number | rows a second | peak memory, MB |", "| --- | --- | --- | --- |"]
    table += [f"| {' | '.join(row)} |" for row in rows]
    same = found["equal"]
    told = "the same, bit for bit" if same["equal"] else f"equal to {same['furthest']:.1g}"
    return "\n".join(
        [
            HEADING,
            "",
            f"`{command}`, {found['date']}, "
            f"{machine['cores']} cores of {machine['processor']}, {machine['system']}. "
            f"The network is {MLP.label}, batches of {MLP.batch}, Adam. {FILES} files of "
            f"{FILE_ROWS:,} rows are read again and again, from the cache of the system.",
            "",
            *table,
            "",
            f"Streaming ran at {found['ratio']:.0%} of the fastest of the three in memory. "
            f"After {same['steps']:,} steps the weights from streamed and from in-memory rows in "
            f"the same order were {told}.",
            "",
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--gigabytes", type=float, default=10)
    parser.add_argument("--short", action="store_true", help="few epochs, and no files")
    parser.add_argument("--part", nargs=3, metavar=("NAME", "FOLDER", "ARGUMENT"))
    asked = parser.parse_args()
    if asked.part:
        run_part(*asked.part)
        return
    short = float(asked.short)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        write_files(folder)
        found: dict[str, Any] = {
            "date": datetime.date.today().isoformat(),
            "machine": description(),
            "gigabytes": asked.gigabytes,
            "before": part("memory", folder, short),
            "bench": part("bench", folder, short),
            "streamed": part("streamed", folder, asked.gigabytes),
            "after": part("memory", folder, short),
            "equal": part("equal", folder, 0),
        }
    fastest = max(found[name]["rate"] for name in ("before", "bench", "after"))
    found["ratio"] = found["streamed"]["rate"] / fastest
    print(section(found))
    if not asked.short:
        STORE.write_text(json.dumps(found, indent=1) + "\n")
        page = PAGE.read_text()
        PAGE.write_text(page[: page.index(HEADING)] + section(found))


if __name__ == "__main__":
    main()
