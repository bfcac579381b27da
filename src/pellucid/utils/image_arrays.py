"""Pictures from files to arrays and back."""

import os
from typing import Any

import numpy as np

from pellucid.data.arrays import to_array
from pellucid.data.images import check_image_options, read_image, to_picture
from pellucid.errors import Problem, ShapeError, report
from pellucid.types import NumpyArray


def load_img(
    path: str | os.PathLike[str],
    color_mode: str = "rgb",
    target_size: tuple[int, int] | None = None,
    interpolation: str = "nearest",
    keep_aspect_ratio: bool = False,
) -> Any:
    """Return a picture from a file, as a Pillow image.

    Args:
        path: The file.
        color_mode: "rgb", "rgba" or "grayscale".
        target_size: (height, width) to bring it to; None for its own.
        interpolation: "nearest", "bilinear", "bicubic", "lanczos", "box" or "hamming".
        keep_aspect_ratio: Whether to crop instead of stretching.

    Raises:
        ArgumentError: An argument is none of those above.
        FileError: No such file, or no whole picture.
        PellucidError: The package pillow is not installed.

    Differs from Keras: the picture is turned as its camera noted (EXIF).
    """
    check_image_options("load_img", color_mode, target_size or (1, 1), interpolation)
    keep = "crop" if keep_aspect_ratio else ""
    return to_picture(read_image(path, color_mode, target_size, interpolation, keep))


def img_to_array(img: Any, data_format: str | None = None, dtype: Any = "float32") -> NumpyArray:
    """Return a Pillow image as an array.

    Args:
        img: The image.
        data_format: "channels_first" or "channels_last"; None is "channels_last".
        dtype: Type of the result.

    Returns:
        Shape (height, width, channels).

    Example:
        >>> import numpy as np, pellucid
        >>> picture = pellucid.utils.array_to_img(np.zeros((2, 3, 1)))
        >>> pellucid.utils.img_to_array(picture).shape
        (2, 3, 1)
    """
    array = np.asarray(img, dtype)
    array = array[..., None] if array.ndim == 2 else array
    return np.moveaxis(array, -1, 0) if data_format == "channels_first" else array


def array_to_img(x: Any, data_format: str | None = None, scale: bool = True) -> Any:
    """Return an array as a Pillow image.

    Args:
        x: Shape (height, width, channels) with 1, 3 or 4 channels.
        data_format: "channels_first" or "channels_last"; None is "channels_last".
        scale: Whether the least value becomes 0 and the greatest 255.

    Raises:
        ShapeError: Another shape.
        PellucidError: The package pillow is not installed.
    """
    array = to_array(x, "array_to_img").astype(np.float32)
    array = np.moveaxis(array, 0, -1) if data_format == "channels_first" else array
    if array.ndim != 3 or array.shape[-1] not in (1, 3, 4):
        expected = "(height, width, channels) with 1, 3 or 4 channels"
        problem = Problem("array_to_img(x=...)", f"an array of shape {array.shape}", expected)
        report([problem], ShapeError)
    if scale:
        array = array - array.min()
        array = array * (255 / max(float(array.max()), 1e-12))
    return to_picture(array)
