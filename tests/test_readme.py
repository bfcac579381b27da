"""The examples of the README run as they stand."""

import contextlib
import re
import sqlite3
from pathlib import Path

import numpy as np
import polars
import pytest

from pellucid.insight.findings.catalogue import TITLES

README = Path(__file__).resolve().parent.parent / "README.md"


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", README.read_text(), re.DOTALL)


def test_the_python_example_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (example,) = blocks("python")
    names: dict = {}
    exec(compile(example, "README.md", "exec"), names)
    assert (tmp_path / "history.png").stat().st_size > 1000
    assert (tmp_path / "cancer.pellucid").exists()
    assert "Normalization" in capsys.readouterr().out
    x, model, again = names["x"], names["model"], names["again"]
    np.testing.assert_array_equal(model.predict(x), again.predict(x))
    assert names["history"].history["val_accuracy"][-1] > 0.9


def test_the_layer_of_ones_own_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    page = (README.parent / "docs" / "keras.md").read_text()
    for example in re.findall(r"```python\n(.*?)```", page, re.DOTALL):
        exec(compile(example, "keras.md", "exec"), names := {})
        if "again" in names:
            assert names["again"].layers[0].start == 2.0


def test_the_page_of_networks_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    page = (README.parent / "docs" / "networks.md").read_text()
    names: dict = {}
    for example in re.findall(r"```python\n(.*?)```", page, re.DOTALL):
        exec(compile(example, "networks.md", "exec"), names)
    assert names["shares"].shape == (28, 28, 1)
    pictures = {"maps.png", "filters.png", "shares.png", "look.png"}
    assert {one.name for one in tmp_path.glob("*.png")} == pictures


