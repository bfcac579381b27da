"""What a search may make of each parameter: a range of numbers, or a few options."""

import functools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pellucid.errors import ArgumentError, Problem, Together, report
from pellucid.tunable import Tunable
from pellucid.types import NumpyArray

SCALES = ("log", "linear")

GRID_POINTS = 5
"""Values of a range without steps that a grid takes."""


@dataclass(frozen=True)
class Range:
    """Numbers from `low` to `high`, both included; whole ones where both ends are whole.

    Args:
        low: Least value.
        high: Greatest value, above `low`.
        log: Whether equal ratios are equally likely, as suits learning rates; `low` is above 0.
        step: Distance between the values that are tried, counted from `low`; None for any.

    Raises:
        ArgumentError: No value lies in it.

    Example:
        >>> from pellucid.tuning import Range
        >>> Range(1e-4, 1e-2, log=True).at(0.5)
        0.001
        >>> [Range(16, 64, step=16).at(share) for share in (0.0, 0.3, 0.99)]
        [16, 32, 64]
    """

    low: float
    high: float
    log: bool = False
    step: float | None = None

    def __post_init__(self) -> None:
        report(_range_problems("Range", self.low, self.high, self.log, self.step))
        for name in ("low", "high", "step"):
            object.__setattr__(self, name, plain(getattr(self, name)))

    @property
    def whole(self) -> bool:
        """Whether the values are whole numbers."""
        given = (self.low, self.high, 1 if self.step is None else self.step)
        return all(isinstance(one, (int, np.integer)) for one in given)

    @property
    def _step(self) -> float | None:
        return 1 if self.whole and self.step is None else self.step

    @property
    def levels(self) -> int | None:
        """Number of values; None where there are arbitrarily many."""
        step = self._step
        return None if step is None else int((self.high - self.low) / step + 1e-9) + 1

    def at(self, share: float) -> Any:
        """Return the value below which that share of the range lies.

        Args:
            share: From 0 to 1.
        """
        if self.log and self.whole:
            low, high = math.log(self.low - 0.5), math.log(self.high + 0.5)
            value = round(math.exp(low + share * (high - low)))
            return int(min(max(value, self.low), self.high))
        if self.log:
            low, high = math.log(self.low), math.log(self.high)
            value = float(f"{math.exp(low + share * (high - low)):.12g}")
            return min(max(value, float(self.low)), float(self.high))
        if self.levels is None:
            return float(self.low + share * (self.high - self.low))
        value = self.low + min(int(share * self.levels), self.levels - 1) * (self._step or 1)
        return int(value) if self.whole else float(value)

    def share(self, value: Any) -> float:
        """Return where in the range a value lies, from 0 to 1."""
        low, high, at = self.low, self.high, float(value)
        if self.log:
            low, high, at = math.log(low), math.log(high), math.log(at)
        return float(np.clip((at - low) / (high - low), 0.0, 1.0))

    @property
    def ends(self) -> list[Any]:
        """The least and the greatest value."""
        return [self.at(0.0), self.at(1.0)]

    def points(self) -> list[Any]:
        """Return the values of a grid: all, if they are few, else some at equal distances."""
        few = self.step is not None or (self.levels or math.inf) <= GRID_POINTS
        if few and self.levels is not None and not self.log:
            return [self.at((number + 0.5) / self.levels) for number in range(self.levels)]
        return [*dict.fromkeys(self.at(float(one)) for one in np.linspace(0, 1, GRID_POINTS))]


@dataclass(frozen=True)
class Choice:
    """A few values of any kind, all alike likely.

    Args:
        options: At least one.

    Raises:
        ArgumentError: There is none.

    Example:
        >>> from pellucid.tuning import Choice
        >>> Choice(["relu", "tanh"]).at(0.7)
        'tanh'
    """

    options: Sequence[Any]

    def __post_init__(self) -> None:
        object.__setattr__(self, "options", tuple(self.options))
        report([] if self.options else [Problem("Choice", "no options", "at least one")])

    def at(self, share: float) -> Any:
        """Return the option at that share of them.

        Args:
            share: From 0 to 1.
        """
        return self.options[min(int(share * len(self.options)), len(self.options) - 1)]

    def share(self, value: Any) -> float:
        """Return where among the options a value lies, from 0 to 1."""
        return self.place(value) / max(1, len(self.options) - 1)

    def place(self, value: Any) -> int:
        """Return the number of an option."""
        return next(
            number
            for number, one in enumerate(self.options)
            if one is value or (type(one) is type(value) and one == value)
        )

    @property
    def ends(self) -> list[Any]:
        """All options."""
        return list(self.options)

    def points(self) -> list[Any]:
        """Return the values of a grid: all."""
        return list(self.options)


Parameter = Range | Choice


