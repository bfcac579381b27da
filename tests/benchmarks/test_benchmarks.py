"""The benchmarks' own arithmetic; what they measure is for `make bench` to say."""

import gzip
import json
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


def test_the_arithmetic_of_a_step_is_that_of_its_products(module):
    # Forward 20x64, 64x64, 64x1 at 32 rows: 348,160 operations; backward twice that, less the
    # gradient of the inputs, 81,920.
    mlp = module("networks").MLP
    assert mlp.flops_a_step() == 3 * 348_160 - 81_920
    products = module("machine").step_products()
    assert len(products) == 8
    assert sum(2 * a * b * c for a, b, c in products) == mlp.flops_a_step()


@pytest.mark.parametrize(
    ("key", "forward", "inputs"),
    [
        # Places x window x filters of each convolution, then the dense layers.
        (
            "cnn",
            26**2 * 9 * 32 + 11**2 * 288 * 64 + 1600 * 128 + 1280,
            26**2 * 9 * 32,
        ),
        # 50 steps of four gates from 8 inputs and 64 units; the inputs need no gradient.
        ("lstm", 50 * 256 * (8 + 64) + 64, 50 * 256 * 8),
        ("gru", 100 * 384 * (16 + 128) + 128, 100 * 384 * 16),
        (
            "bilstm",
            2 * 100 * 512 * (16 + 128 + 256 + 128) + 256,
            2 * 100 * 512 * 16,
        ),
    ],
)
def test_the_arithmetic_of_deeper_networks(module, key, forward, inputs):
    network = module("networks").BY_KEY[key]
    assert network.flops_a_step() == 2 * network.batch * (3 * forward - inputs)


def test_networks_have_names_of_their_own_and_data_of_their_shape(module):
    networks = module("networks")
    assert len(networks.BY_KEY) == len(networks.NETWORKS)
    for network in networks.NETWORKS:
        few = replace(network, rows=3)
        x, y = few.data()
        assert (few.steps, x.shape, x.dtype) == (1, (3, *network.shape), np.float32)
        assert y.shape == ((3, 1) if network.outputs == 1 else (3,))
        assert network.outputs in (1, 10)


SIZES = {
    "mlp": 5_569,
    "mlp_dropout": 5_569,
    "cnn": 225_034,
    "vgg": 1_116_970,
    "conv1d": 95_818,
    "lstm": 18_753,
    "gru": 56_193,
    "bilstm": 542_977,
    "transformer": 68_682,
}
"""Numbers that each network trains."""


@pytest.mark.slow
@pytest.mark.parametrize("key", SIZES)
def test_keras_builds_every_network(module, key):
    _check_size(module, pytest.importorskip("keras"), key)


@pytest.mark.parametrize("key", SIZES)
def test_pellucid_builds_every_network_from_the_same_words(module, key):
    import pellucid

    try:
        _check_size(module, pellucid, key)
    except AttributeError as problem:
        pytest.skip(str(problem))


def _check_size(module, library, key):
    network = module("networks").BY_KEY[key]
    model = module("peers.keras_shaped").model(library, network)
    assert model.output_shape == (None, network.outputs)
    assert model.count_params() == SIZES[key]


def test_every_peer_has_its_file_and_environment(module):
    environments = module("environments")
    for peer in environments.PEERS:
        assert (BENCHMARKS / "peers" / f"{peer.module}.py").exists()
        assert peer.environment in environments.RECIPES
    assert len({peer.key for peer in environments.PEERS}) == len(environments.PEERS)


def test_peers_run_on_the_device_asked_for_unless_they_are_not_there(module, monkeypatch, capsys):
    environments = module("environments")
    monkeypatch.setenv("PELLUCID_BENCH_ENVS", "/nowhere")
    monkeypatch.setenv("XLA_FLAGS", "ours")
    here = replace(environments.PEERS[0], imports="import json")
    gone = replace(here, label="Nobody", imports="import nobody_has_this")
    (on_cpu,) = environments.on("cpu", [here, gone])
    assert environments.variables(on_cpu)["JAX_PLATFORMS"] == "cpu"
    assert "XLA_FLAGS" not in environments.variables(on_cpu)
    assert "left out: Nobody: ModuleNotFoundError" in capsys.readouterr().out
    (on_gpu,) = environments.on("gpu", [here])
    assert "JAX_PLATFORMS" not in environments.variables(on_gpu)


def test_each_round_takes_every_peer_and_begins_with_another(module):
    turns = list(module("turns").in_turns(["a", "b", "c"], 3))
    assert "".join(peer for _, peer in turns) == "abcbcacab"
    assert [turn for turn, _ in turns] == [0, 0, 0, 1, 1, 1, 2, 2, 2]


