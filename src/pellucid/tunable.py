"""Marks that stand where a number stands, and say what a search may make of it."""

import math
from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any

import numpy as np

from pellucid.errors import Problem, report


def _is_number(value: Any) -> bool:
    """Return whether a value is a finite number."""
    number = isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
    return bool(number and math.isfinite(value))


@dataclass(frozen=True)
class Tunable:
    """A value together with the range, or the options, that `pellucid.tune` may take instead.

    A model with such marks trains with the defaults until it is tuned.

    Args:
        default: The value that stands there.
        low: Least value; whole where the value is a number of things.
        high: Greatest value.
        log: Whether values are tried on a logarithmic scale.
        step: Distance between the values that are tried; None for any.
        options: The values to try, in place of a range.

    Raises:
        ArgumentError: Neither both ends of a range nor options are given, the ends are swapped,
            the default lies outside them, or there is no option.

    Example:
        >>> import pellucid
        >>> from pellucid import Tunable
        >>> layer = pellucid.layers.Dense(Tunable(32, 8, 128), Tunable("relu", options=["tanh"]))
        >>> layer
        Dense(units=32, activation=relu)
    """

    default: Any
    low: float | None = None
    high: float | None = None
    log: bool = False
    step: float | None = None
    _: KW_ONLY
    options: Sequence[Any] | None = None

    def __post_init__(self) -> None:
        ends = [one for one in (self.low, self.high) if one is not None]
        if len(ends) == (2 if self.options is None else 0):
            report(self._problems())
            return
        given = ", ".join(map(repr, (self.default, *ends)))
        fix = f"Write Tunable({self.default!r}, low, high) or Tunable(..., options=[...])."
        report([Problem("Tunable", given, "both ends of a range, or options", fix)])

    def _problems(self) -> list[Problem]:
        if self.options is not None:
            return self._option_problems()
        given = ", ".join(map(repr, (self.default, self.low, self.high)))
        numbers = (self.default, self.low, self.high)
        if not all(_is_number(one) for one in numbers):
            return [Problem("Tunable", given, "three finite numbers: the default and both ends")]
        default, low, high = np.array(numbers, float)
        if low >= high:
            fix = f"Write Tunable({self.default!r}, {self.high!r}, {self.low!r})."
            fix = fix if low > high else "For one value leave the mark out."
            return [Problem("Tunable", given, "a low end below the high one", fix)]
        if not low <= default <= high:
            fix = f"Widen the range, or take another default than {self.default!r}."
            return [Problem("Tunable", given, f"a default from {low:g} to {high:g}", fix)]
        if self.log and low <= 0:
            fix = f"Write a low end such as {high / 1000:g}, or leave log out."
            given = f"{given} on a logarithmic scale"
            return [Problem("Tunable", given, "a low end above 0", fix)]
        return []

    def _option_problems(self) -> list[Problem]:
        given = f"options={self.options!r}"
        if isinstance(self.options, str):
            fix = f"Write options=[{self.options!r}]."
            return [Problem("Tunable", given, "a list of options", fix)]
        if not isinstance(self.options, Sequence):
            return [Problem("Tunable", given, "a list of options")]
        if not self.options:
            fix = "Give one beside the default, or leave the mark out."
            return [Problem("Tunable", given, "at least one option", fix)]
        return []

    @property
    def values(self) -> tuple[Any, ...]:
        """The default, and the ends of the range or all options."""
        return self.default, *((self.low, self.high) if self.options is None else self.options)
