"""What names of files say, and which patterns are none."""

from pathlib import PurePath

import pytest

from pellucid.data.file_names import FileNames
from pellucid.errors import ArgumentError


@pytest.mark.parametrize(
    ("pattern", "path", "fields"),
    [
        ("{label}_{who}_{n}", "a/b/3_theo_17.wav", {"label": "3", "who": "theo", "n": "17"}),
        ("{label}_{who}_{n}", "3_theo.wav", None),
        ("{label}_{who}_{n}", "3_theo_17_b.wav", {"label": "3", "who": "theo", "n": "17_b"}),
        ("{label}_{n}", "x_y_3.wav", {"label": "x", "n": "y_3"}),
        (
            "{label}/{who}_nohash_{n}",
            "yes/0a_nohash_2.wav",
            {"label": "yes", "who": "0a", "n": "2"},
        ),
        ("{label}/{who}/{n}", "data/yes/ann/4.flac", {"label": "yes", "who": "ann", "n": "4"}),
        ("{label}/{who}/{n}", "ann/4.flac", None),
        ("take.{n}({label})", "take.4(yes).ogg", {"n": "4", "label": "yes"}),
        ("{label}.{n}", "blues.00001.wav", {"label": "blues", "n": "00001"}),
    ],
)
def test_fields_are_what_stands_between_the_signs(pattern, path, fields):
    assert FileNames(pattern).fields(PurePath(path)) == fields


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        (
            "{word}_{who}",
            "pattern: got '{word}_{who}', expected the field {label}, such as "
            "'{label}_{speaker}_{index}'.",
        ),
        (
            "{label}_{a}_{a}",
            "pattern: got the field {a}, expected names that are words, each once.",
        ),
        ("{label}{a}", "pattern: got '{label}{a}', expected a character between two fields."),
        (7, "pattern: got 7, expected text such as '{label}_{speaker}_{index}'."),
    ],
)
def test_what_is_told(pattern, told):
    with pytest.raises(ArgumentError) as error:
        FileNames(pattern)
    assert str(error.value) == told
