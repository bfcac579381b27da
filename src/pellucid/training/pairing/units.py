"""Outputs of a single unit where several are needed."""

from pellucid.errors import Problem
from pellucid.training.pairing.findings import Findings
from pellucid.training.pairing.pairing import Pairing
from pellucid.training.pairing.ranges import SHARING

BINARY = "For two classes write activation='sigmoid' and loss='binary_crossentropy'."


def check_units(pairing: Pairing) -> Findings:
    """Yield the problem of one unit under a softmax, or under a loss that compares classes."""
    if pairing.units != 1:
        return
    if pairing.activation in SHARING:
        yield Problem(
            pairing.output,
            f"activation '{pairing.activation}' on 1 unit",
            f"at least 2 units, because a {pairing.activation} over one unit always gives 1",
            _remedy(pairing),
        )
    elif pairing.targets in ("one-hot", "labels", "distribution"):
        yield Problem(
            pairing.output,
            f"loss '{pairing.loss_name}' on 1 unit",
            f"one unit for each class, because {_consequence(pairing)}",
            _remedy(pairing),
        )


def _consequence(pairing: Pairing) -> str:
    if pairing.loss.link == "softmax":
        return "with a single one this loss is always 0"
    return "a single one has nothing to be compared with"


def _remedy(pairing: Pairing) -> str:
    """Return how many units to use, or the activation for one."""
    y = pairing.y
    classes = pairing.targets in ("one-hot", "labels", "distribution")
    if y.ndim > 1 and y.shape[-1] > 1 and pairing.targets != "labels":
        return f"Give the last layer {y.shape[-1]} units, one for each column of y."
    if classes and y.size and pairing.whole and pairing.high > 1:
        return (
            f"Give the last layer {int(pairing.high) + 1} units with activation='softmax' and "
            "write loss='sparse_categorical_crossentropy'."
        )
    if classes:
        return BINARY
    return f"Write activation='{'sigmoid' if pairing.targets == 'shares' else 'linear'}'."
