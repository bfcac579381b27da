"""Formulas in a row of signs; what signs those are, text, LaTeX and HTML each say themselves."""

from abc import ABC, abstractmethod
from typing import ClassVar

from pellucid.insight.walkthrough.formula import (
    MINUS_ONE,
    Call,
    Derivative,
    Formula,
    Number,
    Product,
    Quotient,
    Square,
    Sum,
    Symbol,
)

DIGITS = 6
"""Digits of every number that is shown."""


def digits(value: float) -> str:
    """Return a number with the digits that are shown, such as `0.593270`, `1.5e-07` or `nan`."""
    return f"{value + 0.0:.{DIGITS}g}"


class Speller(ABC):
    """Writes formulas, with brackets where they are needed."""

    times: ClassVar[str] = " · "
    plus: ClassVar[str] = " + "
    minus: ClassVar[str] = " - "
    sign: ClassVar[str] = "-"

    @abstractmethod
    def number(self, value: float) -> str:
        """Return a number that is not negative, infinity and NaN among them."""

    @abstractmethod
    def symbol(self, symbol: Symbol) -> str:
        """Return a symbol with its indices."""

    @abstractmethod
    def derivative(self, derivative: Derivative) -> str:
        """Return a slope."""

    @abstractmethod
    def call(self, name: str, argument: str) -> str:
        """Return a function of what is written already."""

    @abstractmethod
    def quotient(self, quotient: Quotient) -> str:
        """Return one formula over another."""

    @abstractmethod
    def square(self, base: str) -> str:
        """Return the second power of what is written already."""

    @abstractmethod
    def root(self, of: str) -> str:
        """Return the square root of what is written already."""

    @abstractmethod
    def brackets(self, inner: str) -> str:
        """Return what is written already in brackets."""

    def spell(self, formula: Formula) -> str:
        """Return a formula."""
        if isinstance(formula, Number):
            return self._signed(formula.value)
        if isinstance(formula, Symbol):
            return self.symbol(formula)
        if isinstance(formula, Derivative):
            return self.derivative(formula)
        if isinstance(formula, Call):
            return self.call(formula.function, self.spell(formula.argument))
        if isinstance(formula, Sum):
            return "".join(self.terms(formula))
        if isinstance(formula, Product):
            return self._product(formula)
        if isinstance(formula, Quotient):
            return self.quotient(formula)
        if isinstance(formula, Square):
            return self._square(formula.base)
        return self.root(self.spell(formula.of))

    def terms(self, formula: Sum) -> list[str]:
        """Return the terms of a sum, each but the first behind its plus or minus."""
        written = []
        for place, term in enumerate(formula.terms):
            sign, rest = self._split(term)
            first, later = (self.sign, self.minus) if sign else ("", self.plus)
            lead = later if place else first
            written.append(lead + (self.factor(rest) if sign else self.spell(rest)))
        return written

    def factor(self, formula: Formula) -> str:
        """Return a formula as it stands beside a sign of multiplication or behind a minus."""
        negative = isinstance(formula, Number) and formula.value < 0
        if isinstance(formula, Sum) or negative or self._split(formula)[0]:
            return self.brackets(self.spell(formula))
        return self.spell(formula)

    def _square(self, base: Formula) -> str:
        bare = isinstance(base, Symbol) or (isinstance(base, Number) and base.value >= 0)
        return self.square(self.spell(base) if bare else self.brackets(self.spell(base)))

    def _signed(self, value: float) -> str:
        return self.sign + self.number(-value) if value < 0 else self.number(value)

    def _product(self, product: Product) -> str:
        if product.factors[0] == MINUS_ONE:
            return self.sign + self.times.join(map(self.factor, product.factors[1:]))
        first, *others = product.factors
        # The first factor may keep its minus: nothing stands before it.
        lead = self.spell(first) if isinstance(first, Number) else self.factor(first)
        return self.times.join([lead, *map(self.factor, others)])

    def _split(self, term: Formula) -> tuple[bool, Formula]:
        """Return whether a minus stands before a term, and the term without it."""
        if isinstance(term, Number) and term.value < 0:
            return True, Number(-term.value)
        if not isinstance(term, Product):
            return False, term
        first, *rest = term.factors
        if first == MINUS_ONE and rest:
            return True, rest[0] if len(rest) == 1 else Product(tuple(rest))
        if isinstance(first, Number) and first.value < 0:
            return True, Product((Number(-first.value), *rest))
        return False, term
