"""Turns measurements into `docs/benchmarks.md`."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from environments import HERE, PEERS, PELLUCID, Peer
from networks import DROPOUT, MLP, MLP_DROPOUT, NETWORKS, Network
from whole import JOBS

Row = Sequence[str]
KERAS = [peer for peer in PEERS if peer.key.startswith("keras")]
NOTES = {"cpu": HERE / "notes.md", "gpu": HERE / "notes-gpu.md"}
"""What was tried where a goal is missed, in prose; part of a device's page as it stands."""


def _load(machine: dict[str, Any]) -> str:
    """Return how busy the machine was, where it was asked."""
    found = machine.get("load_before")
    return "" if found is None else f"; load {found:.1f} before the start"


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
    middle = median(found)
    low, high = (_ratio(one, middle) for one in (min(found), max(found)))
    return f"**{_ratio(middle)}** ({low} to {high})"


def _ratio(number: float, beside: float | None = None) -> str:
    """Return a ratio, with a second decimal where that one counts (in the one beside it)."""
    return f"{number:.2f}" if (beside or number) < 3 else f"{number:.1f}"


def _cell(samples: dict[str, list[float]], key: str, form: str, scale: float = 1.0) -> str:
    return form.format(median(samples[key]) * scale) if samples.get(key) else "–"


def _peers(samples: dict[str, Any]) -> list[Peer]:
    return [peer for peer in PEERS if peer.key in samples]


@dataclass(frozen=True)
class Verdict:
    """How Pellucid stands on one network: ratios by peer, and what its goals ask."""

    network: Network
    ratios: dict[str, float]

    @property
    def best(self) -> str:
        """Key of the fastest peer."""
        return min(self.ratios, key=self.ratios.__getitem__)

    @property
    def missed(self) -> list[str]:
        """What falls short of the goals, in words."""
        found = []
        if self.ratios[self.best] < self.network.goal:
            found.append(
                f"{_ratio(self.ratios[self.best])} against {_label(self.best)}, "
                f"the goal being {self.network.goal}"
            )
        slower = [peer for peer in KERAS if self.ratios.get(peer.key, 1.0) < 1]
        return found + [
            f"{_ratio(self.ratios[peer.key])} against {peer.label}, the goal being 1.0"
            for peer in slower
            if peer.key != self.best
        ]


def verdict(network: Network, samples: dict[str, list[float]]) -> Verdict | None:
    """Return how Pellucid stands, or None unless it and a peer were measured."""
    others = [key for key in samples if key != PELLUCID.key]
    if PELLUCID.key not in samples or not others:
        return None
    return Verdict(network, {key: median(ratios(samples, key)) for key in others})


def _label(key: str) -> str:
    return next(peer.label for peer in PEERS if peer.key == key)


