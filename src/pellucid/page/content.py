"""What a page consists of, before it is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Heading:
    """A heading within a section, with a word of rank before it, such as "fault"."""

    text: str
    rank: str = ""


@dataclass(frozen=True)
class Sentence:
    """A paragraph."""

    text: str


@dataclass(frozen=True)
class Listing:
    """Text whose lines and spaces stay as they are: code, or a table in plain text."""

    text: str


@dataclass(frozen=True)
class Facts:
    """Names, each with its value."""

    pairs: Sequence[tuple[str, Any]]


@dataclass(frozen=True)
class Table:
    """Rows under headers.

    Args:
        caption: What the table shows.
        headers: One a column.
        rows: As many cells as headers: text, numbers, or None for nothing.
    """

    caption: str
    headers: Sequence[str]
    rows: Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Plot:
    """A picture.

    Args:
        figure: A matplotlib figure; the page makes it as narrow as a phone can show.
        alt: What it shows, for those who do not see it.
    """

    figure: "Figure"
    alt: str


Item: TypeAlias = Heading | Sentence | Listing | Facts | Table | Plot


@dataclass(frozen=True)
class Section:
    """A title and what stands under it. Titles of a page differ."""

    title: str
    items: Sequence[Item]


@dataclass(frozen=True)
class Page:
    """A whole page.

    Args:
        title: Stands above all.
        verdict: The result in a line or two.
        sections: In order; those without items are left out.
    """

    title: str
    verdict: str
    sections: Sequence[Section]
