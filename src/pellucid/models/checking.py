"""`check`: what is wrong with data and model before training."""

from typing import Any

from pellucid.insight.findings import Diagnosis
from pellucid.insight.findings.agreement import agreed
from pellucid.insight.findings.diagnose import diagnose
from pellucid.insight.findings.rules.learning_rate import learning_rate
from pellucid.models.casing import case_of
from pellucid.models.request import Request, check_switch


def check(model: Any, request: Request, range_test: bool = False) -> Diagnosis:
    """Return what the rules before training find; see `Model.check`."""
    check_switch("check(range_test=...)", range_test)
    request.check()
    case = case_of(model, request)
    found = diagnose(case)
    return agreed([*found, *learning_rate(case)]) if range_test else found