def test_the_page_of_the_report_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    page = (README.parent / "docs" / "report.md").read_text()
    (example,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    exec(compile(example, "report.md", "exec"), names := {})
    assert "<h1>Digits by a deep sigmoid network</h1>" in Path("digits.html").read_text()
    assert 'id="inside-the-network"' in Path("run.html").read_text()
    signal = [names["history"].probes[layer, "signal/rms"].value for layer in ("dense", "dense_6")]
    assert 1_000 < signal[1][0] / signal[0][0] < 4_000


def test_the_page_of_the_walkthrough_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    page = (README.parent / "docs" / "walkthrough.md").read_text()
    names: dict = {}
    for example in re.findall(r"```python\n(.*?)```", page, re.DOTALL):
        exec(compile(example, "walkthrough.md", "exec"), names)
    printed = " ".join(capsys.readouterr().out.split())
    (shown,) = re.findall(r"```text\n(.*?)```", page, re.DOTALL)
    for line in shown.splitlines():
        assert " ".join(line.split()) in printed
    assert (tmp_path / "walk.html").stat().st_size > 10_000
    assert names["signals"]["lstm"] > 0


def test_the_page_of_boundaries_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    page = (README.parent / "docs" / "boundaries.md").read_text()
    names: dict = {}
    for example in re.findall(r"```python\n(.*?)```", page, re.DOTALL):
        exec(compile(example, "boundaries.md", "exec"), names)
    (shown,) = re.findall(r"```text\n(.*?)```", page, re.DOTALL)
    assert capsys.readouterr().out == shown
    assert all(one.stat().st_size > 5_000 for one in tmp_path.iterdir())
    assert len(list(tmp_path.iterdir())) == 9
    for picture in re.findall(r"\]\((pictures/.*?)\)", page):
        assert (README.parent / "docs" / picture).exists(), picture


@pytest.mark.slow
def test_the_page_of_evaluation_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    page = (README.parent / "docs" / "evaluate.md").read_text()
    names: dict = {}
    for example in re.findall(r"```python\n(.*?)```", page, re.DOTALL):
        exec(compile(example, "evaluate.md", "exec"), names)
    printed = capsys.readouterr().out
    (shown,) = re.findall(r"```text\n(.*?)```", page, re.DOTALL)
    # Another processor rounds otherwise: the words are compared, and the scores are near.
    assert [line.split()[:1] for line in shown.splitlines()] == [
        line.split()[:1] for line in printed.splitlines()[: len(shown.splitlines())]
    ]
    accuracy = float(re.search(r"^accuracy +(\S+)", shown, re.MULTILINE)[1])
    assert names["result"].spread("accuracy").mean == pytest.approx(accuracy, abs=0.01)
    assert len(list(tmp_path.glob("*.png"))) == 5
    assert names["decision"].cost <= names["decision"].cost_at_half


@pytest.mark.parametrize("command", ["make demo", "pellucid train", "pellucid predict"])
def test_the_commands_are_named(command):
    assert any(command in block for block in blocks("sh"))


def test_every_page_that_is_named_is_there():
    for page in re.findall(r"\]\(([^):]+)\)", README.read_text()):
        assert (README.parent / page).exists(), page


def test_the_page_of_findings_runs_and_names_each(capsys):
    page = (README.parent / "docs" / "findings.md").read_text()
    (example,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    exec(compile(example, "findings.md", "exec"), {})
    (shown,) = re.findall(r"```text\n(.*?)```", page, re.DOTALL)
    assert capsys.readouterr().out.strip() == shown.strip()
    assert set(re.findall(r"^\| `([a-z-]+)` \|", page, re.MULTILINE)) == set(TITLES)


def test_the_page_of_regularisation_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    page = (README.parent / "docs" / "regularise.md").read_text()
    # Fewer runs than on the page: the same programs, and less time.
    page = page.replace("repeats=3, epochs=30", "repeats=1, epochs=3")
    names: dict = {}
    for example in re.findall(r"```python\n(.*?)```", page, re.DOTALL):
        exec(compile(example, "regularise.md", "exec"), names)
    assert (tmp_path / "path.png").stat().st_size > 1000
    assert names["path"].programs == 1
    assert names["chances"].shape == (119, 1)
    assert names["again"].recalibration == names["recalibration"]


def test_the_page_of_searches_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    page = (README.parent / "docs" / "tune.md").read_text()
    names: dict = {}
    for example in re.findall(r"```python\n(.*?)```", page, re.DOTALL):
        exec(compile(example, "tune.md", "exec"), names)
    assert len(names["search"].trials) == 6
    assert list(names["marked"].best.parameters) == [
        "learning_rate",
        "dense.activation",
        "dropout.rate",
    ]
    assert [one.state for one in names["built"].trials].count("freed") == 8
    assert {one.name for one in tmp_path.iterdir()} == {
        "parallel.png",
        "contour.png",
        "search.db",
        "search.json",
    }


def test_the_page_of_estimators_runs(capsys):
    page = (README.parent / "docs" / "estimators.md").read_text()
    names: dict = {}
    for example in re.findall(r"```python\n(.*?)```", page, re.DOTALL):
        exec(compile(example, "estimators.md", "exec"), names)
    assert "pellucidclassifier__l2" in capsys.readouterr().out
    assert names["search"].best_score_ > 0.9
    assert names["scores"].mean() > 0.9
    assert names["own"].model_.layers[0].units == 8


def test_the_page_of_streaming_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    sales = np.random.default_rng(0).normal(size=(300, 3))
    for year in ("2024", "2025"):
        (tmp_path / "sales" / year).mkdir(parents=True)
        frame = polars.DataFrame(sales, schema=["price", "discount", "units"])
        frame.write_parquet(tmp_path / "sales" / year / "all.parquet")
    with contextlib.closing(sqlite3.connect("sales.db")) as base:
        base.execute("CREATE TABLE sales (month, price, discount, units)")
        rows = [(number // 100, *row) for number, row in enumerate(sales.tolist())]
        base.executemany("INSERT INTO sales VALUES (?, ?, ?, ?)", rows)
        base.commit()
    page = (README.parent / "docs" / "streaming.md").read_text()
    names: dict = {}
    for example in re.findall(r"```python\n(.*?)```", page, re.DOTALL):
        exec(compile(example, "streaming.md", "exec"), names)
    names["months"].close()
    assert names["train"].rows == 300
    assert names["model"].history.params["steps"] == 10
