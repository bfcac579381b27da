"""Pictures, texts and sounds in folders of classes."""

import struct
import zlib

import numpy as np
import pytest
import soundfile
from PIL import Image

import pellucid
from pellucid.data.images import read_image
from pellucid.data.sounds import read_sound, resampled
from pellucid.errors import ArgumentError, FileError
from pellucid.models import streaming
from pellucid.utils import (
    array_to_img,
    audio_dataset_from_directory,
    image_dataset_from_directory,
    img_to_array,
    load_img,
    text_dataset_from_directory,
)

QUIET = {"verbose": False, "shuffle": False}


@pytest.fixture
def pictures(tmp_path):
    """A folder of two classes with two pictures each, one colour a class."""
    for name, colour in (("cats", (255, 0, 0)), ("dogs", (0, 0, 255))):
        (tmp_path / name).mkdir()
        for number in range(2):
            Image.new("RGB", (6, 4), colour).save(tmp_path / name / f"{number}.PNG")
    (tmp_path / "cats" / "notes.txt").write_text("no picture")
    return tmp_path


def test_folders_are_classes(pictures, capsys):
    dataset = image_dataset_from_directory(pictures, image_size=(3, 5), batch_size=3, shuffle=False)
    assert capsys.readouterr().out == "Found 4 files of 2 classes.\n"
    x, y = dataset[0]
    assert x.shape == (3, 3, 5, 3)
    assert x.dtype == np.float32
    assert y.tolist() == [0, 0, 1]
    assert x[0, 0, 0].tolist() == [255, 0, 0]
    assert dataset.class_names == ["cats", "dogs"]
    assert [path[-11:] for path in dataset.file_paths][::3] == [
        str(pictures / "cats" / "0.PNG")[-11:],
        str(pictures / "dogs" / "1.PNG")[-11:],
    ]


def test_labels_have_the_form_that_is_asked_for(pictures):
    def labels(**options):
        loaded = image_dataset_from_directory(pictures, image_size=(2, 2), **options, **QUIET)[0]
        return loaded[1].tolist() if isinstance(loaded, tuple) else None

    assert labels(label_mode="categorical") == [[1, 0], [1, 0], [0, 1], [0, 1]]
    assert labels(label_mode="binary") == [[0], [0], [1], [1]]
    assert labels(label_mode=None) is None
    assert labels(class_names=["dogs", "cats"]) == [0, 0, 1, 1]
    assert labels(labels=[3, 1, 2, 0]) == [3, 1, 2, 0]
    assert labels(labels=None) is None


def test_both_parts_together_are_all_files(pictures):
    options = {"image_size": (2, 2), "validation_split": 0.25, "seed": 1, "verbose": False}
    parts = [
        image_dataset_from_directory(pictures, subset=name, **options)
        for name in ("training", "validation")
    ]
    assert [part.rows for part in parts] == [3, 1]
    assert len({path for part in parts for path in part.file_paths}) == 4


def test_a_network_trains_on_a_folder(pictures):
    dataset = image_dataset_from_directory(pictures, image_size=(4, 4), verbose=False)
    layers = pellucid.layers
    model = pellucid.Sequential(
        [pellucid.Input((4, 4, 3)), layers.Rescaling(1 / 255), layers.Flatten(), layers.Dense(2)]
    )
    loss = pellucid.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(pellucid.optimizers.Adam(0.1), loss, metrics=["accuracy"])
    model.fit(dataset, epochs=5, verbose=0)
    assert model.evaluate(dataset, verbose=0)[1] == 1.0


# -- pictures of every kind --------------------------------------------------------------------


def saved(path, picture, **options):
    picture.save(path, **options)
    return path


def test_a_picture_is_turned_as_its_camera_noted(tmp_path):
    picture = Image.new("RGB", (4, 2))
    picture.putpixel((0, 0), (255, 255, 255))
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees, clockwise
    found = read_image(saved(tmp_path / "turned.png", picture, exif=exif))
    assert found.shape == (4, 2, 3)
    assert found[0, 1].tolist() == [255, 255, 255]


def test_sixteen_bits_palettes_and_opacity_become_colours(tmp_path):
    deep = Image.fromarray(np.array([[0, 65535]], np.uint16))
    assert read_image(saved(tmp_path / "deep.png", deep))[0, 1].tolist() == [255] * 3
    palette = Image.new("RGB", (2, 1), (9, 99, 199)).convert("P")
    assert read_image(saved(tmp_path / "palette.png", palette)).shape == (1, 2, 3)
    clear = Image.new("RGBA", (1, 1), (1, 2, 3, 4))
    path = saved(tmp_path / "clear.png", clear)
    assert read_image(path, "rgba")[0, 0].tolist() == [1, 2, 3, 4]
    assert read_image(path, "grayscale").shape == (1, 1, 1)


