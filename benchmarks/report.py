"""Turns measurements into `docs/benchmarks.md`."""

from collections.abc import Sequence
from statistics import median
from typing import Any

from environments import PEERS, PELLUCID, Peer
from measure import EPOCHS_A_TURN, JOBS
from workload import BATCH, DROPOUT, FEATURES, HIDDEN, ROWS

Row = Sequence[str]


def table(head: Row, rows: Sequence[Row]) -> str:
    """Return a Markdown table; all but the first column are numbers."""
    ruler = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, ruler, *rows])


def ratios(samples: dict[str, list[float]], key: str) -> list[float]:
    """Return each round's figure of peer `key` divided by Pellucid's."""
    pairs = zip(samples[key], samples[PELLUCID.key], strict=True)
    return [other / own for other, own in pairs]


def ratio_cell(samples: dict[str, list[float]], key: str) -> str:
    """Return the median ratio, and between which ratios the rounds lay."""
    if PELLUCID.key not in samples or not samples.get(key):
        return "–"
    found = ratios(samples, key)
    return f"**{median(found):.1f}** ({min(found):.1f} to {max(found):.1f})"


def _cell(samples: dict[str, list[float]], key: str, form: str, scale: float = 1.0) -> str:
    return form.format(median(samples[key]) * scale) if samples.get(key) else "–"


def _peers(samples: dict[str, Any]) -> list[Peer]:
    return [peer for peer in PEERS if peer.key in samples]


