"""Size and colours are chosen by the data, and every kind of image is brought to them."""

import numpy as np
import pytest
from PIL import Image

from pellucid.errors import FileError
from pellucid.tasks.image_form import ImageForm, bring, check_form, form_for
from pellucid.tasks.image_search import find_images


def saved(folder, name, picture, **options):
    (folder / name).parent.mkdir(exist_ok=True)
    picture.save(folder / name, **options)


def grey(width, height, value=0):
    return Image.new("L", (width, height), value)


def test_the_middle_size_is_taken_and_large_ones_are_shrunk(tmp_path):
    for number, (width, height) in enumerate([(10, 20), (12, 22), (500, 600)]):
        saved(tmp_path, f"a/{number}.png", grey(width, height))
    (tmp_path / "a" / "text.png").write_text("a text")
    assert form_for(find_images(tmp_path)) == ImageForm(22, 12, "grayscale")
    for number in range(3):
        saved(tmp_path, f"a/{number}.png", grey(100, 200))
    assert form_for(find_images(tmp_path)) == ImageForm(64, 32, "grayscale")
    assert form_for(find_images(tmp_path), 40, "rgb") == ImageForm(40, 40, "rgb")
    saved(tmp_path, "a/colour.png", Image.new("RGB", (100, 200)))
    assert form_for(find_images(tmp_path), (8, 9)) == ImageForm(8, 9, "rgb")


def test_a_camera_on_its_side_exchanges_height_and_width(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    saved(tmp_path, "a/1.jpg", Image.new("RGB", (40, 30)), exif=exif)
    assert form_for(find_images(tmp_path)) == ImageForm(40, 30, "rgb")


def test_every_mode_becomes_pixels_from_0_to_255(tmp_path):
    clear = Image.new("RGBA", (2, 2), (200, 0, 0, 0))
    modes = {
        "bits": Image.new("1", (2, 2), 1),
        "deep": Image.fromarray(np.full((2, 2), 65535, np.uint16)),
        "see-through": clear,
        "see-through palette": clear.quantize(4),
        "palette": Image.new("RGB", (2, 2), "white").convert("P"),
        "print": Image.new("CMYK", (2, 2), (0, 0, 0, 0)),
        "grey with opacity": Image.new("LA", (2, 2), (0, 0)),
    }
    for name, picture in modes.items():
        ending = "tif" if name == "print" else "png"
        saved(tmp_path, f"{name}.{ending}", picture)
    form = ImageForm(2, 2, "rgb")
    x, _ = bring(find_images(tmp_path), form, "here")
    assert x.shape == (len(modes), 2, 2, 3)
    assert x.dtype == np.uint8
    assert x.min() == 255


def broken_folder(tmp_path, whole):
    for number in range(whole):
        saved(tmp_path, f"a/{number:03}.png", grey(4, 4, number))
    return tmp_path


def test_broken_files_are_left_out_and_named(tmp_path):
    folder = broken_folder(tmp_path, 57)
    saved(folder, "a/cut.jpg", Image.new("RGB", (64, 64)))
    cut = folder / "a" / "cut.jpg"
    cut.write_bytes(cut.read_bytes()[:-200])
    (folder / "a" / "text.png").write_text("a text")
    (folder / "a" / "zero.png").write_bytes(b"")
    form = ImageForm(4, 4, "grayscale")
    x, kept = bring(find_images(folder), form, "here")
    assert x[:, 0, 0, 0].tolist() == list(range(57))
    assert len(kept) == 57
    assert kept.notes == (
        "Left out 3 files that can be no whole image: a/cut.jpg, a/text.png, a/zero.png.",
    )


def test_more_broken_files_than_a_twentieth_are_an_error_that_names_all(tmp_path):
    folder = broken_folder(tmp_path, 2)
    (folder / "a" / "text.png").write_text("a text")
    form = ImageForm(4, 4, "grayscale")
    assert len(bring(find_images(folder), form, "here")[0]) == 2  # one may always be
    (folder / "a" / "zero.png").write_bytes(b"")
    with pytest.raises(FileError) as told:
        bring(find_images(folder), form, "here")
    first, *lines = str(told.value).splitlines()
    assert first == (
        "here: got 2 broken files of 4, expected at most 1, which would be left out. Mend them or "
        "take them away:"
    )
    expected = "got what is no whole picture (cannot identify image file"
    assert lines[0].startswith(f"  {folder / 'a' / 'text.png'}: {expected}")
    assert lines[1].startswith(f"  {folder / 'a' / 'zero.png'}: {expected}")


def test_a_single_broken_file_is_told_by_itself(tmp_path):
    (tmp_path / "zero.png").write_bytes(b"")
    with pytest.raises(FileError) as told:
        bring(find_images(tmp_path / "zero.png"), ImageForm(4, 4, "rgb"), "here")
    assert str(told.value).startswith(f"{tmp_path / 'zero.png'}: got what is no whole picture (")


def test_arrays_are_brought_to_the_form_like_files(tmp_path, rng):
    pixels = rng.integers(0, 256, (2, 20, 10, 3)).astype(np.uint8)
    np.savez(tmp_path / "a.npz", x=pixels)
    for number, one in enumerate(pixels):
        saved(tmp_path, f"files/{number}.png", Image.fromarray(one))
    form = ImageForm(7, 8, "grayscale")
    from_array, _ = bring(find_images(tmp_path / "a.npz"), form, "here")
    from_files, _ = bring(find_images(tmp_path / "files"), form, "here")
    np.testing.assert_array_equal(from_array, from_files)


def test_other_numbers_stay_as_they_are(tmp_path):
    np.savez(tmp_path / "a.npz", x=np.full((2, 100, 4), 0.5))
    found = find_images(tmp_path / "a.npz")
    form = form_for(found)
    assert form == ImageForm(100, 4, "grayscale", whole=False)
    assert bring(found, form, "here")[0].max() == 0.5
    with pytest.raises(FileError) as told:
        bring(found, ImageForm(8, 8, "grayscale"), "here")
    assert str(told.value) == (
        "here: got images of shape (100, 4, 1) and type float32, expected (8, 8, 1) and uint8. "
        "Only whole numbers from 0 to 255 can be brought to another size or colours."
    )
    saved(tmp_path, "a.png", grey(4, 100))
    with pytest.raises(FileError) as told:
        bring(find_images(tmp_path / "a.png"), form, "here")
    assert str(told.value) == (
        "here: got files for a model that learned from numbers other than 0 to 255, expected a "
        ".npz file of such numbers."
    )


def test_sizes_and_colours_that_are_none_are_told():
    told = [str(one) for one in check_form((3, 0), "grey")]
    assert told == [
        "size: got (3, 0), expected pixels of both sides, or (height, width), each from 1 to 4096.",
        "color_mode: got 'grey', expected one of 'grayscale', 'rgb', 'rgba'. Known: grayscale, "
        "rgb, rgba.",
    ]
    assert check_form(None, None) == check_form(32, "rgb") == []


@pytest.mark.parametrize(
    "forged", [{"height": 0}, {"width": 1e9}, {"color_mode": "x"}, {"color_mode": []}, {"whole": 1}]
)
def test_forms_from_a_file_are_checked(forged):
    form = ImageForm(3, 4, "rgb")
    assert ImageForm.of(form.settings()) == form
    with pytest.raises(ValueError, match=r"got .*, expected"):
        ImageForm.of(form.settings() | forged)