def test_sizes_stretch_crop_or_pad(tmp_path):
    wide = Image.new("RGB", (8, 4), (255, 255, 255))
    path = saved(tmp_path / "wide.png", wide)
    assert read_image(path, size=(4, 4)).shape == (4, 4, 3)
    assert read_image(path, size=(4, 4), keep="crop").min() == 255
    padded = read_image(path, size=(4, 4), keep="pad")
    assert padded[0].max() == 0
    assert padded[2].max() == 255


def test_broken_pictures_are_told_together(pictures):
    whole = (pictures / "cats" / "0.PNG").read_bytes()
    (pictures / "cats" / "0.PNG").write_bytes(whole[:50])
    (pictures / "dogs" / "0.PNG").write_text("a text")
    with pytest.raises(FileError) as told:
        image_dataset_from_directory(pictures, image_size=(2, 2), **QUIET).arrays()
    lines = str(told.value).splitlines()
    assert len(lines) == 2
    assert lines[0].startswith(f"{pictures / 'cats' / '0.PNG'}: got what is no whole picture (")
    assert lines[1].startswith(f"{pictures / 'dogs' / '0.PNG'}: got what is no whole picture (")


def test_a_picture_that_claims_to_be_huge_is_refused_before_it_is_read(tmp_path):
    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", 12_000, 12_000, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")
    (tmp_path / "bomb.png").write_bytes(bomb)
    with pytest.warns(Image.DecompressionBombWarning), pytest.raises(FileError) as told:
        read_image(tmp_path / "bomb.png")
    assert str(told.value) == (
        f"{tmp_path / 'bomb.png'}: got 12000 x 12000 pixels, expected at most 100,000,000 in all. "
        "Shrink it first."
    )


def test_pictures_become_arrays_and_arrays_pictures(tmp_path):
    array = np.arange(24, dtype="float32").reshape(2, 4, 3) * 10
    path = saved(tmp_path / "a.png", array_to_img(array, scale=False))
    np.testing.assert_array_equal(img_to_array(load_img(path)), array)
    assert img_to_array(load_img(path), "channels_first").shape == (3, 2, 4)
    assert img_to_array(array_to_img(array[..., :1])).max() == 255


# -- texts and sounds ----------------------------------------------------------------------------


