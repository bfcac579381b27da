"""From files of images to a saved model and back to answers for raw files."""

import gzip
import json
import os
import shutil
import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pellucid.errors import ArgumentError, DataError, FileError
from pellucid.tasks import ImagesModel, train_images
from pellucid.tasks.kinds import load_trained
from pellucid.tasks.training import train

SIDE, EACH = 6, 24
QUICK = {"epochs": 15, "batch_size": 8, "verbose": 0, "augment": "flip"}


def stripes(rng, upright):
    """An image of stripes, dark and light in turn, under noise."""
    place = np.arange(SIDE)[None, :] if upright else np.arange(SIDE)[:, None]
    pixels = 60 + 120 * ((place + rng.integers(2)) % 2) + rng.integers(-30, 30, (SIDE, SIDE))
    return pixels.astype(np.uint8)


def write(folder, count=EACH, seed=0):
    rng = np.random.default_rng(seed)
    for name in ("flat", "upright"):
        (folder / name).mkdir(parents=True)
        for number in range(count):
            path = folder / name / f"{number:02}.png"
            Image.fromarray(stripes(rng, name == "upright")).save(path)
    return folder


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    folder = write(tmp_path_factory.mktemp("images") / "stripes")
    (folder / "flat" / "99.png").write_text("a text")
    (folder / "upright" / "zero.jpg").write_bytes(b"")
    (folder / "single").mkdir()
    Image.new("L", (SIDE, SIDE)).save(folder / "single" / "1.png")
    (folder / "none").mkdir()
    run = train_images(folder, output=folder.parent / "out", **QUICK)
    return folder, run


def test_a_network_learns_what_the_folders_tell(trained):
    _, run = trained
    assert run.scores["network"]["accuracy"] >= 0.8
    assert run.scores["network"]["accuracy"] > run.scores["majority"]["accuracy"]
    assert set(run.scores) == {"network", "logistic regression on pixels", "majority"}
    assert run.trained.classes == ("flat", "upright")


def test_what_was_left_out_and_chosen_is_told(trained):
    _, run = trained
    assert run.notes == (
        "Left out 1 empty folder of a class: none.",
        "Left out 2 files that can be no whole image: flat/99.png, upright/zero.jpg.",
        "Left out 1 class with fewer than 3 whole images: 'single' (1).",
        "48 images of 2 classes, brought to 6 x 6 pixels, grey (size and color_mode say "
        "otherwise).",
        "While training, images are at random mirrored (augment says otherwise).",
        "Convolutional network, blocks of 32-64 filters.",
    )


def test_the_folder_holds_all_of_it(trained):
    folder, run = trained
    names = sorted(path.name for path in (folder.parent / "out").iterdir())
    assert names == [
        "confusion.png",
        "history.csv",
        "history.json",
        "history.png",
        "learned.npy",
        "metrics.json",
        "model.pellucid",
        "predictions.csv",
        "roc.png",
    ]
    metrics = json.loads((folder.parent / "out" / "metrics.json").read_text())
    assert metrics["task"] == "images"
    assert sum(metrics["rows"].values()) == 2 * EACH
    assert metrics["notes"] == list(run.notes)


def test_raw_files_are_answered_as_in_training(trained, tmp_path):
    folder, run = trained
    for name in run.answers.columns["image"]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(folder / name, tmp_path / name)
    model = load_trained(folder.parent / "out" / "model.pellucid")
    assert isinstance(model, ImagesModel)
    answers = model.predict(tmp_path)
    assert answers.columns.keys() == run.answers.columns.keys()
    for name in ("image", "actual", "predicted"):
        assert answers.columns[name] == run.answers.columns[name]
    for name in ("probability of flat", "probability of upright"):
        np.testing.assert_allclose(answers.columns[name], run.answers.columns[name], atol=2e-6)
    told = model.evaluate(tmp_path)
    assert told.scores["network"] == pytest.approx(run.scores["network"], abs=1e-5)
    assert told.scores["majority"] == pytest.approx(run.scores["majority"])


