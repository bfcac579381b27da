"""`diagnose`: what went wrong in the last run, and `fit` that says so itself."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from pellucid.errors import ArgumentError
from pellucid.insight.findings import Diagnosis, Finding
from pellucid.insight.findings.case import Case
from pellucid.insight.findings.diagnose import diagnose as diagnosed
from pellucid.insight.findings.watch import Watch
from pellucid.models import fitting
from pellucid.models.casing import case_of
from pellucid.models.request import Request
from pellucid.training.history import History
from pellucid.training.objective import Objective
from pellucid.training.recipe import Recipe


def diagnose(model: Any) -> Diagnosis:
    """Return what went wrong in the model's last run; see `Model.diagnose`."""
    return diagnosed(last_case(model))


def fit(model: Any, request: Request) -> History:
    """Train as `fit` does, and print what is wrong as soon as it is sure.

    Before the first step data and model are checked, while the run goes on its readings are
    watched, and at its end, also where it broke off, all of it is looked at again.
    """
    request.check()
    if request.looking is None:
        request = replace(request, probe="economy")
    case = case_of(model, request)
    _say("before training", diagnosed(case).findings)
    network = model.network
    ends = {network.nodes[number].path for number in network.outputs}
    hidden = frozenset(node.path for node in network.nodes) - ends
    first = case.first_outcome
    constant = None if first is None else first.constant
    watch = Watch(None if case.table is None else _steps(case), hidden, constant)

    def look(history: History) -> None:
        _say("while training", watch(history))

    try:
        return fitting.fit(model, replace(request, watch=look))
    finally:
        if model.last_run is not None and model.last_run.history is not None:
            found = diagnose(model)
            model.last_run.history.diagnosis = found
            _say("after training", found.findings)


def _steps(case: Case) -> int:
    return case.settings.epochs * -(-case.train.rows // case.settings.batch_size)


def _say(when: str, findings: Iterable[Finding]) -> None:
    """Print faults and warnings; notes are kept for who asks."""
    for finding in findings:
        if finding.severity != "note":
            print(f"{when}: {finding}", flush=True)


def last_case(model: Any) -> Case:
    """Return the model's last run as a diagnosis looks at it.

    Raises:
        ArgumentError: There was none.
    """
    run = model.last_run
    if run is None:
        raise ArgumentError(
            "diagnose: got a model that was not trained here, expected fit(...) before. "
            "Use check(x, y) to look at data and model before training."
        )
    if run.start is None:
        return case_of(model, run.request)
    end = model.packed(Recipe(model.network, Objective(()), None))
    return case_of(model, run.request, run.start, end, run.history, run.nonfinite)
