import math

import numpy as np
import pytest

from pellucid import losses, optimizers
from pellucid.errors import FileError, NotSaveableError
from pellucid.graph import Graph, Network
from pellucid.layers import BatchNormalization, Dense, Input
from pellucid.saving import (
    CheckpointFile,
    ModelFile,
    load_checkpoint_file,
    load_model_file,
    load_weights_file,
    match_arrays,
    save_checkpoint_file,
    save_model_file,
    save_weights_file,
)
from pellucid.saving.agreement import SHOWN
from pellucid.saving.archive import write_archive
from saving.test_network import Scale

DAMAGED = "The file is damaged or was not written by pellucid: copy or save it again."
OTHER = "The file belongs to another network."


def drawn(*layers, shape=(3,)):
    first = tensor = Input(shape)
    for layer in layers:
        tensor = layer(tensor)
    graph = Graph.trace([first], [tensor], "model")
    return graph, Network.from_graph(graph)


def weights_of(network, seed=0):
    values = network.values(seed)
    return {weight.path: value for weight, value in zip(network.weights, values, strict=True)}


@pytest.fixture
def model():
    graph, network = drawn(
        Dense(4, activation="relu", kernel_regularizer="l2", name="my layer"),
        BatchNormalization(),
        Dense(1),
    )
    return ModelFile(
        graph,
        weights_of(network),
        compile={
            "optimizer": optimizers.Adam(3e-4),
            "loss": [losses.Huber(2.0)],
            "metrics": ["mae"],
        },
        optimizer={"momentum": np.arange(3, dtype="float32"), "step": np.array(7, "int32")},
        preprocessing={"columns": ["age", "größe"], "mean": [3.5, None]},
        history={"loss": [math.inf, math.nan, 0.5]},
        training={"epochs": 3, "seed": 2**64 - 1},
        state={"best/loss": np.array(math.inf)},
    )


def test_a_model_reads_back_as_it_was(tmp_path, model):
    path = tmp_path / "m.pellucid"
    save_model_file(path, model)
    for source in (path, path.read_bytes()):
        found = load_model_file(source)
        assert found.graph.get_config() == model.graph.get_config()
        assert list(found.weights) == list(model.weights)
        for name, array in model.weights.items():
            assert np.array_equal(found.weights[name], array)
        assert isinstance(found.compile["optimizer"], optimizers.Adam)
        assert found.compile["optimizer"].learning_rate == 3e-4
        assert found.compile["loss"][0].delta == 2.0
        assert found.compile["metrics"] == ["mae"]
        assert found.optimizer["momentum"].tolist() == [0, 1, 2]
        assert found.optimizer["step"] == 7
        assert found.preprocessing == model.preprocessing
        assert str(found.history) == str(model.history)
        assert found.training == model.training
        assert found.state["best/loss"] == math.inf


def test_what_was_not_saved_is_none(tmp_path):
    graph, network = drawn(Dense(2))
    save_model_file(tmp_path / "m.pellucid", ModelFile(graph, weights_of(network)))
    found = load_model_file(tmp_path / "m.pellucid")
    others = (found.compile, found.optimizer, found.preprocessing, found.history, found.training)
    assert (*others, found.state) == (None,) * 6


def test_the_same_model_makes_the_same_bytes(tmp_path, model):
    save_model_file(tmp_path / "a.pellucid", model)
    save_model_file(tmp_path / "b.pellucid", model)
    assert (tmp_path / "a.pellucid").read_bytes() == (tmp_path / "b.pellucid").read_bytes()


def test_a_layer_of_ones_own_is_read_with_its_class(tmp_path):
    path = tmp_path / "m.pellucid"
    graph, network = drawn(Scale(2.0))
    save_model_file(path, ModelFile(graph, weights_of(network)))
    assert load_model_file(path, {"Scale": Scale}).weights["scale/scale"].tolist() == [2, 2, 2]
    with pytest.raises(FileError) as caught:
        load_model_file(path)
    assert str(caught.value) == (
        f"{path}: network.json, layer 'scale': got the unknown layer 'Scale', expected a layer "
        "of pellucid, or one of yours that is passed in. "
        'Pass your class in: load_model(path, custom_objects={"Scale": Scale}).'
    )


