"""What a page and a diagnosis take from a network that writes."""

import re
from html import unescape

import numpy as np
import pytest

from pellucid.errors import DataError, FileError
from pellucid.insight.findings import Diagnosis
from pellucid.tasks import doctor, report_saved, train_generation
from pellucid.tasks.doctor import examine_file
from pellucid.tasks.generation_report import rows_of_prose
from pellucid.tasks.kinds import KINDS

LINES = [f"{'ab' * (number % 4)}, {number % 7}.\n" for number in range(300)]
SECTIONS = ["Evaluation", "Samples", "Learning curves", "Data", "Model", "Settings and environment"]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("generation")
    (folder / "text.txt").write_text("".join(LINES))
    return train_generation(
        folder / "text.txt", length=16, epochs=1, output=folder / "out", verbose=0
    )


def sections(text):
    return re.findall(r'<h2 id="[a-z-]+">(.*?)</h2>', text)


def test_a_page_shows_perplexity_beside_baselines_and_samples_at_three_temperatures(run, tmp_path):
    text = report_saved(run.folder / "model.pellucid", tmp_path / "a.html").read_text()
    assert sections(text) == SECTIONS
    for who, own in run.scores.items():
        cells = "".join(rf'<td class="number">{own[one]:.4f}</td>' for one in own)
        assert f"<td>{who}</td>{cells}" in text
    shown = [unescape(one) for one in re.findall(r'<pre tabindex="0">(.*?)</pre>', text, re.S)]
    kept = (run.folder / "samples.txt").read_text().split("temperature ")[1:]
    assert [one.strip() for one in shown[:3]] == [one[3:].strip() for one in kept]
    assert re.findall(r"<h3>Temperature (.*?)</h3>", text) == [one[:3] for one in kept]


def test_a_text_is_described_evaluated_on_and_looked_through(run, tmp_path):
    other = tmp_path / "other.txt"
    other.write_text("".join(LINES[:60]) + "§§")
    model = run.folder / "model.pellucid"
    text = report_saved(model, tmp_path / "a.html", other).read_text()
    length = len(other.read_text())
    assert sections(text)[0] == "Findings"
    # The line that ends the file is one character more.
    assert f"<p>On {length + 1} characters.</p>" in text
    assert f"<dt>unknown symbols</dt><dd>{2 / (length + 1):.1%}</dd>" in text
    assert "Given was «ab, 1.»." in text
    assert examine_file(model, other).unseen == ""


def test_a_diagnosis_counts_the_steps_of_the_run(run, monkeypatch):
    noted = []

    def diagnosed(model, x, y, batch_size):
        noted.append((len(y), batch_size))
        return Diagnosis(())

    monkeypatch.setattr(doctor, "diagnose_saved", diagnosed)
    path = run.folder.parent / "text.txt"
    for steps in (8, 1, 10_000):
        run.trained.model.history.params["steps"] = steps
        doctor.examine(KINDS["generation"], run.trained, path)
    rows = noted[0][0]
    # Within what is usual: other data may be far more or fewer than those of the run.
    assert noted == [(rows, round(rows / 8)), (rows, rows), (rows, 16)]


def test_a_model_alone_writes_from_nothing(run, tmp_path):
    alone = tmp_path / "alone.pellucid"
    alone.write_bytes((run.folder / "model.pellucid").read_bytes())
    text = report_saved(alone, tmp_path / "a.html").read_text()
    assert sections(text) == SECTIONS[1:]
    assert "Nothing was given; a line begins." in text


def test_rows_are_windows_with_the_next_symbol_behind_each(run):
    x, y = rows_of_prose(run.trained, run.folder.parent / "text.txt")
    assert x.shape == y.shape == ((len("".join(LINES)) - 1) // 16, 16)
    np.testing.assert_array_equal(x.reshape(-1)[1:], y.reshape(-1)[:-1])
    assert run.trained.vocabulary.decode(x.reshape(-1)) == "".join(LINES)[: x.size]


def test_a_text_shorter_than_a_window_cannot_be_looked_through(run, tmp_path):
    short = tmp_path / "short.txt"
    short.write_text("ab, 1.\nab, 2.")
    with pytest.raises(DataError) as caught:
        examine_file(run.folder / "model.pellucid", short)
    assert str(caught.value) == (
        f"{short}: got 14 symbols, expected more than 16. That is the length of a window of this "
        "model."
    )


def test_what_another_model_kept_is_refused(run, tmp_path):
    model, kept = tmp_path / "model.pellucid", tmp_path / "predictions.csv"
    model.write_bytes((run.folder / "model.pellucid").read_bytes())
    kept.write_text("actual,predicted\n1,2\n")
    with pytest.raises(FileError) as caught:
        report_saved(model, tmp_path / "a.html")
    assert str(caught.value) == (
        "2 problems:\n"
        f"  1. {kept}: got no column 'prompt', expected the predictions of this model.\n"
        f"  2. {kept}: got no column 'continuation', expected the predictions of this model."
    )
