"""The page of the benchmark, from the files of its runs."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from diagnosis.catalogue import BY_KEY, SETUPS
from diagnosis.counting import Record, cured
from diagnosis.setup import Setup

FIGURES = {
    "found": "sick runs with a right finding among the first two",
    "found_main": "of these, with the main one among the first two",
    "false_alarms": "healthy runs with any warning or fault",
    "cured": "found problems cured",
    "claims_confirmed": "cures that `treat` claims and held-out rows confirm",
    "failures": "runs in which a call of the diagnosis raised an error",
}


def write(results: Path, page: Path) -> None:
    """Write the page from the files that are there."""
    paths = {half: results / f"diagnosis-{half}.json" for half in ("test", "tuning")}
    halves = {half: json.loads(path.read_text()) for half, path in paths.items() if path.exists()}
    shown = results / "diagnosis-setups.json"
    proofs = json.loads(shown.read_text())["setups"] if shown.exists() else {}
    page.write_text(text(halves, proofs))


def text(halves: Mapping[str, Any], proofs: Mapping[str, Any]) -> str:
    """Return the page."""
    sick = sum(bool(one.expected) for one in SETUPS)
    lines = [
        "# The diagnosis, measured",
        "",
        f"{sick} sick and {len(SETUPS) - sick} healthy trainings, of dense, convolutional and "
        "recurrent networks on small data, mostly real. Each sick one is a healthy one with one "
        "thing broken. They were written before any threshold of the diagnosis was tuned and "
        "dealt into two halves by lot (`benchmarks/diagnosis/split.py`): thresholds were chosen "
        "on the tuning half; the test half judges.",
        "",
        "A finding counts as right if it is one of those named here for the set-up, stands among "
        "the first two and is a fault or a warning. Any fault or warning on a healthy run is a "
        "false alarm. A run is cured if its treated model is judged above the sick runs' mean by "
        "more than their spread over seeds, and not below its good counterpart's mean by more "
        "than twice theirs, on rows that neither training nor treatment saw.",
        "",
        *overall(halves),
    ]
    for half, found in halves.items():
        lines += [f"## The {half} half", "", *sick_table(found), *healthy_table(found)]
    return "\n".join([*lines, *proof_table(proofs)])


def overall(halves: Mapping[str, Any]) -> list[str]:
    """Return the table of figures and where they come from."""
    if not halves:
        return []
    lines = [f"| | {' | '.join(halves)} |", f"| --- |{' --- |' * len(halves)}"]
    for name, meaning in FIGURES.items():
        cells = [counted(half["figures"].get(name)) for half in halves.values()]
        lines.append(f"| {meaning} | {' | '.join(cells)} |")
    lines.append("")
    for half, found in halves.items():
        machine = found["machine"]
        lines.append(
            f"The {half} half: `{found['command']}`, {found['date']}, {machine['processor']}, "
            f"{machine['cores']} cores."
        )
    return [*lines, ""]


def counted(figure: Mapping[str, Any] | None) -> str:
    """Return a share with its counts."""
    if figure is None or figure["share"] is None:
        return "not measured"
    return f"{figure['share']:.1%} ({figure['count']} of {figure['of']})"


def runs_of(found: Mapping[str, Any]) -> dict[str, list[Record]]:
    """Return the runs of each set-up."""
    runs: dict[str, list[Record]] = {}
    for one in found["runs"]:
        pairs = {name: tuple(map(tuple, one[name])) for name in ("checked", "findings")}
        record = Record(**{**one, **pairs, "expected": tuple(one["expected"])})
        runs.setdefault(record.key, []).append(record)
    return runs


def sick_table(found: Mapping[str, Any]) -> list[str]:
    """Return the table of the sick set-ups of a half."""
    lines = [
        "| set-up | what is broken | right findings | found | first findings | sick | treated "
        "| good | cured |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for key, runs in runs_of(found).items():
        if not runs[0].expected:
            continue
        setup, good = BY_KEY[key], found["good"].get(key)
        cures = "not measured" if good is None else "not comparable"
        if good is not None and setup.curable:
            cures = f"{sum(cured(one, runs, {key: good}) for one in runs)} of {len(runs)}"
        cells = [
            f"{key} ({setup.family})",
            setup.what,
            ", ".join(setup.expected),
            f"{sum(one.found for one in runs)} of {len(runs)}",
            first_names(runs),
            mean([one.score for one in runs]),
            mean([one.treated for one in runs if one.treated is not None]),
            mean(good or []),
            cures,
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return [*lines, ""]


def healthy_table(found: Mapping[str, Any]) -> list[str]:
    """Return the table of the healthy set-ups of a half."""
    lines = [
        "| healthy set-up | what it is | runs with an alarm | alarms | score |",
        "| --- | --- | --- | --- | --- |",
    ]
    for key, runs in runs_of(found).items():
        if runs[0].expected:
            continue
        alarms = sorted({name for one in runs for name in one.loud})
        cells = [
            f"{key} ({BY_KEY[key].family})",
            BY_KEY[key].what,
            f"{sum(bool(one.loud) for one in runs)} of {len(runs)}",
            ", ".join(alarms),
            mean([one.score for one in runs]),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return [*lines, ""]


def first_names(runs: Sequence[Record]) -> str:
    """Return the first two findings of the first run."""
    return ", ".join(name for name, _ in runs[0].findings[:2]) or "none"


def mean(scores: Sequence[float]) -> str:
    """Return the mean of scores, or nothing."""
    return f"{np.mean(scores):.2f}" if len(scores) else ""


def proof_table(proofs: Mapping[str, Any]) -> list[str]:
    """Return how each set-up was shown, without any diagnosis, to be what it says."""
    if not proofs:
        return []
    lines = [
        "## That they are sick, and healthy",
        "",
        "Shown by training alone (`python benchmarks/diagnosis/verify.py`), each with three "
        "seeds. Healthy ones stand beside the best constant answer, sick ones beside what they "
        "were broken from.",
        "",
        "| set-up | task | judged by | shown by | it | beside |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for key, one in proofs.items():
        own = mean(one.get("healthy") or one.get("sick") or [])
        beside = mean(one.get("constant") or one.get("base") or [])
        setup: Setup = BY_KEY[key]
        cells = [key, f"{setup.family}, {one['task']}", one["score"], one["shown"], own, beside]
        lines.append(f"| {' | '.join(cells)} |")
    return [*lines, ""]