def write(results: dict[str, Any]) -> str:
    """Return the page, with the sections that were measured."""
    steps, whole = results.get("steps", {}), results.get("whole", {})
    measured = [network for network in NETWORKS if network.key in steps]
    deep = [network for network in measured if network not in (MLP, MLP_DROPOUT)]
    sections = [
        _opening(results),
        _mlp(results) if MLP.key in steps else "",
        _networks(deep, results) if deep else "",
        *(_steps(network, steps[network.key], results) for network in deep),
        _first_calls(results["first_calls"]) if results.get("first_calls") else "",
        *(_whole(job.label, whole[job.key], results) for job in JOBS if job.key in whole),
        _footprint(results) if "imports" in results else "",
        _own(results.get("own")),
        _method(),
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def _opening(results: dict[str, Any]) -> str:
    machine = results["machine"]
    told = [entry["versions"].values() for entry in results.get("steps", {}).values()]
    versions = dict.fromkeys(version for some in told for version in some)
    gpu = machine.get("accelerator") if results["device"] == "gpu" else ""
    return f"""# Benchmarks

Written by `{results["command"]}`; the raw figures are in `benchmarks/results/{results["raw"]}`.
Ratios are the peer's time divided by Pellucid's in the same round: above 1, Pellucid is faster.

- Date: {results["date"]}
- Machine: {machine["processor"]}, {machine["cores"]} cores, {machine["vector_instructions"]}, \
{machine["memory_gib"]} GiB{f", {gpu}" if gpu else ""}, {machine["system"]}{_load(machine)}
- Versions: {"; ".join([f"Python {machine['python']}", *versions])}
- Rounds: {results["rounds"]}; medians are shown, with the lowest and highest ratio of a round{_remark(results)}"""


def _remark(results: dict[str, Any]) -> str:
    """Return what whoever ran it added to the file of figures."""
    return f"\n- {results['remark']}" if "remark" in results else ""


def _apart(entry: dict[str, Any], results: dict[str, Any]) -> str:
    """Return what sets a measurement apart from the page's: its date and rounds, who is missing."""
    found = _missing(entry)
    if (entry["date"], entry["rounds"]) != (results["date"], results["rounds"]):
        found.append(f"Measured on {entry['date']}, rounds: {entry['rounds']}.")
    return "".join(f"\n\n{one}" for one in found)


def _missing(entry: dict[str, Any]) -> list[str]:
    return [f"{_label(key)} takes no part: {reason}" for key, reason in entry["missing"].items()]


# -- training steps -------------------------------------------------------------------------


def _mlp(results: dict[str, Any]) -> str:
    steps = results["steps"]
    plain = steps[MLP.key]["samples"]
    dropout = steps.get(MLP_DROPOUT.key, {}).get("samples", {})
    rows = [
        (
            peer.label + _threads(steps[MLP.key], peer),
            _cell(plain, peer.key, "{:.1f}"),
            ratio_cell(plain, peer.key),
            _cell(dropout, peer.key, "{:.1f}"),
            ratio_cell(dropout, peer.key),
        )
        for peer in _peers(plain)
    ]
    head = ("", "µs a step", "ratio", f"µs with Dropout({DROPOUT.rate})", "ratio")
    return f"""## A training step of an MLP

Network 20-64-64-1, batch {MLP.batch}, Adam, binary crossentropy, {MLP.rows:,} rows; {MLP.epochs} epochs a turn after warming up.

{table(head, rows)}{_mlp_limit(results)}{_dropout_cost(plain, dropout)}{_apart(steps[MLP.key], results)}"""


def _mlp_limit(results: dict[str, Any]) -> str:
    arithmetic = results.get("arithmetic")
    if not arithmetic:
        return ""
    return f"""

The arithmetic limit is {arithmetic["limit_us"]:.1f} µs: {arithmetic["flops_a_step"]:,.0f} floating-point operations in the matrix products of
a step, at the {arithmetic["gflops_large"]:.0f} GFLOP/s that NumPy reaches on 2048 x 2048 float32 matrices here. The same eight products, called one by one from
NumPy in their own small shapes, take {arithmetic["shapes_used_us"]:.1f} µs ({arithmetic["gflops_shapes_used"]:.0f} GFLOP/s)."""


def _threads(entry: dict[str, Any], peer: Peer) -> str:
    threads = entry["threads"].get(peer.key)
    return f" ({threads} thread{'s' if threads > 1 else ''})" if threads else ""


def _dropout_cost(plain: dict[str, list[float]], dropout: dict[str, list[float]]) -> str:
    if PELLUCID.key not in plain or PELLUCID.key not in dropout:
        return ""
    pairs = zip(dropout[PELLUCID.key], plain[PELLUCID.key], strict=True)
    cost = median(with_it / without for with_it, without in pairs)
    return f"\n\nDropout after each hidden layer makes Pellucid's step {cost:.2f} times as long."


def _networks(networks: Sequence[Network], results: dict[str, Any]) -> str:
    """Return the table of all goals, and which of them are missed."""
    rows, missed = [], []
    for network in networks:
        samples = results["steps"][network.key]["samples"]
        found = verdict(network, samples)
        rows.append(_goal_row(network, samples, found, results))
        missed += [f"- {network.label}: {one}" for one in found.missed] if found else []
    head = (
        *("", "Pellucid, µs a step", "arithmetic limit, µs", "best peer", "ratio to it", "goal"),
        *(f"ratio to {peer.label}" for peer in KERAS),
    )
    notes = NOTES[results["device"]].read_text().strip()
    return "\n\n".join(
        part
        for part in (
            "## Training steps of deeper networks",
            """Each is trained with Adam and crossentropy on random data. The goals: a recurrent network's step 1.3 times as fast as the best peer's,
any other at least as fast, and none slower than Keras on any backend. The arithmetic limit is the time of the step's matrix products
at the processor's rate, as for the MLP.""",
            table(head, rows),
            "\n".join(["Missed goals:", "", *missed]) if missed else "",
            notes,
        )
        if part
    )


def _goal_row(
    network: Network,
    samples: dict[str, list[float]],
    found: Verdict | None,
    results: dict[str, Any],
) -> Row:
    best = (_label(found.best), ratio_cell(samples, found.best)) if found else ("–", "–")
    return (
        network.label,
        _cell(samples, PELLUCID.key, "{:,.0f}"),
        _limit(network, results),
        *best,
        f"{network.goal}",
        *(ratio_cell(samples, peer.key) for peer in KERAS),
    )


def _limit(network: Network, results: dict[str, Any]) -> str:
    if "arithmetic" not in results:
        return "–"
    return f"{network.flops_a_step() / results['arithmetic']['gflops_large'] / 1e3:,.0f}"


def _steps(network: Network, entry: dict[str, Any], results: dict[str, Any]) -> str:
    samples = entry["samples"]
    flops = network.flops_a_step()
    rows = [
        (
            peer.label + _threads(entry, peer),
            _cell(samples, peer.key, "{:,.0f}"),
            ratio_cell(samples, peer.key),
            f"{flops / median(samples[peer.key]) / 1e3:,.0f}",
        )
        for peer in _peers(samples)
    ]
    return f"""### {network.label}

Batch {network.batch}, {network.rows:,} rows; {flops / 1e9:.2f} billion floating-point operations a step; {network.epochs} epochs a turn after warming up.

{table(("", "µs a step", "ratio", "GFLOP/s"), rows)}{_apart(entry, results)}"""


# -- whole processes ------------------------------------------------------------------------


def _first_calls(found: dict[str, Any]) -> str:
    """Return the seconds of compilation: a row a network, a column a peer and state of its disk."""
    peers = [peer for peer in PEERS if peer.first]
    columns = [
        (run, peer)
        for peer in peers
        for run in ("cold", "warm")
        if any(peer.key in entry[run] for entry in found.values())
    ]
    head = ("", *(f"{peer.label}, {run}" if peer.cache else peer.label for run, peer in columns))
    networks = [network for network in NETWORKS if network.key in found]
    rows = [
        (
            network.label,
            *(_cell(found[network.key][run], peer.key, "{:.2f}") for run, peer in columns),
        )
        for network in networks
    ]
    missing = "".join(
        f"\n\n{network.key}: {one}" for network in networks for one in _missing(found[network.key])
    )
    return f"""## What the first call costs

Seconds by which the first two epochs of eight steps outlast two later ones, in a fresh process: compilation, and whatever else is done once.
Cold: no compiled program is on disk. Warm: the cold run's are (Pellucid by default, Keras on JAX with JAX's compilation cache turned on, torch.compile by default).

{table(head, rows)}{missing}"""


def _whole(label: str, runs: dict[str, Any], results: dict[str, Any]) -> str:
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

The process reads a file, scales, trains and ends; the data are {runs["source"]}. Before the first run no compiled program is on disk; the
second run finds what the first left there (Pellucid by default, Keras on JAX with JAX's compilation cache turned on).

{table(head, rows)}{_apart(runs, results)}"""


# -- the rest -------------------------------------------------------------------------------


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
and `fit` and its default settings, torch with the usual loop over shuffled index batches, channels first, at whichever number of threads is fastest for the network,
scikit-learn's MLPClassifier without penalty, tolerance or early stopping. All shuffle, all report the mean loss, none computes other metrics.

Steps are measured in processes that stay alive and take turns: each round every framework trains the same number of epochs, each round begins with another
one, so that a slow spell of the machine hits all. The first epochs, which compile, are not counted. Whole processes take turns in the same way; their time runs
from the start of the process to its end, their memory is the highest resident size."""