def test_weights_that_are_not_finite_are_not_saved(tmp_path):
    graph, network = drawn(Dense(2))
    weights = {path: array.copy() for path, array in weights_of(network).items()}
    weights["dense/kernel"][0] = np.nan, np.inf
    path = tmp_path / "m.pellucid"
    for save in (
        lambda: save_model_file(path, ModelFile(graph, weights)),
        lambda: save_weights_file(path, weights),
    ):
        with pytest.raises(FileError) as caught:
            save()
        assert str(caught.value) == (
            f"{path}: weights: dense/kernel: got 2 of 6 values that are NaN or infinite, "
            "expected finite numbers. Training has diverged: go back to earlier weights, or "
            "train with a lower learning rate."
        )
    assert not path.exists()


def test_weights_that_are_not_finite_are_not_read(tmp_path):
    graph, network = drawn(Dense(1, use_bias=False))
    path = tmp_path / "m.pellucid"
    arrays = {"weights": {"dense/kernel": np.full((3, 1), np.inf, "float32")}}
    write_archive(path, "model", {"network": graph.get_config()}, arrays)
    for load in (lambda: load_model_file(path), lambda: load_weights_file(path, network)):
        with pytest.raises(FileError) as caught:
            load()
        assert str(caught.value) == (
            f"{path}: weights: dense/kernel: got 3 of 3 values that are NaN or infinite, "
            "expected finite numbers. pellucid saves finite numbers only: this file was changed "
            "or made by something else."
        )


def test_arrays_that_do_not_fit_the_network_are_listed(tmp_path):
    graph, _ = drawn(Dense(4, name="first"), Dense(2, name="second"))
    path = tmp_path / "m.pellucid"
    arrays = {
        "first/kernel": np.zeros((4, 3), "float32"),
        "first/bias": np.zeros(4, "float64"),
        "second/kernels": np.zeros((4, 2), "float32"),
        "third/bias": np.zeros(2, "float32"),
    }
    write_archive(path, "model", {"network": graph.get_config()}, {"weights": arrays})
    with pytest.raises(FileError) as caught:
        load_model_file(path)
    where = f"{path}: weights"
    assert str(caught.value) == (
        "6 problems:\n"
        f"  1. {where}: second/kernel: got no such array, expected one of shape (4, 2). "
        "The file has 'second/kernels'.\n"
        f"  2. {where}: second/bias: got no such array, expected one of shape (2,). "
        "The file has 'second/kernels'.\n"
        f"  3. {where}: second/kernels: got an array of shape (4, 2), "
        "expected no array of this name.\n"
        f"  4. {where}: third/bias: got an array of shape (2,), expected no array of this name.\n"
        f"  5. {where}: first/kernel: got shape (4, 3), expected shape (3, 4).\n"
        f"  6. {where}: first/bias: got type float64, expected type float32. {OTHER}"
    )


def test_a_long_list_of_arrays_is_cut():
    with pytest.raises(FileError) as caught:
        match_arrays({}, {f"a{number}": (1,) for number in range(1000)}, "m")
    lines = str(caught.value).splitlines()
    assert len(lines) == SHOWN + 2
    assert lines[0] == "21 problems:"
    assert lines[-1] == f"  21. m: got 980 more such arrays, expected none. {OTHER}"


def test_weights_alone_read_back_as_they_were(tmp_path):
    _, network = drawn(Dense(2, name="a b"))
    path, weights = tmp_path / "w.pellucid", weights_of(network)
    save_weights_file(path, weights)
    found = load_weights_file(path, network)
    assert list(found) == ["a b/kernel", "a b/bias"]
    assert all(np.array_equal(found[name], weights[name]) for name in weights)


def test_weights_are_read_from_a_whole_model_too(tmp_path, model):
    path = tmp_path / "m.pellucid"
    save_model_file(path, model)
    found = load_weights_file(path, Network.from_graph(model.graph))
    assert all(np.array_equal(found[name], model.weights[name]) for name in model.weights)


