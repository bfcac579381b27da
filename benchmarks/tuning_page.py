"""Turns measurements of searches and cross-validation into `docs/tuning-benchmark.md`."""

from statistics import median
from typing import Any

from environments import HERE, PELLUCID, suffix
from report import ratio_cell, ratios, table
from searches import BY_KEY, Choice, Range

LABELS = {
    "pellucid": "Pellucid",
    "torch": "Optuna over torch",
    "kerasjax": "KerasTuner on JAX",
    "kerastf": "KerasTuner on TensorFlow",
}
LOOPS = LABELS | {
    "kerasjax": "a loop over Keras on JAX",
    "kerastf": "a loop over Keras on TensorFlow",
}
GOALS: dict[str, dict[str, tuple[float | None, float | None]]] = {
    "mlp": {"torch": (15, 30), "kerastf": (40, 80), "kerasjax": (8, 10)},
    "folds": {"kerastf": (25, None)},
}
"""How many times as fast as a peer Pellucid means to be: from process start, and compiled."""
BEST = 1.5
"""The goal against the best peer where the others have none of their own."""


NOTES = {"cpu": HERE / "tuning-notes.md", "gpu": HERE / "tuning-notes-gpu.md"}
"""What is to be read beside a device's figures; part of its page as it stands."""


def write(found: dict[str, Any], device: str) -> str:
    """Return the page of the sections that were measured on a device, `cpu` or `gpu`."""
    parts = [
        _opening(found, device),
        *(_search(key, found[key]) for key in BY_KEY if key in found),
        _folds(found["folds"]) if "folds" in found else "",
        NOTES[device].read_text().strip(),
        _method(),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _opening(found: dict[str, Any], device: str) -> str:
    machines = [one["machine"] for one in found.values()]
    versions = [one for section in found.values() for one in section.get("versions", {}).values()]
    told = dict.fromkeys(_machine(one) for one in machines)
    where, asked = ("", "") if device == "cpu" else (" on a GPU", " --device gpu")
    return f"""# Searches and cross-validation{where}, measured

Written by `python benchmarks/tuning.py{asked}`; the raw figures are in `benchmarks/results/tuning{suffix(device)}.json`.
Ratios are the peer's time divided by Pellucid's in the same round: above 1, Pellucid is faster. Medians are shown, with the lowest
and highest ratio of a round.

- Machine: {"; ".join(told)}
- Versions: {"; ".join(dict.fromkeys(versions))}"""


def _machine(one: dict[str, Any]) -> str:
    gpu = f"{one['accelerator']}, " if one["accelerator"] else ""
    return (
        f"{one['processor']}, {one['cores']} cores, {one['vector_instructions']}, "
        f"{one['memory_gib']} GiB, {gpu}{one['system']}, Python {one['python']}"
    )


def _measured(section: dict[str, Any]) -> str:
    load = section["machine"]["load_before"]
    return (
        f"Measured on {section['date']}, rounds: {section['rounds']}; "
        f"load {load:.1f} before the start."
    )


def _missing(section: dict[str, Any], labels: dict[str, str]) -> str:
    told = [f"{labels[key]} takes no part: {why}" for key, why in section["missing"].items()]
    return "".join(f"\n\n{one}" for one in told)


def _search(key: str, section: dict[str, Any]) -> str:
    what = BY_KEY[key]
    space = "; ".join(f"{name} {_range(own)}" for name, own in what.space.items())
    network = what.example
    return f"""## A search of {section["pieces"]} trials of {what.label}

{space}. Batch {network.batch}, {section["epochs"]} epochs a trial, the last fifth of the rows scored after each epoch; rows: {section["source"]}.

{_table(key, section, LABELS, "trials")}{_scaled(section, LABELS, "trials")}{_missing(section, LABELS)}

{_measured(section)}"""


def _range(own: Range | Choice) -> str:
    if isinstance(own, Choice):
        return f"one of {', '.join(map(str, own.options))}"
    return f"{own.low:g} to {own.high:g}{' by magnitude' if own.log else ''}"


def _folds(section: dict[str, Any]) -> str:
    return f"""## Cross-validation: {section["pieces"]} fits of the MLP 20-64-64-1

Ten folds, three times; {section["rows"]:,} rows, batch 32, {section["epochs"]} epochs; each fit is scored on its fold; rows: {section["source"]}.

{_table("folds", section, LOOPS, "fits")}{_scaled(section, LOOPS, "fits")}{_missing(section, LOOPS)}

{_measured(section)}"""


def _table(key: str, section: dict[str, Any], labels: dict[str, str], pieces: str) -> str:
    """Return the table of a section, with the goals that a peer sets."""
    goals = GOALS.get(key) or _best(section)
    first, steady = section["first"], section["steady"]
    rows = []
    for peer in [key for key in labels if key in first]:
        aims = goals.get(peer, (None, None))
        cells = [labels[peer], f"{median(first[peer]):,.1f}"]
        for samples, aim, count in ((first, aims[0], section["pieces"]), (steady, aims[1], 1)):
            hour = 3600 * count / median(samples[peer])
            cells += [f"{hour:,.0f}", ratio_cell(samples, peer), _verdict(samples, peer, aim)]
        cells.append(f"{median(section['peak_bytes'][peer]) * 1e-6:,.0f}")
        cells.append(f"{median(section['loss'][peer]):.4f}")
        rows.append(cells)
    an_hour = f"{pieces} an hour"
    head = ("", "process start to end, s", an_hour, "ratio", "goal")
    head += (f"{an_hour}, compiled", "ratio", "goal", "peak memory, MB", "loss")
    second = section["second"].get(PELLUCID.key)
    again = (
        f"\n\nA second process of Pellucid, which finds the programs that the first compiled, "
        f"takes {median(second):.1f} s."
        if second
        else ""
    )
    return table(head, rows) + again


def _best(section: dict[str, Any]) -> dict[str, tuple[float | None, float | None]]:
    """Return the goal against the peer that is fastest from process start, and compiled."""
    goals: dict[str, list[float | None]] = {}
    for place, name in enumerate(("first", "steady")):
        others = {key: median(one) for key, one in section[name].items() if key != PELLUCID.key}
        if others:
            fastest = min(others, key=others.__getitem__)
            goals.setdefault(fastest, [None, None])[place] = BEST
    return {key: (one[0], one[1]) for key, one in goals.items()}


def _verdict(samples: dict[str, list[float]], peer: str, goal: float | None) -> str:
    if goal is None or PELLUCID.key not in samples:
        return ""
    return f"{goal:g}, {'reached' if median(ratios(samples, peer)) >= goal else 'missed'}"


def _scaled(section: dict[str, Any], labels: dict[str, str], pieces: str) -> str:
    """Say which peer did a part of the work, from which the whole was reckoned."""
    told = [
        f"\n\n{labels[key]} did {done} of the {section['pieces']} {pieces}, or a run would have "
        f"taken too long; its time is that of these and as many of its later {pieces} as are missing."
        for key, done in section["done"].items()
        if done < section["pieces"] and key in section["first"]
    ]
    return "".join(told)


def _method() -> str:
    return """## How it was measured

Each peer runs in an environment and a process of its own, written as its users write it (`benchmarks/peers/`), in turns: each round begins
with another one. Optuna proposes by TPE and trains torch's usual loop over index batches, one trial after another, on the number of
threads that the network's steps were fastest with; KerasTuner proposes at random and keeps the best weights of each trial, as it does by default;
Pellucid trains its candidates side by side. None ends a trial early. Where L2 is a number of Keras's penalty, torch's weight decay is twice
that, which has the same gradient.

"Process start to end" counts everything from the start of the process with no compiled programs on disk, reading the rows from a file of
arrays included. "Compiled" is the pace once all is compiled that stays compiled: of a process's later trials, where a trial follows
another (Keras compiles each of them anew), or, for Pellucid, of a later search with another seed in the same process."""
