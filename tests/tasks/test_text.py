"""From texts in every form to a saved model that reads raw files as training did."""

import json
import os
from pathlib import Path

import numpy as np
import pytest
from sklearn.naive_bayes import MultinomialNB

from pellucid.errors import ArgumentError, DataError, FileError, PellucidWarning
from pellucid.layers import BagOfWords
from pellucid.tasks import report_saved, train_text
from pellucid.tasks.examples import Examples, split_examples, validation_rows
from pellucid.tasks.kinds import load_trained
from pellucid.tasks.text import TextModel
from pellucid.tasks.text_network import Design, build_reader, choose_words, evidence, make_readers

DATA = Path(os.environ.get("PELLUCID_DATA", Path(__file__).parents[3] / "shared" / "data"))
GENERATOR = np.random.default_rng(3)
NEUTRAL = ["film", "story", "actor", "scene", "the", "of", "it", "plot"]
KINDS = {"good": ["fine", "superb", "moving"], "poor": ["dull", "weak", "silly"]}
QUICK = {"members": 2, "epochs": 4, "verbose": 0}


def sentence(label):
    words = [*GENERATOR.choice(NEUTRAL, 5), GENERATOR.choice(KINDS[label])]
    GENERATOR.shuffle(words)
    return f"{' '.join(words)} &amp; {GENERATOR.integers(10**6)}"


PAIRS = [(sentence(label), label) for _ in range(50) for label in KINDS]


