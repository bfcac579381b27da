"""Dropout, noise, penalties, bounds and decay that are stronger than what they are to hold back."""

from collections.abc import Iterator

import numpy as np

from pellucid.graph import Network
from pellucid.insight.findings.case import Case
from pellucid.insight.findings.finding import Finding
from pellucid.insight.findings.outcome import Outcome
from pellucid.insight.findings.rules.verdict import did_well
from pellucid.insight.findings.trial import is_cheap, leaves_behind, steps_of, trained_copy
from pellucid.insight.findings.views import classes, numbers, share_text
from pellucid.insight.remedies import LiftConstraints, ReduceRegularisation, Remedy, Rows, Setup
from pellucid.insight.remedies.regularisation import DROPPING
from pellucid.layers import GaussianNoise, Layer
from pellucid.optimizers import SGD
from pellucid.training.objective import Objective
from pellucid.training.recipe import Recipe
from pellucid.training.scoring import Forward, predict_rows
from pellucid.wording import number_text

MOST_DROPPED, LEAST_KEPT = 0.7, 0.1
"""Rate of one dropout, and share that is left by all in a row, beyond which too little is."""

HEAVY, CRUSHING = 5.0, 20.0
"""Penalty, in units of the loss of the best constant answer, that is too much, and hopeless."""

PULL, DRAG = 0.5, 5.0
"""Decay of a typical first weight, in units of the longest step, too much, and hopeless."""

LOUD = 2.0
"""Noise, in sizes of what it is added to, that drowns it."""

CUT = 0.1
"""Share of the first weights' size that a bound must leave."""

SMOOTH = 0.5
"""Share of a label that smoothing may take."""

EASING: tuple[Remedy, ...] = (ReduceRegularisation(), LiftConstraints())
"""What takes from a run what keeps it from learning by heart."""

LONGER = 200
"""Steps of a copy at most."""


def over_regularized(case: Case) -> Iterator[Finding]:
    """Yield the findings of dropout, noise, penalties, bounds and decay that are too strong."""
    yield from _dropping(case.network)
    yield from _noisy(case)
    yield from _penalised(case)
    yield from _bounded(case)
    yield from _decayed(case)
    yield from _smoothed(case)


def held_back(case: Case) -> Iterator[Finding]:
    """Yield the finding of a run that a copy with weaker regularisation leaves behind.

    Both are judged by the same rows, which are not trained on where there are such.
    """
    own, recipe = case.judged, case.recipe
    if own is None or recipe is None or case.start is None or case.failure is not None:
        return
    if did_well(case) or case.network.stateful or not is_cheap(case, LONGER):
        return
    if any(over_regularized(case)):
        return  # told without a trial
    eased, remedies = _eased(case, recipe)
    steps = min(LONGER, len(case.history or ()) * steps_of(case))
    weights = None if eased is None else trained_copy(case, eased, case.start, steps)
    if eased is None or weights is None:
        return
    table = case.sampled if own is case.outcome else case.validation_table
    assert table is not None
    given = predict_rows(
        Forward(eased), (*weights, eased.hyper()), list(table.x), case.network.batch_size
    )
    free = Outcome(own.loss, own.labels, given[case.output])
    if not leaves_behind(free, own):
        return
    yield Finding(
        "over-regularized",
        "warning",
        f"The whole run scores {number_text(own.score)}; a copy with weaker dropout, noise and "
        f"penalties scores {number_text(free.score)} after {steps:,} steps. What should keep the "
        "network from learning by heart keeps it from learning.",
        {"score": own.score, "score of the copy": free.score, "steps": float(steps)},
        remedies,
    )


def _eased(case: Case, recipe: Recipe) -> tuple[Recipe | None, tuple[Remedy, ...]]:
    """Return the recipe with weaker regularisation, and by what; None where there is none."""
    setup = Setup(case.graph, {"optimizer": recipe.optimizer}, {}, Rows(None, None))
    taken = list[Remedy]()
    for one in EASING:
        following = one.apply(setup)
        if following is not setup:
            setup, taken = following, [*taken, one]
    if not taken:
        return None, ()
    network = Network.from_graph(setup.graph)
    return Recipe(network, recipe.objective, setup.compile["optimizer"]), tuple(taken)


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
    if isinstance(layer, DROPPING):
        return float(layer.rate)
    held = getattr(layer, "layer", layer)
    rates = [getattr(held, name, 0.0) for name in ("dropout", "recurrent_dropout")]
    return max((float(one) for one in rates if isinstance(one, int | float)), default=0.0)


