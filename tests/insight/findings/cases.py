"""What the rules about data and model look at, made without a training."""

from pellucid.models.casing import case_of
from pellucid.models.request import Request


def case(model, x, y, **options):
    """Return the case of `check` with these arguments."""
    return case_of(model, Request(x, y, **options))


def told(rule, *given, **options):
    """Return (name, severity) of all that a rule finds."""
    return [(one.name, one.severity) for one in rule(case(*given, **options))]
