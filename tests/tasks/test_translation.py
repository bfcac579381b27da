"""From pairs of sentences to a network that translates, and back from its file."""

import json
import os
from pathlib import Path

import pytest

from pellucid.data.pairs import Pairs, read_pairs
from pellucid.decoding.stepwise import Stepwise
from pellucid.errors import DataError, FileError, PellucidWarning
from pellucid.models import load_model
from pellucid.tasks import load_trained, train_translation
from pellucid.tasks.translation import split_by_sentence
from pellucid.tasks.translation_model import by_sentence
from pellucid.tasks.word_vocabulary import learn_words
from pellucid.training import cache

WHO = {"I": "Je", "You": "Tu", "Tom": "Tom", "Mary": "Marie"}
DOES = {"see": "vois", "hear": "entends", "know": "connais"}
WHAT = {"a cat": "un chat", "a dog": "un chien", "the sea": "la mer", "Rome": "Rome"}
PAIRS = [
    (f"{who} {does} {what}.", f"{WHO[who]} {DOES[does]} {WHAT[what]}\u202f.")
    for who in WHO
    for does in DOES
    for what in WHAT
] * 2
DATA = Path(os.environ.get("PELLUCID_DATA", Path(__file__).parents[3] / "shared" / "data"))


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    folder = tmp_path_factory.mktemp("translation")
    path = folder / "pairs.txt"
    lines = [f"{english}\t{french}\tCC-BY\n" for english, french in PAIRS]
    path.write_text("".join([*lines, "Alone.\n", "\tPersonne\n"]))
    run = train_translation(path, output=folder / "out", epochs=12, batch_size=16, verbose=0)
    return folder, path, run


def test_the_scores_stand_beside_two_baselines(trained):
    _, path, run = trained
    assert list(run.scores) == ["network", "nearest sentence", "word by word"]
    # The order of the words is the same, so that a dictionary nearly does here.
    assert run.scores["word by word"]["bleu"] > 80
    assert run.scores["network"]["bleu"] > 15
    assert run.notes[:2] == (
        f"{path}: 1 line left out, without a tab between two texts (line 97).",
        f"{path}: 1 line left out, with an empty side (line 98).",
    )
    assert run.tested == "On 5 sentences never seen in training:"


def test_the_folder_holds_all_of_it(trained):
    folder, _, run = trained
    document = json.loads((folder / "out" / "metrics.json").read_text())
    assert document["task"] == "translation"
    assert document["scores"] == run.scores
    assert sum(document["rows"].values()) == len(PAIRS)
    assert {"history.png", "model.pellucid", "predictions.csv"} <= {
        one.name for one in (folder / "out").iterdir()
    }


def test_what_was_said_in_training_is_said_by_the_file(trained):
    folder, _, run = trained
    loaded = load_trained(folder / "out" / "model.pellucid")
    sentences = folder / "sentences.txt"
    sentences.write_text("\n".join(run.answers.columns["sentence"]) + "\n\n")
    columns, french = dict(run.answers.columns), dict(PAIRS)
    assert columns.pop("reference") == [french[one] for one in columns["sentence"]]
    assert loaded.predict(sentences).columns == columns
    pairs = folder / "test.txt"
    lines = [f"{one}\t{french[one]}\n" for one in run.answers.columns["sentence"]]
    pairs.write_text("".join(lines))
    found = loaded.evaluate(pairs).scores
    assert found == {name: run.scores[name] for name in ("network", "word by word")}


def test_translations_are_those_of_reading_all_words_again_for_each(trained, monkeypatch):
    _, _, run = trained
    sentences = [english for english, _ in PAIRS[::2]]
    found = run.trained.words(sentences)
    cache.clear()
    monkeypatch.setattr(Stepwise, "possible", False)
    assert run.trained.words(sentences) == found


def test_strange_words_and_lines_are_told(trained, tmp_path):
    path = tmp_path / "strange.txt"
    path.write_bytes(b"Tom sees Paris.\nI see a cat.\n\xff\n")
    with pytest.warns(PellucidWarning) as told:
        trained[2].trained.predict(path)
    # Of nine words and signs "sees" and "Paris" are not known.
    assert [str(one.message) for one in told] == [
        f"{path}: 1 line left out, not UTF-8 (line 3).",
        f"{path}: 22% of the words stood in no text that the model learned from; it says little "
        "of them.",
    ]


def test_translations_are_written_as_sentences_are(trained):
    said = trained[2].trained.translate(["tom KNOW a cat."])
    assert said[0][0].isupper()
    assert " ." not in said[0]


def test_one_sentence_is_on_one_side_with_all_its_translations():
    first = tuple(f"{word} {number}" for number in range(20) for word in ("Go", "go", "GO"))
    pairs = Pairs(first, tuple(map(str, range(60))))
    parts = split_by_sentence("pairs.txt", pairs, 0.2, 0.25, seed=1)
    sides = [{one.lower() for one in part.first} for part in vars(parts).values()]
    assert [len(side) for side in sides] == [12, 3, 5]
    assert len(set.union(*sides)) == 20
    assert sum(len(part.first) for part in vars(parts).values()) == 60
    sentences, translations = by_sentence(parts.test)
    assert len(sentences) == 5
    assert {len(one) for one in translations} == {3}


def test_words_are_those_of_the_training_sentences(trained):
    _, path, run = trained
    parts = split_by_sentence(path, read_pairs(path), 0.05, 0.1, seed=0)
    assert run.trained.read == learn_words(parts.training.first)
    assert run.trained.said == learn_words(parts.training.second)


def test_too_few_sentences(tmp_path):
    path = tmp_path / "pairs.txt"
    path.write_text("Go.\tVa !\ngo.\tMarche.\nRun!\tCours !\n")
    with pytest.raises(DataError) as caught:
        train_translation(path, output="", verbose=0)
    assert str(caught.value) == (
        f"{path}: got 2 different sentences, expected at least 10. Two that differ in the size "
        "of their letters alone are the same."
    )


def test_a_file_without_sentences(trained, tmp_path):
    path = tmp_path / "empty.txt"
    path.write_text("\n \n")
    with pytest.raises(FileError) as caught:
        trained[2].trained.predict(path)
    assert str(caught.value) == f"{path}: got no sentence, expected a sentence a line."


@pytest.mark.parametrize(
    ("part", "value", "message"),
    [
        ("dictionary", [9999], "preprocessing.json: the dictionary does not fit the words"),
        ("longest", 0, "preprocessing.json: got 0 words for the longest translation"),
        ("said", ["Tom", 3], "preprocessing.json: got 3 for a word, expected text"),
    ],
)
def test_a_damaged_file_is_refused(trained, tmp_path, part, value, message):
    model = load_model(trained[0] / "out" / "model.pellucid")
    model.preprocessing = {**model.preprocessing, part: value}
    path = tmp_path / "model.pellucid"
    model.save(path)
    with pytest.raises(FileError) as caught:
        load_trained(path)
    assert str(caught.value) == f"{path}: {message}"


@pytest.mark.slow
def test_french_in_one_reading(tmp_path):
    path = DATA / "eng_fra" / "fra.txt"
    if not path.exists():
        pytest.skip("the data set eng_fra is not here")
    part = tmp_path / "part.txt"
    part.write_text("\n".join(path.read_text(encoding="utf-8").split("\n")[:8_000]))
    run = train_translation(part, output="", epochs=12, verbose=0)
    assert run.scores["network"]["bleu"] > 5
