"""Last activation, loss and labels that do not belong together."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from pellucid.errors import Problem
from pellucid.insight.findings.case import Case
from pellucid.insight.findings.finding import Finding, Severity
from pellucid.insight.findings.rules.unshuffled_data import is_divided_by_class
from pellucid.insight.findings.views import MOST_CLASSES, class_numbers, classes, is_number
from pellucid.insight.remedies import FixLabels, FixOutput, Remedy, ScaleTargets
from pellucid.insight.remedies.pairing import LabelChange
from pellucid.losses import resolve
from pellucid.losses.vocabulary import CLASSES
from pellucid.training.pairing.activations import check_activation
from pellucid.training.pairing.check import VALUES
from pellucid.training.pairing.findings import Doubt
from pellucid.training.pairing.pairing import Pairing
from pellucid.training.pairing.ranges import SHARING
from pellucid.training.pairing.shapes import check_shapes
from pellucid.training.pairing.units import check_units
from pellucid.training.pairing.variety import check_variety
from pellucid.types import NumpyArray

PIXEL = 255.0

MOST_UNITS = 1000
"""Class numbers from which a label is rather a slip than a class that needs a unit."""

BY_CHANCE = 0.05
"""Chance that one of the classes is drawn for validation with all of its rows, that is none."""

RANGE_TARGETS = ("numbers", "counts")


def output_loss_mismatch(case: Case) -> Iterator[Finding]:
    """Yield what the last activation, its width and the loss do not make of one another."""
    for pairing in _pairings(case):
        found = list(check_units(pairing))
        if not found:
            found = [*check_activation(pairing), *check_shapes(pairing)]
        for problem in found:
            yield _finding("output-loss-mismatch", problem, pairing)
        if not found:
            yield from _numbers_for_classes(case, pairing)
            yield from _too_few_units(pairing)


def output_range_mismatch(case: Case) -> Iterator[Finding]:
    """Yield numeric targets that the last activation can never give."""
    for pairing in _sound(case):
        if pairing.targets in RANGE_TARGETS:
            for problem in VALUES[pairing.targets](pairing):
                yield _finding("output-range-mismatch", problem, pairing)


def bad_labels(case: Case) -> Iterator[Finding]:
    """Yield labels that stand for no class, or that never vary."""
    for pairing in _sound(case):
        check = VALUES.get(str(pairing.targets))
        found = []
        if check is not None and pairing.targets not in RANGE_TARGETS:
            found = list(check(pairing))
        for problem in found or check_variety(pairing):
            yield _finding("bad-labels", problem, pairing)
    yield from _unseen(case)


def _finding(name: str, problem: Problem, pairing: Pairing) -> Finding:
    severity: Severity = "warning" if isinstance(problem, Doubt) else "fault"
    evidence = {"units": float(pairing.units or 0)}
    if pairing.y.size and pairing.finite:
        evidence |= {"smallest label": pairing.low, "largest label": pairing.high}
    about = f"output '{pairing.name}'"
    holds = f"The labels of {about} hold" if problem.where == pairing.labels else f"The {about} has"
    return Finding(
        name,
        severity,
        f"{holds} {problem.given}, where training needs {problem.expected}. {problem.fix}".rstrip(),
        evidence,
        _remedies(name, pairing),
    )


def _remedies(name: str, pairing: Pairing) -> tuple[Remedy, ...]:
    """Return labels, or a last layer and a loss, with which the three fit together."""
    if not pairing.finite or pairing.y.ndim > 2:
        return ()
    if name == "output-range-mismatch":
        return FixOutput("linear", None, None), ScaleTargets()
    change = _label_change(pairing) if name == "bad-labels" else None
    label = class_numbers(pairing.y)
    if change is not None:
        return (FixLabels(change),)
    if name == "bad-labels" and label is not None and label.max() >= MOST_UNITS:
        return ()
    if label is not None and _stand_for_classes(pairing, label):
        return (_output_for_classes(pairing, label),)
    width = pairing.y.shape[1] if pairing.y.ndim == 2 else 1
    if ((pairing.y == 0) | (pairing.y == 1)).all():
        return (FixOutput("sigmoid", width, "binary_crossentropy"),)
    return (FixOutput("linear", width, "mse"),)


def _label_change(pairing: Pairing) -> LabelChange | None:
    """Return how labels that are sound but for their numbering become what the loss takes."""
    distinct = np.unique(pairing.y)
    if len(distinct) < 2 or len(distinct) > MOST_CLASSES:
        return None
    if pairing.targets == "shares":
        return "unit" if len(distinct) == 2 or pairing.high == PIXEL else None
    if pairing.targets not in ("labels", "groups") or len(distinct) > (pairing.units or 0):
        return None
    shifted = pairing.whole and pairing.high - pairing.low + 1 == len(distinct)
    return "shift" if shifted and pairing.low > 0 else "number"


def _stand_for_classes(pairing: Pairing, label: NumpyArray) -> bool:
    few = label.min() >= 0 and len(np.unique(label)) <= MOST_CLASSES
    return few and (pairing.targets not in RANGE_TARGETS or pairing.activation in SHARING)


def _output_for_classes(pairing: Pairing, label: NumpyArray) -> FixOutput:
    if pairing.y.ndim == 2 and pairing.y.shape[1] > 1:
        return FixOutput("softmax", pairing.y.shape[1], "categorical_crossentropy")
    if label.max() <= 1 and pairing.units != 2:
        return FixOutput("sigmoid", 1, "binary_crossentropy")
    units = max(2, int(label.max()) + 1)
    return FixOutput("softmax", units, "sparse_categorical_crossentropy")


def _pairings(case: Case) -> Iterator[Pairing]:
    """Yield the output with its loss and labels, where there are both."""
    network, index, loss = case.network, case.output, case.losses[case.output]
    if loss is None or index >= len(case.train.labels):
        return
    y = case.train.labels[index]
    if not is_number(y) or not y.size:
        return
    shape = (None, *network.shapes[network.outputs[index]])
    meant: Any = resolve(loss, y.shape, shape)
    if type(meant) in CLASSES:
        name = network.nodes[network.outputs[index]].path
        y = y.astype(np.float32) if y.dtype.kind == "b" else y
        yield Pairing(name, network.output_activation(index), shape, meant, y)


def _sound(case: Case) -> Iterator[Pairing]:
    """Yield the pairings whose labels have the right shape, and are numbers throughout."""
    for pairing in _pairings(case):
        unfit = next(iter(check_units(pairing)), None) or next(iter(check_shapes(pairing)), None)
        if unfit is None and pairing.finite:
            yield pairing


def _numbers_for_classes(case: Case, pairing: Pairing) -> Iterator[Finding]:
    """Yield a loss for numbers where the labels are classes."""
    if pairing.targets != "numbers" or not pairing.finite:
        return
    label = class_numbers(pairing.y)
    if label is None:
        return
    several = pairing.y.ndim == 2 and pairing.y.shape[1] > 2
    shared = pairing.activation in SHARING
    counted = _measures_accuracy(case)
    binary = not several and set(np.unique(label)) <= {0, 1}
    if not (several or shared or counted or binary):
        return
    plain = binary or (several and not shared and pairing.activation == "sigmoid")
    yield Finding(
        "output-loss-mismatch",
        "note" if plain else "warning",
        f"The labels are classes, and loss '{pairing.loss_name}' treats them as numbers. It "
        "pushes least where the network is most wrong, so a crossentropy learns them faster.",
        {"units": float(pairing.units or 0), "classes": float(len(np.unique(label)))},
        (_output_for_classes(pairing, label),),
    )


def _too_few_units(pairing: Pairing) -> Iterator[Finding]:
    """Yield one unit that answers yes or no where the labels number several classes."""
    label = class_numbers(pairing.y) if pairing.targets == "shares" and pairing.finite else None
    if label is None or pairing.units != 1 or label.min() < 0:
        return
    distinct = len(np.unique(label))
    if not 2 < distinct <= MOST_CLASSES:
        return
    yield Finding(
        "output-loss-mismatch",
        "fault",
        f"The labels number {distinct} classes, and the output '{pairing.name}' has 1 unit with "
        f"'{pairing.loss_name}', which tells yes from no. Each class needs a unit of its own.",
        {"units": 1.0, "classes": float(distinct)},
        (_output_for_classes(pairing, label),),
    )


def _measures_accuracy(case: Case) -> bool:
    if case.recipe is None:
        return False
    metrics = [one for target in case.recipe.objective.targets for one in target.all_metrics]
    return any("accuracy" in one.name for one in metrics)


def _unseen(case: Case) -> Iterator[Finding]:
    """Yield classes among the validation rows that no training row has."""
    if classes(case) is None or case.validation is None or not case.validation.labels:
        return
    judged = case.validation.labels[case.output]
    known = class_numbers(case.train.labels[case.output])
    asked = class_numbers(judged) if is_number(judged) and judged.size else None
    if known is None or asked is None:
        return
    kinds, counts = np.unique(asked, return_counts=True)
    new = ~np.isin(kinds, known)
    unseen = kinds[new]
    if len(unseen):
        # Of many classes some have so few rows that they may all be drawn for validation.
        drawn = float((len(asked) / (len(asked) + len(known))) ** counts[new].max())
        by_chance = drawn * len(np.union1d(kinds, known)) > BY_CHANCE
        yield Finding(
            "bad-labels",
            "note" if by_chance else "warning",
            f"Class {unseen[0]} is among the validation rows, but in no training row. The "
            "network cannot learn a class that it never sees.",
            {"classes not trained": float(len(unseen)), "first of them": float(unseen[0])},
            cause="unshuffled-data" if is_divided_by_class(case) else None,
        )