class Space:
    """The parameters of a search by name.

    Args:
        given: By name a range `(low, high)` or `(low, high, "log")`, a list of options, a `Range`
            or a `Choice`.
        where: What messages call it.

    Raises:
        ArgumentError: It is empty, or no value of a parameter is possible; all are told.
    """

    def __init__(self, given: Any, where: str) -> None:
        if not isinstance(given, Mapping) or not given:
            shown = "an empty space" if isinstance(given, Mapping) else repr(given)
            expected = "parameters by name, each with its values"
            fix = 'For example {"learning_rate": (1e-4, 1e-1, "log"), "width": [32, 64]}.'
            report([Problem(where, shown, expected, fix)])
        together = Together()
        self.parameters: dict[str, Parameter] = {}
        for name, value in given.items():
            read = together.attempt(functools.partial(_read, value, f"{where}: '{name}'"))
            if read is not None:
                self.parameters[str(name)] = read
        together.tell()

    def __len__(self) -> int:
        return len(self.parameters)

    @property
    def names(self) -> list[str]:
        """The parameters' names."""
        return list(self.parameters)

    def at(self, shares: Iterable[float]) -> dict[str, Any]:
        """Return the values at a place in the unit cube."""
        pairs = zip(self.parameters.items(), shares, strict=True)
        return {name: one.at(float(share)) for (name, one), share in pairs}

    @property
    def middle(self) -> dict[str, Any]:
        """The values at the middle of the unit cube."""
        return self.at([0.5] * len(self))

    def shares(self, values: Mapping[str, Any]) -> NumpyArray:
        """Return the place of values in the unit cube."""
        return np.array([one.share(values[name]) for name, one in self.parameters.items()])

    def grid(self) -> list[list[Any]]:
        """Return the values of a grid, a list for each parameter."""
        return [one.points() for one in self.parameters.values()]

    def to_dict(self) -> dict[str, Any]:
        """Return the space as plain JSON values."""
        return {name: _plain(one) for name, one in self.parameters.items()}


def _plain(parameter: Parameter) -> dict[str, Any]:
    if isinstance(parameter, Choice):
        return {"options": [plain(one) for one in parameter.options]}
    ends = {"low": parameter.low, "high": parameter.high, "log": parameter.log}
    return {**ends, "step": parameter.step}


def plain(value: Any) -> Any:
    """Return a parameter's value as plain JSON; what JSON does not know as it shows itself."""
    if isinstance(value, np.generic):
        return value.item()
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (tuple, list)):
        return [plain(one) for one in value]
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    return str(getattr(value, "__name__", None) or repr(value))


def of_mark(mark: Tunable) -> Parameter:
    """Return the values that a mark in a model allows."""
    if mark.options is not None:
        others = [one for one in mark.options if one != mark.default]
        return Choice([mark.default, *others])
    assert mark.low is not None
    assert mark.high is not None
    return Range(mark.low, mark.high, mark.log, mark.step)


def _is_number(value: Any) -> bool:
    number = isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
    return bool(number and math.isfinite(value))


def _range_problems(where: str, low: Any, high: Any, log: bool, step: Any) -> Iterator[Problem]:
    if not all(_is_number(one) for one in (low, high, 1 if step is None else step)):
        words = isinstance(low, str) and isinstance(high, str)
        fix = f"For options write [{low!r}, {high!r}]." if words else ""
        yield Problem(where, f"{low!r} to {high!r}", "finite numbers", fix)
        return
    given = f"{low:g} to {high:g}"
    if low >= high:
        fix = f"For one value write [{low:g}]." if low == high else f"Write ({high:g}, {low:g})."
        yield Problem(where, given, "a low end below the high one", fix)
    elif log and low <= 0:
        yield Problem(where, f"{given} on a logarithmic scale", "a low end above 0")
    elif log and step is not None:
        yield Problem(where, f"step={step:g} on a logarithmic scale", "one of the two")
    elif step is not None and not 0 < step <= high - low:
        yield Problem(where, f"step={step:g} from {given}", "a step above 0 within the range")


def _read(value: Any, where: str) -> Parameter:
    """Return the parameter that a value stands for."""
    if isinstance(value, Tunable):
        value = of_mark(value)
    if isinstance(value, (Range, Choice)):
        return value
    if isinstance(value, (list, range, np.ndarray)):
        options = value.tolist() if isinstance(value, np.ndarray) else list(value)
        report([] if options else [Problem(where, "no options", "at least one")])
        return Choice(options)
    if isinstance(value, tuple) and len(value) in (2, 3) and (*value, "linear")[2] in SCALES:
        low, high, log = value[0], value[1], value[2:] == ("log",)
        report(_range_problems(where, low, high, log, None))
        return Range(low, high, log)
    expected = '(low, high), (low, high, "log") or a list of options'
    fix = f"For one value write [{value!r}]." if isinstance(value, (int, float, str)) else ""
    if isinstance(value, (tuple, set, frozenset)) and value:
        fix = f"For these values write {list(value)!r}."
    raise ArgumentError(str(Problem(where, repr(value), expected, fix)))
