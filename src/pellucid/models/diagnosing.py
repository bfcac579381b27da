"""`diagnose`: what went wrong in the last run, and `fit` that says so itself."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from pellucid.errors import ArgumentError, Problem, report
from pellucid.graph.editing import mapped
from pellucid.insight.findings import Diagnosis, Finding
from pellucid.insight.findings.agreement import agreed
from pellucid.insight.findings.case import Case, Weights
from pellucid.insight.findings.diagnose import diagnose as diagnosed
from pellucid.insight.findings.finding import SEVERITIES
from pellucid.insight.findings.watch import Watch
from pellucid.layers import BatchNormalization
from pellucid.models import fitting
from pellucid.models.casing import case_of, case_without_rows
from pellucid.models.feeds import reads_once
from pellucid.models.request import Request
from pellucid.models.storing import model_around
from pellucid.training.history import History
from pellucid.training.nonfinite import NonFinite
from pellucid.training.objective import Objective
from pellucid.training.recipe import Recipe
from pellucid.wording import count_text

ROWS_UNSEEN = (
    "Only the model and the curves of its run were looked at: the rows came from a generator, "
    "which can be used once. Give fit(...) arrays, or check(x, y) some rows, to look further."
)

VALIDATION_UNSEEN = (
    "The validation rows were not looked at: they came from a generator, which can be used once. "
    "The run is judged by its training rows and its curves."
)

DATA_UNSEEN = (
    "Only the model and the curves of its run were looked at: give the data to look further."
)


def diagnose(model: Any, given: tuple[Any, ...] = (), named: Iterable[str] = ()) -> Diagnosis:
    """Return what went wrong in the model's last run; see `Model.diagnose`.

    Args:
        model: The model.
        given: Arguments that were given though there are none.
        named: Names of others.
    """
    if given or [*named]:
        told = [f"'{name}'" for name in named] or [count_text(len(given), "argument")]
        fix = "To look at rows before training write check(x, y)."
        expected = "none: it looks at the last fit(...)"
        report([Problem("diagnose(...)", ", ".join(told), expected, fix)])
    return replace(diagnosed(last_case(model)), unseen=_unseen(model.last_run.request))


def _unseen(request: Request) -> str:
    """Return a sentence about rows that cannot be looked at a second time."""
    if reads_once(request.x):
        return ROWS_UNSEEN
    return VALIDATION_UNSEEN if reads_once(request.validation_data) else ""


def diagnose_saved(
    model: Any,
    x: Any = None,
    y: Any = None,
    *,
    validation_data: Any = None,
    batch_size: int | None = None,
) -> Diagnosis:
    """Return what can be said of a model read from a file.

    Its first weights are those that its seed draws again, and the curves are its history's.

    Args:
        model: A compiled model.
        x: Rows as for `fit`; None to look at the model and its curves alone.
        y: Labels as for `fit`.
        validation_data: (x, y) as for `fit`.
        batch_size: Rows in a step, 32 when absent.

    Raises:
        ArgumentError: Inputs or outputs are missing.
        DataError: Something is no data at all.

    Example:
        >>> import pellucid
        >>> from pellucid.models.diagnosing import diagnose_saved
        >>> layers = [pellucid.layers.Dense(9), pellucid.layers.Dense(1)]
        >>> model = pellucid.Sequential([pellucid.Input((2,)), *layers])
        >>> model.compile("adam", "mse")
        >>> diagnose_saved(model).names
        ['missing-nonlinearity']
    """
    history, start = model.history, first_weights(model)
    end = None if history is None else packed(model)
    epochs = 1 if history is None else max(1, len(history))
    if x is None:
        found = diagnosed(case_without_rows(model, epochs, start, end, history))
        return replace(found, unseen=DATA_UNSEEN)
    request = Request(x, y, batch_size=batch_size, epochs=epochs, validation_data=validation_data)
    return diagnosed(case_of(model, request, start, end, history))


def first_weights(model: Any) -> Weights:
    """Return the weights that a model's seed draws, beside what was not learned by gradients.

    What layers were adapted to, and what is frozen, is that of the model; the statistics of
    batch normalization begin anew.
    """
    fresh = model_around(mapped(model.graph, lambda _, layer: layer.replace()), model.seed)
    network, carried = model.network, Recipe(model.network, Objective(()), None).carried
    (trained, first), (_, last) = packed(fresh), packed(model)
    anew = [
        isinstance(network.layers[network.weights[number].layer], BatchNormalization)
        for number in network.carried
    ]
    pairs = zip(anew, carried.unpack(first), carried.unpack(last), strict=True)
    kept = [drawn if new else own for new, drawn, own in pairs]
    return np.array(trained), carried.pack_host(kept)


def fit(model: Any, request: Request) -> History:
    """Train as `fit` does, and print what is wrong as soon as it is sure.

    Before the first step data and model are checked, while the run goes on its readings are
    watched, and at its end, also where it broke off, all of it is looked at again: what is new
    is printed then, and a line that sums up.
    """
    request.check()
    if request.looking is None:
        request = replace(request, probe="economy")
    watch, told = Watch(None, frozenset()), _Told()
    if model.built or not reads_once(request.x):
        case = _case(model, request)
        told.say("before training", diagnosed(case).findings)
        watch = _watch(case)

    def look(history: History) -> None:
        told.say("while training", watch(history))

    earlier = model.last_run
    try:
        return fitting.fit(model, replace(request, watch=look))
    finally:
        run = model.last_run
        if run is not None and run is not earlier and run.history is not None:
            found = diagnose(model)
            if reads_once(request.x):
                # Without rows nothing can be looked at again: what was sure then counts.
                found = replace(agreed([*watch.said, *found]), unseen=found.unseen)
            run.history.diagnosis = found
            told.say("after training", found.findings)
            told.sum_up(found)


def _watch(case: Case) -> Watch:
    network, settings, first = case.network, case.settings, case.first_outcome
    ends = {network.nodes[number].path for number in network.outputs}
    hidden = frozenset(node.path for node in network.nodes) - ends
    steps = settings.epochs * -(-case.train.rows // settings.batch_size)
    # The loss of several outputs is a sum, which the constant answer to one says nothing of.
    constant = None if first is None or len(network.outputs) > 1 else first.constant
    return Watch(None if case.table is None else steps, hidden, constant)


@dataclass
class _Told:
    """What was printed of a run, so that nothing is said twice.

    Args:
        findings: All that was printed so far.
    """

    findings: list[Finding] = field(default_factory=list)

    def say(self, when: str, findings: Iterable[Finding]) -> None:
        """Print faults and warnings as far as they are news; notes are kept for who asks."""
        for finding in [one for one in findings if one.severity != "note"]:
            said = self._said(finding)
            if not said:
                print(f"{when}: {finding}", flush=True)
            elif finding.remedies and not any(one.remedies for one in said):
                print(f"{when}, against {finding.name}{finding.where}:", flush=True)
                print(finding.advice, flush=True)
            self.findings.append(finding)

    def sum_up(self, found: Diagnosis) -> None:
        """Print how it ended in a line; nothing for a run of which nothing was to be said."""
        if self.findings or found.unseen:
            print(f"diagnosis: {_ending(found, self.findings)}", flush=True)
            print(found.unseen, end="\n" if found.unseen else "", flush=True)

    def _said(self, finding: Finding) -> list[Finding]:
        """Return what was said of the same before, as gravely."""
        return [
            one
            for one in self.findings
            if (one.name, one.layer) == (finding.name, finding.layer)
            and SEVERITIES.index(one.severity) <= SEVERITIES.index(finding.severity)
        ]


def _ending(found: Diagnosis, told: Iterable[Finding]) -> str:
    still = {(one.name, one.layer) for one in found if one.severity != "note"}
    gone = [one for one in told if (one.name, one.layer) not in still]
    if not gone:
        return found.headline
    passed = ", ".join(dict.fromkeys(f"{one.name}{one.where}" for one in gone))
    return f"{found.headline if still else 'healthy in the end'}; no longer a matter: {passed}"


def last_case(model: Any) -> Case:
    """Return the model's last run as a diagnosis looks at it.

    Raises:
        ArgumentError: There was none.
    """
    run = model.last_run
    if run is None or not model.built:
        raise ArgumentError(
            "diagnose: got a model that was not trained here, expected fit(...) before. "
            "Use check(x, y) to look at data and model before training."
        )
    if run.start is None:
        return _case(model, run.request)
    return _case(model, run.request, run.start, packed(model), run.history, run.nonfinite)


def packed(model: Any) -> Weights:
    """Return a model's trained and other weights as two vectors."""
    return model.packed(Recipe(model.network, Objective(()), None))


def _case(
    model: Any,
    request: Request,
    start: Weights | None = None,
    end: Weights | None = None,
    history: History | None = None,
    failure: NonFinite | None = None,
) -> Case:
    """Return the case of a request; without its rows where these could be read only once."""
    if reads_once(request.validation_data):
        request = replace(request, validation_data=None)
    if reads_once(request.x):
        first = packed(model) if start is None else start
        return case_without_rows(model, request.epochs, first, end, history, failure)
    return case_of(model, request, start, end, history, failure)
