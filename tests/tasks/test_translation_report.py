"""What a page and a diagnosis take from a network that translates."""

import re
from html import unescape

import numpy as np
import pytest

from pellucid.errors import PellucidWarning
from pellucid.tasks import report_saved, train_translation
from pellucid.tasks.doctor import examine_file
from pellucid.tasks.kept import kept_table
from pellucid.tasks.translation_model import TranslationModel
from pellucid.tasks.translation_network import translation_network
from pellucid.tasks.translation_report import rows_of_pairs
from pellucid.tasks.word_vocabulary import END, START, WordVocabulary

NUMBERS = {"one": "un", "two": "deux", "six": "six", "ten": "dix", "red": "rouge", "big": "grand"}
PAIRS = [
    (f"{a} {b} {c}.", f"{NUMBERS[c]} {NUMBERS[b]} {NUMBERS[a]}.")
    for a in NUMBERS
    for b in NUMBERS
    for c in NUMBERS
]
SECTIONS = ["Evaluation", "Translations", "Learning curves", "Data", "Model"]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("translation")
    path = folder / "pairs.txt"
    path.write_text("".join(f"{one}\t{other}\n" for one, other in PAIRS))
    return train_translation(path, output=folder / "out", test=0.2, epochs=1, verbose=0)


def page(run, path, data=None):
    text = report_saved(run.folder / "model.pellucid", path, data).read_text()
    (body,) = re.findall(
        r"from all places of the file</caption>.*?<tbody>(.*?)</tbody>", text, re.S
    )
    rows = [re.findall(r"<td>(.*?)</td>", row) for row in re.findall(r"<tr>(.*?)</tr>", body)]
    return text, [tuple(map(unescape, row)) for row in rows]


def test_a_page_shows_bleu_beside_baselines_and_twenty_translations(run, tmp_path):
    text, shown = page(run, tmp_path / "a.html")
    assert re.findall(r'<h2 id="[a-z-]+">(.*?)</h2>', text)[:5] == SECTIONS
    for who in ("network", "nearest sentence", "word by word"):
        assert f"<td>{who}</td>" in text
    assert len(shown) == 20
    kept = kept_table(run.folder / "predictions.csv", ("sentence", "reference", "translation"))
    told = {*zip(*(kept[one].values for one in kept.names), strict=True)}
    assert {*shown} <= told
    assert all(dict(PAIRS)[sentence] == reference for sentence, reference, _ in shown)


def test_a_page_shows_what_is_looked_at_in_one_sentence(run, tmp_path):
    text, shown = page(run, tmp_path / "a.html")
    (told,) = re.findall(r'<img alt="What is looked at in «(.*?)»', text)
    assert told in [sentence for sentence, *_ in shown]
    looked = run.trained.looked(told)
    assert looked is not None
    weights, said, read = looked
    assert weights.shape == (len(said), len(read))
    assert read == [*told[:-1].split(), "."]
    assert said[-1] == "(end)"
    np.testing.assert_allclose(weights.sum(axis=1), 1, rtol=1e-5)


def test_pairs_are_described_evaluated_on_and_looked_through(run, tmp_path):
    other = tmp_path / "other.txt"
    other.write_text("".join(f"{one}\t{two}\n" for one, two in PAIRS[:30]) + "ten strange\tx\ny\n")
    left_out = f"{other}: 1 line left out, without a tab between two texts (line 32)."
    with pytest.warns(PellucidWarning, match=re.escape(left_out)):
        text, shown = page(run, tmp_path / "a.html", other)
    assert "<p>On 31 sentences.</p>" in text
    assert re.search(r"<p>\d+ of these 31 sentences were trained on: the scores flatter.</p>", text)
    assert "<dt>pairs</dt><dd>31</dd>" in text
    assert f"<dt>unknown words</dt><dd>{1 / 122:.1%}</dd>" in text
    assert f"<p>{left_out}</p>" in text
    assert len(shown) == 20
    with pytest.warns(PellucidWarning, match="1 line left out"):
        assert examine_file(run.folder / "model.pellucid", other).unseen == ""


def test_rows_are_the_words_of_both_sides(run):
    (read, begun), said = rows_of_pairs(run.trained, run.folder.parent / "pairs.txt")
    for row, (one, other) in enumerate(PAIRS):
        assert read[row] == run.trained.read.encode(one)
        assert begun[row] == [START, *run.trained.said.encode(other)]
        assert said[row] == [*run.trained.said.encode(other), END]


def test_a_network_without_attention_looks_at_nothing():
    words = WordVocabulary(("one", "two"))
    model = translation_network(len(words), len(words), attention=False, seed=0)
    assert TranslationModel(model, words, words, (0,) * 6, 5, False).looked("one two") is None
