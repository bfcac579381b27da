"""From a folder of sounds to a saved model and back to their classes."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from pellucid.errors import ArgumentError, FileError
from pellucid.models import Sequential
from pellucid.tasks import AudioModel, train_audio
from pellucid.tasks.doctor import examine_file
from pellucid.tasks.kinds import load_trained

RATE = 2000
SEED = 5


def sound(rng, hertz, rate=RATE):
    """Return a tenth of a second of a tone, not quite at its pitch, in noise."""
    samples = rng.uniform(0.3, 1) * np.sin(
        2 * np.pi * hertz * rng.uniform(0.9, 1.1) * np.arange(rate // 10) / rate
    )
    return samples + 0.05 * rng.normal(size=len(samples))


def make(folder, names, rate=RATE):
    """Write sounds whose class is the part of their name before the first sign."""
    rng = np.random.default_rng(SEED)
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        kind = name.replace("/", "_").split("_")[0]
        soundfile.write(path, sound(rng, {"low": 200, "high": 700, "rare": 400}[kind], rate), rate)
    return folder


NAMES = [f"{kind}_{who}_{n}.wav" for n in range(10) for who in "abc" for kind in ("low", "high")]


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    folder = tmp_path_factory.mktemp("audio")
    path = make(folder / "sounds", [*NAMES, "rare_a_1.wav"])
    (path / "low_a_empty.wav").touch()
    (path / "high_b_text.wav").write_text("These are no samples.")
    three = np.stack([sound(np.random.default_rng(1), 200, 4000)] * 3, axis=1)
    soundfile.write(path / "low_c_three.wav", three, 4000)
    run = train_audio(
        path,
        pattern="{label}_{who}_{index}",
        output=folder / "out",
        epochs=12,
        batch_size=16,
        seed=1,
        verbose=0,
    )
    return folder, path, run


def test_it_learns_and_tells_its_baselines(trained):
    _, _, run = trained
    assert list(run.scores) == ["network", "logistic regression", "majority"]
    assert run.scores["network"]["accuracy"] >= 0.9
    assert run.scores["majority"]["accuracy"] < 0.7
    assert run.tested == "On 12 sounds never seen in training:"


def test_what_was_done_and_left_out_is_told(trained):
    _, path, run = trained
    assert run.notes[0].startswith("2 of 64 sounds left out:\n")
    assert f"{path / 'low_a_empty.wav'}: got an empty file, expected a sound." in run.notes[0]
    assert run.notes[1:6] == (
        "Brought to 2,000 samples a second: 1 sound of 4,000.",
        "Channels averaged: 1 sound of 3.",
        "2,000 samples a second of each sound, trimmed of silence.",
        "0.1 seconds of each, silence around shorter ones.",
        "Left out 1 class with fewer than 3 sounds: 'rare' (1).",
    )


def test_predicting_the_raw_test_files_is_the_evaluation_of_training(trained):
    folder, path, run = trained
    loaded = load_trained(folder / "out" / "model.pellucid")
    files = [path / name for name in run.answers.columns["sound"]]
    again = loaded.predict(files)
    assert list(again.columns) == list(run.answers.columns)
    for name in ("actual", "predicted"):
        assert again.columns[name] == run.answers.columns[name]
    for name in ("probability of low", "probability of high"):
        np.testing.assert_allclose(again.columns[name], run.answers.columns[name], atol=2e-6)
    evaluation = loaded.evaluate(files)
    assert evaluation.scores["network"] == pytest.approx(run.scores["network"], abs=1e-5)


def test_the_folder_holds_all_of_it(trained):
    folder, _, _ = trained
    names = {one.name for one in (folder / "out").iterdir()}
    assert {"model.pellucid", "history.png", "confusion.png", "metrics.json"} < names
    metrics = json.loads((folder / "out" / "metrics.json").read_text())
    assert metrics["rows"] == {"training": 39, "validation": 10, "test": 12}
    assert metrics["classes"] == ["high", "low"]
    with (folder / "out" / "predictions.csv").open() as file:
        assert len(list(csv.DictReader(file))) == 12


def test_one_sound_and_a_folder_without_classes_are_answered(trained, tmp_path):
    _, path, run = trained
    answers = run.trained.predict(path / "low_a_3.wav")
    assert answers.columns["sound"] == ["low_a_3.wav"]
    loose = make(tmp_path / "loose", ["low_1.wav", "high_2.wav"])
    found = run.trained.predict(loose)
    assert "actual" not in found.columns
    assert found.columns["predicted"] == ["high", "low"]
    with pytest.raises(FileError) as error:
        run.trained.evaluate(loose)
    assert str(error.value) == (
        f"{loose}: got sounds without classes that are known, "
        "expected one of 'high', 'low' for each. "
        "Let them lie as in training: in folders, names or columns of the same names."
    )


def test_a_table_of_files_is_evaluated(trained, tmp_path):
    loose = make(tmp_path / "loose", ["low_1.wav", "high_2.wav"])
    (loose / "said.csv").write_text("file,label\nlow_1.wav,low\nhigh_2.wav,high\n")
    evaluation = trained[2].trained.evaluate(loose / "said.csv")
    # What training chose is not told again.
    assert evaluation.notes == ()
    assert evaluation.scores["network"]["accuracy"] == 1


@pytest.fixture(scope="module")
def by_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("folders")
    path = make(folder / "sounds", [name.replace("_", "/", 1) for name in NAMES])
    (path / "nothing").mkdir()
    options = {"epochs": 1, "verbose": 0, "augment": False}
    return path, train_audio(path, features="mfcc", output=folder / "out", **options)


def test_folders_may_be_the_classes_and_features_cepstra(by_folder):
    path, run = by_folder
    assert run.notes[0] == "Folders without any sound, left out: nothing."
    names = [type(one).__name__ for one in run.trained.model.layers]
    assert "MFCC" in names
    assert not any(name.startswith("Random") for name in names)
    found = run.trained.predict(path)
    assert found.columns["actual"][0] == "high"
    assert len(found.columns["actual"]) == len(NAMES)


@pytest.mark.slow
def test_the_doctor_looks_at_sounds(by_folder):
    path, _ = by_folder
    found = examine_file(path.parent / "out" / "model.pellucid", path)
    (large,) = [one for one in found if one.name == "too-many-parameters"]
    assert f"for {len(NAMES)} rows" in str(large)
    assert not found.unseen


def test_a_voice_that_was_never_heard_tests(tmp_path):
    path = make(tmp_path / "sounds", NAMES)
    options = {"pattern": "{label}_{who}_{index}", "epochs": 1, "output": "", "verbose": 0}
    run = train_audio(path, group="who", test_group="b", features="mfcc", augment=False, **options)
    tested = run.answers.columns["sound"]
    assert len(tested) == 20
    assert all("_b_" in one for one in tested)


# -- what is told ------------------------------------------------------------------------------


def told(kind, path="nowhere", **options):
    with pytest.raises(kind) as error:
        train_audio(path, output="", verbose=0, **options)
    return str(error.value)


def test_arguments_that_cannot_be_used_are_told_together():
    assert told(
        ArgumentError,
        labels="a.csv",
        pattern="{label}_{n}",
        rate=10,
        seconds=True,
        features="mfc",
        test_group="ann",
    ) == (
        "5 problems:\n"
        "  1. labels, pattern: got both, expected one of them: where the classes stand.\n"
        "  2. test_group: got 'ann', expected group=... to say what it is a value of.\n"
        "  3. rate: got 10, expected samples a second, a whole number from 1,000 to 1,000,000.\n"
        "  4. seconds: got True, expected a length from 0.1 to 3,600 seconds.\n"
        "  5. features: got 'mfc', expected one of 'logmel', 'mfcc'. Did you mean 'mfcc'?"
    )
    assert told(ArgumentError, group="who") == (
        "group: got 'who' for classes by folder, expected a pattern or a table that says it. For "
        "folders in the folders of classes: pattern='{label}/{group}/{take}'."
    )


def test_a_group_that_is_not_there_is_told(tmp_path):
    path = make(tmp_path / "sounds", NAMES[:12])
    options = {"pattern": "{label}_{who}_{index}", "group": "who", "test_group": "ba"}
    assert told(ArgumentError, path, **options) == (
        "test_group: got 'ba', expected one of 'a', 'b', 'c'. Did you mean 'b'?"
    )


def test_one_sound_a_class_is_told(tmp_path):
    path = make(tmp_path / "sounds", ["low/1.wav", *[f"high/{n}.wav" for n in range(5)]])
    with pytest.raises(ValueError, match="class 'low': got 1 example, expected at least 3"):
        train_audio(path, output="", verbose=0)


def test_a_damaged_document_is_refused(trained):
    folder, _, run = trained
    model = run.trained.model
    good = run.trained.document()
    for change in (
        {"rate": 0},
        {"rate": True},
        {"seconds": "long"},
        {"seconds": 1e12},
        {"pattern": "{who}"},
        {"pattern": 3},
    ):
        model.preprocessing = {**good, "settings": {**good["settings"], **change}}
        with pytest.raises(FileError, match=r"preprocessing\.json: "):
            AudioModel.of(model, folder / "out" / "model.pellucid")
    model.preprocessing = good
    assert AudioModel.of(model, Path("x")).settings == run.trained.settings
    with pytest.raises(FileError, match="got no model of the kind 'audio'"):
        AudioModel.of(Sequential([]), "x")
