"""The comparison of a loss, the last activation and the labels of one output."""

from collections.abc import Callable, Mapping
from typing import Any

from pellucid.errors import Problem
from pellucid.losses import Loss, resolve
from pellucid.losses.vocabulary import CLASSES
from pellucid.training.pairing.activations import check_activation
from pellucid.training.pairing.class_numbers import check_class_numbers
from pellucid.training.pairing.findings import Doubt, Findings
from pellucid.training.pairing.finite import check_finite
from pellucid.training.pairing.one_hot import check_one_hot
from pellucid.training.pairing.pairing import Pairing
from pellucid.training.pairing.reach import check_reach
from pellucid.training.pairing.shapes import check_shapes
from pellucid.training.pairing.shares import check_shares
from pellucid.training.pairing.signs import check_signs
from pellucid.training.pairing.units import check_units
from pellucid.training.pairing.variety import check_variety
from pellucid.types import NumpyArray

VALUES: Mapping[str, Callable[[Pairing], Findings]] = {
    "numbers": check_reach,
    "counts": check_reach,
    "shares": check_shares,
    "distribution": check_shares,
    "one-hot": check_one_hot,
    "labels": check_class_numbers,
    "groups": check_class_numbers,
    "signs": check_signs,
}
"""The check of the labels' values, by what a loss takes them for."""


def check_pairing(
    output_name: str,
    last_activation: str | None,
    output_shape: tuple[int | None, ...],
    loss: Loss | str,
    y: NumpyArray,
    complete: bool = True,
) -> tuple[list[Problem], list[str]]:
    """Return what is wrong, and what is doubtful, about one output, its loss and its labels.

    What cannot be learned, or is silently computed as something else, is an error:

    - NaN or infinity in y: every loss becomes NaN.
    - A softmax, or a loss over classes, on one unit: the output or the loss is constant.
    - Outputs that are no probabilities, into a crossentropy, Dice, Tversky or KL loss: they
      are clipped, and then have no gradient.
    - Probabilities with `from_logits=True`: the activation is applied twice.
    - Logits of one sign into a binary crossentropy: one answer is never given.
    - A softmax into a binary crossentropy with rows of y that do not sum to 1: its outputs
      cannot meet them.
    - Outputs of one sign into a hinge loss: the sign is the answer.
    - Outputs below 0 into a Poisson loss: their logarithm is NaN.
    - y of another shape than the outputs: repeated to fit, targets are compared with the
      wrong rows. Class numbers for one-hot rows, or the reverse, are told by name.
    - Class numbers that are not whole, below 0 or beyond the units: no unit stands for them.
    - Binary labels outside 0 to 1, hinge labels that are not two signs: the loss then has no
      least value, or one at another answer.
    - More than 5 % of numeric targets outside what the activation gives: they cannot be met.
    - Negative targets of a Poisson or logarithmic loss: without meaning, or taken for 0.
    - One class only: there is nothing to tell apart.

    What trains, if worse or to no purpose, is a warning, so that no sound program is stopped:

    - A sigmoid into a categorical crossentropy: its outputs are divided by their sum.
    - A softmax into a binary crossentropy with rows of y that sum to 1.
    - One-hot rows outside 0 to 1, or that sum to something else than 0 or 1: a weighted or
      multi-label crossentropy may be meant.
    - Up to 5 % of numeric targets outside what the activation gives: they may be noise.
    - Zeros with the percentage error: it divides by 1e-7 instead.
    - One numeric target only: there is nothing to learn.

    A problem hides those that follow from it: labels of a wrong shape are not also told to be
    out of range. A single row, and a single batch, may well hold one class only. Losses that
    are a user's own are checked for NaN alone, because nothing is known about them.

    Args:
        output_name: Name of the output.
        last_activation: Name of the activation that ends it; None where it is not known,
            and then nothing is said of it.
        output_shape: Shape of the output, the batch axis first; None for sizes not known.
        loss: The loss of this output.
        y: Its labels, shape (rows, ...).
        complete: Whether `y` are all labels, and not a batch of them.

    Returns:
        Problems that training must not start with, and sentences to warn with.

    Example:
        >>> import numpy as np, pellucid
        >>> from pellucid.training.pairing import check_pairing
        >>> loss = pellucid.losses.get("sparse_categorical_crossentropy")
        >>> errors, _ = check_pairing("dense", "softmax", (None, 3), loss, np.array([1, 2, 3]))
        >>> print(errors[0])
        y for output 'dense': got label 3 in row 2, expected class numbers 0 to 2.
        The labels start at 1: write y = y - 1.
    """
    meant: Any = resolve(loss, y.shape, output_shape)
    pairing = Pairing(output_name, last_activation, output_shape, meant, y)
    found = list(_findings(pairing, complete))
    errors = [one for one in found if not isinstance(one, Doubt)]
    return errors, [str(one) for one in found if isinstance(one, Doubt)]


def _findings(pairing: Pairing, complete: bool) -> Findings:
    if pairing.y.size:
        yield from check_finite(pairing.labels, pairing.y)
    if type(pairing.loss) not in CLASSES:
        return
    constant = list(check_units(pairing))
    if constant:
        yield from constant
        return
    yield from check_activation(pairing)
    misshapen = list(check_shapes(pairing))
    yield from misshapen
    if not misshapen and pairing.y.size and pairing.finite:
        yield from _values(pairing, complete)


def _values(pairing: Pairing, complete: bool) -> Findings:
    check = VALUES.get(str(pairing.targets))
    wrong = [] if check is None else list(check(pairing))
    yield from wrong
    if complete and not wrong:
        yield from check_variety(pairing)
