"""The benchmarks' own arithmetic; what they measure is for `make bench` to say."""

import importlib
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def module(monkeypatch):
    """Return a function that imports one of the benchmarks' modules."""
    before = set(sys.modules)
    monkeypatch.syspath_prepend(BENCHMARKS)
    yield importlib.import_module
    for name in set(sys.modules) - before:
        if str(BENCHMARKS) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


def test_the_arithmetic_of_a_step_is_that_of_its_products(module):
    # Forward 20x64, 64x64, 64x1 at 32 rows: 348,160 operations; backward twice that, less the
    # gradient of the inputs, 81,920.
    assert module("workload").flops_a_step() == 3 * 348_160 - 81_920
    products = module("machine").step_products()
    assert len(products) == 8
    assert sum(2 * a * b * c for a, b, c in products) == module("workload").flops_a_step()


def test_every_peer_has_its_file_and_environment(module):
    environments = module("environments")
    for peer in environments.PEERS:
        assert (BENCHMARKS / "peers" / f"{peer.module}.py").exists()
        assert peer.environment in environments.RECIPES
    assert len({peer.key for peer in environments.PEERS}) == len(environments.PEERS)


def test_each_round_takes_every_peer_and_begins_with_another(module):
    turns = list(module("measure").in_turns(["a", "b", "c"], 3))
    assert "".join(peer for _, peer in turns) == "abcbcacab"
    assert [turn for turn, _ in turns] == [0, 0, 0, 1, 1, 1, 2, 2, 2]


def test_a_ratio_compares_within_a_round(module):
    report = module("report")
    samples = {"pellucid": [1.0, 10.0, 2.0], "torch": [4.0, 50.0, 6.0]}
    assert report.ratios(samples, "torch") == [4.0, 5.0, 3.0]
    assert report.ratio_cell(samples, "torch") == "**4.0** (3.0 to 5.0)"
    assert report.ratio_cell({"torch": [1.0]}, "torch") == "–"


def test_csv_files_come_back_standardised(module, tmp_path):
    workload = module("workload")
    x, y = workload.synthetic(50)
    workload.write_csv(tmp_path / "rows.csv", x, y)
    read_x, read_y = workload.read_csv(str(tmp_path / "rows.csv"))
    np.testing.assert_allclose(read_x, (x - x.mean(0)) / x.std(0), atol=1e-5)
    np.testing.assert_array_equal(read_y, y)


def test_a_worker_builds_warms_up_and_trains(module):
    trained = []

    class Trainer:
        def __init__(self, x, y, dropout):
            assert (x.shape, y.shape, dropout) == ((10_000, 20), (10_000, 1), 0.1)

        def train(self, epochs):
            trained.append(epochs)
            return 0.5

    peer = SimpleNamespace(Trainer=Trainer, version=lambda: "peer 1.0")
    answer = module("worker").answer
    trainers = {}
    ready = answer(peer, trainers, {"do": "prepare", "dropout": 0.1, "epochs": 1})
    assert ready["version"] == "peer 1.0"
    told = answer(peer, trainers, {"do": "train", "dropout": 0.1, "epochs": 5})
    assert told["loss"] == 0.5
    assert trained == [1, 1, 5]


def test_a_process_that_fails_says_what_it_said(module):
    run_once = module("process").run_once
    ended = run_once([sys.executable, "-c", "print('done')"], {})
    assert ended.output == "done\n"
    assert ended.peak_bytes > 1_000_000
    with pytest.raises(RuntimeError, match="nonsense"):
        run_once([sys.executable, "-c", "raise SystemExit('nonsense')"], {})


def _results():
    runs = {name: {"pellucid": [2.0], "torch": [8.0]} for name in ("first", "second")}
    runs |= {"peak_bytes": {"pellucid": [3e8], "torch": [4e8]}}
    runs |= {"loss": {"pellucid": [0.1], "torch": [0.2]}}
    return {
        "date": "2026-11-22",
        "command": "make bench",
        "rounds": 1,
        "machine": {
            "processor": "P",
            "cores": 2,
            "vector_instructions": "avx2",
            "memory_gib": 8,
            "system": "Linux",
            "python": "3.11",
            "load_before": 0.0,
        },
        "arithmetic": {
            "flops_a_step": 962_560,
            "gflops_large": 100.0,
            "gflops_shapes_used": 40.0,
            "limit_us": 9.6,
            "shapes_used_us": 24.0,
        },
        "steady": {
            "versions": {"pellucid": "pellucid 0.1.0", "torch": "torch 2.13.0"},
            "threads": {"torch": 1},
            "plain": {"pellucid": [20.0], "torch": [250.0]},
            "dropout": {"pellucid": [22.0], "torch": [280.0]},
        },
        "imports": {
            "pellucid": [0.5],
            "torch": [1.0],
            "import jax": [0.4],
            "import pellucid": [0.1],
            "help": [0.2],
        },
        "whole": {"cancer": runs, "synthetic": runs},
        "installed": {"pellucid": 900_000_000, "torch": 800_000_000},
        "own": {
            "probe": {"ratio": 1.01, "lowest": 1.0, "highest": 1.02},
            "predict": {"first_us": 900.0, "median_us": 50.0},
            "fits": {"bytes": 1_000_000, "milliseconds_a_fit": 3.0},
        },
    }


def test_the_page_shows_the_figures(module):
    page = module("report").write(json.loads(json.dumps(_results())))
    one, five = "**1.0** (1.0 to 1.0)", "**12.5** (12.5 to 12.5)"
    assert f"| Pellucid | 20.0 | {one} | 22.0 | {one} |" in page
    assert f"| torch, eager (1 thread) | 250.0 | {five} | 280.0 | **12.7** (12.7 to 12.7) |" in page
    assert "makes Pellucid's step 1.10 times as long" in page
    four = "**4.0** (4.0 to 4.0)"
    assert f"| torch, eager | 8.00 | {four} | 8.00 | {four} | 400 | 0.2000 |" in page
    assert "| torch, eager | 1.00 | 800 |" in page
    assert "`import jax` alone takes 0.40 s. `pellucid --help` answers in 0.20 s." in page
    assert "| `predict` of one row, after the first | 50 µs |" in page