def write(results: dict[str, Any]) -> str:
    """Return the page."""
    sections = [
        _opening(results),
        _steady(results["steady"], results["arithmetic"]),
        *(_whole(job.label, results["whole"][job.key]) for job in JOBS),
        _footprint(results),
        _own(results.get("own")),
        _method(),
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def _opening(results: dict[str, Any]) -> str:
    machine = results["machine"]
    versions = "; ".join(dict.fromkeys(results["steady"]["versions"].values()))
    return f"""# Benchmarks

Written by `{results["command"]}`; the raw figures are in `benchmarks/results/{results["date"]}.json`.
Ratios are the peer's time divided by Pellucid's in the same round: above 1, Pellucid is faster.

- Date: {results["date"]}
- Machine: {machine["processor"]}, {machine["cores"]} cores, {machine["vector_instructions"]}, \
{machine["memory_gib"]} GiB, {machine["system"]}; load {machine["load_before"]:.1f} before the start
- Versions: Python {machine["python"]}; {versions}
- Rounds: {results["rounds"]}; medians are shown, with the lowest and highest ratio of a round"""


def _steady(steady: dict[str, Any], arithmetic: dict[str, float]) -> str:
    plain, dropout = steady["plain"], steady["dropout"]
    rows = [
        (
            peer.label + _threads(steady, peer),
            _cell(plain, peer.key, "{:.1f}"),
            ratio_cell(plain, peer.key),
            _cell(dropout, peer.key, "{:.1f}"),
            ratio_cell(dropout, peer.key),
        )
        for peer in _peers(plain)
    ]
    sizes = "-".join(str(size) for size in (FEATURES, *HIDDEN, 1))
    head = ("", "µs a step", "ratio", f"µs with Dropout({DROPOUT})", "ratio")
    return f"""## A training step

Network {sizes}, batch {BATCH}, Adam, binary crossentropy, {ROWS:,} rows; {EPOCHS_A_TURN} epochs a turn after warming up.

{table(head, rows)}

The arithmetic limit is {arithmetic["limit_us"]:.1f} µs: {arithmetic["flops_a_step"]:,.0f} floating-point operations in the matrix products of
a step, at the {arithmetic["gflops_large"]:.0f} GFLOP/s that NumPy reaches on 2048 x 2048 float32 matrices here. The same eight products, called one by one from
NumPy in their own small shapes, take {arithmetic["shapes_used_us"]:.1f} µs ({arithmetic["gflops_shapes_used"]:.0f} GFLOP/s).{_dropout_cost(steady)}"""


def _threads(steady: dict[str, Any], peer: Peer) -> str:
    threads = steady["threads"].get(peer.key)
    return f" ({threads} thread{'s' if threads > 1 else ''})" if threads else ""


def _dropout_cost(steady: dict[str, Any]) -> str:
    if PELLUCID.key not in steady["plain"]:
        return ""
    pairs = zip(steady["dropout"][PELLUCID.key], steady["plain"][PELLUCID.key], strict=True)
    cost = median(dropout / plain for dropout, plain in pairs)
    return f"\n\nDropout after each hidden layer makes Pellucid's step {cost:.2f} times as long."


def _whole(label: str, runs: dict[str, dict[str, list[float]]]) -> str:
    rows = [
        (
            peer.label,
            _cell(runs["first"], peer.key, "{:.2f}"),
            ratio_cell(runs["first"], peer.key),
            _cell(runs["second"], peer.key, "{:.2f}"),
            ratio_cell(runs["second"], peer.key),
            _cell(runs["peak_bytes"], peer.key, "{:.0f}", 1e-6),
            _cell(runs["loss"], peer.key, "{:.4f}"),
        )
        for peer in _peers(runs["first"])
    ]
    head = ("", "first run, s", "ratio", "second run, s", "ratio", "peak memory, MB", "last loss")
    return f"""## From process start to trained: {label}

The process reads a CSV file, standardises, trains and ends. Before the first run no compiled program is on disk; the
second run finds what the first left there (Pellucid by default, Keras on JAX with JAX's compilation cache turned on).

{table(head, rows)}"""


def _footprint(results: dict[str, Any]) -> str:
    rows = [
        (
            peer.label,
            _cell(results["imports"], peer.key, "{:.2f}"),
            f"{results['installed'][peer.key] / 1e6:,.0f}",
        )
        for peer in _peers(results["imports"])
    ]
    text = f"""## Import and size

{table(("", "import, s", "installed, MB"), rows)}"""
    if PELLUCID.key in results["imports"]:
        names = ("import jax", "import pellucid", "help")
        jax, own, asked = (median(results["imports"][name]) for name in names)
        text += f"""

Imports are those that bring layers, losses and optimisers, since `import pellucid` alone ({own:.2f} s) loads nothing until it is
used; `import jax` alone takes {jax:.2f} s. `pellucid --help` answers in {asked:.2f} s.
Installed size counts what a user installs and all it requires, without compiled Python files."""
    return text


def _own(own: dict[str, Any] | None) -> str:
    if not own:
        return ""
    probe, predict, fits = own["probe"], own["predict"], own["fits"]
    span = f"{probe['lowest']:.3f} to {probe['highest']:.3f}"
    rows = [
        ("training time with a probe every 50 steps / without", f"{probe['ratio']:.3f} ({span})"),
        ("`predict` of one row, after the first", f"{predict['median_us']:.0f} µs"),
        ("memory that 1,000 models, each built and fitted, leave", f"{fits['bytes'] / 1e6:.1f} MB"),
        ("building and fitting one of them", f"{fits['milliseconds_a_fit']:.1f} ms"),
    ]
    return f"""## Pellucid alone

{table(("", "measured"), rows)}"""


def _method() -> str:
    return """## How it was measured

Each framework runs in an environment and a process of its own, written as its users write it (`benchmarks/peers/`): Keras with `compile`
and `fit` and its default settings, torch with the usual loop over shuffled index batches, at whichever of one and two threads is faster,
scikit-learn's MLPClassifier without penalty, tolerance or early stopping. All shuffle, all report the mean loss, none computes other metrics.

Steps are measured in processes that stay alive and take turns: each round every framework trains the same number of epochs, each round begins with another
one, so that a slow spell of the machine hits all. The first epochs, which compile, are not counted. Whole processes take turns in the same way; their time runs
from the start of the process to its end, their memory is the highest resident size."""
