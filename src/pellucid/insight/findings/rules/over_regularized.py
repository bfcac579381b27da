"""Dropout, penalties and decay that are stronger than what they are to hold back."""

from collections.abc import Iterator

import numpy as np

from pellucid.graph import Network
from pellucid.insight.findings.case import Case
from pellucid.insight.findings.finding import Finding
from pellucid.insight.findings.views import classes, numbers, share_text
from pellucid.insight.remedies import ReduceRegularisation
from pellucid.layers import Layer
from pellucid.layers.noise import Dropping
from pellucid.optimizers import SGD
from pellucid.training.objective import Objective
from pellucid.training.recipe import Recipe
from pellucid.wording import number_text

MOST_DROPPED, LEAST_KEPT = 0.7, 0.1
"""Rate of one dropout, and share that is left by all in a row, beyond which too little is."""

HEAVY, CRUSHING = 5.0, 20.0
"""Penalty, in units of the loss of the best constant answer, that is too much, and hopeless."""

PULL, DRAG = 0.5, 5.0
"""Decay of a typical first weight, in units of the longest step, too much, and hopeless."""


def over_regularized(case: Case) -> Iterator[Finding]:
    """Yield the findings of dropout, of penalties and of weight decay that are too strong."""
    yield from _dropping(case.network)
    yield from _penalised(case)
    yield from _decayed(case)


def _dropping(network: Network) -> Iterator[Finding]:
    rates = [
        (node.path, rate)
        for node in network.nodes
        if node.part == 0 and (rate := _rate(network.layers[node.layer])) > 0
    ]
    if not rates:
        return
    path, rate = max(rates, key=lambda one: one[1])
    kept = float(np.prod([1 - one for _, one in rates]))
    if rate > MOST_DROPPED or (kept < LEAST_KEPT and rate > 0.5):
        yield Finding(
            "over-regularized",
            "warning",
            f"Dropout in '{path}' sets {share_text(rate)} of its inputs to zero in every step. "
            "What is left changes so much from step to step that the layers behind it can learn "
            "little.",
            {"highest rate": rate, "kept by all": kept},
            (ReduceRegularisation(),),
            layer=path,
        )


def _rate(layer: Layer) -> float:
    """Return what share a layer drops, of its inputs or, inside a recurrent one, of its state."""
    if isinstance(layer, Dropping):
        return float(layer.rate)
    held = getattr(layer, "layer", layer)
    rates = [getattr(held, name, 0.0) for name in ("dropout", "recurrent_dropout")]
    return max((float(one) for one in rates if isinstance(one, int | float)), default=0.0)


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


def _decayed(case: Case) -> Iterator[Finding]:
    """Yield the finding of weight decay that pulls harder than the steps can push.

    An optimiser that divides the gradient by its size makes steps of about the learning rate, and
    decay takes `rate * decay * weight`: where the two are as large, weights stay below 1 / decay.
    Plain gradient descent with decay has the same equilibrium as with a penalty of half of it.
    """
    decay, chance = getattr(case.optimizer, "weight_decay", None), _chance(case)
    if not decay or case.start is None or chance is None:
        return
    values = Recipe(case.network, Objective(()), None).values(*case.start)
    kernels = [
        np.asarray(values[number], np.float64).reshape(-1)
        for number in case.network.trained
        if len(case.network.weights[number].spec.shape) > 1
    ]
    if not kernels:
        return
    squares = np.square(np.concatenate(kernels))
    pull, heavy, hopeless = decay * float(np.sqrt(squares.mean())), PULL, DRAG
    if isinstance(case.optimizer, SGD):
        pull, heavy, hopeless = 0.5 * decay * float(squares.sum()) / chance, HEAVY, CRUSHING
    if pull <= heavy:
        return
    yield Finding(
        "over-regularized",
        "fault" if pull > hopeless else "warning",
        f"The weight decay of {number_text(decay)} pulls at the weights {number_text(pull)} "
        f"times as hard as the data can push, where {number_text(heavy)} is too much. The "
        "weights are drawn to 0, and what they learn is lost within a few steps.",
        {"weight decay": decay, "pull / push": pull},
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
