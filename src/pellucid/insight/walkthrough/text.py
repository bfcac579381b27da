"""A walkthrough as plain text."""

import re
import textwrap
from collections.abc import Iterator

from pellucid.insight.walkthrough.document import (
    Cell,
    Document,
    Equation,
    Heading,
    Item,
    Sentence,
    Table,
)
from pellucid.insight.walkthrough.formula import (
    Derivative,
    Formula,
    Product,
    Quotient,
    Symbol,
    name_of,
)
from pellucid.insight.walkthrough.spelling import Speller, digits

WIDTH = 98
INDENT = "   "


class TextSpeller(Speller):
    """Formulas in plain letters."""

    def number(self, value: float) -> str:
        return digits(value)

    def symbol(self, symbol: Symbol) -> str:
        return name_of(symbol)

    def derivative(self, derivative: Derivative) -> str:
        return name_of(derivative)

    def call(self, name: str, argument: str) -> str:
        return f"{name}({argument})"

    def quotient(self, quotient: Quotient) -> str:
        below = quotient.below
        deep = isinstance(below, (Product, Quotient, Derivative))
        lower = self.brackets(self.spell(below)) if deep else self.factor(below)
        return f"{self.factor(quotient.above)} / {lower}"

    def square(self, base: str) -> str:
        return f"{base}^2"

    def root(self, of: str) -> str:
        return f"sqrt({of})"

    def brackets(self, inner: str) -> str:
        return f"({inner})"


def spell(formula: Formula) -> str:
    """Return a formula in plain letters."""
    return TextSpeller().spell(formula)


def write_text(document: Document) -> str:
    """Return a document as plain text."""
    lines = [document.title, "=" * len(document.title)]
    for stage in document.stages:
        lines += ["", stage.title, "-" * len(stage.title)]
        for item in stage.items:
            lines += _lines(item)
    told = "\n".join(line.rstrip() for line in lines)
    return re.sub(r"\n{3,}", "\n\n", told).rstrip() + "\n"


def _lines(item: Item) -> Iterator[str]:
    if isinstance(item, Heading):
        yield from ["", item.text]
    elif isinstance(item, Sentence):
        shown = f"!!! {item.text}" if item.loud else item.text
        yield from textwrap.wrap(shown, WIDTH)
    elif isinstance(item, Equation):
        yield from _equation(item)
    else:
        yield from _table(item)


def _equation(item: Equation) -> Iterator[str]:
    left = spell(item.left)
    signs = [":=" if item.becomes else "=", *["="] * (len(item.right) - 1)]
    parts = [f"{sign} {spell(one)}" for sign, one in zip(signs, item.right, strict=True)]
    whole = f"{INDENT}{left} {' '.join(parts)}"
    if len(whole) <= WIDTH:
        yield whole
        return
    margin = INDENT + " " * (len(left) + 1)
    for number, part in enumerate(parts):
        first = f"{INDENT}{left} " if number == 0 else margin
        yield from textwrap.wrap(part, WIDTH, initial_indent=first, subsequent_indent=f"{margin}  ")


def _table(table: Table) -> Iterator[str]:
    rows = [[_cell(cell) for cell in row] for row in table.rows]
    headers = [str(_cell(cell)) for cell in table.headers]
    widths = [max(len(row[place]) for row in [headers, *rows]) for place in range(len(headers))]
    yield ""
    for row in [headers, ["-" * width for width in widths], *rows]:
        cells = zip(row, widths, table.numeric, strict=True)
        yield INDENT + "  ".join(
            cell.rjust(width) if numeric else cell.ljust(width) for cell, width, numeric in cells
        )
    yield ""


def _cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, int):
        return f"{cell:,}"
    return digits(cell) if isinstance(cell, float) else spell(cell)
