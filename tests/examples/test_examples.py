"""The examples run, learn, and stay short."""

import importlib.util
import os
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))
DATA = Path(os.environ.get("PELLUCID_DATA", ROOT.parent / "shared" / "data"))


def example(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / "examples" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_under_60_lines_and_is_run_here(path):
    assert len(path.read_text().splitlines()) < 60
    assert f'example("{path.stem}")' in Path(__file__).read_text()


def test_mlp():
    assert example("mlp_breast_cancer").main(epochs=40) > 0.93


def test_cnn(tmp_path):
    assert example("cnn_digits").main(epochs=4, folder=tmp_path) > 0.85
    assert (tmp_path / "digit.png").stat().st_size > 5_000


def test_rnn():
    folder = DATA / "japanese_vowels"
    if not folder.exists():
        pytest.skip("the data set japanese_vowels is not here")
    assert example("rnn_vowels").main(folder, epochs=8) > 0.6


def test_text_generation():
    path = DATA / "tiny_shakespeare" / "input.txt"
    if not path.exists():
        pytest.skip("the data set tiny_shakespeare is not here")
    nats, text = example("text_generation").main(path, characters=60_000, epochs=3)
    # The frequencies of the characters alone give about 3.3.
    assert nats < 3.2
    assert len(text) == 200


def test_house_price(tmp_path, capsys):
    path = needed("boston_housing") / "housing.csv"
    errors = example("house_price").main(path, tmp_path / "curves.png", epochs=60)
    assert errors["network"] < 0.9 * errors["linear regression"]
    assert capsys.readouterr().out == "Nothing found.\n"
    assert (tmp_path / "curves.png").stat().st_size > 5_000


def test_stock_price(tmp_path):
    path = DATA / "stocks" / "IBM.csv"
    if not path.exists():
        pytest.skip("the data set stocks is not here")
    part = tmp_path / "IBM.csv"
    part.write_text("\n".join(path.read_text().splitlines()[:600]))
    errors = example("stock_price").main(part, tmp_path / "curves.png", epochs=3)
    assert errors["today"] < errors["network"] < 1.2 * errors["today"]
    assert (tmp_path / "curves.png").stat().st_size > 5_000


def test_attention(tmp_path):
    picture = tmp_path / "reversal.png"
    assert example("attention_reversal").main(picture, rows=1_500, epochs=6) > 0.8
    assert picture.stat().st_size > 5_000


def test_walkthrough(tmp_path, capsys):
    walk = example("walkthrough_classic").main(tmp_path)
    assert walk["dL/dw_31"] == -walk["out_1"] * walk["e_3"]
    assert "dL/dw_31 = " in capsys.readouterr().out
    assert {one.name for one in tmp_path.iterdir()} == {"walkthrough.html", "walkthrough.tex"}


def needed(name):
    """Return a data set's folder; leave the test out where it is not."""
    if not (DATA / name).exists():
        pytest.skip(f"the data set {name} is not here")
    return DATA / name


def test_spoken_digits(tmp_path, capsys):
    """Two digits of four speakers, of whom one is only heard at the end."""
    sounds = tmp_path / "sounds"
    sounds.mkdir()
    for path in (needed("fsdd") / "recordings").glob("[06]_*_1?.wav"):
        (sounds / path.name).symlink_to(path)
    accuracy = example("spoken_digits").main(sounds, "theo", 40, tmp_path / "out")
    assert accuracy > 0.6
    said = capsys.readouterr().out
    assert "On 20 sounds never seen in training:" in said
    assert "SpectrogramNormalization" in said
    assert (tmp_path / "out" / "confusion.png").stat().st_size > 5_000


def test_music_genre(tmp_path):
    table = needed("gtzan_features") / "features_30_sec.csv"
    rows = table.read_text().splitlines()
    (tmp_path / "slice.csv").write_text("\n".join([rows[0], *rows[1:401:2], ""]))
    found = example("music_genre").main(tmp_path / "slice.csv", 30, tmp_path / "out")
    assert found["network"] > found["majority"] + 0.3


@pytest.mark.slow
def test_decision_boundaries(tmp_path):
    scores = example("decision_boundaries").main(tmp_path, epochs=20)
    assert min(scores.values()) > 0.7
    names = {f"boundaries_{name}.png" for name in scores}
    assert {one.name for one in tmp_path.iterdir()} == {
        *names,
        "boundary_epochs.png",
        "boundary_film.gif",
    }


def test_activation_functions(tmp_path):
    example("activation_functions").main(tmp_path)
    assert len(list(tmp_path.glob("*.png"))) == 3


def test_treat(capsys):
    treatment = example("treat_learning_rate").main(epochs=12)
    assert treatment.best.remedies[0] == "scale-learning-rate"
    assert "Best: scale-learning-rate(0.01)" in capsys.readouterr().out


PAGE = ROOT / "docs" / "doctor.md"


def wording(text):
    """Return what is said, with # for each number."""
    return re.sub(r"\d[\d,]*(\.\d+)?(e[+-]?\d+)?|\binf\b", "#", str(text))


def test_diagnose_deep_sigmoids(tmp_path, capsys):
    diagnosis = example("diagnose_deep_sigmoids").main(tmp_path, epochs=5)
    assert diagnosis.names[0] == "vanishing-gradient"
    assert capsys.readouterr().out == f"{diagnosis}\n"
    assert {one.name for one in tmp_path.iterdir()} == {"sigmoids.npz", "sigmoids.pellucid"}
    assert wording(diagnosis["vanishing-gradient"]) in wording(PAGE.read_text())


def test_diagnose_learning_rate(capsys):
    assert example("diagnose_learning_rate").main(epochs=5).names[0] == "lr-too-high"
    first = capsys.readouterr().out.split("after training: ")[1]
    assert first.startswith("fault: lr-too-high")
    assert wording(first) in wording(PAGE.read_text())


def test_review_sentiment():
    folder = DATA / "rt_polarity"
    if not folder.exists():
        pytest.skip("the data set rt_polarity is not here")
    assert example("review_sentiment").main(folder, rows=3_000, epochs=4) > 0.6


def test_document_classes(tmp_path, capsys):
    folder = DATA / "ag_news"
    if not folder.exists():
        pytest.skip("the data set ag_news is not here")
    lines = (folder / "test.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "test.csv").write_text("".join(lines[:1_200]), encoding="utf-8")
    options = {"members": 1, "epochs": 3}
    accuracy = example("document_classes").main(tmp_path, output=tmp_path / "run", **options)
    assert accuracy > 0.7
    assert "Sports: Striker scores twice" in capsys.readouterr().out