def test_a_ratio_compares_within_a_round(module):
    report = module("report")
    samples = {"pellucid": [1.0, 10.0, 2.0], "torch": [4.0, 50.0, 6.0], "sklearn": [0.5, 10, 1]}
    assert report.ratios(samples, "torch") == [4.0, 5.0, 3.0]
    assert report.ratio_cell(samples, "torch") == "**4.0** (3.0 to 5.0)"
    assert report.ratio_cell(samples, "sklearn") == "**0.50** (0.50 to 1.00)"
    assert report.ratio_cell({"torch": [1.0]}, "torch") == "–"


def test_csv_files_come_back_standardised(module, tmp_path):
    workload = module("workload")
    x, y = workload.synthetic(50)
    workload.write_csv(tmp_path / "rows.csv", x, y)
    network, read_x, read_y = workload.read(tmp_path / "rows.csv")
    assert (network.key, network.shape) == ("mlp", (20,))
    np.testing.assert_allclose(read_x, (x - x.mean(0)) / x.std(0), atol=1e-5)
    np.testing.assert_array_equal(read_y, y)


def test_images_are_read_from_mnists_files_where_those_are(module, tmp_path):
    workload = module("workload")
    assert workload.images(tmp_path) is None
    pixels = np.arange(2 * 28 * 28, dtype=np.uint8)
    contents = {"images-idx3": bytes(16) + pixels.tobytes(), "labels-idx1": bytes(8) + b"\x07\x02"}
    for name, content in contents.items():
        (tmp_path / f"t10k-{name}-ubyte.gz").write_bytes(gzip.compress(content))
    x, y = workload.images(tmp_path)
    np.testing.assert_array_equal(x, pixels.reshape(2, 28, 28))
    np.savez(tmp_path / "images.npz", x=x, y=y)
    network, x, y = workload.read(tmp_path / "images.npz")
    assert (network.key, x.shape, x.dtype) == ("cnn", (2, 28, 28, 1), np.float32)
    assert (x.max(), y.tolist()) == (1.0, [7, 2])


def test_synthetic_images_have_the_size_of_mnists(module):
    x, y = module("workload").synthetic_images()
    assert (x.shape, x.dtype, y.shape, y.max()) == ((8000, 28, 28), np.uint8, (8000,), 9)


def _fake_peer(trained):
    class Trainer:
        def __init__(self, network, x, y):
            if network.key != "mlp":
                raise AttributeError("no such layer")
            assert (x.shape, y.shape) == ((10_000, 20), (10_000, 1))

        def train(self, epochs):
            trained.append(epochs)
            return 0.5

    return SimpleNamespace(Trainer=Trainer, version=lambda: "peer 1.0")


def test_a_worker_builds_warms_up_trains_and_forgets(module):
    trained, trainers = [], {}
    peer, answer = _fake_peer(trained), module("worker").answer
    ready = answer(peer, trainers, {"do": "prepare", "network": "mlp"})
    assert ready == {"version": "peer 1.0"}
    told = answer(peer, trainers, {"do": "train", "network": "mlp", "epochs": 5})
    assert told["loss"] == 0.5
    assert trained == [1, 1, 5]
    answer(peer, trainers, {"do": "forget"})
    assert trainers == {}


def test_a_peer_without_a_layer_is_missing_and_the_others_are_measured(module, monkeypatch):
    steps, worker = module("steps"), module("worker")
    networks, peers = module("networks"), module("environments").PEERS

    class Worker:
        def __init__(self, *_):
            self.peer, self.trainers = _fake_peer([]), {}
            self.__enter__ = lambda: self

        def ask(self, **request):
            return worker.answer(self.peer, self.trainers, request)

        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

    monkeypatch.setattr(steps, "Worker", Worker)
    monkeypatch.setattr(steps, "python_of", str)
    found = steps.measure(peers[:2], networks.NETWORKS[:2], 3)
    assert list(found) == ["mlp", "mlp_dropout"]
    assert [len(one) for one in found["mlp"]["samples"].values()] == [3, 3]
    assert found["mlp_dropout"]["samples"] == {}
    reason = "AttributeError: no such layer"
    assert found["mlp_dropout"]["missing"] == {"pellucid": reason, "kerasjax": reason}


