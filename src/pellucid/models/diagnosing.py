"""`diagnose`: what went wrong in the last run."""

from typing import Any

from pellucid.errors import ArgumentError
from pellucid.insight.findings import Diagnosis
from pellucid.insight.findings.case import Case
from pellucid.insight.findings.diagnose import diagnose as diagnosed
from pellucid.models.casing import case_of
from pellucid.training.objective import Objective
from pellucid.training.recipe import Recipe


def diagnose(model: Any) -> Diagnosis:
    """Return what went wrong in the model's last run; see `Model.diagnose`."""
    return diagnosed(last_case(model))


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
