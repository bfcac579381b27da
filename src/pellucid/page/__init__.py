"""One HTML page of words, tables and pictures that opens anywhere and asks no network."""

from pellucid.page.content import Facts as Facts
from pellucid.page.content import Heading as Heading
from pellucid.page.content import Item as Item
from pellucid.page.content import Listing as Listing
from pellucid.page.content import Page as Page
from pellucid.page.content import Plot as Plot
from pellucid.page.content import Section as Section
from pellucid.page.content import Sentence as Sentence
from pellucid.page.content import Table as Table
from pellucid.page.html import check_page_path as check_page_path
from pellucid.page.html import page_text as page_text
from pellucid.page.html import whole_page as whole_page
from pellucid.page.html import write_page as write_page

__all__ = [
    "Facts",
    "Heading",
    "Item",
    "Listing",
    "Page",
    "Plot",
    "Section",
    "Sentence",
    "Table",
    "check_page_path",
    "page_text",
    "whole_page",
    "write_page",
]
