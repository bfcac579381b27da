import os
import subprocess
import sys
from pathlib import Path

import matplotlib
import pytest

import pellucid.drawing
from pellucid.drawing import SERIES, new_figure, save_figure, styled
from pellucid.errors import ArgumentError, FileError

SIGNATURES = {"png": b"\x89PNG\r\n", "svg": b"<?xml", "pdf": b"%PDF-"}


@styled
def example(name="value"):
    figure, (panel,) = new_figure()
    panel.plot([1, 2, 3], label=name)
    panel.set_title(name)
    panel.set_xlabel(name)
    panel.legend()
    return figure


@pytest.mark.parametrize(("ending", "signature"), SIGNATURES.items())
def test_the_ending_says_what_is_written(tmp_path, ending, signature):
    path = save_figure(example(), tmp_path / f"a.{ending.upper()}")
    assert path.read_bytes().startswith(signature)
    assert os.listdir(tmp_path) == [path.name]


@pytest.mark.parametrize("ending", ["png", "pdf"])
def test_the_same_picture_is_the_same_file(tmp_path, ending):
    one = save_figure(example(), tmp_path / f"one.{ending}").read_bytes()
    assert one == save_figure(example(), tmp_path / f"two.{ending}").read_bytes()


@pytest.mark.parametrize(
    ("name", "given", "fix"),
    [
        ("a.pgn", "the ending '.pgn'", "a.png"),
        ("a", "no ending", "a.png"),
        ("a.svgz", "the ending '.svgz'", "a.svg"),
    ],
)
def test_another_ending_is_refused(tmp_path, name, given, fix):
    path = tmp_path / name
    with pytest.raises(ArgumentError) as error:
        save_figure(example(), path)
    assert str(error.value) == (
        f"{path}: got {given}, expected a picture: .png, .svg or .pdf. Call it '{fix}'."
    )
    assert os.listdir(tmp_path) == []


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(FileError, match="which does not exist"):
        save_figure(example(), tmp_path / "no" / "a.png")


def test_drawing_changes_no_setting_and_needs_no_pyplot():
    before = dict(matplotlib.rcParams)
    example().canvas.draw()
    assert dict(matplotlib.rcParams) == before
    code = (
        "import sys; from pellucid.report import residuals; residuals([1, 2], [1, 3])._repr_png_();"
        "sys.exit('matplotlib.pyplot' in sys.modules)"
    )
    source = str(Path(pellucid.drawing.__file__).parents[1])
    environment = {**os.environ, "PYTHONPATH": source}
    assert subprocess.run([sys.executable, "-c", code], env=environment).returncode == 0


def test_a_figure_shows_itself_in_a_notebook():
    assert example()._repr_png_().startswith(SIGNATURES["png"])


@pytest.mark.parametrize("name", ["price ($)", "$ and $", "$x_2^{$", "a_b^c", "% \\frac{"])
def test_a_name_is_never_read_as_a_formula(name):
    figure = example(name)
    figure.canvas.draw()
    assert figure.axes[0].get_title() in (name, "")
    texts = [figure.axes[0].xaxis.label, *figure.axes[0].get_legend().get_texts()]
    assert [text.get_text() for text in texts] == [name, name]
    assert not any(text.get_parse_math() for text in texts)


def _lightness(color):
    """Return CIE L* of a colour, which is what is left of it in grey or without cones."""
    channels = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return 116 * luminance ** (1 / 3) - 16


def test_every_colour_stands_out_from_white():
    assert all(_lightness(color) < 75 for color in SERIES)
    assert len(set(SERIES)) == 8
