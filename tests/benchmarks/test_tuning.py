"""The benchmarks of searches and cross-validation; what they measure is for them to say."""

import json
import sys
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

MACHINE = {
    "processor": "P",
    "cores": 2,
    "vector_instructions": "avx2",
    "memory_gib": 8,
    "accelerator": "",
    "system": "Linux",
    "python": "3.11",
    "load_before": 0.25,
}


def test_a_search_s_values_make_its_network(module):
    searches = module("searches")
    values = {"learning_rate": 0.01, "l2": 0.001, "dropout": 0.25, "width": 96}
    network = searches.BY_KEY["mlp"].made(values)
    assert (network.learning_rate, network.l2, network.batch) == (0.01, 0.001, 32)
    outputs = [part.output((20,))[0] for part, _ in network.walk()[:1]]
    assert outputs == [96]
    assert [part.rate for part in network.parts if hasattr(part, "rate")] == [0.25, 0.25]
    for search in searches.SEARCHES:
        assert set(search.space) == {"learning_rate", "l2", "dropout", "width"}
        assert search.example.outputs in (1, 10)


def test_the_loss_follows_from_the_last_part(module):
    networks = module("networks")
    last = [networks.YES_OR_NO, networks.CLASSES, networks.Dense(1)]
    losses = [replace(networks.MLP, parts=(one,)).loss for one in last]
    assert losses == [
        "binary_crossentropy",
        "sparse_categorical_crossentropy",
        "mean_squared_error",
    ]


@pytest.mark.parametrize("kind", ["table", "images", "series"])
def test_judged_searches_build_for_the_shape_of_their_data(module, kind):
    import pellucid

    shape, outputs, loss = {
        "table": ((3,), 4, "sparse_categorical_crossentropy"),
        "images": ((28, 28, 1), 10, "sparse_categorical_crossentropy"),
        "series": ((30, 1), 1, "mean_squared_error"),
    }[kind]
    what = module("searches").JUDGED[kind](shape, outputs, loss)
    model = module("peers.keras_shaped").model(pellucid, what.example, [loss])
    assert (model.input_shape, model.output_shape) == ((None, *shape), (None, outputs))
    assert what.example.loss == loss
    assert what.patience is not None


def test_penalties_and_rates_reach_the_model(module):
    import pellucid

    networks = module("networks")
    network = replace(networks.MLP, learning_rate=0.02, l2=0.5)
    model = module("peers.keras_shaped").model(pellucid, network)
    assert model.optimizer.learning_rate == 0.02
    penalties = [layer.kernel_regularizer for layer in model.layers if hasattr(layer, "units")]
    assert [one.l2 for one in penalties] == [0.5] * 3


def test_every_row_is_tested_once_a_repeat_and_never_trained_on(module):
    pairs = list(module("repeated_folds").folds(23, 5, 2))
    assert len(pairs) == 10
    for train, test in pairs:
        assert sorted([*train, *test]) == list(range(23))
    for repeat in (pairs[:5], pairs[5:]):
        assert sorted(np.concatenate([test for _, test in repeat])) == list(range(23))


def test_a_later_piece_is_the_mean_of_all_but_the_first(module):
    later = module("searches").a_later_one
    assert later([10.0, 12.0, 13.0]) == 1.5
    assert later([10.0]) == 0.0


def test_the_last_rows_are_held_back(module):
    x, y = np.arange(10.0)[:, None], np.arange(10)
    (train, _), (held, labels) = module("searches").held_back(x, y)
    assert (len(train), held[:, 0].tolist(), labels.tolist()) == (8, [8, 9], [8, 9])


def test_what_a_peer_leaves_out_is_reckoned_from_its_later_pieces(module, monkeypatch, tmp_path):
    tuning, environments = module("tuning"), module("environments")
    script = tmp_path / "once.py"
    script.write_text(
        "import json, sys\n"
        "again = len(sys.argv) > 4\n"
        "told = {'seconds': 8.0 if again else 80.0, 'later': 100.0, 'loss': 0.5, 'version': 'v'}\n"
        "print(json.dumps(told)) if sys.argv[1] != 'absent' else [][1]\n"
    )
    monkeypatch.setattr(tuning, "HERE", tmp_path)
    monkeypatch.setattr(tuning, "python_of", lambda _: sys.executable)
    ours = environments.PELLUCID
    torch = replace(ours, key="torch", label="torch")
    absent = replace(ours, key="kerastf", label="TF", module="absent")
    work = tuning.Work("once.py", tmp_path / "rows.npz", 4, {"torch": 3}, lambda count: (count,))
    found = tuning.measure(work, [ours, torch, absent], 2, epochs=1)
    assert found["pieces"] == 4
    assert found["done"] == {"pellucid": 4, "torch": 3, "kerastf": 4}
    assert found["steady"] == {"pellucid": [2.0, 2.0], "torch": [100.0, 100.0]}
    assert all(100 < seconds < 110 for seconds in found["first"]["torch"])
    assert all(seconds < 10 for seconds in found["first"]["pellucid"])
    assert list(found["second"]) == ["pellucid"]
    assert found["missing"] == {"kerastf": "IndexError: list index out of range"}


