"""`pellucid doctor`: a saved model, its run and its data, judged as after `fit`."""

import json

import numpy as np
import pytest

import pellucid
from insight.findings.runs import SICK, memorised, network, off_from_the_start, rows
from pellucid import layers
from pellucid.cli import main
from pellucid.errors import DataError, FileError
from pellucid.models.diagnosing import diagnose_saved, first_weights
from pellucid.tasks import train_table
from pellucid.tasks.doctor import examine_file


def saved(folder, made):
    """Train, save model and rows, and return both paths and what `diagnose` says."""
    model, x, y, options = made
    model.fit(x, y, verbose=0, **options)
    model.save(folder / "model.pellucid")
    judged = options.get("validation_data")
    more = {} if judged is None else {"x_validation": judged[0], "y_validation": judged[1]}
    np.savez(folder / "data.npz", x=x, y=y, **more)
    return folder / "model.pellucid", folder / "data.npz", model.diagnose()


@pytest.mark.parametrize("name", ["rate 1e-6", "off from the start", "by heart", "six sigmoids"])
def test_a_saved_model_is_told_what_the_trained_one_was(name, tmp_path):
    model, data, told = saved(tmp_path, SICK[name][0]())
    assert examine_file(model, data).to_dict() == told.to_dict()


def test_a_healthy_one_is_left_in_peace(tmp_path, capsys):
    model, data, _ = saved(tmp_path, (network(), *rows(), {"epochs": 40}))
    assert main(["doctor", str(model), str(data)]) == 0
    assert capsys.readouterr() == ("Healthy: neither a fault nor a warning.\n", "")


