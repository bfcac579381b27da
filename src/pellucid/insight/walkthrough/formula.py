"""Formulas as trees: one tree gives the symbols, the numbers put in, and the result."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np


@dataclass(frozen=True)
class Number:
    """A number."""

    value: float


@dataclass(frozen=True)
class Symbol:
    """A letter or word, its indices, and the number it stands for: w_31, in_1, eta."""

    name: str
    index: tuple[int, ...]
    value: float


@dataclass(frozen=True)
class Derivative:
    """The slope of one quantity by another, and its number: dL/dw_31."""

    of: Symbol
    by: Symbol
    value: float


@dataclass(frozen=True)
class Call:
    """A named function of a formula: s(in_1)."""

    function: str
    argument: "Formula"
    compute: Callable[[float], float]

    @cached_property
    def value(self) -> float:
        """The function's value at the argument's."""
        return float(self.compute(self.argument.value))


@dataclass(frozen=True)
class Sum:
    """Terms added up, from the first to the last."""

    terms: tuple["Formula", ...]

    @cached_property
    def value(self) -> float:
        """The sum."""
        return sum(term.value for term in self.terms)


@dataclass(frozen=True)
class Product:
    """Factors multiplied, from the first to the last."""

    factors: tuple["Formula", ...]

    @cached_property
    def value(self) -> float:
        """The product."""
        return math.prod(factor.value for factor in self.factors)


@dataclass(frozen=True)
class Quotient:
    """One formula over another."""

    above: "Formula"
    below: "Formula"

    @cached_property
    def value(self) -> float:
        """The quotient; infinite or NaN over 0, as in arrays."""
        with np.errstate(all="ignore"):
            return float(np.float64(self.above.value) / self.below.value)


@dataclass(frozen=True)
class Square:
    """The second power of a formula."""

    base: "Formula"

    @cached_property
    def value(self) -> float:
        """The square."""
        return self.base.value * self.base.value


@dataclass(frozen=True)
class Root:
    """The square root of a formula."""

    of: "Formula"

    @cached_property
    def value(self) -> float:
        """The root."""
        return math.sqrt(self.of.value)


Formula: TypeAlias = Number | Symbol | Derivative | Call | Sum | Product | Quotient | Square | Root

ONE, MINUS_ONE, ZERO = Number(1.0), Number(-1.0), Number(0.0)


def name_of(quantity: Symbol | Derivative) -> str:
    """Return how a quantity is called in plain letters: `w_31`, `in_1`, `dL/dw_31`."""
    if isinstance(quantity, Derivative):
        return f"d{name_of(quantity.of)}/d{name_of(quantity.by)}"
    return f"{quantity.name}_{index_text(quantity.index)}" if quantity.index else quantity.name


def index_text(index: tuple[int, ...]) -> str:
    """Return indices in a row, with commas where one has two digits: `31`, `10,3`."""
    return ("," if max(index) > 9 else "").join(map(str, index))


def product(*factors: Formula) -> Formula:
    """Return a product written as one would: flat, its sign in front, without ones."""
    flat: list[Formula] = []
    for factor in factors:
        flat += factor.factors if isinstance(factor, Product) else [factor]
    negative = flat.count(MINUS_ONE) % 2 == 1
    kept = [factor for factor in flat if factor not in (ONE, MINUS_ONE)]
    if negative:
        kept = [MINUS_ONE, *kept]
    return kept[0] if len(kept) == 1 else Product(tuple(kept)) if kept else ONE


def negative(formula: Formula) -> Formula:
    """Return minus the formula."""
    return product(MINUS_ONE, formula)


def total(terms: Iterable[Formula]) -> Formula:
    """Return a sum without zeros; the term itself where there is one, 0 where there is none."""
    kept = tuple(term for term in terms if term != ZERO)
    return kept[0] if len(kept) == 1 else Sum(kept) if kept else ZERO


def minus(first: Formula, second: Formula) -> Formula:
    """Return a difference."""
    return Sum((first, negative(second)))


def mapped(formula: Formula, change: Callable[[Formula], Formula | None]) -> Formula:
    """Return the formula with the parts for which `change` returns something replaced by it."""
    new = change(formula)
    if new is not None:
        return new
    if isinstance(formula, Sum):
        return total(mapped(term, change) for term in formula.terms)
    if isinstance(formula, Product):
        return product(*(mapped(factor, change) for factor in formula.factors))
    if isinstance(formula, Quotient):
        return Quotient(mapped(formula.above, change), mapped(formula.below, change))
    if isinstance(formula, Square):
        return Square(mapped(formula.base, change))
    if isinstance(formula, Root):
        return Root(mapped(formula.of, change))
    return formula


def with_numbers(formula: Formula) -> Formula:
    """Return the formula with the number of every symbol, slope and function put in.

    What is 0 stays, so that numbers stand under their symbols.
    """
    if isinstance(formula, (Symbol, Derivative, Call)):
        return Number(formula.value)
    if isinstance(formula, Sum):
        return Sum(tuple(map(with_numbers, formula.terms)))
    if isinstance(formula, Product):
        return Product(tuple(map(with_numbers, formula.factors)))
    if isinstance(formula, Quotient):
        return Quotient(with_numbers(formula.above), with_numbers(formula.below))
    if isinstance(formula, Square):
        return Square(with_numbers(formula.base))
    return Root(with_numbers(formula.of)) if isinstance(formula, Root) else formula


def written_out(formula: Formula, meaning: Mapping[tuple[Symbol, Symbol], Formula]) -> Formula:
    """Return the formula with every slope that is in `meaning` replaced by what it is made of.

    Args:
        formula: The formula.
        meaning: Formulas of slopes by (of, by).
    """

    def change(part: Formula) -> Formula | None:
        if isinstance(part, Derivative) and (part.of, part.by) in meaning:
            return written_out(meaning[part.of, part.by], meaning)
        return None

    return mapped(formula, change)


def size(formula: Formula) -> int:
    """Return the number of leaves of the tree."""
    if isinstance(formula, Sum):
        return sum(map(size, formula.terms))
    if isinstance(formula, Product):
        return sum(map(size, formula.factors))
    if isinstance(formula, Quotient):
        return size(formula.above) + size(formula.below)
    if isinstance(formula, Square):
        return size(formula.base)
    return size(formula.of) if isinstance(formula, Root) else 1