def _section(**more):
    return {
        "date": "2026-11-26",
        "rounds": 2,
        "missing": {"kerasjax": "no jax"},
        "machine": MACHINE,
        "epochs": 20,
        "source": "drawn at random",
        "rows": 10_000,
        "pieces": 64,
        "done": {"pellucid": 64, "torch": 64, "kerastf": 16},
        "first": {"pellucid": [10.0, 12.0], "torch": [180.0, 192.0], "kerastf": [300.0, 360.0]},
        "second": {"pellucid": [8.0, 9.0]},
        "steady": {"pellucid": [0.1, 0.1], "torch": [2.0, 2.5], "kerastf": [9.0, 9.5]},
        "peak_bytes": {"pellucid": [3e8], "torch": [4e8], "kerastf": [7e8]},
        "loss": {"pellucid": [0.3], "torch": [0.31], "kerastf": [0.32]},
        "versions": {"pellucid": "pellucid 0.1.0", "torch": "torch 2.13.0"},
    } | more


def test_the_page_sets_figures_beside_their_goals(module):
    page = module("tuning_page").write(json.loads(json.dumps({"mlp": _section()})), "cpu")
    torch = (
        "| Optuna over torch | 186.0 | 1,239 | **17.0** (16.0 to 18.0) | 15, reached | 1,600 | "
        "**22.5** (20.0 to 25.0) | 30, missed | 400 | 0.3100 |"
    )
    assert torch in page
    assert "KerasTuner on TensorFlow did 16 of the 64 trials" in page
    assert "KerasTuner on JAX takes no part: no jax" in page
    assert "learning_rate 0.0001 to 0.01 by magnitude" in page
    assert "takes 8.5 s." in page
    assert "load 0.2 before the start" in page


def test_searches_without_goals_of_their_own_are_set_beside_the_best_peer(module):
    page = module("tuning_page").write({"lstm": _section()}, "cpu")
    assert page.count("1.5, reached") == 2
    row = next(line for line in page.splitlines() if line.startswith("| Optuna over torch"))
    assert row.count("1.5, reached") == 2


def test_a_gpu_has_a_page_of_its_own_that_names_it(module, monkeypatch, tmp_path):
    tuning_page = module("tuning_page")
    notes = tmp_path / "notes.md"
    notes.write_text("Read this.\n")
    monkeypatch.setattr(tuning_page, "NOTES", {"gpu": notes})
    found = {"mlp": _section(machine=MACHINE | {"accelerator": "NVIDIA H200"})}
    page = tuning_page.write(found, "gpu")
    assert page.startswith("# Searches and cross-validation on a GPU, measured\n")
    assert "`python benchmarks/tuning.py --device gpu`" in page
    assert "`benchmarks/results/tuning-gpu.json`" in page
    assert "8 GiB, NVIDIA H200, Linux" in page
    assert "\n\nRead this.\n\n" in page


def test_a_gpu_is_measured_in_environments_that_are_there(module, monkeypatch, capsys):
    tuning = module("tuning")
    monkeypatch.delenv("PELLUCID_BENCH_ENVS", raising=False)
    with pytest.raises(SystemExit):
        tuning.arguments(["--device", "gpu"])
    assert "--device gpu needs PELLUCID_BENCH_ENVS" in capsys.readouterr().err
    monkeypatch.setenv("PELLUCID_BENCH_ENVS", "somewhere")
    assert tuning.arguments(["--device", "gpu"]).device == "gpu"


def test_peers_that_take_long_do_a_part_and_never_less_than_two_pieces(module):
    done = module("tuning").done_of
    assert done("mlp", 64, "cpu") == {"kerastf": 16}
    assert done("mlp", 64, "gpu") == {"torch": 3, "kerasjax": 2}
    assert done("mlp", 4, "gpu") == {"torch": 2, "kerasjax": 2}
    assert done("folds", 30, "cpu") == {}


def test_tries_are_shown_and_not_written(module, monkeypatch, tmp_path, capsys):
    tuning = module("tuning")
    store, page = tmp_path / "tuning.json", tmp_path / "page.md"
    monkeypatch.setattr(tuning, "STORES", {"cpu": store})
    monkeypatch.setattr(tuning, "PAGES", {"cpu": page})
    section = {name: one for name, one in _section().items() if name != "machine"}
    monkeypatch.setattr(tuning, "results", lambda asked: iter([("lstm", section)]))
    monkeypatch.setattr(sys, "argv", ["tuning.py", "--trials", "2"])
    tuning.main()
    assert "## A search of 64 trials of the LSTM 64" in capsys.readouterr().out
    assert not store.exists()
    store.write_text(json.dumps({"cnn": _section(), "lstm": {"old": True}}))
    monkeypatch.setattr(sys, "argv", ["tuning.py"])
    tuning.main()
    assert list(json.loads(store.read_text())) == ["cnn", "lstm"]
    assert "of the CNN" in page.read_text()


def test_an_environment_made_before_gets_what_its_recipe_has_gained(module, monkeypatch, tmp_path):
    environments, made = module("environments"), []
    monkeypatch.delenv("PELLUCID_BENCH_ENVS", raising=False)
    monkeypatch.setattr(environments, "BENCH", tmp_path)
    monkeypatch.setattr(environments, "_install", lambda _, packages: made.append(packages))
    cleared = []
    fake = SimpleNamespace(create=lambda folder, **asked: cleared.append(asked["clear"]))
    monkeypatch.setattr(environments, "venv", fake)
    (tmp_path / "torch").mkdir()
    environments.python_of("torch")
    assert (cleared, made) == ([True], environments.RECIPES["torch"])
    environments.python_of("torch")
    assert cleared == [True]
    monkeypatch.setitem(environments.RECIPES, "torch", [["torch"], ["numpy", "optuna"]])
    environments.python_of("torch")
    assert (cleared, made[-1]) == ([True, False], ["numpy", "optuna"])