def test_texts_are_read_as_utf_8(tmp_path):
    for name, text in (("good", "schön"), ("bad", "schlecht")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text(text, encoding="utf-8")
    x, y = text_dataset_from_directory(tmp_path, max_length=5, **QUIET)[0]
    assert x.tolist() == ["schle", "schön"]
    assert y.tolist() == [0, 1]
    (tmp_path / "bad" / "a.txt").write_bytes(b"caf\xe9")
    with pytest.raises(FileError) as told:
        text_dataset_from_directory(tmp_path, **QUIET).arrays()
    assert str(told.value) == (
        f"{tmp_path / 'bad' / 'a.txt'}: got byte 0xe9 at place 3, expected UTF-8. "
        "Save the file as UTF-8."
    )


def tone(rate, seconds=0.1, hertz=440.0):
    return np.sin(2 * np.pi * hertz * np.arange(int(rate * seconds)) / rate)


@pytest.fixture
def sounds(tmp_path):
    for name, rate in (("low", 8000), ("high", 16000)):
        (tmp_path / name).mkdir()
        soundfile.write(tmp_path / name / "a.wav", tone(rate), rate)
    return tmp_path


def test_sounds_are_brought_to_one_rate_and_length(sounds):
    dataset = audio_dataset_from_directory(
        sounds, sampling_rate=8000, output_sequence_length=1000, **QUIET
    )
    x, y = dataset[0]
    assert x.shape == (2, 1000, 1)
    assert y.tolist() == [0, 1]
    assert np.abs(x[:, 800:]).max() == 0
    np.testing.assert_allclose(x[0, 50:750, 0], tone(8000)[50:750], atol=0.01)


def test_several_rates_need_one_to_be_named(sounds):
    with pytest.raises(FileError) as told:
        audio_dataset_from_directory(sounds, **QUIET).arrays()
    assert str(told.value) == (
        "sounds: got 8000 (a.wav), 16000 (a.wav) samples a second, expected one rate. Name the "
        "rate to bring them to: sampling_rate=16000."
    )


def test_channels_are_averaged_and_flac_is_read(tmp_path):
    three = np.stack([tone(8000), np.zeros(800), np.zeros(800)], axis=1)
    soundfile.write(tmp_path / "a.flac", three, 8000)
    samples, rate = read_sound(tmp_path / "a.flac")
    assert rate == 8000
    np.testing.assert_allclose(samples, tone(8000) / 3, atol=1e-4)
    assert read_sound(tmp_path / "a.flac", mono=False)[0].shape == (800, 3)


def test_a_lower_rate_drops_what_it_cannot_hold():
    found = resampled(tone(16000, hertz=6000.0).astype("float32"), 16000, 8000)
    assert len(found) == 800
    assert np.abs(found[100:700]).max() < 0.05


def test_empty_and_broken_sounds_are_told(tmp_path):
    soundfile.write(tmp_path / "empty.wav", np.zeros(0), 8000)
    (tmp_path / "text.wav").write_text("a text")
    (tmp_path / "zero.wav").write_bytes(b"")
    with pytest.raises(FileError) as told:
        read_sound(tmp_path / "empty.wav")
    assert str(told.value) == (
        f"{tmp_path / 'empty.wav'}: got a sound of 0 samples, expected some."
    )
    with pytest.raises(FileError, match="got what is no sound"):
        read_sound(tmp_path / "text.wav")
    with pytest.raises(FileError, match=r"zero.wav: got an empty file, expected a sound\."):
        read_sound(tmp_path / "zero.wav")
    with pytest.raises(FileError, match=r"gone.wav: got no such file, expected a sound\."):
        read_sound(tmp_path / "gone.wav")


# -- what is told ----------------------------------------------------------------------------------


def test_folders_that_are_missing_or_empty_are_told(pictures):
    with pytest.raises(FileError) as told:
        image_dataset_from_directory(pictures / "cat", **QUIET)
    assert str(told.value) == (
        f"image_dataset_from_directory('{pictures / 'cat'}'): got no such folder, expected a "
        "folder. Did you mean 'cats'?"
    )
    (pictures / "birds").mkdir()
    with pytest.raises(FileError) as told:
        image_dataset_from_directory(pictures, **QUIET)
    assert str(told.value) == (
        "image_dataset_from_directory, class 'birds': got an empty folder, expected files (.bmp "
        ".gif .jpeg .jpg .png .webp). Remove the folder, or name the others in class_names=[...]."
    )
    with pytest.raises(FileError) as told:
        image_dataset_from_directory(pictures, class_names=["cats", "dgs"], **QUIET)
    assert str(told.value) == (
        "image_dataset_from_directory(class_names=...): got 'dgs', expected the name of a folder "
        f"in '{pictures}'. Did you mean 'dogs'?"
    )


def test_arguments_out_of_range_are_told(pictures):
    with pytest.raises(ArgumentError) as told:
        image_dataset_from_directory(pictures, color_mode="rbg", image_size=3)
    assert str(told.value) == (
        "2 problems:\n"
        "  1. image_dataset_from_directory(color_mode=...): got 'rbg', expected one of "
        "'grayscale', 'rgb', 'rgba'.\n"
        "  2. image_dataset_from_directory(image_size=...): got 3, expected (height, width)."
    )
    with pytest.raises(ArgumentError) as told:
        image_dataset_from_directory(pictures, batch_size=0, label_mode="int8")
    assert str(told.value) == (
        "2 problems:\n"
        "  1. image_dataset_from_directory(batch_size=...): got 0, expected a whole number of at "
        "least 1, or None.\n"
        "  2. image_dataset_from_directory(label_mode=...): got 'int8', expected one of 'int', "
        "'categorical', 'binary', None. Did you mean 'int'?"
    )


def network():
    inner = [pellucid.layers.Flatten(), pellucid.layers.Dense(1)]
    model = pellucid.Sequential([pellucid.Input((3, 5, 3)), *inner], seed=0)
    model.compile(pellucid.optimizers.SGD(1e-6), "mse")
    return model


@pytest.mark.parametrize("kept", [True, False])
def test_pictures_are_trained_on_as_they_are_read(pictures, monkeypatch, kept):
    if not kept:
        monkeypatch.setattr(streaming, "KEPT_BYTES", 0)
    options = {"image_size": (3, 5), "batch_size": 3, "seed": 1, "verbose": False}
    dataset = image_dataset_from_directory(pictures, **options)
    x, y = dataset.arrays()
    streamed, whole = network(), network()
    streamed.fit(dataset, epochs=3, validation_data=dataset, verbose=0)
    for epoch in range(3):
        order = dataset.order_of(epoch)
        whole.fit(x[order], y[order], batch_size=3, shuffle=False, verbose=0)
    np.testing.assert_array_equal(streamed.get_weights()[0], whole.get_weights()[0])
    said = streamed.predict(dataset)
    np.testing.assert_allclose(said, whole.predict(x), rtol=1e-5)


def test_fit_names_a_broken_picture(pictures):
    path = pictures / "dogs" / "1.PNG"
    path.write_bytes(path.read_bytes()[:40])
    dataset = image_dataset_from_directory(pictures, image_size=(3, 5), batch_size=2, **QUIET)
    with pytest.raises(FileError, match=r"dogs/1\.PNG: got what is no whole picture"):
        network().fit(dataset, epochs=1, verbose=0)
