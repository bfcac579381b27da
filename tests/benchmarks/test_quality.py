"""The benchmark of the best model after equal time."""

import json
import sys

import numpy as np
import pytest
from sklearn.metrics import log_loss

pytest.importorskip("pellucid")


def test_a_table_is_divided_by_the_seed_and_a_series_in_its_order(module, tmp_path):
    judged = module("judged")
    folder = tmp_path / "iris"
    folder.mkdir()
    rng = np.random.default_rng(0)
    rows = [f"{a:.3f},{b:.3f},{'xyz'[n % 3]}" for n, (a, b) in enumerate(rng.normal(size=(90, 2)))]
    (folder / "iris.csv").write_text("\n".join(rows) + "\n")
    judged.TABLES["iris"] = ("iris/iris.csv", "column_3")
    found = judged.divided(tmp_path, "iris", 0)
    assert (found["kind"], found["outputs"]) == ("table", 3)
    sizes = [len(found[f"{part}_x"]) for part in judged.PARTS]
    assert sum(sizes) == 90
    assert sizes[2] == pytest.approx(18, abs=1)
    assert found["train_y"].dtype == np.int32
    other = judged.divided(tmp_path, "iris", 1)
    assert not np.array_equal(found["test_x"], other["test_x"])

    folder = tmp_path / judged.SERIES
    folder.mkdir()
    lines = ['"Date","Temp"', *(f'"day {n}","{n}.0"' for n in range(200))]
    (folder / "daily-min-temperatures.csv").write_text("\n".join(lines) + "\n")
    series = judged.divided(tmp_path, judged.SERIES, 0)
    assert series["train_x"].shape[1:] == (30, 1)
    ends = [series[f"{part}_y"][[0, -1], 0] for part in judged.PARTS]
    assert (np.diff(np.concatenate(ends)) > 0).all()
    days = np.arange(200)
    known = days[:128]
    np.testing.assert_allclose(ends[0][0], (30 - known.mean()) / known.std(), rtol=1e-6)


def test_scores_are_accuracy_and_r2(module):
    score = module("judged").score
    labels = np.array([[1.0], [0.0], [1.0], [1.0]])
    assert score("binary_crossentropy", labels, np.array([[0.9], [0.2], [0.4], [0.6]])) == 0.75
    outputs = np.array([[0.1, 0.9], [0.8, 0.2]])
    assert score("sparse_categorical_crossentropy", np.array([1, 1]), outputs) == 0.5
    numbers = np.array([[1.0], [2.0], [3.0]])
    assert score("mean_squared_error", numbers, np.array([[1.0], [2.0], [2.0]])) == 0.5


def _runs(*tests, trials=10):
    one = {"loss": 0.3, "trials": trials, "seconds": 20.0, "loss_name": "binary_crossentropy"}
    return {str(seed): one | {"test": test} for seed, test in enumerate(tests)}


def test_the_page_says_who_is_ahead_beyond_chance(module):
    quality = module("quality")
    runs = {
        "sonar": {
            "pellucid": _runs(0.90, 0.91, 0.92, trials=100),
            "torch": _runs(0.80, 0.81, 0.83),
            "kerastf": _runs(0.80, 0.99, 0.91),
        }
    }
    kept = {"machine": {"processor": "P", "cores": 2, "python": "3.11"}, "runs": runs}
    page = quality.page(kept, 20)
    assert (
        "| sonar | Pellucid | 3 | 20 | 100 | 0.3000 ± 0.0000 |  |  | accuracy "
        "| 0.9100 ± 0.0100 |  |  |"
    ) in page
    assert "| 0.8133 ± 0.0153 | +0.0967 | ahead |" in page
    assert "| sonar | the ensemble |" not in page
    assert (
        "Beside the other tools, a table and a tool at a time: by validation loss ahead in 0, "
        "level in 2, behind in 0 of 2; by test score ahead in 1, level in 1, behind in 0 of 2."
    ) in page
    assert "| 0.9000 ± 0.0954 | +0.0100 | level |" in page
    assert "20 seconds of wall time" in page


