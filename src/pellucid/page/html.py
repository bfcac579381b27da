"""A page as the text of one HTML file."""

import datetime
import os
import re
from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

from pellucid.atomic import write_text_atomically
from pellucid.errors import Problem, report
from pellucid.page.content import (
    Facts,
    Heading,
    Item,
    Listing,
    Page,
    Plot,
    Section,
    Sentence,
    Table,
)
from pellucid.page.plot import plot_address
from pellucid.page.style import STYLE
from pellucid.text_table import cell_text, is_number

HTML = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="icon" href="data:,">
<style>{style}</style>
</head>
<body>
{body}
</body>
</html>
"""

BODY = """<header>
<h1>{title}</h1>
<p class="verdict">{verdict}</p>
<nav aria-label="Sections"><ul>
{links}
</ul></nav>
</header>
<main>
{sections}
</main>
<footer>Written by Pellucid on <time datetime="{date}">{date}</time>.</footer>"""

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""What the browser may load: nothing but what is in the file. No script runs."""


def write_page(path: str | os.PathLike[str], page: Page) -> Path:
    """Write a page to a file that is either whole or not there.

    Args:
        path: Ends in `.html`; its folder must exist.
        page: What to write.

    Returns:
        `path`.

    Raises:
        ArgumentError: The path ends in something else.
        FileError: The file cannot be written.
    """
    check_page_path(path, "write_page(path=...)")
    return write_text_atomically(path, page_text(page))


def check_page_path(path: str | os.PathLike[str], where: str) -> None:
    """Refuse a path that does not end in `.html`, before the time is spent on a page.

    Raises:
        ArgumentError: It does not.
    """
    given = Path(path)
    if given.suffix.lower() != ".html":
        fix = f"Call it '{given.with_suffix('.html').name}'."
        report([Problem(where, f"'{given}'", "a path that ends in .html", fix)])


def page_text(page: Page, date: datetime.date | None = None) -> str:
    """Return a page as HTML that needs no other file and asks no network.

    Args:
        page: What to write.
        date: The day that the foot of the page tells; today when absent.

    Example:
        >>> from pellucid.page import Page, Section, Sentence, page_text
        >>> text = page_text(Page("Run 7", "It learned.", [Section("Why", [Sentence("a < b")])]))
        >>> '<h2 id="why">Why</h2>' in text, "<p>a &lt; b</p>" in text
        (True, True)
    """
    shown = [section for section in page.sections if section.items]
    links = [f'<li><a href="#{_name(one.title)}">{escape(one.title)}</a></li>' for one in shown]
    body = BODY.format(
        title=escape(page.title),
        verdict=escape(page.verdict),
        links="\n".join(links),
        sections="\n".join(line for section in shown for line in _section(section)),
        date=(date or datetime.date.today()).isoformat(),
    )
    return whole_page(page.title, STYLE, body)


def whole_page(title: str, style: str, body: str) -> str:
    """Return HTML as a whole page that needs no other file and asks no network.

    Args:
        title: What a browser shows as its name.
        style: Its CSS.
        body: What is in it, as HTML.

    Example:
        >>> from pellucid.page import whole_page
        >>> "<title>A &amp; B</title>" in whole_page("A & B", "p { margin: 0 }", "<p>Hello</p>")
        True
    """
    return HTML.format(policy=POLICY, style=style, title=escape(title), body=body)


def _name(title: str) -> str:
    return re.sub("[^a-z0-9]+", "-", title.lower()).strip("-")


def _section(section: Section) -> Iterator[str]:
    name = _name(section.title)
    yield f'<section aria-labelledby="{name}">'
    yield f'<h2 id="{name}">{escape(section.title)}</h2>'
    # Pictures that follow one another stand side by side where there is room.
    for are_plots, items in groupby(section.items, lambda item: isinstance(item, Plot)):
        lines = (line for item in items for line in _lines(item))
        yield from ('<div class="plots">', *lines, "</div>") if are_plots else lines
    yield "</section>"


def _lines(item: Item) -> Iterator[str]:
    match item:
        case Heading():
            yield f"<h3>{_rank(item.rank)}{escape(item.text)}</h3>"
        case Sentence():
            yield f"<p>{escape(item.text)}</p>"
        case Listing():
            yield f'<pre tabindex="0">{escape(item.text)}</pre>'
        case Facts():
            pairs = (
                f"<dt>{escape(name)}</dt><dd>{escape(cell_text(value))}</dd>"
                for name, value in item.pairs
            )
            yield from ("<dl>", *pairs, "</dl>")
        case Plot():
            address = plot_address(item.figure)
            yield f'<figure><img alt="{escape(item.alt)}" src="{address}"></figure>'
        case Table():
            yield from _table(item)


def _rank(rank: str) -> str:
    return f'<span class="rank {escape(rank)}">{escape(rank)}</span>' if rank else ""


def _table(table: Table) -> Iterator[str]:
    right = [
        all(is_number(row[place]) for row in table.rows) for place in range(len(table.headers))
    ]
    label = escape(table.caption)
    yield f'<div class="wide" role="region" tabindex="0" aria-label="{label}"><table>'
    yield f"<caption>{label}</caption>"
    heads = "".join(_cells('th scope="col"', table.headers, right))
    yield f"<thead><tr>{heads}</tr></thead><tbody>"
    for row in table.rows:
        yield f"<tr>{''.join(_cells('td', row, right))}</tr>"
    yield "</tbody></table></div>"


def _cells(tag: str, row: Sequence[Any], right: Sequence[bool]) -> Iterator[str]:
    for value, number in zip(row, right, strict=True):
        kind = ' class="number"' if number else ""
        yield f"<{tag}{kind}>{escape(cell_text(value))}</{tag.split()[0]}>"
