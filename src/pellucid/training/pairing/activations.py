"""Last activations that do not give what the loss takes."""

import math

import numpy as np

from pellucid.errors import Problem
from pellucid.losses import CategoricalHinge, Poisson
from pellucid.training.pairing.findings import Doubt, Findings
from pellucid.training.pairing.one_hot import TOLERANCE
from pellucid.training.pairing.pairing import Pairing
from pellucid.training.pairing.ranges import POSITIVE, PROBABILITIES, RANGES, SHARING
from pellucid.training.pairing.shapes import fits


def check_activation(pairing: Pairing) -> Findings:
    """Yield what is wrong between the last activation and the loss."""
    if pairing.activation not in RANGES:
        return
    if pairing.from_logits:
        yield from _logits(pairing)
    elif _takes_probabilities(pairing):
        yield from _probabilities(pairing)
    elif pairing.targets == "signs":
        yield from _scores(pairing)
    elif isinstance(pairing.loss, Poisson):
        yield from _rates(pairing)


def _takes_probabilities(pairing: Pairing) -> bool:
    known = pairing.targets in ("shares", "labels", "one-hot", "distribution")
    return known and not isinstance(pairing.loss, CategoricalHinge)


def _given(pairing: Pairing) -> str:
    return f"activation '{pairing.activation}' with loss '{pairing.loss_name}'"


# -- losses that turn logits into probabilities themselves ------------------------------------


def _logits(pairing: Pairing) -> Findings:
    if pairing.activation in PROBABILITIES:
        yield _twice(pairing)
    elif pairing.loss.link == "sigmoid":
        yield from _one_sided(pairing)


def _twice(pairing: Pairing) -> Problem:
    return Problem(
        pairing.output,
        f"activation '{pairing.activation}' with {type(pairing.loss).__name__}(from_logits=True)",
        f"logits, because this loss applies the {pairing.loss.link} itself",
        "Leave from_logits out, or write activation='linear' in the last layer.",
    )


def _one_sided(pairing: Pairing) -> Findings:
    """Yield the problem of logits that cannot say yes, or cannot say no."""
    low, high = RANGES[str(pairing.activation)]
    if low < 0 < high:
        return
    side = "below" if low >= 0 else "above"
    yield Problem(
        pairing.output,
        f"activation '{pairing.activation}' with {type(pairing.loss).__name__}(from_logits=True)",
        f"logits of both signs, because these never give a probability {side} 0.5",
        "Write activation='linear' in the last layer.",
    )


# -- losses that take probabilities -----------------------------------------------------------


def _probabilities(pairing: Pairing) -> Findings:
    activation = str(pairing.activation)
    divides = pairing.loss.link == "softmax"
    if activation in SHARING:
        if pairing.loss.link == "sigmoid":
            yield from _shared_out(pairing)
    elif activation in PROBABILITIES:
        if pairing.targets in ("labels", "one-hot"):
            yield _not_shared_out(pairing)
    elif not (divides and activation in POSITIVE):
        yield Problem(
            pairing.output, _given(pairing), "probabilities from the last layer", _repair(pairing)
        )


def _not_shared_out(pairing: Pairing) -> Doubt:
    fix = "Write activation='softmax' in the last layer"
    if pairing.targets == "one-hot":
        fix += ", or loss='binary_crossentropy' where a row may have several labels"
    expected = "probabilities that sum to 1 over the classes"
    return Doubt(pairing.output, _given(pairing), expected, f"{fix}.")


def _shared_out(pairing: Pairing) -> Findings:
    """Yield what a softmax under a binary loss means, by what the labels are."""
    units = pairing.units
    if not fits(pairing.y.shape, pairing.shape):
        return  # the shapes are told instead, with the loss that fits them
    if units is None or not pairing.y.size or not pairing.finite:
        return
    if np.allclose(pairing.y.reshape(-1, units).sum(axis=-1), 1.0, atol=TOLERANCE):
        yield Doubt(
            pairing.output,
            _given(pairing),
            "the loss for one class a row",
            "Write loss='categorical_crossentropy'.",
        )
        return
    yield Problem(
        pairing.output,
        _given(pairing),
        "activation 'sigmoid', because the outputs of a softmax sum to 1 and these labels do not",
        "Write activation='sigmoid' in the last layer.",
    )


def _repair(pairing: Pairing) -> str:
    link = pairing.loss.link
    wanted = link or ("sigmoid" if pairing.targets == "shares" else "softmax")
    fix = f"Write activation='{wanted}' in the last layer"
    if link is not None and _serves_as_logits(pairing):
        fix += f", or loss={type(pairing.loss).__name__}(from_logits=True)"
    return f"{fix}."


def _serves_as_logits(pairing: Pairing) -> bool:
    """Say whether every probability can be said by the outputs, taken as logits.

    A softmax looks at differences only, so for it one open end is enough.
    """
    low, high = RANGES[str(pairing.activation)]
    return math.isinf(low) and (math.isinf(high) or pairing.loss.link == "softmax")


# -- losses that take scores or rates ---------------------------------------------------------


def _scores(pairing: Pairing) -> Findings:
    low, high = RANGES[str(pairing.activation)]
    if not low < 0 < high:
        yield Problem(
            pairing.output,
            _given(pairing),
            "scores of both signs, because the sign decides",
            "Write activation='linear' or activation='tanh' in the last layer.",
        )


def _rates(pairing: Pairing) -> Findings:
    if RANGES[str(pairing.activation)][0] < 0:
        yield Problem(
            pairing.output,
            _given(pairing),
            "positive rates, because the logarithm of a negative one is NaN",
            "Write activation='softplus' or activation='exponential' in the last layer.",
        )