def test_images_without_classes_are_answered_too(trained, tmp_path):
    folder, run = trained
    model = run.trained
    one = model.predict(folder / "flat" / "00.png")
    assert one.columns["image"] == ["00.png"]
    assert "actual" not in one.columns
    for name in ("monday/a.PNG", "tuesday/b.jpg", "c.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        Image.open(folder / "flat" / "00.png").convert("RGB").resize((30, 20)).save(tmp_path / name)
    (tmp_path / "monday" / "cut.png").write_bytes(b"\x89PNG")
    answers = model.predict(tmp_path)
    assert answers.columns["image"] == ["c.png", "monday/a.PNG", "tuesday/b.jpg"]
    assert answers.notes == ("Left out 1 file that can be no whole image: monday/cut.png.",)
    assert answers.summary_text().startswith("Left out 1 file")
    with pytest.raises(FileError) as told:
        model.evaluate(tmp_path)
    assert str(told.value) == (
        f"{tmp_path}: got images without classes that are known, "
        "expected one of 'flat', 'upright' for each. "
        "Let them lie as in training: in folders, names or columns of the same names."
    )


def test_arrays_and_files_of_the_same_pixels_have_the_same_answers(trained, tmp_path):
    folder, run = trained
    paths = sorted((folder / "upright").glob("0*.png"))
    pixels = np.stack([np.asarray(Image.open(path)) for path in paths])
    np.savez(tmp_path / "a.npz", x=pixels, y=np.full(len(pixels), "upright"))
    for path in paths:
        (tmp_path / "files" / "upright").mkdir(parents=True, exist_ok=True)
        shutil.copy(path, tmp_path / "files" / "upright")
    answers = [run.trained.predict(tmp_path / name).columns for name in ("a.npz", "files")]
    assert answers[0]["actual"] == answers[1]["actual"] == ["upright"] * len(paths)
    assert answers[0]["probability of flat"] == answers[1]["probability of flat"]


def test_classes_that_the_model_does_not_know_are_told(trained, tmp_path):
    folder, run = trained
    shutil.copytree(folder / "flat", tmp_path / "flat")
    shutil.copytree(folder / "upright", tmp_path / "uprigt")
    with pytest.raises(DataError) as told:
        run.trained.evaluate(tmp_path)
    assert str(told.value) == (
        f"{tmp_path}: got the class 'uprigt', expected one of 'flat', 'upright'. Did you mean "
        "'upright'?"
    )


def test_a_data_set_with_its_own_test_keeps_it(trained, tmp_path):
    write(tmp_path / "train", 20, seed=1)
    write(tmp_path / "test", 3, seed=2)
    run = train(tmp_path, task="images", output="", **QUICK)
    assert len(run.answers.columns["image"]) == 6
    assert all(name.startswith("test/") for name in run.answers.columns["image"])
    assert run.notes[-1] == "6 examples to evaluate on, as the data set says."
    with pytest.raises(FileError) as told:
        run.trained.predict(tmp_path)
    assert str(told.value) == (
        f"{tmp_path}: got a data set with parts of its own: test, train, expected the images that "
        "answers are wanted for. Name the folder or the file of one part."
    )
    assert (
        run.trained.predict(tmp_path / "test").columns["actual"] == ["flat"] * 3 + ["upright"] * 3
    )


def test_a_validation_part_is_the_test_where_there_is_no_other(trained, tmp_path):
    write(tmp_path / "train", 20, seed=1)
    write(tmp_path / "val", 3, seed=2)
    run = train_images(tmp_path, output="", **QUICK)
    assert all(name.startswith("val/") for name in run.answers.columns["image"])
    told = "There is no part 'test': the part 'validation' is kept for the test."
    assert told in run.notes
    write(tmp_path / "test", 3, seed=3)
    run = train_images(tmp_path, output="", **QUICK)
    assert all(name.startswith("test/") for name in run.answers.columns["image"])
    told = "The part 'validation' is for training too: what says when to stop is drawn."
    assert told in run.notes


def test_images_of_one_group_stay_together(trained, tmp_path):
    write(tmp_path / "stripes")
    run = train_images(tmp_path / "stripes", output="", group=r"/(\d)", **QUICK)
    tested = {name.split("/")[1][0] for name in run.answers.columns["image"]}
    assert len(tested) < 3
    expected = [
        f"{name}/{number:02}.png"
        for name in ("flat", "upright")
        for number in range(EACH)
        if f"{number:02}"[0] in tested
    ]
    assert run.answers.columns["image"] == expected


def told_by(path, error, **options):
    with pytest.raises(error) as told:
        train_images(path, output="", verbose=0, **options)
    return str(told.value).removeprefix(str(path))


def test_arguments_are_checked_before_anything_is_read(tmp_path):
    told = told_by(tmp_path, ArgumentError, test=2, size="big", augment="spin", epochs=0)
    assert told == (
        "4 problems:\n"
        "  1. test: got 2, expected a share of the rows above 0 and below 1.\n"
        "  2. epochs: got 0, expected a whole number of at least 1.\n"
        "  3. size: got 'big', expected pixels of both sides, or (height, width), each from 1 to "
        "4096.\n"
        "  4. augment: got 'spin', expected True, False, or some of rotate, shift, zoom, flip, "
        "light. Known: flip, light, rotate, shift, zoom."
    )


def test_folders_that_cannot_be_learned_from_are_told(tmp_path):
    one = tmp_path / "a.png"
    Image.new("L", (4, 4)).save(one)
    assert told_by(tmp_path, FileError) == (
        ": got images without classes, expected a folder for each class, or labels beside the "
        "images."
    )
    one.unlink()
    write(tmp_path / "inner", 1)
    assert told_by(tmp_path, FileError) == (
        ": got images in one folder, 'inner', which has folders itself, expected a folder for each "
        f"class. Did you mean '{tmp_path / 'inner'}'?"
    )
    assert told_by(tmp_path / "inner", DataError) == (
        "2 problems:\n"
        + "\n".join(
            f"  {number}. {tmp_path / 'inner'}, class '{name}': got 1 example, expected at least "
            "3: one to learn from, one to stop by, one to test. Add more, or leave the class out."
            for number, name in enumerate(("flat", "upright"), 1)
        )
    )
    shutil.rmtree(tmp_path / "inner" / "flat")
    assert told_by(tmp_path / "inner", DataError) == (
        ": got 1 class: 'upright', expected at least two classes to tell apart."
    )


def test_groups_need_names_of_files(tmp_path):
    np.savez(tmp_path / "a.npz", x=np.zeros((6, 4, 4)), y=[0, 1] * 3)
    assert told_by(tmp_path / "a.npz", ArgumentError, group="runs") == (
        "group: got 'runs' for images that are no files, expected images in files, whose names "
        "tell the group."
    )


def test_forged_settings_are_refused(trained, tmp_path):
    _, run = trained
    model = run.trained.model
    settings = run.trained.document()["settings"]
    for forged, sentence in (
        ({"height": -1}, "got [-1, 6] for height and width, expected 1 to 4096"),
        (
            {"height": 7},
            "got images of shape (7, 6, 1) for a network that takes (6, 6, 1), expected the two to "
            "fit.",
        ),
    ):
        model.preprocessing = run.trained.document() | {"settings": settings | forged}
        with pytest.raises(FileError) as told:
            ImagesModel.of(model, "m.pellucid")
        assert str(told.value) == f"m.pellucid: preprocessing.json: {sentence}"


REPOSITORY = Path(__file__).parents[2]
DATA = Path(os.environ.get("PELLUCID_DATA", REPOSITORY.parent / "shared" / "data"))


def idx(path, array):
    sizes = struct.pack(f">{array.ndim}I", *array.shape)
    content = bytes([0, 0, 8, array.ndim]) + sizes + array.astype(np.uint8).tobytes()
    path.write_bytes(gzip.compress(content))


@pytest.mark.slow
def test_digits_of_scikit_learn_as_an_idx_pair(tmp_path):
    from sklearn.datasets import load_digits

    x, y = load_digits(return_X_y=True)
    idx(tmp_path / "a-images-idx3-ubyte.gz", x.reshape(-1, 8, 8) * 15.9)
    idx(tmp_path / "a-labels-idx1-ubyte.gz", y)
    run = train_images(tmp_path, output="", epochs=30, verbose=0)
    assert run.scores["network"]["accuracy"] >= 0.97
    assert run.scores["logistic regression on pixels"]["accuracy"] >= 0.9


@pytest.mark.slow
@pytest.mark.skipif(not (DATA / "sign_digits").is_dir(), reason="the data sets are elsewhere")
def test_hand_signs_of_people_never_seen():
    run = train_images(DATA / "sign_digits", output="", size=32, epochs=40, group="runs", verbose=0)
    assert len(run.answers.columns["image"]) == 120
    assert run.scores["network"]["accuracy"] >= 0.85
    assert run.notes[0] == "Left out 1 file without the ending of an image: LICENSE."
