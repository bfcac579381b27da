"""Class numbers that are no class of the output."""

import numpy as np

from pellucid.errors import Problem
from pellucid.training.pairing.findings import Findings
from pellucid.training.pairing.pairing import Pairing, is_whole
from pellucid.training.pairing.told import place_text, value_text
from pellucid.types import NumpyArray

NUMBER = "y = np.unique(y, return_inverse=True)[1]"


def check_class_numbers(pairing: Pairing) -> Findings:
    """Yield the problem of labels that are not whole, or outside the output's classes."""
    y, units = pairing.y, pairing.units
    ignored = getattr(pairing.loss, "ignore_class", None)
    expected = "class numbers"
    if pairing.targets == "labels" and units is not None:
        expected = f"class numbers 0 to {units - 1}"
    if not is_whole(y):
        yield _broken(pairing, expected)
        return
    if pairing.targets == "groups" or units is None or _within(pairing, units):
        return
    outside = (y < 0) | (y >= units)
    if ignored is not None:
        outside &= y != ignored
    if outside.any():
        distinct = np.unique(y if ignored is None else y[y != ignored])
        given = f"label {place_text(y, outside, 'label')}"
        yield Problem(pairing.labels, given, expected, _remedy(distinct, units))


def _within(pairing: Pairing, units: int) -> bool:
    return pairing.low >= 0 and pairing.high < units


def _broken(pairing: Pairing, expected: str) -> Problem:
    given = f"label {place_text(pairing.y, pairing.y != np.floor(pairing.y), 'label')}"
    fix = f"If these are classes write {NUMBER}"
    if pairing.targets == "labels":
        fix += "; if numbers, give the last layer 1 unit, activation='linear' and loss='mse'"
    return Problem(pairing.labels, given, expected, f"{fix}.")


def _remedy(distinct: NumpyArray, units: int) -> str:
    """Return how labels could be numbered from 0, or the output widened."""
    low, high, count = int(distinct[0]), int(distinct[-1]), len(distinct)
    strays = distinct[(distinct < 0) | (distinct >= units)]
    if low == 1 and high == units:
        return "The labels start at 1: write y = y - 1."
    if count <= units:
        return f"Number the classes from 0: {NUMBER}."
    if len(strays) == 1 and strays[0] != units:
        mark = value_text(float(strays[0]))
        return (
            f"If {mark} marks what has no label write "
            f"SparseCategoricalCrossentropy(ignore_class={mark})."
        )
    if low == 1:
        return f"The labels start at 1: write y = y - 1 and give the last layer {high} units."
    if low >= 0 and high + 1 <= 2 * count:
        return f"Give the last layer {high + 1} units."
    return f"Number the classes from 0, {NUMBER}, and give the last layer {count} units."