def test_the_page_compares_the_ensemble_with_each_best_model(module):
    quality = module("quality")
    ours = _runs(0.90, 0.91, 0.92)
    for number, one in enumerate(ours.values()):
        one["ensemble"] = {"loss": 0.2, "test": 0.93 + 0.01 * number}
    runs = {"sonar": {"pellucid": ours, "torch": _runs(0.95, 0.95, 0.99)}}
    kept = {"machine": {"processor": "P", "cores": 2, "python": "3.11"}, "runs": runs}
    page = quality.page(kept, 20)
    lines = [one for one in page.splitlines() if one.startswith("| sonar")]
    own, best, torch = lines[-3:]
    assert own == (
        "| sonar | the ensemble | 3 | 0.2000 ± 0.0000 |  |  | accuracy | 0.9400 ± 0.0100 |  |  |"
    )
    assert best == (
        "| sonar | its best model | 3 | 0.3000 ± 0.0000 | -0.1000 | ahead | accuracy "
        "| 0.9100 ± 0.0100 | +0.0300 | ahead |"
    )
    assert torch == (
        "| sonar | Optuna over torch | 3 | 0.3000 ± 0.0000 | -0.1000 | ahead | accuracy "
        "| 0.9633 ± 0.0231 | -0.0233 | behind |"
    )
    assert (
        "by validation loss ahead in 1, level in 0, behind in 0 of 1; "
        "by test score ahead in 0, level in 0, behind in 1 of 1."
    ) in page


def test_losses_are_those_of_scikit_learn(module):
    loss = module("judged").mean_loss
    labels, chances = np.array([[1.0], [0.0], [1.0]]), np.array([[0.9], [0.2], [0.4]])
    assert loss("binary_crossentropy", labels, chances) == pytest.approx(log_loss(labels, chances))
    classes, shares = np.array([1, 0]), np.array([[0.1, 0.9], [0.8, 0.2]])
    found = loss("sparse_categorical_crossentropy", classes, shares)
    assert found == pytest.approx(log_loss(classes, shares))
    numbers = np.array([[1.0], [2.0]])
    assert loss("mean_squared_error", numbers, np.array([[1.0], [4.0]])) == 2.0


def test_what_was_run_is_not_run_again_and_what_failed_is(module, monkeypatch, tmp_path):
    quality, ran = module("quality"), []
    monkeypatch.setattr(quality, "HERE", tmp_path)
    monkeypatch.setattr(quality, "on", lambda _, peers: list(peers))
    rows = {"loss": "binary_crossentropy"}
    monkeypatch.setattr(quality.judged, "divided", lambda *_: rows)

    def search(peer, rows, seconds, seed):
        ran.append((peer.key, seed))
        if len(ran) == 3:
            raise KeyboardInterrupt
        if ran.count(("torch", 1)) == 1 and peer.key == "torch" and seed == 1:
            raise RuntimeError("no memory")
        return {"loss": 0.5, "test": 0.75, "trials": 3, "seconds": seconds}

    monkeypatch.setattr(quality, "search", search)
    words = ["--seconds", "20", "--tables", "iris", "--seeds", "2", "--only", "pellucid,torch"]
    monkeypatch.setattr(sys, "argv", ["quality.py", *words])
    with pytest.raises(KeyboardInterrupt):
        quality.main()
    for _ in range(3):
        quality.main()
    assert ran == [
        ("pellucid", 0),
        ("torch", 0),
        ("pellucid", 1),
        ("pellucid", 1),
        ("torch", 1),
        ("torch", 1),
    ]
    kept = json.loads((tmp_path / "results" / "quality-20.json").read_text())
    assert kept["runs"]["iris"]["torch"]["1"]["test"] == 0.75