def test_first_calls_are_cold_and_where_a_peer_keeps_programs_warm(module, monkeypatch, tmp_path):
    whole, environments = module("whole"), module("environments")
    script = tmp_path / "first_call.py"
    script.write_text("import sys; print('{\"first\": 2.0}') if sys.argv[1] != 'absent' else [][1]")
    monkeypatch.setattr(whole, "HERE", tmp_path)
    monkeypatch.setattr(whole, "python_of", lambda _: sys.executable)
    keeps = environments.PEERS[0]
    keeps_not = replace(keeps, key="torch", cache={})
    absent = replace(keeps, key="kerasjax", module="absent")
    networks = module("networks").NETWORKS[:1]
    found = whole.first_calls([keeps, keeps_not, absent], networks, 2)["mlp"]
    assert found["cold"] == {"pellucid": [2.0, 2.0], "torch": [2.0, 2.0]}
    assert found["warm"] == {"pellucid": [2.0, 2.0]}
    assert found["missing"] == {"kerasjax": "IndexError: list index out of range"}


def test_a_process_that_fails_says_what_it_said(module):
    run_once = module("process").run_once
    ended = run_once([sys.executable, "-c", "print('done')"], {})
    assert ended.output == "done\n"
    assert ended.peak_bytes > 1_000_000
    with pytest.raises(RuntimeError, match="nonsense"):
        run_once([sys.executable, "-c", "raise SystemExit('nonsense')"], {})


