"""A page: what stands in it, what must not, and how it reaches the disk."""

import base64
import datetime
import re
from html.parser import HTMLParser

import numpy as np
import pytest

from pellucid.errors import ArgumentError, FileError
from pellucid.page import (
    Facts,
    Heading,
    Listing,
    Page,
    Plot,
    Section,
    Sentence,
    Table,
    page_text,
    write_page,
)
from pellucid.report import confusion_matrix, residuals

HOSTILE = "<script>alert('&amp;')</script>\"'"
EMPTY_TAGS = {"meta", "link", "img"}


class Reader(HTMLParser):
    """Reads a page as a browser would, and notes tags, texts and whether all are closed."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.texts, self.open, self.attributes = [], [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag not in EMPTY_TAGS:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)

    def values(self, name):
        return [value for _, own, value in self.attributes if own == name]


def every_kind(word="word"):
    """Return a page with one item of each kind, with a word wherever a word may stand."""
    items = [
        Heading(word, "fault"),
        Sentence(word),
        Listing(word),
        Facts([(word, word)]),
        Table(word, [word, "n"], [[word, 1], [None, 2.5]]),
        Plot(residuals([1.0, 2.0], [1.5, 2.0], name=word), word),
    ]
    return Page(word, word, [Section("All kinds", items)])


def test_a_page_is_read_back_as_it_was_meant():
    reader = Reader(page_text(every_kind()))
    assert reader.texts.count("word") == 11
    assert [tag for tag in reader.tags if re.fullmatch("h[1-6]", tag)] == ["h1", "h2", "h3"]
    assert reader.values("lang") == ["en"]
    assert reader.values("alt") == ["word"]
    assert reader.values("scope") == ["col", "col"]
    assert "caption" in reader.tags


def test_hostile_words_stay_words():
    reader = Reader(page_text(every_kind(HOSTILE)))
    assert "script" not in reader.tags
    assert reader.texts.count(HOSTILE) == 11
    assert reader.values("alt") == [HOSTILE]


def test_nothing_is_fetched_from_elsewhere():
    reader = Reader(page_text(every_kind(HOSTILE)))
    links = reader.values("src") + reader.values("href")
    assert {link.partition(":")[0] for link in links} == {"data", "#all-kinds"}
    assert "@import" not in page_text(every_kind())
    assert "url(" not in page_text(every_kind())
    (policy,) = [one for one in reader.values("content") if "default-src" in one]
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def test_a_section_without_items_is_left_out():
    text = page_text(Page("t", "v", [Section("Empty", []), Section("Full", [Sentence("s")])]))
    assert "Empty" not in text
    assert 'href="#full"' in text


def test_every_link_leads_to_a_heading():
    sections = [Section(title, [Sentence("s")]) for title in ("One, and two", "Three")]
    reader = Reader(page_text(Page("t", "v", sections)))
    targets = [link[1:] for link in reader.values("href") if link.startswith("#")]
    assert targets == ["one-and-two", "three"] == reader.values("id")


def test_numbers_stand_to_the_right_and_nothing_is_an_empty_cell():
    table = Table("c", ["who", "score"], [["a", 0.123456], ["b", None]])
    text = page_text(Page("t", "v", [Section("S", [table])]))
    assert '<tr><td>a</td><td class="number">0.1235</td></tr>' in text
    assert '<tr><td>b</td><td class="number"></td></tr>' in text


def picture_in(text):
    (address,) = re.findall('src="data:image/svg\\+xml;base64,([^"]*)"', text)
    return base64.b64decode(address).decode()


def test_a_picture_is_drawn_as_narrow_as_a_phone_shows_it():
    wide = Plot(residuals([1.0, 2.0, 3.0], [1.5, 2.0, 2.5]), "wide")
    drawn = picture_in(page_text(Page("t", "v", [Section("S", [wide])])))
    assert 'width="288pt" height="388.8pt"' in drawn
    square = Plot(confusion_matrix([0, 1], [0, 1]), "square")
    drawn = picture_in(page_text(Page("t", "v", [Section("S", [square])])))
    (width, height) = re.search('width="([0-9.]+)pt" height="([0-9.]+)pt"', drawn).groups()
    before = confusion_matrix([0, 1], [0, 1]).get_size_inches()
    assert float(width) / float(height) == pytest.approx(before[0] / before[1], rel=1e-3)


def test_the_same_page_is_the_same_text_but_for_the_date():
    day, other = datetime.date(2024, 5, 1), datetime.date(2025, 6, 2)
    first, second = page_text(every_kind(), day), page_text(every_kind(), other)
    assert first != second
    assert first.replace("2024-05-01", "2025-06-02") == second


def test_without_a_date_it_is_today():
    before = datetime.date.today()
    text = page_text(Page("t", "v", []))
    assert any(day.isoformat() in text for day in (before, datetime.date.today()))


def test_a_page_is_whole_or_not_there(tmp_path, monkeypatch):
    path = tmp_path / "report.html"
    path.write_text("old")
    assert write_page(path, every_kind()) == path
    Reader(path.read_text(encoding="utf-8"))
    path.write_text("old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(FileError):
        write_page(path, every_kind())
    assert path.read_text() == "old"
    assert [one.name for one in tmp_path.iterdir()] == ["report.html"]


def test_another_ending_is_refused(tmp_path):
    with pytest.raises(ArgumentError) as error:
        write_page(tmp_path / "report.pdf", every_kind())
    assert str(error.value) == (
        f"write_page(path=...): got '{tmp_path / 'report.pdf'}', expected a path that ends in "
        ".html. Call it 'report.html'."
    )
    assert list(tmp_path.iterdir()) == []


def brightness(colour):
    """Return the relative luminance of #rrggbb, as the Web Content Accessibility Guidelines do."""
    parts = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    linear = np.where(parts <= 0.03928, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def test_every_colour_of_text_can_be_read_on_every_ground():
    text = page_text(Page("t", "v", []))
    schemes = re.findall(r":root \{(.*?)\}", text, re.S)
    assert len(schemes) == 2
    for scheme in schemes:
        colours = dict(re.findall(r"--(\w+): (#\w{6})", scheme))
        for ground in ("paper", "band"):
            for ink in ("ink", "quiet", "link", "fault", "warning", "note"):
                pair = sorted((brightness(colours[ground]), brightness(colours[ink])))
                assert (pair[1] + 0.05) / (pair[0] + 0.05) >= 4.5, (ground, ink)
