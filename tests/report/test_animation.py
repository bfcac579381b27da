"""Animations as files: read back by Pillow and by a parser of HTML."""

import base64
import io
import json
import re
from html.parser import HTMLParser

import numpy as np
import pytest
from PIL import Image

from pellucid.drawing import new_figure
from pellucid.errors import ArgumentError
from pellucid.report.animation import Animation, Frame

COLOURS = ("#ff0000", "#00ff00", "#0000ff")


@pytest.fixture(scope="module")
def film():
    frames = []
    for number, colour in enumerate(COLOURS):
        figure, (panel,) = new_figure(width=1.0, height=1.0)
        panel.set_facecolor(colour)
        frames.append(Frame(f"epoch {number} </script>", figure))
    return Animation("<Moons>", tuple(frames), seconds=0.25)


def middle(image):
    return np.asarray(image.convert("RGB"))[image.height // 4, image.width // 2].tolist()


def test_a_gif_has_every_picture_and_rests_on_the_last(film, tmp_path):
    with Image.open(film.save(tmp_path / "film.gif")) as image:
        times, shades = [], []
        for number in range(image.n_frames):
            image.seek(number)
            times.append(image.info["duration"])
            shades.append(middle(image))
        assert image.info["loop"] == 0
    assert times == [250, 250, 1000]
    assert shades == [[255, 0, 0], [0, 255, 0], [0, 0, 255]]


class Parser(HTMLParser):
    def __init__(self):
        super().__init__()
        self.links, self.scripts, self.tag = [], [], ""

    def handle_starttag(self, tag, attributes):
        self.tag = tag
        self.links += [value for name, value in attributes if name in ("src", "href", "srcdoc")]

    def handle_data(self, data):
        if self.tag == "script":
            self.scripts.append(data)


def test_a_page_holds_every_picture_and_asks_for_nothing(film, tmp_path):
    parser = Parser()
    page = film.save(tmp_path / "film.html").read_text()
    parser.feed(page)
    assert all(link.startswith("data:image/png;base64,") for link in parser.links)
    script = "".join(parser.scripts)
    names, images = re.search(r"names = (\[.*?\]), images = (\[.*?\]);", script).groups()
    assert json.loads(names) == [f"epoch {n} </script>" for n in range(3)]
    shades = [
        middle(Image.open(io.BytesIO(base64.b64decode(one.split(",")[1]))))
        for one in json.loads(images)
    ]
    assert shades == [[255, 0, 0], [0, 255, 0], [0, 0, 255]]
    assert "&lt;Moons&gt;" in page
    assert "http" not in page


def test_a_notebook_shows_the_page(film):
    parser = Parser()
    parser.feed(film._repr_html_())
    (page,) = parser.links
    assert page.startswith("<!DOCTYPE html>")


@pytest.mark.parametrize(
    ("name", "given", "fix"),
    [
        ("film.mp4", "the ending '.mp4'", "film.gif"),
        ("film", "no ending", "film.gif"),
        ("film.htm", "the ending '.htm'", "film.html"),
    ],
)
def test_another_ending_is_answered(film, name, given, fix):
    with pytest.raises(ArgumentError) as caught:
        film.save(name)
    expected = f"{name}: got {given}, expected an animation: .gif or .html. Call it '{fix}'."
    assert str(caught.value) == expected