def _results():
    entry = {"date": "2026-11-22", "rounds": 1, "missing": {}}
    steady = entry | {
        "versions": {"pellucid": "pellucid 0.1.0", "torch": "torch 2.13.0"},
        "threads": {"torch": 1},
    }
    runs = {name: {"pellucid": [2.0], "torch": [8.0]} for name in ("first", "second")}
    runs |= {"peak_bytes": {"pellucid": [3e8], "torch": [4e8]}}
    runs |= {"loss": {"pellucid": [0.1], "torch": [0.2]}}
    runs |= entry | {"source": "drawn at random"}
    return {
        "date": "2026-11-22",
        "command": "make bench",
        "device": "cpu",
        "raw": "2026-11-22.json",
        "rounds": 1,
        "machine": {
            "processor": "P",
            "cores": 2,
            "vector_instructions": "avx2",
            "memory_gib": 8,
            "accelerator": "",
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
        "steps": {
            "mlp": steady | {"samples": {"pellucid": [20.0], "torch": [250.0]}},
            "mlp_dropout": steady | {"samples": {"pellucid": [22.0], "torch": [280.0]}},
            "cnn": steady
            | {"samples": {"pellucid": [9e3], "kerasjax": [9e4], "kerastf": [8e3], "torch": [1e4]}},
            "lstm": steady | {"samples": {"pellucid": [1e3], "torch": [1.2e3], "kerasjax": [3e3]}},
            "gru": steady | {"samples": {"torch": [5e3]}, "missing": {"pellucid": "no layer GRU"}},
        },
        "first_calls": {
            "cnn": entry
            | {
                "cold": {"pellucid": [1.5], "kerastf": [2.5], "torchcompile": [20.0]},
                "warm": {"pellucid": [0.25], "torchcompile": [4.0]},
            }
        },
        "imports": {
            "pellucid": [0.5],
            "torch": [1.0],
            "import jax": [0.4],
            "import pellucid": [0.1],
            "help": [0.2],
        },
        "whole": {"cancer": runs, "synthetic": runs, "images": runs},
        "installed": {"pellucid": 900_000_000, "torch": 800_000_000},
        "own": {
            "probe": {"ratio": 1.01, "lowest": 1.0, "highest": 1.02},
            "predict": {"first_us": 900.0, "median_us": 50.0},
            "fits": {"bytes": 1_000_000, "milliseconds_a_fit": 3.0},
        },
    }


def test_the_page_shows_the_figures(module):
    page = module("report").write(json.loads(json.dumps(_results())))
    one, five = "**1.00** (1.00 to 1.00)", "**12.5** (12.5 to 12.5)"
    assert f"| Pellucid | 20.0 | {one} | 22.0 | {one} |" in page
    assert f"| torch, eager (1 thread) | 250.0 | {five} | 280.0 | **12.7** (12.7 to 12.7) |" in page
    assert "makes Pellucid's step 1.10 times as long" in page
    four = "**4.0** (4.0 to 4.0)"
    assert f"| torch, eager | 8.00 | {four} | 8.00 | {four} | 400 | 0.2000 |" in page
    assert "| torch, eager | 1.00 | 800 |" in page
    assert "`import jax` alone takes 0.40 s. `pellucid --help` answers in 0.20 s." in page
    assert "| `predict` of one row, after the first | 50 µs |" in page
    assert page.count("the data are drawn at random") == 3


def test_the_page_judges_deeper_networks_by_their_goals(module, monkeypatch, tmp_path):
    report = module("report")
    (tmp_path / "notes.md").write_text("The CNN's limit is *memory*.\n")
    monkeypatch.setattr(report, "NOTES", {"cpu": tmp_path / "notes.md"})
    page = report.write(_results())
    cnn, lstm, gru = (module("networks").BY_KEY[key].label for key in ("cnn", "lstm", "gru"))
    tf, jax = "**0.89** (0.89 to 0.89)", "**10.0** (10.0 to 10.0)"
    row = f"| {cnn} | 9,000 | 9,854 | Keras on TensorFlow | {tf} | 1.0 | {jax} | {tf} | – |"
    assert row in page
    assert f"| {gru} | – |" in page
    assert (
        "Missed goals:\n\n"
        f"- {cnn}: 0.89 against Keras on TensorFlow, the goal being 1.0\n"
        f"- {lstm}: 1.20 against torch, eager, the goal being 1.3\n\n"
        "The CNN's limit is *memory*."
    ) in page
    assert "| Pellucid | 9,000 | **1.00** (1.00 to 1.00) | 109 |" in page
    assert "Pellucid takes no part: no layer GRU" in page
    assert (
        "|  | Pellucid, cold | Pellucid, warm | Keras on TensorFlow | torch.compile, cold | "
        "torch.compile, warm |" in page
    )
    assert f"| {cnn} | 1.50 | 0.25 | 2.50 | 20.00 | 4.00 |" in page


def test_a_part_of_a_run_makes_a_page_of_its_sections_alone(module):
    report, results = module("report"), _results()
    for name in ("first_calls", "whole", "imports", "installed", "own", "arithmetic"):
        del results[name]
    results["steps"] = {"lstm": results["steps"]["lstm"] | {"date": "2026-11-25", "rounds": 2}}
    results |= {"device": "gpu", "machine": results["machine"] | {"accelerator": "G80"}}
    page = report.write(results)
    headings = [line.split(":")[0] for line in page.splitlines() if line.startswith("#")]
    assert headings == [
        "# Benchmarks",
        "## Training steps of deeper networks",
        "### LSTM 64",
        "## How it was measured",
    ]
    assert "8 GiB, G80, Linux" in page
    assert "Measured on 2026-11-25, rounds: 2." in page


def test_a_selection_keeps_the_order_and_refuses_what_it_does_not_know(module):
    chosen = module("run").chosen
    assert chosen("lstm,cnn", ["cnn", "gru", "lstm"]) == ["cnn", "lstm"]
    assert chosen("", ["cnn", "gru"]) == ["cnn", "gru"]
    with pytest.raises(SystemExit, match="unknown: lstn; known: cnn, gru"):
        chosen("cnn,lstn", ["cnn", "gru"])


def test_only_a_whole_run_has_the_name_of_a_whole_run(module, monkeypatch):
    run = module("run")
    monkeypatch.setenv("PELLUCID_BENCH_ENVS", "/kept")

    def name(*words):
        return run.raw_name(run.arguments(words))[len("2026-11-24") :]

    assert name() == name("--rounds", "3") == ".json"
    assert name("--networks", "cnn,lstm") == "-cnn+lstm.json"
    assert name("--sections", "steps", "--only", "torch") == "-steps-torch.json"
    assert name("--device", "gpu") == "-gpu.json"
    monkeypatch.delenv("PELLUCID_BENCH_ENVS")
    with pytest.raises(SystemExit):
        run.arguments(["--device", "gpu"])


def test_a_later_file_replaces_the_networks_it_holds(module):
    first = _results()
    second = {"date": "2026-11-25", "raw": "late.json", "steps": {"lstm": {"new": True}}}
    merged = module("run").merged([first, second])
    assert merged["steps"] == first["steps"] | {"lstm": {"new": True}}
    assert (merged["date"], merged["raw"]) == ("2026-11-22", "2026-11-22.json, late.json")
    assert merged["imports"] == first["imports"]


@pytest.mark.parametrize("whole", [True, False])
def test_only_a_whole_run_writes_the_page(module, monkeypatch, tmp_path, whole):
    run = module("run")
    (tmp_path / "docs").mkdir()
    monkeypatch.setattr(run, "PROJECT", tmp_path)
    monkeypatch.setattr(run, "RESULTS", tmp_path)
    monkeypatch.setattr(run, "results", lambda asked: _results() | {"raw": run.raw_name(asked)})
    monkeypatch.setattr(sys, "argv", ["run.py", *([] if whole else ["--networks", "cnn"])])
    run.main()
    assert (tmp_path / "docs" / "benchmarks.md").exists() == whole
    (kept,) = tmp_path.glob("*.json")
    assert kept.name.endswith("-cnn.json") != whole
