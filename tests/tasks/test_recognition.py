"""What a path is taken for."""

import gzip
import os
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pellucid.errors import FileError
from pellucid.tasks.recognition import Seen, recognise

DATA = Path(os.environ.get("PELLUCID_DATA", Path(__file__).parents[3] / "shared" / "data"))

SETS = {
    "boston_housing/housing.csv": ("table", {"target": "column_14"}),
    "boston_housing": ("table", {"target": "column_14"}),
    "pima_diabetes": ("table", {"target": "column_9"}),
    "sonar": ("table", {"target": "column_61"}),
    "adult/adult-train.csv": ("table", {"target": "column_15"}),
    "wheat_seeds": ("table", {"target": "column_8"}),
    "iris": ("table", {"target": "column_5"}),
    "wine_quality/winequality-red.csv": ("table", {"target": "column_12"}),
    "abalone": ("table", {"target": "column_9"}),
    "gtzan_features": ("table", {"target": "label"}),
    "mnist_t10k": ("images", {}),
    "sign_digits": ("images", {}),
    "airline_passengers": ("forecast", {}),
    "daily_min_temperatures": ("forecast", {}),
    "beijing_pollution": ("forecast", {"target": "pm2.5"}),
    "household_power": ("forecast", {}),
    "stocks/AAPL.csv": ("forecast", {"target": "Adj Close"}),
    "indoor_movement/dataset": ("sequences", {}),
    "japanese_vowels": ("sequences", {}),
    "ecg200/ECG200_TRAIN.arff": ("sequences", {}),
    "rt_polarity": ("text", {}),
    "movie_reviews_polarity": ("text", {}),
    "movie_reviews_polarity/review_polarity.tar.gz": ("text", {}),
    "labelled_sentences": ("text", {}),
    "labelled_sentences/imdb_labelled.txt": ("text", {}),
    "ag_news/test.csv": ("text", {"target": "column_1"}),
    "ag_news": ("text", {}),
    "eng_fra": ("translation", {}),
    "tiny_shakespeare/input.txt": ("generation", {}),
    "fsdd": ("audio", {}),
}


@pytest.mark.skipif(not DATA.is_dir(), reason="the folder of data sets is not there")
@pytest.mark.parametrize("name", SETS)
def test_each_real_data_set_is_taken_for_what_it_is(name: str) -> None:
    kind, options = SETS[name]
    assert recognise(DATA / name, options).kind == kind


def files(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    return folder


def test_folders_of_files_are_told_by_what_most_of_them_are(tmp_path: Path) -> None:
    images = files(tmp_path / "a", "cat/1.png", "cat/2.JPG", "dog/1.jpeg", "README.txt")
    assert recognise(images, {}) == Seen("images", "3 images in 2 folders")
    sounds = files(tmp_path / "b", "1_ann.wav", "2_bob.flac")
    assert recognise(sounds, {}) == Seen("audio", "2 sounds")
    texts = files(tmp_path / "c", "ham/1.txt", "spam/1.txt")
    assert recognise(texts, {}) == Seen("text", "2 texts in 2 folders")
    tables = files(tmp_path / "d", *(f"s_{number}.csv" for number in range(12)))
    assert recognise(tables, {}) == Seen("sequences", "12 tables, taken for one sequence each")


def test_an_idx_pair_and_arrays_of_images_are_images(tmp_path: Path) -> None:
    header = struct.pack(">IIII", 2051, 1, 2, 2)
    (tmp_path / "train-images-idx3-ubyte.gz").write_bytes(gzip.compress(header + b"\0" * 4))
    (tmp_path / "train-labels-idx1-ubyte.gz").write_bytes(b"")
    assert recognise(tmp_path, {}).kind == "images"
    np.savez(tmp_path / "a.npz", x=np.zeros((3, 4, 4), np.uint8), y=[0, 1, 0])
    assert recognise(tmp_path / "a.npz", {}) == Seen("images", "an array of 3 images")


def rows(*cells: Any) -> str:
    return "\n".join(",".join(map(str, row)) for row in cells)


def test_a_table_with_one_row_for_each_day_is_a_series(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    days = [(f"2020-01-{day:02d}", day * day) for day in range(1, 29)]
    path.write_text(rows(("day", "sold"), *days))
    assert recognise(path, {}).kind == "forecast"
    path.write_text(rows(("day", "sold"), *days, *days))
    assert recognise(path, {}).kind == "table"
    path.write_text(
        rows(
            ("born", "sold"), *((f"{1950 + 3 * i * i % 47}-0{1 + i % 9}-11", i) for i in range(20))
        )
    )
    assert recognise(path, {"target": "sold"}).kind == "table"


def test_lines_are_told_by_their_fields(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("".join(f"the {one} film is what I saw\t{one % 2}\n" for one in range(40)))
    assert recognise(path, {}).kind == "text"
    path.write_text("".join(f"I see {one} cats\tje vois {one} chats\n" for one in range(40)))
    assert recognise(path, {}).kind == "translation"
    path.write_text("".join(f"{one}.5\t{one * 3}\n" for one in range(40)))
    assert recognise(path, {}).kind == "table"
    path.write_text("It was late, very late.\nNobody came.\nAnd so, at last, we left, all of us.\n")
    assert recognise(path, {}) == Seen("generation", "a plain text")


def test_a_column_of_texts_beside_a_target_is_text_and_among_numbers_a_table(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.csv"
    said = [
        (f"review {one} of a film that was {one} times seen", one % 2, one) for one in range(50)
    ]
    path.write_text(rows(("said", "good"), *((text, label) for text, label, _ in said)))
    assert recognise(path, {"target": "good"}).kind == "text"
    path.write_text(
        rows(("said", "good", "price", "age"), *((*one, 3 * one[2] % 17) for one in said))
    )
    assert recognise(path, {"target": "good"}).kind == "table"


def test_what_cannot_be_told_is_said(tmp_path: Path) -> None:
    files(tmp_path / "mixed", "a.bin", "b.exe", "b2.exe")
    with pytest.raises(FileError) as caught:
        recognise(tmp_path / "mixed", {})
    assert str(caught.value) == (
        f"{tmp_path / 'mixed'}: got a folder of several files (1 .bin, 2 .exe), expected images, "
        "tables, series, sequences, texts or sounds. Say what it is: --task images, forecast, "
        "text ..."
    )
    with pytest.raises(FileError) as caught:
        recognise(tmp_path / "mixd", {})
    assert str(caught.value) == (
        f"{tmp_path / 'mixd'}: got a path to nothing, expected a file or a folder. "
        f"Did you mean '{tmp_path / 'mixed'}'?"
    )
    (tmp_path / "one.png").write_bytes(b"x")
    with pytest.raises(FileError, match=r"one\.png: got one file, where it takes a folder of many"):
        recognise(tmp_path / "one.png", {})
