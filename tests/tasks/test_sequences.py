"""From files of sequences to a saved model and back to their classes."""

import numpy as np
import pytest

from pellucid.errors import ArgumentError, FileError
from pellucid.models import Model
from pellucid.tasks import SequencesModel, train_sequences
from pellucid.tasks.kinds import load_trained
from pellucid.tasks.sequences import laid_out, real_steps

RNG = np.random.default_rng(2)
QUICK = {"epochs": 8, "batch_size": 16, "verbose": 0}


def walk(rises):
    """Return a few steps that go up or down, in two channels of other sizes."""
    steps = np.arange(RNG.integers(4, 9)) * (1 if rises else -1) + RNG.normal(0, 0.3)
    return np.stack([100 + 10 * steps, RNG.normal(size=len(steps))], axis=1)


def ts_text(walks, labels):
    lines = [
        ":".join([*(",".join(f"{one:.4f}" for one in channel) for channel in steps.T), label])
        for steps, label in zip(walks, labels, strict=True)
    ]
    return "\n".join(["@timeStamps false", "@classLabel true up down", "@data", *lines, ""])


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sequences")
    for part, rows in (("TRAIN", 60), ("TEST", 24)):
        labels = ["up", "down"] * (rows // 2)
        walks = [walk(one == "up") for one in labels]
        (folder / f"Walks_{part}.ts").write_text(ts_text(walks, labels))
    return folder, train_sequences(folder / "Walks_TRAIN.ts", output=folder / "out", **QUICK)


def test_it_learns_and_tells_its_baselines(trained):
    _, run = trained
    assert list(run.scores) == ["network", "logistic regression", "nearest neighbour", "majority"]
    assert run.scores["network"]["accuracy"] >= 0.9
    assert run.tested == "On 24 sequences never seen in training:"
    assert run.notes[:2] == ("Walks_TEST.ts is the test.", "4 to 8 steps of 2 channels.")


def test_predicting_the_raw_test_file_is_the_evaluation_of_training(trained):
    folder, run = trained
    loaded = load_trained(folder / "out" / "model.pellucid")
    again = loaded.predict(folder / "Walks_TEST.ts")
    assert list(again.columns) == list(run.answers.columns)
    for name in ("sequence", "actual", "predicted"):
        assert again.columns[name] == run.answers.columns[name]
    for name in ("probability of up", "probability of down"):
        np.testing.assert_allclose(again.columns[name], run.answers.columns[name], atol=2e-6)
    evaluation = loaded.evaluate(folder / "Walks_TEST.ts")
    assert evaluation.scores["network"] == pytest.approx(run.scores["network"], abs=1e-5)


def test_the_folder_of_a_pair_is_all_its_sequences(trained):
    folder, run = trained
    told = "Walks_TRAIN.ts and Walks_TEST.ts together: 84 sequences."
    answers = run.trained.predict(folder)
    assert answers.notes == (told,)
    assert answers.columns["actual"] == ["up", "down"] * 42
    assert answers.columns["predicted"][60:] == run.answers.columns["predicted"]
    evaluation = run.trained.evaluate(str(folder))
    assert (evaluation.tested, evaluation.notes) == ("On 84 sequences:", (told,))


def test_a_folder_without_sequences_is_told_what_can_be_read(trained, tmp_path):
    (tmp_path / "notes").mkdir()
    with pytest.raises(FileError) as told:
        trained[1].trained.predict(tmp_path)
    assert str(told.value) == (
        f"{tmp_path}: got a folder without any, expected a file for each sequence "
        "(.csv .tsv .txt), or one pair of X_TRAIN and X_TEST (.ts .arff)."
    )


def test_how_far_sequences_are_filled_up_changes_nothing(trained):
    _, run = trained
    walks = [walk(True)[:5].astype("float32") for _ in range(3)]
    laid = laid_out(walks)
    wider = np.concatenate([laid, np.zeros((3, 7, 3), "float32")], axis=1)
    model = run.trained.model
    np.testing.assert_allclose(
        model.predict(wider, verbose=0), model.predict(laid, verbose=0), atol=1e-6
    )


def test_scaling_is_learnt_from_the_real_steps_of_the_training_rows(trained):
    _, run = trained
    scaling = next(one for one in run.trained.model.layers if type(one).__name__ == "Normalization")
    mean, variance = scaling.get_weights()
    assert 60 < mean[0] < 140
    assert variance[0] > 100
    assert abs(mean[1]) < 0.5
    assert 0.5 < variance[1] < 2


def test_sequences_are_laid_out_and_found_again():
    walks = [walk(True), walk(False)[:4], walk(True)[:1]]
    laid = laid_out(walks)
    assert laid.shape == (3, 8, 3)
    assert laid[1, 4:].tolist() == [[0, 0, 0]] * 4
    for one, found in zip(walks, real_steps(laid), strict=True):
        np.testing.assert_allclose(found, one, rtol=1e-6)


def csv_text(steps):
    return "#a, b\n" + "".join(f"{a},{b}\n" for a, b in steps)


def test_a_folder_with_a_table_of_classes_and_one_of_rooms(tmp_path):
    labels = [(-1, 1)[n % 2] for n in range(40)]
    for n, label in enumerate(labels):
        (tmp_path / f"walk_{n}.csv").write_text(csv_text(walk(label == 1)))
    rows = "".join(f"{n},{label}\n" for n, label in enumerate(labels))
    (tmp_path / "walk_target.csv").write_text("#id, class\n" + rows)
    (tmp_path / "rooms.csv").write_text("".join(f"{n},{n % 20 // 2}\n" for n in range(40)))
    run = train_sequences(tmp_path, group="rooms.csv", output=tmp_path / "out", **QUICK)
    assert run.trained.classes == ("-1", "1")
    rooms = {int(one[5:-4]) % 20 // 2 for one in run.answers.columns["sequence"]}
    assert len(run.answers.columns["sequence"]) == 4 * len(rooms)
    loaded = load_trained(tmp_path / "out" / "model.pellucid")
    single = loaded.predict(tmp_path / "walk_3.csv")
    assert "actual" not in single.columns
    both = loaded.predict([tmp_path / "walk_3.csv", tmp_path / "walk_4.csv"])
    assert both.columns["predicted"][0] == single.columns["predicted"][0]
    (tmp_path / "strange.csv").write_text("a,c\n1,2\n")
    with pytest.raises(FileError, match="got no column 'b', expected it, as in training"):
        loaded.predict(tmp_path / "strange.csv")


def test_a_long_table(tmp_path):
    rows = ["who,when,height,width,kind"]
    for n in range(40):
        rows += [
            f"{n},{step},{height:.3f},{width:.3f},{('down', 'up')[n % 2]}"
            for step, (height, width) in enumerate(walk(n % 2 == 1))
        ]
    path = tmp_path / "walks.csv"
    path.write_text("\n".join([*rows, ""]))
    options = {"target": "kind", "id": "who", "time": "when"}
    run = train_sequences(path, **options, output=tmp_path / "out", **QUICK)
    loaded = load_trained(tmp_path / "out" / "model.pellucid")
    assert loaded.settings["channels"] == ["height", "width"]
    # Without their classes, and in another order, the sequences are the same.
    bare = [",".join(row.split(",")[:4]) for row in rows]
    path.write_text("\n".join([bare[0], *bare[:0:-1], ""]))
    again = loaded.predict(path)
    said = dict(zip(again.columns["sequence"], again.columns["predicted"], strict=True))
    for name, one in zip(*(run.answers.columns[c] for c in ("sequence", "predicted")), strict=True):
        assert said[name] == one


# -- what is told ------------------------------------------------------------------------------


def told(kind, path, **options):
    with pytest.raises(kind) as error:
        train_sequences(path, output="", verbose=0, **options)
    return str(error.value)


def test_options_that_do_not_fit_the_path_are_told(trained, tmp_path):
    folder, _ = trained
    path = folder / "Walks_TRAIN.ts"
    options = {"target": "kind", "id": "who", "group": "room", "time": "t"}
    assert told(ArgumentError, path, **options) == (
        "3 problems:\n"
        "  1. group: got 'room' for Walks_TRAIN.ts, expected none: no line tells it.\n"
        "  2. target: got 'kind' for Walks_TRAIN.ts, expected none: the class ends each line.\n"
        "  3. id: got 'who' for Walks_TRAIN.ts, expected a long table, a row for each step."
    )
    table = tmp_path / "walks.csv"
    assert told(ArgumentError, table, time="t") == (
        "2 problems:\n"
        "  1. time: got 't' without id, expected a long table, with id=... for the sequence.\n"
        f"  2. {table}: got a file of rows, expected a .ts, an .arff, a folder, or a long "
        "table. Name the column that tells the sequence of each row, as id."
    )
    assert told(ArgumentError, table, id="who") == (
        "target: got none, expected the column with the class of each sequence."
    )


def test_sequences_without_classes_are_told(tmp_path):
    for n in range(4):
        (tmp_path / f"{n}.csv").write_text("1\n2\n")
    assert told(FileError, tmp_path) == (
        f"{tmp_path}: got no classes, expected the class of each sequence. Say what tells it: "
        "target=..., or give a folder for each class."
    )


def test_other_channels_and_classes_than_in_training_are_told(trained, tmp_path):
    _, run = trained
    path = tmp_path / "one.ts"
    path.write_text("@classLabel true up\n@data\n1,2:up\n")
    with pytest.raises(FileError) as error:
        run.trained.predict(path)
    assert str(error.value) == f"{path}: got 1 channel, expected 2 as in training."
    path.write_text("@classLabel true up\n@data\n1,2:3,4:upp\n")
    with pytest.raises(ValueError, match="got the class 'upp', expected one of 'down', 'up'"):
        run.trained.evaluate(path)


def test_a_damaged_document_is_refused(trained):
    _, run = trained
    model, good = run.trained.model, run.trained.document()
    for change in ({"channels": []}, {"channels": "ab"}, {"channels": [1]}, {"target": 3}):
        model.preprocessing = {**good, "settings": {**good["settings"], **change}}
        with pytest.raises(FileError, match=r"preprocessing\.json: "):
            SequencesModel.of(model, "x")
    model.preprocessing = good
    assert isinstance(SequencesModel.of(model, "x").model, Model)
