"""The page is whole, needs nothing from elsewhere, and says what the walk says."""

import re
from html.parser import HTMLParser

import pytest

import pellucid
from insight.walkthrough.networks import X, Y, classic

VOID = {"link", "meta"}


class Reader(HTMLParser):
    """Reads a page: which elements are open, what they hold, what they refer to."""

    def __init__(self):
        super().__init__()
        self.open, self.references, self.words, self.tags = [], [], [], set()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        if tag not in VOID:
            self.open.append(tag)
        self.references += [(name, value) for name, value in attrs if name in ("src", "href")]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.words.append(data)


@pytest.fixture(scope="module")
def walk():
    return classic(pellucid.losses.Huber(delta=10.0), "adam").walkthrough(X, Y)


def read(page):
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    return reader


def test_the_page_closes_what_it_opens_and_refers_to_nothing(walk):
    page = walk.html()
    reader = read(page)
    assert reader.references == [("href", "data:,")]
    assert not reader.tags & {"script", "img", "iframe", "object"}
    assert "default-src 'none'" in page
    assert not re.search(r"https?:|url\(|@import|//", page)
    assert page.startswith("<!DOCTYPE html>")
    assert '<meta name="viewport" content="width=device-width, initial-scale=1">' in page
    assert "prefers-color-scheme: dark" in page


def test_the_six_stages_and_the_gradients_are_in_it(walk):
    text = " ".join("".join(read(walk.html()).words).split())
    places = [
        text.index(f"{number}. {name}")
        for number, name in enumerate(
            ("Initialisation", "Forward", "Error", "Backpropagation", "Update", "Iterate"), 1
        )
    ]
    assert places == sorted(places)
    assert "∂L∂w31 = ∂L∂out3 · ∂out3∂in3 · ∂in3∂w31 = −e3 · out1 = " in text
    assert f"{walk['dL/dw_31']:.6g}".replace("-", "−") in text


def test_a_notebook_shows_the_same_without_a_page_around_it(walk):
    part = walk._repr_html_()
    assert part in walk.html()
    assert "<html" not in part
    read(part)
    # Nothing in a notebook but the walk itself is styled.
    style = part.split("<style>")[1].split("</style>")[0]
    rules = re.sub(r"@media[^{]*\{", "", style)
    selectors = [one.strip() for one in re.findall(r"([^{}]+)\{", rules)]
    assert all(
        name.strip().startswith(".pellucid-walk") for one in selectors for name in one.split(",")
    )


def test_words_of_the_user_are_words(rng):
    layers = pellucid.layers
    dense = layers.Dense(1, name="<b>&bold")
    model = pellucid.Sequential([layers.Input((2,)), dense])
    model.compile("sgd", "mse")
    page = model.walkthrough([1.0, 2.0], [1.0]).html()
    assert "<b>" not in page
    assert "&lt;b&gt;&amp;bold" in page
    read(page)