def test_what_is_wrong_is_printed_with_a_verdict_and_is_no_error(tmp_path, capsys):
    model, data, told = saved(tmp_path, off_from_the_start())
    assert main(["doctor", str(model), str(data)]) == 0
    said = capsys.readouterr().out
    assert said == f"{told}\n\nNot healthy: {told.headline}.\n"
    assert main(["doctor", str(model), str(data), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == told.to_dict()


def test_without_data_the_model_and_its_curves_are_looked_at(tmp_path, capsys):
    model, *_ = saved(tmp_path, memorised())
    assert main(["doctor", str(model)]) == 0
    said = capsys.readouterr().out
    assert said.startswith("note: overfit\n  Since epoch ")
    assert said.endswith(
        "\n\nHealthy: neither a fault nor a warning.\n"
        "Only the model and the curves of its run were looked at: give the data to look "
        "further.\n"
    )


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    drawn = np.random.default_rng(0)
    wide, high = drawn.normal(size=(2, 160))
    lines = [f"{w:.4f},{h:.4f},{'big' if w + h > 0 else 'small'}" for w, h in zip(wide, high,
             strict=True)]  # fmt: skip
    (folder / "boxes.csv").write_text("\n".join(["wide,high,size", *lines]))
    train_table(
        folder / "boxes.csv", "size", output=folder / "out", epochs=20, members=2, seed=2, verbose=0
    )
    return folder


def test_a_run_of_pellucid_train_is_judged_on_its_table(run_folder, capsys):
    assert main(["doctor", str(run_folder / "out"), str(run_folder / "boxes.csv")]) == 0
    assert capsys.readouterr().out == "Healthy: neither a fault nor a warning.\n"
    assert main(["doctor", str(run_folder / "out"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "healthy": True,
        "findings": [],
        "unseen": "Only the model and the curves of its run were looked at: give the data to look "
        "further.",
    }


def test_members_side_by_side_are_no_bottleneck(run_folder):
    # Each member ends with one unit, which the next member's 128 stand behind in the file only.
    model = pellucid.load_model(run_folder / "out" / "model.pellucid")
    assert "narrow-layer" not in diagnose_saved(model)


def test_a_table_without_the_target_is_refused(run_folder, tmp_path):
    (tmp_path / "other.csv").write_text("wide,high\n1,2\n3,4\n")
    with pytest.raises((DataError, pellucid.errors.ArgumentError), match="size"):
        examine_file(run_folder / "out" / "model.pellucid", tmp_path / "other.csv")


def test_first_weights_are_those_that_the_seed_drew():
    made = [layers.Dense(4, "relu"), layers.Dropout(0.1), layers.Dense(2)]
    model = pellucid.Sequential([pellucid.Input((3,)), *made], seed=7)
    model.compile("sgd", "mse")
    drawn = [one.copy() for one in model.get_weights()]
    model.fit(np.eye(8, 3), np.eye(8, 2), epochs=2, verbose=0)
    flat = np.concatenate([one.reshape(-1) for one in drawn])
    assert first_weights(model)[0].tolist() == flat.tolist()


def test_what_was_adapted_or_frozen_stays_and_moving_statistics_begin_anew():
    scale = layers.Normalization()
    scale.adapt(np.array([[1.0], [3.0]]))
    stack = [scale, layers.Dense(1, trainable=False), layers.BatchNormalization(), layers.Dense(1)]
    model = pellucid.Sequential([pellucid.Input((1,)), *stack], seed=7)
    model.layers[1].set_weights([[[5.0]], [6.0]])
    model.compile("sgd", "mse")
    model.fit(np.arange(8.0)[:, None], np.arange(8.0), epochs=3, verbose=0)
    network, (_, carried) = model.network, first_weights(model)
    values = {network.weights[number].path: float(one) for number, one in
              zip(network.carried, carried, strict=False)}  # fmt: skip
    named = {path.rpartition("/")[2]: value for path, value in values.items()}
    assert (named["kernel"], named["bias"]) == (5.0, 6.0)
    assert (named["moving_mean"], named["moving_variance"]) == (0.0, 1.0)
    assert named["mean"] == 2.0


def refused(model, data=None):
    with pytest.raises(FileError) as told:
        examine_file(model, data)
    return str(told.value)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["modle.pellucid"],
            "{0}/modle.pellucid: got a path to nothing, expected a model file (.pellucid), or the "
            "folder of a run. Did you mean '{0}/model.pellucid'?",
        ),
        (
            ["elsewhere/net"],
            "{0}/elsewhere/net: got a path to nothing, expected a model file (.pellucid), or the "
            "folder of a run. There is no folder '{0}/elsewhere'.",
        ),
        (
            ["prices"],
            "{0}/prices: got a path to nothing, expected a model file (.pellucid), or the folder "
            "of a run. In '{0}' there is 'houses-price', 'model.pellucid'.",
        ),
        (
            ["model.pellucid", "hauses.csv"],
            "{0}/hauses.csv: got a path to nothing, expected the data that the model was trained "
            "on, or a .npz file of x and y. Did you mean '{0}/houses.csv'?",
        ),
    ],
)
def test_a_path_to_nothing_is_answered_with_what_is_there(tmp_path, capsys, words, message):
    (tmp_path / "model.pellucid").touch()
    (tmp_path / "houses.csv").touch()
    (tmp_path / "houses-price").mkdir()
    (tmp_path / "houses-price" / "model.pellucid").touch()
    assert main(["doctor", *(str(tmp_path / word) for word in words)]) == 2
    assert capsys.readouterr() == ("", f"pellucid: {message.format(tmp_path)}\n")


def test_files_of_another_kind_are_refused(tmp_path):
    model, data = tmp_path / "model.pellucid", tmp_path / "data.npz"
    network().save(model)
    assert refused(model, tmp_path / "houses.csv") == (
        f"{tmp_path / 'houses.csv'}: got 'houses.csv' for a model of your own, expected a .npz "
        "file. Write one with numpy.savez('data.npz', x=x, y=y)."
    )
    assert refused(model, data) == f"{data}: got no such file, expected a .npz file."
    data.write_text("x")
    assert refused(model, data) == (
        f"{data}: got what is no whole .npz file (File is not a zip file), expected arrays by "
        "name. Write one with numpy.savez('data.npz', x=x, y=y)."
    )
    np.savez(data, x=[1], X_validation=[1])
    assert refused(model, data) == (
        f"{data}: got the arrays 'x', 'X_validation', expected 'x' and 'y', and both or none of "
        "'x_validation' and 'y_validation'. Did you mean 'x_validation'?"
    )
    np.savez(data, x=np.array([{}]), y=[1])
    assert refused(model, data) == (
        f"{data}, array 'x': got Python objects, expected numbers or text. Convert it: "
        "np.array(x.tolist())."
    )


def test_a_model_that_does_not_know_its_loss_is_refused(tmp_path):
    path = tmp_path / "model.pellucid"
    pellucid.Sequential([pellucid.Input((1,)), layers.Dense(1)]).save(path)
    assert refused(path) == (
        f"{path}: got a model without compile settings, expected one that knows its loss. Call "
        "compile(...) before save(...)."
    )
