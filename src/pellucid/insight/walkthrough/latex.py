"""A walkthrough as a LaTeX article that needs amsmath alone."""

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
    Quotient,
    Sum,
    Symbol,
    index_text,
)
from pellucid.insight.walkthrough.spelling import Speller, digits

ROWS = 36
"""Rows of a table that fit on a page."""

TERMS = 4
"""Terms of a sum that fit on a line."""

GREEK = ("alpha", "beta", "delta", "epsilon", "eta", "lambda", "mu", "rho")
FUNCTIONS = ("exp", "ln", "tanh")

ESCAPED = {
    "\\": r"\textbackslash{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "×": r"$\times$",
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
}

HEAD = r"""\documentclass{article}
\usepackage{amsmath}
\allowdisplaybreaks
\setlength{\parindent}{0pt}
\begin{document}
"""


class LatexSpeller(Speller):
    """Formulas in LaTeX."""

    times = r" \cdot "

    def number(self, value: float) -> str:
        shown = digits(value)
        if shown in ("nan", "inf"):
            return rf"\mathrm{{{shown}}}"
        mantissa, _, exponent = shown.partition("e")
        return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if exponent else mantissa

    def symbol(self, symbol: Symbol) -> str:
        name = symbol.name
        shown = f"\\{name}" if name in GREEK else name if len(name) == 1 else f"\\mathit{{{name}}}"
        return f"{shown}_{{{index_text(symbol.index)}}}" if symbol.index else shown

    def derivative(self, derivative: Derivative) -> str:
        of, by = self.symbol(derivative.of), self.symbol(derivative.by)
        return rf"\frac{{\partial {of}}}{{\partial {by}}}"

    def call(self, name: str, argument: str) -> str:
        if name == "abs":
            return rf"\left|{argument}\right|"
        prime = "'" if name.endswith("'") else ""
        bare = name.removesuffix("'")
        if bare in FUNCTIONS:
            shown = f"\\{bare}"
        else:
            shown = bare if len(bare) == 1 else rf"\mathrm{{{escaped(bare)}}}"
        return rf"{shown}{prime}\left({argument}\right)"

    def quotient(self, quotient: Quotient) -> str:
        return rf"\frac{{{self.spell(quotient.above)}}}{{{self.spell(quotient.below)}}}"

    def square(self, base: str) -> str:
        return rf"{{{base}}}^{{2}}"

    def root(self, of: str) -> str:
        return rf"\sqrt{{{of}}}"

    def brackets(self, inner: str) -> str:
        return rf"\left({inner}\right)"


SPELLER = LatexSpeller()


def write_latex(document: Document) -> str:
    """Return a document as a LaTeX article."""
    lines = [HEAD, rf"\section*{{{escaped(document.title)}}}"]
    for stage in document.stages:
        lines += ["", rf"\subsection*{{{escaped(stage.title)}}}"]
        for item in stage.items:
            lines += _lines(item)
    return "\n".join([*lines, r"\end{document}", ""])


def escaped(text: str) -> str:
    """Return words with LaTeX's own signs written out."""
    return "".join(ESCAPED.get(sign, sign) for sign in text)


def _lines(item: Item) -> Iterator[str]:
    if isinstance(item, Heading):
        yield rf"\subsubsection*{{{escaped(item.text)}}}"
    elif isinstance(item, Sentence):
        text = escaped(item.text)
        yield rf"\textbf{{{text}}}\par" if item.loud else rf"{text}\par"
    elif isinstance(item, Equation):
        yield from _equation(item)
    else:
        for first in range(0, max(1, len(item.rows)), ROWS):
            yield from _table(item, first)


def _equation(item: Equation) -> Iterator[str]:
    yield r"\begin{align*}"
    lines = []
    for number, right in enumerate(item.right):
        left = SPELLER.spell(item.left) if number == 0 else ""
        sign = r"\leftarrow" if item.becomes and number == 0 else "="
        lines.append(f"{left} &{sign} {_broken(right)}")
    yield " \\\\\n".join(lines)
    yield r"\end{align*}"


def _broken(formula: Formula) -> str:
    """Return a formula, a long sum on several lines."""
    if not isinstance(formula, Sum):
        return SPELLER.spell(formula)
    terms = SPELLER.terms(formula)
    lines = ["".join(terms[first : first + TERMS]) for first in range(0, len(terms), TERMS)]
    return " \\\\\n&\\quad{}".join(lines)


def _table(table: Table, first: int) -> Iterator[str]:
    yield ""
    yield rf"\begin{{tabular}}{{{''.join('r' if one else 'l' for one in table.numeric)}}}"
    yield " & ".join(map(_cell, table.headers)) + r" \\ \hline"
    for row in table.rows[first : first + ROWS]:
        yield " & ".join(map(_cell, row)) + r" \\"
    yield r"\end{tabular}\par"


def _cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return escaped(cell)
    if isinstance(cell, int):
        return f"{cell:,}"
    if isinstance(cell, float):
        sign = "-" if cell < 0 else ""
        return f"${sign}{SPELLER.number(abs(cell))}$"
    return rf"$\displaystyle {SPELLER.spell(cell)}$"
