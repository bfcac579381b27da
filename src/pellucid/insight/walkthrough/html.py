"""A walkthrough as one HTML page that needs nothing else."""

from collections.abc import Iterator
from html import escape

from pellucid.insight.walkthrough.document import (
    Cell,
    Document,
    Equation,
    Heading,
    Item,
    Sentence,
    Table,
)
from pellucid.insight.walkthrough.formula import Derivative, Quotient, Symbol, index_text
from pellucid.insight.walkthrough.spelling import Speller, digits
from pellucid.page import whole_page

GREEK = {
    "alpha": "α",
    "beta": "β",
    "delta": "δ",
    "epsilon": "ε",
    "eta": "η",
    "lambda": "λ",
    "mu": "μ",
    "rho": "ρ",
}

STYLE = """
.pellucid-walk { --ink: #1b1f24; --quiet: #57606a; --paper: #ffffff; --line: #d0d7de;
  --band: #f6f8fa; --result: #0b5cad; --loud: #b42318;
  color: var(--ink); background: var(--paper); font: 16px/1.55 system-ui, sans-serif;
  max-width: 60rem; margin: 0 auto; padding: 1rem; overflow-wrap: break-word; }
@media (prefers-color-scheme: dark) { .pellucid-walk { --ink: #e6edf3; --quiet: #9da7b1;
  --paper: #0d1117; --line: #30363d; --band: #161b22; --result: #79b8ff; --loud: #ff8f80; } }
.pellucid-walk h1 { font-size: 1.45rem; line-height: 1.25; margin: 0 0 1rem; }
.pellucid-walk h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; padding-bottom: .25rem;
  border-bottom: 1px solid var(--line); }
.pellucid-walk h3 { font-size: .95rem; margin: 1.25rem 0 .4rem; color: var(--quiet); }
.pellucid-walk p { margin: .4rem 0; }
.pellucid-walk .loud { color: var(--loud); border: 2px solid var(--loud); padding: .6rem;
  font-weight: 600; }
.pellucid-walk .equation { font-family: Cambria, Georgia, serif; margin: .3rem 0;
  padding: .35rem .6rem; background: var(--band); border-radius: 6px; line-height: 2; }
.pellucid-walk .equation > span { display: inline-block; max-width: 100%; margin-right: .35em; }
.pellucid-walk .equation > span:last-child { color: var(--result); font-weight: 600; }
.pellucid-walk i { font-style: italic; }
.pellucid-walk sub, .pellucid-walk sup { font-size: .72em; line-height: 0; }
.pellucid-walk .over { display: inline-flex; flex-direction: column; text-align: center;
  vertical-align: middle; line-height: 1.25; font-size: .86em; margin: 0 .12em; }
.pellucid-walk .over > span:first-child { border-bottom: 1px solid; padding: 0 .2em .1em; }
.pellucid-walk .over > span:last-child { padding: .1em .2em 0; }
.pellucid-walk .root { border-top: 1px solid; padding-top: .1em; }
.pellucid-walk .wide { overflow-x: auto; margin: .6rem 0; }
.pellucid-walk table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
.pellucid-walk th, .pellucid-walk td { padding: .25rem .7rem .25rem 0; text-align: left;
  border-bottom: 1px solid var(--line); white-space: nowrap; }
.pellucid-walk th { font-weight: 600; color: var(--quiet); }
.pellucid-walk .number { text-align: right; }
"""

AROUND = """
body { margin: 0; background: #ffffff; }
@media (prefers-color-scheme: dark) { body { background: #0d1117; } }
"""
"""The look of a page that holds nothing but the walk."""


class HtmlSpeller(Speller):
    """Formulas in HTML."""

    minus = " − "
    sign = "−"

    def number(self, value: float) -> str:
        mantissa, _, exponent = digits(value).partition("e")
        power = exponent and int(exponent)
        return f"{mantissa}·10<sup>{str(power).replace('-', '−')}</sup>" if exponent else mantissa

    def symbol(self, symbol: Symbol) -> str:
        name = f"<i>{escape(GREEK.get(symbol.name, symbol.name))}</i>"
        return f"{name}<sub>{index_text(symbol.index)}</sub>" if symbol.index else name

    def derivative(self, derivative: Derivative) -> str:
        return _over(f"∂{self.symbol(derivative.of)}", f"∂{self.symbol(derivative.by)}")

    def call(self, name: str, argument: str) -> str:
        if name == "abs":
            return f"|{argument}|"
        shown = escape(name.replace("'", "′"))
        return f"{shown}({argument})"

    def quotient(self, quotient: Quotient) -> str:
        return _over(self.spell(quotient.above), self.spell(quotient.below))

    def square(self, base: str) -> str:
        return f"{base}<sup>2</sup>"

    def root(self, of: str) -> str:
        return f'√<span class="root">{of}</span>'

    def brackets(self, inner: str) -> str:
        return f"({inner})"


SPELLER = HtmlSpeller()


def _over(above: str, below: str) -> str:
    return f'<span class="over"><span>{above}</span><span>{below}</span></span>'


def write_page(document: Document) -> str:
    """Return a document as a whole page."""
    return whole_page(document.title, AROUND, write_part(document))


def write_part(document: Document) -> str:
    """Return a document as a part of a page, such as a notebook."""
    lines = ['<div class="pellucid-walk">', f"<style>{STYLE}</style>"]
    lines.append(f"<h1>{escape(document.title)}</h1>")
    for stage in document.stages:
        lines.append(f"<h2>{escape(stage.title)}</h2>")
        for item in stage.items:
            lines += _lines(item)
    return "\n".join([*lines, "</div>"])


def _lines(item: Item) -> Iterator[str]:
    if isinstance(item, Heading):
        yield f"<h3>{escape(item.text)}</h3>"
    elif isinstance(item, Sentence):
        kind = ' class="loud"' if item.loud else ""
        yield f"<p{kind}>{escape(item.text)}</p>"
    elif isinstance(item, Equation):
        yield _equation(item)
    else:
        yield from _table(item)


def _equation(item: Equation) -> str:
    parts = [f"<span>{SPELLER.spell(item.left)}</span>"]
    for number, right in enumerate(item.right):
        sign = "←" if item.becomes and number == 0 else "="
        parts.append(f"<span>{sign} {SPELLER.spell(right)}</span>")
    return f'<div class="equation">{" ".join(parts)}</div>'


def _table(table: Table) -> Iterator[str]:
    yield '<div class="wide"><table>'
    yield f"<tr>{''.join(_cells('th', table.headers, table.numeric))}</tr>"
    for row in table.rows:
        yield f"<tr>{''.join(_cells('td', row, table.numeric))}</tr>"
    yield "</table></div>"


def _cells(tag: str, row: tuple[Cell, ...], numeric: tuple[bool, ...]) -> Iterator[str]:
    for cell, right in zip(row, numeric, strict=True):
        kind = ' class="number"' if right else ""
        yield f"<{tag}{kind}>{_cell(cell)}</{tag}>"


def _cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return escape(cell)
    if isinstance(cell, int):
        return f"{cell:,}"
    if isinstance(cell, float):
        return ("−" if cell < 0 else "") + SPELLER.number(abs(cell))
    return SPELLER.spell(cell)
