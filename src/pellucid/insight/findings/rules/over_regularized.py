"""Dropout and penalties that are stronger than what they are to hold back."""

from collections.abc import Iterator

import numpy as np

from pellucid.graph import Network
from pellucid.insight.findings.case import Case
from pellucid.insight.findings.finding import Finding
from pellucid.insight.findings.views import classes, numbers, share_text
from pellucid.insight.remedies import ReduceRegularisation
from pellucid.layers.noise import Dropping
from pellucid.training.objective import Objective
from pellucid.training.recipe import Recipe
from pellucid.wording import number_text

MOST_DROPPED, LEAST_KEPT = 0.7, 0.1
"""Rate of one dropout, and share that is left by all in a row, beyond which too little is."""

HEAVY, CRUSHING = 5.0, 20.0
"""Penalty, in units of the loss of the best constant answer, that is too much, and hopeless."""


def over_regularized(case: Case) -> Iterator[Finding]:
    """Yield the findings of dropout and of penalties that are too strong."""
    yield from _dropping(case.network)
    yield from _penalised(case)


def _dropping(network: Network) -> Iterator[Finding]:
    rates = [
        (node.path, float(layer.rate))
        for node in network.nodes
        if isinstance(layer := network.layers[node.layer], Dropping) and node.part == 0
    ]
    if not rates:
        return
    path, rate = max(rates, key=lambda one: one[1])
    kept = float(np.prod([1 - one for _, one in rates]))
    if rate > MOST_DROPPED or (kept < LEAST_KEPT and rate > 0.5):
        yield Finding(
            "over-regularized",
            "warning",
            f"Dropout '{path}' sets {share_text(rate)} of its inputs to zero in every step. What "
            "is left changes so much from step to step that the layers behind it can learn "
            "little.",
            {"highest rate": rate, "kept by all": kept},
            (ReduceRegularisation(),),
            layer=path,
        )


def _penalised(case: Case) -> Iterator[Finding]:
    chance = _chance(case)
    if case.start is None or chance is None:
        return
    recipe = Recipe(case.network, Objective(()), None)
    penalty = float(case.network.penalty(recipe.values(*case.start)))
    ratio = penalty / chance
    if ratio <= HEAVY:
        return
    yield Finding(
        "over-regularized",
        "fault" if ratio > CRUSHING else "warning",
        f"The penalty on the weights is {number_text(penalty)} at the start, {number_text(ratio)} "
        f"times the loss of the best constant answer ({number_text(chance)}). Training makes the "
        "weights small first, and learns the data with what is left.",
        {"penalty": penalty, "loss of a constant": chance, "ratio": ratio},
        (ReduceRegularisation(),),
    )


def _chance(case: Case) -> float | None:
    """Return the loss of the best constant answer: entropy of the classes, or variance."""
    label = classes(case)
    if label is not None:
        shares = np.unique(label, return_counts=True)[1] / len(label)
        entropy = float(-(shares * np.log(shares)).sum())
        return entropy or None
    y = numbers(case)
    return None if y is None else float(y.var(axis=0).mean()) or None
