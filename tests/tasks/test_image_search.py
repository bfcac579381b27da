"""What lies at a path is found, whole, and what is left out is told."""

import gzip
import struct

import numpy as np
import pytest
from PIL import Image

from pellucid.errors import FileError
from pellucid.tasks.image_search import find_images


def picture(path, size=(4, 3)):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size).save(path)
    return path


def idx(path, array):
    sizes = struct.pack(f">{array.ndim}I", *array.shape)
    content = bytes([0, 0, 8, array.ndim]) + sizes + array.astype(np.uint8).tobytes()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)


def told(path):
    with pytest.raises(FileError) as caught:
        find_images(path)
    return str(caught.value).removeprefix(str(path))


def test_folders_are_classes_and_what_is_left_out_is_told(tmp_path):
    for name in ("cats/1.png", "cats/more/2.JPG", "dogs/1.webp", "loose.png"):
        picture(tmp_path / name)
    for name in ("cats/.DS_Store", ".hidden/x.png", "dogs/list.txt", "readme.md", "dogs/Thumbs.db"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    (tmp_path / "birds").mkdir()
    found = find_images(tmp_path)
    assert found.names == ("loose.png", "cats/1.png", "cats/more/2.JPG", "dogs/1.webp")
    assert found.labels == (None, "cats", "cats", "dogs")
    assert found.parts == ("",) * 4
    assert found.notes == (
        "Left out 2 hidden files: cats/.DS_Store, dogs/Thumbs.db.",
        "Left out 2 files without the ending of an image: readme.md, dogs/list.txt.",
        "Left out 1 empty folder of a class: birds.",
    )


def test_parts_of_a_data_set_are_its_own_split(tmp_path):
    for part, images in (("Train", 3), ("val", 1), ("test", 2)):
        for name in ("a", "b"):
            for number in range(images):
                picture(tmp_path / part / name / f"{number}.png")
    picture(tmp_path / "sample" / "x.png")
    found = find_images(tmp_path)
    assert found.names[0] == "Train/a/0.png"
    assert found.parts == ("train",) * 6 + ("test",) * 4 + ("validation",) * 2
    assert set(found.labels) == {"a", "b"}
    assert found.notes == (
        "Train/: 6 images for the part 'train'.",
        "test/: 4 images for the part 'test'.",
        "val/: 2 images for the part 'validation'.",
        "Left out what is beside these parts: sample.",
    )


def test_a_class_may_be_called_like_a_part(tmp_path):
    for name in ("train", "plane"):
        picture(tmp_path / name / "1.png")
    assert find_images(tmp_path).labels == ("plane", "train")


def test_idx_pairs_are_found_in_their_folder_and_by_their_images(tmp_path, rng):
    pixels = rng.integers(0, 256, (3, 4, 5))
    idx(tmp_path / "t10k-images-idx3-ubyte.gz", pixels)
    idx(tmp_path / "t10k-labels-idx1-ubyte.gz", np.array([7, 0, 10]))
    for path in (tmp_path, tmp_path / "t10k-images-idx3-ubyte.gz"):
        found = find_images(path)
        np.testing.assert_array_equal(found.images, pixels[..., None])
        assert found.labels == ("7", "0", "10")
        assert found.parts == ("",) * 3
    assert found.names[2] == "t10k-images-idx3-ubyte.gz:2"
    idx(tmp_path / "train-images.idx3-ubyte", pixels[:2])
    idx(tmp_path / "train-labels.idx1-ubyte", np.array([1, 2]))
    both = find_images(tmp_path)
    assert both.parts == ("test",) * 3 + ("train",) * 2
    assert len(both.images) == 5


def test_idx_files_that_do_not_fit_are_told(tmp_path):
    images, labels = tmp_path / "a-images-idx3-ubyte", tmp_path / "a-labels-idx1-ubyte"
    idx(images, np.zeros((3, 2, 2)))
    assert find_images(images).labels == (None,) * 3
    idx(labels, np.zeros(2))
    assert told(images) == (
        f"{labels}: got labels of shape (2,) for 3 images, expected one label for each image."
    )
    assert told(labels) == (
        ": got the labels of images, expected the images. They are found by themselves beside "
        "a-images-idx3-ubyte."
    )
    idx(tmp_path / "train-images-idx3-ubyte", np.zeros((1, 4, 4)))
    labels.unlink()
    assert told(tmp_path) == (
        "images of several parts: got (2, 2, 1) of uint8 (a-images-idx3-ubyte:0) and (4, 4, 1) of "
        "uint8 (train-images-idx3-ubyte:0), expected one shape and type."
    )


def test_npz_files_hold_images_and_labels(tmp_path, rng):
    x = rng.integers(0, 256, (4, 5, 6, 3))
    np.savez(tmp_path / "a.npz", x=x, y=np.array(["b", "a", "a", "b"]))
    found = find_images(tmp_path / "a.npz")
    assert found.images.dtype == np.uint8
    np.testing.assert_array_equal(found.images, x)
    assert found.labels == ("b", "a", "a", "b")
    np.savez(tmp_path / "b.npz", x=x / 255)
    found = find_images(tmp_path / "b.npz")
    assert found.images.dtype == np.float32
    assert found.labels == (None,) * 4
    parts = {"x_train": x[:3], "y_train": [[1], [2], [2]], "x_test": x[3:], "y_test": [[1]]}
    np.savez(tmp_path / "c.npz", **parts)
    found = find_images(tmp_path / "c.npz")
    assert found.parts == ("train",) * 3 + ("test",)
    assert found.labels == ("1", "2", "2", "1")


@pytest.mark.parametrize(
    ("arrays", "sentence"),
    [
        (
            {"a": np.zeros(3)},
            ": got the arrays 'a', expected 'x' and 'y', or 'x_train', 'y_train', 'x_test' and "
            "'y_test'.",
        ),
        (
            {"x": np.zeros((2, 3, 8, 8)), "y": np.zeros(2)},
            ", array 'x': got an array of shape (2, 3, 8, 8), expected (images, height, width) or "
            "(images, height, width, 1, 3 or 4 channels). Bring the channels to the end: "
            "np.moveaxis(x, 1, -1).",
        ),
        (
            {"x": np.zeros((0, 8, 8))},
            ", array 'x': got an array of shape (0, 8, 8), expected at least one image with "
            "pixels.",
        ),
        (
            {"x": np.full((2, 8, 8), np.nan)},
            ", array 'x': got values that are NaN or infinite, expected finite numbers.",
        ),
        (
            {"x": np.array([[["a"]]])},
            ", array 'x': got values of type <U1, expected numbers.",
        ),
        (
            {"x": np.zeros((2, 8, 8)), "y": np.eye(2)},
            ", array 'y': got labels of shape (2, 2) for 2 images, expected one label for each "
            "image. Of one-hot vectors take y.argmax(axis=1).",
        ),
        (
            {"x": np.zeros((2, 8, 8)), "y": np.zeros(2)},
            ", array 'y': got labels of type float64, expected whole numbers or text.",
        ),
    ],
)
def test_arrays_that_are_no_images_are_told(tmp_path, arrays, sentence):
    np.savez(tmp_path / "a.npz", **arrays)
    assert told(tmp_path / "a.npz") == sentence


def test_nothing_is_told(tmp_path):
    (tmp_path / "readme.txt").write_text("")
    assert told(tmp_path) == (
        ": got a folder without images, expected images (.bmp .gif .jpeg .jpg .png .webp .jfif "
        ".pgm .ppm .tif .tiff)."
    )
    assert told(tmp_path / "gone") == (
        ": got no such file or folder, expected a folder of images, an IDX file, a .npz file or an "
        "image."
    )