@pytest.fixture(scope="module")
def lines(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lines")
    path = folder / "films.txt"
    path.write_text("".join(f"{text}\t{label}\n" for text, label in PAIRS))
    return folder, path, train_text(path, output=folder / "out", **QUICK)


def test_it_learns_and_stands_beside_its_baselines(lines):
    _, _, run = lines
    assert run.trained.classes == ("good", "poor")
    assert set(run.scores) == {"network", "TF-IDF + logistic regression", "majority"}
    assert run.scores["network"]["accuracy"] > 0.9
    assert run.tested == "On 20 texts never seen in training:"
    assert any("Cleaned: HTML entities in 100 texts" in note for note in run.notes)


def test_the_folder_holds_all_of_it(lines):
    folder, _, run = lines
    assert run.folder == folder / "out"
    names = {path.name for path in run.folder.iterdir()}
    assert {"model.pellucid", "history.png", "metrics.json", "predictions.csv"} <= names
    metrics = json.loads((run.folder / "metrics.json").read_text())
    assert metrics["rows"] == {"training": 64, "validation": 16, "test": 20}
    assert metrics["scores"]["network"] == run.scores["network"]


def test_the_saved_model_says_of_raw_lines_what_training_said(lines):
    _, path, run = lines
    trained = load_trained(run.folder / "model.pellucid")
    assert isinstance(trained, TextModel)
    numbers = [int(name.removeprefix("line ")) - 1 for name in run.answers.columns["text"]]
    kept = path.with_name("kept.txt")
    source = path.read_text().splitlines(keepends=True)
    kept.write_text("".join(source[number] for number in numbers))
    answers = trained.predict(kept)
    for name, column in run.answers.columns.items():
        if name != "text":
            assert answers.columns[name] == column, name
    evaluation = trained.evaluate(kept)
    assert evaluation.scores["network"] == run.scores["network"]
    plain = path.with_name("plain.txt")
    plain.write_text("".join(f"{PAIRS[number][0]}\n" for number in numbers))
    unknown = trained.predict(plain)
    assert "actual" not in unknown.columns
    assert unknown.columns["predicted"] == answers.columns["predicted"]
    with pytest.raises(FileError) as caught:
        trained.evaluate(plain)
    assert str(caught.value) == (
        f"{plain}: got texts without classes that are known, "
        "expected one of 'good', 'poor' for each. "
        "Let them lie as in training: in folders, names or columns of the same names."
    )


def test_texts_of_python_are_taken_too(lines):
    _, _, run = lines
    answers = run.trained.predict(["superb plot", "it of the dull film", "x" * 300_000, ""])
    assert answers.columns["predicted"][:2] == ["good", "poor"]
    assert answers.columns["text"] == ["text 1", "text 2", "text 3", "text 4"]
    assert np.isfinite(answers.columns["probability of good"]).all()


def test_texts_that_cannot_be_read_are_told(lines, tmp_path):
    _, _, run = lines
    path = tmp_path / "new.txt"
    path.write_bytes(b"a superb film\n" * 40 + b"caf\xe9\n")
    told = "1 text left out that cannot be read: line 41: byte 0xe9 at place 3 is not UTF-8."
    with pytest.warns(PellucidWarning) as caught:
        answers = run.trained.predict(path)
    assert str(caught[0].message) == f"{path}: {told}"
    assert len(answers.columns["text"]) == 40


def test_the_same_seed_gives_the_same_run(lines):
    _, path, run = lines
    again = train_text(path, output="", **QUICK)
    assert again.answers.columns == run.answers.columns
    assert again.folder is None


def test_folders_of_files(tmp_path):
    for number, (text, label) in enumerate(PAIRS[:60]):
        file = tmp_path / "films" / label / f"{number}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    options = {"network": "conv", "length": 6, "output": tmp_path / "out"}
    run = train_text(tmp_path / "films", **options, **QUICK)
    trained = load_trained(tmp_path / "out" / "model.pellucid")
    answers = trained.predict(tmp_path / "films")
    place = {name: row for row, name in enumerate(answers.columns["text"])}
    rows = [place[name] for name in run.answers.columns["text"]]
    for name, column in run.answers.columns.items():
        assert [answers.columns[name][row] for row in rows] == column
    flat = tmp_path / "new"
    flat.mkdir()
    (flat / "a.txt").write_text("the superb film")
    assert trained.predict(flat).columns["text"] == ["a.txt"]


def test_a_table_with_groups(tmp_path):
    path = tmp_path / "films.csv"
    rows = [f'"{text}",{label},{number // 5}' for number, (text, label) in enumerate(PAIRS)]
    path.write_text("\n".join(["review,mood,critic", *rows]))
    options = {"target": "mood", "text": "review", "group": "critic", "output": tmp_path / "out"}
    run = train_text(path, **options, **QUICK)
    tested = {(int(name.removeprefix("line ")) - 2) // 5 for name in run.answers.columns["text"]}
    assert len(run.answers.columns["text"]) == 5 * len(tested)
    trained = load_trained(tmp_path / "out" / "model.pellucid")
    again = trained.predict(path)
    by_name = dict(zip(again.columns["text"], again.columns["probability of good"], strict=True))
    told = run.answers.columns
    expected = dict(zip(told["text"], told["probability of good"], strict=True))
    assert {name: by_name[name] for name in expected} == expected
    new = tmp_path / "new.csv"
    new.write_text("review,stars\na superb film of it,3\na dull plot of it,4\n")
    assert trained.predict(new).columns["predicted"] == ["good", "poor"]


def test_no_test_text_enters_the_vocabulary(lines):
    _, _, run = lines
    layer = next(one for one in run.trained.model.layers if isinstance(one, BagOfWords))
    known = set(layer.get_vocabulary())
    numbers = {int(name.removeprefix("line ")) - 1 for name in run.answers.columns["text"]}
    only_tested = {PAIRS[number][0].rsplit(" ", 1)[1] for number in numbers}
    learned = {text.rsplit(" ", 1)[1] for n, (text, _) in enumerate(PAIRS) if n not in numbers}
    assert not (only_tested - learned) & known
    assert len(learned & known) == len(learned)


def test_the_evidence_is_that_of_naive_bayes():
    texts = np.array([text for text, _ in PAIRS], object)
    labels = np.array([0 if label == "good" else 1 for _, label in PAIRS], np.int32)
    readers = make_readers(texts, Design(), None)
    terms = readers.read(texts)[0]
    size = readers.bag.vocabulary_size()
    table = evidence(terms, labels, size, 2)
    assert (table[0] == 0).all()
    present = np.zeros((len(texts), size))
    for row, numbers in enumerate(terms):
        present[row, numbers[numbers > 0]] = 1
    fitted = MultinomialNB(alpha=1.0).fit(present[:, 1:], labels)
    odds = fitted.feature_log_prob_[0] - fitted.feature_log_prob_[1]
    np.testing.assert_allclose(table[1:, 0] / table[1, 0], odds / odds[0], rtol=1e-4)
    np.testing.assert_allclose(table[:, 1], -table[:, 0], rtol=1e-5)


def test_texts_without_spaces_are_cut_into_pieces(tmp_path):
    letters = [chr(0x4E00 + place) for place in range(40)]
    path = tmp_path / "a.txt"
    rows = []
    for number in range(80):
        sign = "\u597d" if number % 2 else "\u574f"
        rows.append(f"{''.join(GENERATOR.choice(letters, 20))}{sign}{number}\t{number % 2}")
    path.write_text("\n".join(rows), encoding="utf-8")
    assert choose_words([row.split("\t")[0] for row in rows]) == "subword"
    assert choose_words([text for text, _ in PAIRS]) == "word"
    run = train_text(path, output="", network="conv", members=1, epochs=4, verbose=0)
    assert run.scores["network"]["accuracy"] > 0.8


def test_equal_texts_and_those_of_a_group_stay_on_one_side():
    texts = [f"text {number % 30}" for number in range(60)]
    groups = np.array([number % 30 // 3 + 10 * (number // 30) for number in range(60)], object)
    labels = np.array([number % 2 for number in range(60)], np.int32)
    names = tuple(map(str, range(60)))
    for grouped in (None, groups):
        one = Examples(texts, names, labels, ("a", "b"), grouped)
        split = split_examples(one, "data", validation=0.3, test=0.3, seed=1)
        parts = (split.training, split.validation, split.test)
        for values in (np.array(texts), *([] if grouped is None else [grouped])):
            held = [{*values[part]} for part in parts]
            assert not held[0] & held[1]
            assert not held[1] & held[2]
            assert not held[0] & held[2]
        held = validation_rows(one, validation=0.3, seed=2)
        rest = np.setdiff1d(np.arange(60), held)
        assert not {texts[row] for row in held} & {texts[row] for row in rest}


@pytest.mark.parametrize("network", ["conv", "gru", "attention"])
def test_what_reads_in_order_tells_orders_apart(network):
    design = Design(network=network, vector=8, units=8)
    reader = build_reader(4, 9, 2, design, "reader", 0)
    given = np.array([[1, 2, 3, 4], [4, 3, 2, 1], [1, 2, 3, 0]], np.int32)
    answers = reader.predict(given, verbose=0)
    np.testing.assert_allclose(answers.sum(axis=1), 1, rtol=1e-5)
    assert len(np.unique(answers[:, 0])) == 3


MESSAGES = [
    (
        "a\t0\nb\t1\n" * 9,
        {"words": "wrod", "network": "lstm", "clean": 1},
        ArgumentError,
        "3 problems:\n"
        "  1. words: got 'wrod', expected one of 'auto', 'word', 'subword'. Did you mean 'word'?\n"
        "  2. network: got 'lstm', expected one of 'auto', 'bag', 'conv', 'gru', 'attention'. "
        "Known: attention, auto, bag, conv, gru.\n"
        "  3. clean: got 1, expected True or False.",
    ),
    (
        "a\t0\nb\t1\n",
        {"members": 0, "length": 0, "test": 1.5},
        ArgumentError,
        "3 problems:\n"
        "  1. test: got 1.5, expected a share of the rows above 0 and below 1.\n"
        "  2. length: got 0, expected a whole number of at least 1.\n"
        "  3. members: got 0, expected a whole number of at least 1.",
    ),
    (
        "no class\nat all\n",
        {},
        FileError,
        "{path}: got texts without classes, expected a class for each: a folder, or a file of "
        "lines, for each class; lines that end in a tab and the class; or a table.",
    ),
    (
        "one\tyes\ntwo\tyes\nthree\tno\nfour\tno\nfive\tyes\n",
        {},
        DataError,
        "{path}, class 'no': got 2 examples, expected at least 3: one to learn from, one to stop "
        "by, one to test. Add more, or leave the class out.",
    ),
]


@pytest.mark.parametrize(("content", "options", "kind", "message"), MESSAGES, ids=range(4))
def test_the_literal_message(content, options, kind, message, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(content)
    given = {**QUICK, "members": 1, "epochs": 1, **options}
    with pytest.raises(kind) as caught:
        train_text(path, output="", **given)
    assert str(caught.value) == message.format(path=path)


def test_a_page_is_written_of_it_without_and_with_data(lines, tmp_path):
    _, path, run = lines
    for number, data in enumerate((None, path)):
        page = report_saved(run.folder / "model.pellucid", tmp_path / f"{number}.html", data)
        assert "2 classes of texts" in page.read_text()


def test_classes_may_be_numbers(tmp_path):
    path = tmp_path / "films.txt"
    path.write_text("".join(f"{text}\t{label == 'good':d}\n" for text, label in PAIRS))
    run = train_text(path, output=tmp_path / "out", **QUICK)
    assert run.trained.classes == ("0", "1")
    page = report_saved(tmp_path / "out" / "model.pellucid", tmp_path / "a.html")
    assert "never seen in training" in page.read_text()


def test_settings_of_a_forged_file_are_refused(lines):
    _, _, run = lines
    document = run.trained.document()
    for name, value in (("form", "pickle"), ("clean", "yes"), ("columns", "a"), ("target", 3)):
        run.trained.model.preprocessing = {
            **document,
            "settings": {**document["settings"], name: value},
        }
        with pytest.raises(FileError, match="expected those of texts"):
            TextModel.of(run.trained.model, "x.pellucid")
    run.trained.model.preprocessing = document


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "least"), [("rt_polarity", 0.75), ("labelled_sentences", 0.78), ("ag_news", 0.86)]
)
def test_real_data(name, least):
    if not (DATA / name).exists():
        pytest.skip(f"the data set {name} is not here")
    run = train_text(DATA / name, output="", verbose=0)
    assert run.scores["network"]["accuracy"] >= least
