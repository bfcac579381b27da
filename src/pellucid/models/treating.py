"""`treat`: each remedy tried beside the run as it was, with several seeds, side by side."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from pellucid.errors import ArgumentError, Problem, report
from pellucid.insight.findings import Diagnosis
from pellucid.insight.remedies import DropOverlap, Remedy, Setup, ShuffleBeforeSplit
from pellucid.insight.remedies.changes import count_rows
from pellucid.insight.remedies.cleaning import found_in
from pellucid.insight.remedies.sampling import judged_fairly
from pellucid.models import forks
from pellucid.models.last_run import LastRun
from pellucid.models.treatment import Treatment
from pellucid.models.trying import Trying
from pellucid.models.yardstick import yardstick_of
from pellucid.training.progress import check_verbose
from pellucid.wording import count_text

NO_JUDGE = (
    "The validation rows are prepared otherwise than the training rows, so no remedy can be judged "
    "by them. Prepare both alike, and fit again."
)

SORTED_JUDGE = (
    "The validation rows are of other classes than the training rows, so no remedy can be judged "
    "by them. Join the two, shuffle, divide again, and fit again."
)

FAIRLY = (
    "The rows were divided as they lay: all runs are judged by {} drawn from both sides, and "
    "train on none of these."
)

RENUMBERED = "{}: not tried, for the rows are numbered otherwise once they are shuffled."

BY_HEART = "whoever learns them by heart would look cured."


def treat(
    model: Any,
    x: Any,
    y: Any,
    seeds: int,
    remedies: Any,
    pairs: bool,
    metric: Any,
    epochs: int | None,
    verbose: Any,
) -> Treatment:
    """Try remedies on a model's last run; see `Model.treat`."""
    begun = time.perf_counter()
    _check(seeds, epochs, verbose)
    run = _run_of(model)
    if isinstance(x, Diagnosis):
        fix = "Write model.treat(remedies=diagnosis)."
        report([Problem("treat(x=...)", "a diagnosis", "rows, or nothing", fix)])
    if x is not None:
        fix = "Write model.treat(x, y)."
        report([Problem("treat(y=...)", "no labels", "labels with x", fix)] if y is None else [])
        request = replace(run.request, x=x, y=y, sample_weight=None)
        run = replace(run, asked=lambda: request)
    setup, notes = forks.setup_of(model, run, epochs)
    if remedies is None:
        remedies = model.diagnose()
    setup, chosen, fairly = _fairly_judged(setup, _remedies_of(remedies))
    setup, chosen, parted = _parted(setup, chosen)
    notes = [*notes, *fairly]
    refusal = "" if fairly or not isinstance(remedies, Diagnosis) else _no_judge(remedies)
    if refusal:
        chosen, notes = [], [*notes, refusal]
    yardstick, told = yardstick_of(setup, chosen, metric, remedies)
    loud = verbose not in (0, "auto")
    trying = Trying(yardstick, range(setup.seed, setup.seed + seeds), loud, _validated_by(run))
    trying.notes += [*notes, *parted, *told]
    trying.remarks += parted
    trying.try_all(setup, chosen, pairs)
    if pairs and (remedies is None or isinstance(remedies, Diagnosis)):
        trying.try_on_top(setup)
    return trying.treatment(time.perf_counter() - begun)


def _validated_by(run: LastRun) -> Mapping[str, Any] | None:
    """Return how the run itself was told by which rows to judge; None for rows of their own."""
    if run.request.validation_data is not None:
        return None
    split = run.request.validation_split
    return {"validation_split": split} if split else {}


# -- what is asked ------------------------------------------------------------------------------


def _check(seeds: Any, epochs: Any, verbose: Any) -> None:
    problems = []
    for name, value, low, meaning in (
        ("seeds", seeds, 2, "how often each fork is trained; a spread needs two"),
        ("epochs", epochs, 1, "for how long"),
    ):
        whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
        if not (whole and value >= low) and not (name == "epochs" and value is None):
            expected = f"a whole number of at least {low} ({meaning})"
            problems.append(Problem(f"treat({name}=...)", repr(value), expected))
    report(problems)
    check_verbose(verbose)


def _run_of(model: Any) -> LastRun:
    run = model.last_run
    if run is None or not model.built:
        raise ArgumentError(
            "treat: got a model that was never fitted, expected a run to treat. "
            "Call model.fit(x, y) first; a run that failed counts too."
        )
    return run


def _remedies_of(given: Any) -> list[Remedy]:
    """Return the remedies of a diagnosis in order, or those of a list, each once."""
    if isinstance(given, Diagnosis):
        given = [one for finding in given for one in finding.remedies]
    several = isinstance(given, Iterable) and not isinstance(given, (str, Remedy))
    found: list[Any] = list(given) if several else [given]
    report(
        Problem(
            "treat(remedies=...)",
            repr(one),
            "a Diagnosis, or a list of remedies",
            "Take them from pellucid.insight.remedies, such as [ScaleInputs()].",
        )
        for one in found
        if not isinstance(one, Remedy)
    )
    return list(dict.fromkeys(found))


def _no_judge(diagnosis: Diagnosis) -> str:
    """Return why the validation rows can judge nothing; nothing where they can."""
    shifts = [one for one in diagnosis if one.name == "train-val-shift" and one.severity != "note"]
    if any(one.cause is None for one in shifts):
        return NO_JUDGE
    return SORTED_JUDGE if shifts else ""


def _fairly_judged(setup: Setup, remedies: list[Remedy]) -> tuple[Setup, list[Remedy], list[str]]:
    """Return set-up and remedies where rows of all classes judge, and sentences about it."""
    if not any(isinstance(one, ShuffleBeforeSplit) for one in remedies):
        return setup, remedies, []
    fair = judged_fairly(setup)
    assert fair.validation is not None
    gone = [one for one in remedies if getattr(one, "rows", ())]
    told = [FAIRLY.format(count_text(count_rows(fair.validation), "row"))]
    told += [RENUMBERED.format(one.name) for one in gone]
    return fair, [one for one in remedies if one not in gone], told


def _parted(setup: Setup, remedies: list[Remedy]) -> tuple[Setup, list[Remedy], list[str]]:
    """Return set-up and remedies where no validation row can judge beside its own training rows.

    Where all of them, or rows nearly like them, are trained on, whoever learns them by heart would
    look cured. All forks then train without those rows.
    """
    overlaps = [one for one in remedies if isinstance(one, DropOverlap)]
    assert setup.validation is not None
    if not overlaps or not (
        found_in(setup.validation, setup.train).all() or any(one.rows for one in overlaps)
    ):
        return setup, remedies, []
    apart = setup
    for one in overlaps:
        apart = one.apply(apart)
    if not count_rows(apart.train):
        return setup, remedies, []
    gone = count_text(count_rows(setup.train) - count_rows(apart.train), "row")
    told = f"{gone} by which runs are judged left out of the training of all: {BY_HEART}"
    return apart, [one for one in remedies if one not in overlaps], [told]
