"""Marks that stand where a number stands, and say what a search may make of it."""

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any

from pellucid.errors import Problem, report


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
        ArgumentError: Neither both ends of a range nor options are given.

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
            return
        given = ", ".join(map(repr, (self.default, *ends)))
        fix = f"Write Tunable({self.default!r}, low, high) or Tunable(..., options=[...])."
        report([Problem("Tunable", given, "both ends of a range, or options", fix)])

    @property
    def values(self) -> tuple[Any, ...]:
        """The default, and the ends of the range or all options."""
        return self.default, *((self.low, self.high) if self.options is None else self.options)