def test_weights_of_another_network_are_refused(tmp_path):
    _, network = drawn(Dense(2))
    _, wider = drawn(Dense(3))
    path = tmp_path / "w.pellucid"
    save_weights_file(path, weights_of(network))
    with pytest.raises(FileError) as caught:
        load_weights_file(path, wider)
    assert str(caught.value) == (
        "2 problems:\n"
        f"  1. {path}: weights: dense/kernel: got shape (3, 2), expected shape (3, 3).\n"
        f"  2. {path}: weights: dense/bias: got shape (2,), expected shape (3,). {OTHER}"
    )


def test_a_checkpoint_reads_back_as_it_was(tmp_path):
    path = tmp_path / "run.pellucid"
    state = {
        "vector": np.array([1, np.nan, -np.inf], "float32"),
        "key": np.array(2**32 - 1, "uint32"),
        "done": np.array([True, False]),
    }
    save_checkpoint_file(path, CheckpointFile({"step": 3}, state, {"loss": [math.nan]}))
    found = load_checkpoint_file(path)
    assert found.training == {"step": 3}
    assert str(found.history) == "{'loss': [nan]}"
    assert {name: array.tobytes() for name, array in found.state.items()} == {
        name: array.tobytes() for name, array in state.items()
    }


def test_a_file_of_another_kind_is_refused_with_the_cure(tmp_path, model):
    _, network = drawn(Dense(2))
    weights, whole = tmp_path / "w.pellucid", tmp_path / "m.pellucid"
    run = tmp_path / "run.pellucid"
    save_weights_file(weights, weights_of(network))
    save_model_file(whole, model)
    save_checkpoint_file(run, CheckpointFile({"step": 3}))
    for load, message in (
        (
            lambda: load_model_file(weights),
            f"{weights}: got a weights file, expected a model file. "
            "Build the model, then model.load_weights(path).",
        ),
        (
            lambda: load_weights_file(run, network),
            f"{run}: got a checkpoint file, expected a weights file. "
            "Give the path of a file of weights.",
        ),
        (
            lambda: load_checkpoint_file(whole),
            f"{whole}: got a model file, expected a checkpoint file. "
            "Give the path of a checkpoint.",
        ),
    ):
        with pytest.raises(FileError) as caught:
            load()
        assert str(caught.value) == message


@pytest.mark.parametrize(
    ("kind", "load", "missing"),
    [
        ("model", load_model_file, "network.json, weights.safetensors"),
        ("checkpoint", load_checkpoint_file, "state.safetensors, training.json"),
        ("weights", lambda path: load_weights_file(path, None), "weights.safetensors"),
    ],
)
def test_a_file_without_what_it_needs_is_refused(tmp_path, kind, load, missing):
    path = tmp_path / "m.pellucid"
    write_archive(path, kind, {}, {})
    with pytest.raises(FileError) as caught:
        load(path)
    assert str(caught.value) == (
        f"{path}: got a {kind} without {missing}, expected a whole one. {DAMAGED}"
    )


def test_settings_with_a_function_are_not_saved(tmp_path):
    graph, network = drawn(Dense(2))
    path = tmp_path / "m.pellucid"
    file = ModelFile(graph, weights_of(network), compile={"loss": [lambda y, p: p]})
    with pytest.raises(NotSaveableError) as caught:
        save_model_file(path, file)
    assert str(caught.value) == (
        f"{path}: compile: got '<lambda>', a Python function, expected a name or a description: "
        "a model file holds no code. Write a small class and pass it to "
        "load_model(custom_objects={...})."
    )
    assert not path.exists()


def test_settings_with_an_unknown_class_are_refused(tmp_path):
    graph, network = drawn(Dense(2))
    path = tmp_path / "m.pellucid"
    settings = {"loss": {"class": "loss.Mine", "config": {}}}
    save_model_file(path, ModelFile(graph, weights_of(network), compile=settings))
    with pytest.raises(FileError) as caught:
        load_model_file(path)
    assert str(caught.value) == (
        f"{path}: compile.json: got the unknown loss 'Mine', expected a loss of pellucid, or one "
        "of yours that is passed in. "
        'Pass your class in: load_model(path, custom_objects={"Mine": Mine}).'
    )
