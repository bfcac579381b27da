"""Labels whose shape does not belong to the output's."""

import math

from pellucid.errors import Problem
from pellucid.losses import CategoricalGeneralizedCrossEntropy
from pellucid.training.pairing.findings import Findings
from pellucid.training.pairing.pairing import Pairing
from pellucid.training.pairing.ranges import SHARING
from pellucid.training.pairing.told import shape_text

Shape = tuple[int | None, ...]

SPARSE = "loss='sparse_categorical_crossentropy'"


def fits(y: Shape, output: Shape) -> bool:
    """Say whether labels are one for each predicted value, up to a last axis of size 1.

    Args:
        y: Shape of the labels, the batch axis first.
        output: Shape of the output; None for sizes that are not known.
    """
    shorter, longer = sorted((y, output), key=len)
    if len(longer) == len(shorter) + 1 and longer[-1] == 1:
        longer = longer[:-1]
    return same_sizes(shorter, longer)


def same_sizes(one: Shape, other: Shape) -> bool:
    """Say whether two shapes are equal behind the batch axis; None equals every size."""
    return len(one) == len(other) and all(
        None in (left, right) or left == right
        for left, right in zip(one[1:], other[1:], strict=True)
    )


def check_shapes(pairing: Pairing) -> Findings:
    """Yield the problem of labels whose shape does not belong to the output's."""
    if pairing.targets == "groups":
        yield from _groups(pairing)
    elif pairing.targets == "labels":
        yield from _class_numbers(pairing)
    elif not fits(pairing.y.shape, pairing.shape):
        wanted = shape_text(pairing.shape, len(pairing.y))
        if pairing.targets == "one-hot":
            yield from _one_hot(pairing, wanted)
        else:
            expected = f"{wanted}, one target for each predicted value"
            yield Problem(pairing.labels, f"shape {pairing.y.shape}", expected, _remedy(pairing))


def _groups(pairing: Pairing) -> Findings:
    rows = len(pairing.y)
    if pairing.y.size != rows:
        yield Problem(
            pairing.labels,
            f"shape {pairing.y.shape}",
            f"class numbers of shape ({rows},)",
            "For one-hot labels write y = y.argmax(axis=-1).",
        )


def _class_numbers(pairing: Pairing) -> Findings:
    """Yield the problem of labels that are not one class number for each row of scores."""
    shape, axis = pairing.shape, pairing.class_axis % len(pairing.shape)
    wanted = shape[:axis] + shape[axis + 1 :]
    kept = (*wanted[:axis], 1, *wanted[axis:])
    given = pairing.y.shape
    if same_sizes(given, wanted) or same_sizes(given, kept):
        return
    expected = f"class numbers of {shape_text(wanted, len(pairing.y))}"
    yield Problem(pairing.labels, f"shape {given}", expected, _sparse_remedy(pairing, wanted))


def _sparse_remedy(pairing: Pairing, wanted: Shape) -> str:
    if pairing.y.ndim < len(wanted):
        return _fewer_axes()
    if pairing.y.ndim != len(pairing.shape):
        return "Give one class number for each row of scores."
    argmax = "y = y.argmax(axis=-1)"
    if isinstance(pairing.loss, CategoricalGeneralizedCrossEntropy):
        return f"For one-hot labels write {argmax}."
    return f"For one-hot labels write loss='categorical_crossentropy', or {argmax}."


def _one_hot(pairing: Pairing, wanted: str) -> Findings:
    """Yield the problem of labels that are not one-hot rows as wide as the output."""
    expected = f"one-hot labels of {wanted}"
    if _lacks_units(pairing) and pairing.y.size and pairing.whole:
        given = f"class numbers of shape {pairing.y.shape}"
        yield Problem(pairing.labels, given, expected, _encode(pairing))
    else:
        yield Problem(pairing.labels, f"shape {pairing.y.shape}", expected, _remedy(pairing))


def _encode(pairing: Pairing) -> str:
    encode = f"y = pellucid.utils.to_categorical(y, {pairing.units})"
    if pairing.loss_name == "categorical_crossentropy":
        return f"Write {SPARSE}, or {encode}."
    return f"Write {encode}."


def _lacks_units(pairing: Pairing) -> bool:
    """Say whether there is one label where the output has several units."""
    shape = pairing.y.shape
    one_each = shape[:-1] if len(shape) == len(pairing.shape) and shape[-1] == 1 else shape
    return same_sizes(one_each, pairing.shape[:-1])


def _remedy(pairing: Pairing) -> str:
    """Return how labels and an output of as many values each could be brought together."""
    y, shape = pairing.y.shape, pairing.shape
    if _lacks_units(pairing):
        return _one_label(pairing)
    if same_sizes(y[:-1], shape[:-1]):
        return _other_width(pairing)
    if len(y) < len(shape):
        return _fewer_axes()
    if None not in shape[1:] and math.prod(y[1:]) == math.prod(map(int, _known(shape))):
        sizes = ", ".join(map(str, shape[1:]))
        return f"Write y = y.reshape(len(y), {sizes})."
    return "Give one target for each predicted value; targets are not repeated to fit."


def _known(shape: Shape) -> list[int]:
    return [size for size in shape[1:] if size is not None]


def _fewer_axes() -> str:
    return (
        "The output has axes that y has not: put Flatten() or a pooling layer before the last "
        "layer, or write return_sequences=False in the last recurrent one."
    )


def _one_label(pairing: Pairing) -> str:
    if pairing.targets == "shares" and pairing.activation in SHARING:
        return f"For class numbers write {SPARSE}."
    if pairing.targets == "shares":
        return (
            "For one yes-or-no label a row give the last layer 1 unit; for class numbers write "
            f"activation='softmax' and {SPARSE}."
        )
    if pairing.targets == "one-hot":
        return "For numbers write 1 unit, activation='linear' and loss='mse'."
    return "Give the last layer 1 unit, or y one column for each unit."


def _other_width(pairing: Pairing) -> str:
    width = pairing.y.shape[-1]
    fix = f"Give the last layer {width} units"
    if pairing.targets == "shares" and pairing.units == 1 and width == 2:
        return (
            "For one-hot labels of two classes write y = y[:, 1]; for two labels a row give the "
            "last layer 2 units."
        )
    return f"{fix}, one for each column of y."