def _noisy(case: Case) -> Iterator[Finding]:
    """Yield layers that add noise far larger than what it is added to."""
    for node in case.network.nodes:
        layer = case.network.layers[node.layer]
        if case.signal is None or not isinstance(layer, GaussianNoise):
            continue
        size = float(np.median(case.signal.sizes[node.inputs[0]]))
        if layer.stddev > LOUD * size > 0:
            yield Finding(
                "over-regularized",
                "warning",
                f"'{node.path}' adds noise of {number_text(layer.stddev)} to numbers of a typical "
                f"size of {number_text(size)}. The layers behind it hear little but the noise.",
                {"noise": layer.stddev, "size of what it is added to": size},
                (ReduceRegularisation(),),
                layer=node.path,
            )


def _bounded(case: Case) -> Iterator[Finding]:
    """Yield the finding of bounds on the weights that leave next to nothing of the first ones."""
    if case.start is None or not case.network.has_constraints:
        return
    values = Recipe(case.network, Objective(()), None).values(*case.start)
    before = [values[number] for number in case.network.trained]
    after = case.network.constrain(before)
    left = {
        number: float(np.linalg.norm(kept) / (np.linalg.norm(value) or np.inf))
        for number, value, kept in zip(case.network.trained, before, after, strict=True)
        if np.any(value)
    }
    worst = min(left, key=lambda one: left[one], default=None)
    if worst is None or left[worst] >= CUT:
        return
    path = case.network.weights[worst].path
    yield Finding(
        "over-regularized",
        "warning",
        f"The bound on '{path}' leaves {share_text(left[worst])} of the size of its first "
        "weights. So small weights let hardly any difference between rows through.",
        {"weights / weights without the bound": left[worst]},
        (LiftConstraints(),),
        layer=path.rpartition("/")[0],
    )


def _smoothed(case: Case) -> Iterator[Finding]:
    """Yield the finding of labels that are smoothed until little is left of them."""
    smoothing = float(getattr(case.losses[0], "label_smoothing", 0.0) or 0.0)
    if smoothing > SMOOTH:
        yield Finding(
            "over-regularized",
            "warning",
            f"The loss takes {share_text(smoothing)} of each label away and shares it among all "
            "classes. Little is left of what the network should learn.",
            {"label smoothing": smoothing},
        )


def _penalised(case: Case) -> Iterator[Finding]:
    """Yield the finding of penalties on weights, and on what layers give, that are too strong."""
    chance = _chance(case)
    if case.start is None or chance is None:
        return
    recipe = Recipe(case.network, Objective(()), None)
    penalty = float(case.network.penalty(recipe.values(*case.start)))
    if case.signal is not None:
        penalty += case.signal.penalty
    ratio = penalty / chance
    if ratio <= HEAVY:
        return
    yield Finding(
        "over-regularized",
        "fault" if ratio > CRUSHING else "warning",
        f"The penalties come to {number_text(penalty)} at the start, {number_text(ratio)} times "
        f"the loss of the best constant answer ({number_text(chance)}). Training makes small what "
        "they punish first, and learns the data with what is left.",
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
    """Return the loss of the best constant answer: entropy of the classes, or variance.

    Of several answers a row, or an answer a step, it is computed by the loss itself.
    """
    label = classes(case)
    if label is not None:
        shares = np.unique(label, return_counts=True)[1] / len(label)
        entropy = float(-(shares * np.log(shares)).sum())
        return entropy or None
    y = numbers(case)
    if y is not None:
        return float(y.var(axis=0).mean()) or None
    outcome = case.first_outcome
    return None if outcome is None else outcome.constant or None
