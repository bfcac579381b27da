"""A model asked about data of another kind says what it was trained on, and what it was given."""

import re

import numpy as np
import pytest

from pellucid.cli import main
from pellucid.errors import FileError, PellucidError, PellucidWarning
from pellucid.tasks import TextModel, load_trained, predict_file, train_table, train_text
from pellucid.tasks.doctor import examine_file

TEXTS = [f"a {word} one, number {n}\t{label}" for n in range(9)
         for word, label in (("good", "yes"), ("poor", "no"))]  # fmt: skip


@pytest.fixture(scope="module")
def table_model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("table")
    wide = [number % 7 + 0.5 for number in range(60)]
    rows = {"wide": wide, "area": [2 * one for one in wide]}
    train_table(rows, "area", output=folder, epochs=1, members=1, verbose=0)
    return folder / "model.pellucid"


@pytest.fixture(scope="module")
def text_model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("text")
    (folder / "opinions.txt").write_text("\n".join(TEXTS))
    train_text(folder / "opinions.txt", output=folder, members=1, epochs=1, verbose=0)
    return folder / "model.pellucid"


@pytest.fixture
def images(tmp_path):
    path = tmp_path / "images.npz"
    np.savez(path, x=np.zeros((3, 4, 4), np.uint8), y=np.arange(3))
    return path


def refused(model, data):
    with pytest.raises(FileError) as caught:
        predict_file(model, data)
    return str(caught.value)


def test_images_for_a_table(table_model, images, capsys):
    told = (
        f"{images}: got an array of 3 images (images), expected a table, which '{table_model}' was "
        f"trained on. Give it a table, or train another model on these: pellucid train {images}\n"
        "It could not read them: "
    )
    assert refused(table_model, images).startswith(told)
    for command in ("predict", "evaluate", "doctor", "report"):
        assert main([command, str(table_model), str(images)]) == 2
        assert capsys.readouterr().err.startswith(f"pellucid: {told}")


def test_images_for_texts(text_model, images):
    assert refused(text_model, images).startswith(
        f"{images}: got an array of 3 images (images), expected texts, which '{text_model}' was "
        "trained on. Give it texts, or"
    )


@pytest.mark.parametrize("ask", [predict_file, examine_file])
def test_a_table_with_other_columns_is_told_by_its_columns(table_model, tmp_path, ask):
    path = tmp_path / "other.csv"
    path.write_text("length,height\n1,2\n3,4\n5,6\n")
    with pytest.raises(PellucidError) as caught:
        ask(table_model, path)
    assert "trained on" not in str(caught.value)
    assert re.search("'?wide'?", str(caught.value))


def test_data_that_lie_nowhere_are_told_as_they_are(text_model, tmp_path):
    assert "trained on" not in refused(text_model, tmp_path / "none.txt")


def test_words_that_no_training_text_had_are_told(text_model):
    model = load_trained(text_model)
    assert isinstance(model, TextModel)
    with pytest.warns(PellucidWarning) as told:
        model.predict(["a good bicycle", "Fahrrad Fahrrad"])
    # Good and a are known, three are not.
    assert [str(one.message) for one in told] == [
        "the texts: 60% of the words stood in no text that the model learned from; it says little "
        "of them."
    ]
    assert model.unknown(["a good one, number 3"]) == 0
