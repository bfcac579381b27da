"""What images lie at a path."""

import os
from pathlib import Path

from pellucid.errors import FileError, Problem, report
from pellucid.tasks.image_arrays import IDX_IMAGES, IDX_LABELS, in_idx, in_npz
from pellucid.tasks.image_files import ImageFiles, joined, without_parts
from pellucid.tasks.image_folders import IMAGE_ENDINGS, in_folder


def find_images(path: str | os.PathLike[str]) -> ImageFiles:
    """Return the images that lie at a path.

    Args:
        path: A folder of images or of folders of classes, in parts such as `train/` and `test/` or
            not; a folder with IDX files or one of them; a .npz file of x and y; or one image.

    Raises:
        FileError: Nothing is there, or no images.
    """
    place = Path(path)
    found = _found(place)
    if not len(found):
        expected = f"images ({' '.join(IMAGE_ENDINGS)})"
        report([Problem(str(place), "a folder without images", expected)], FileError)
    return found


def _found(place: Path) -> ImageFiles:
    if place.is_dir():
        pairs = [one for one in sorted(place.iterdir()) if IDX_IMAGES.match(one.name)]
        return joined([in_idx(one) for one in pairs]) if pairs else in_folder(place)
    if not place.exists():
        expected = "a folder of images, an IDX file, a .npz file or an image"
        report([Problem(str(place), "no such file or folder", expected)], FileError)
    if IDX_LABELS.match(place.name):
        images = place.name.replace("labels", "images").replace("idx1", "idx3")
        fix = f"They are found by themselves beside {images}."
        report([Problem(str(place), "the labels of images", "the images", fix)], FileError)
    if IDX_IMAGES.match(place.name):
        return without_parts(in_idx(place))
    if place.suffix.lower() == ".npz":
        return in_npz(place)
    return ImageFiles((place.name,), [place], (None,), ("",))
