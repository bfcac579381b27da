"""Single images turned, shifted, sheared, zoomed and coloured anew, as arrays."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from pellucid.types import NumpyArray

FILL_MODES = ("constant", "nearest", "reflect", "wrap")
"""How an image goes on beyond its edges."""


def affine_matrix(parameters: Mapping[str, Any], height: int, width: int) -> NumpyArray:
    """Return where the pixels of a changed image look in the image, as a matrix.

    Args:
        parameters: `theta`, a turn in degrees; `tx` and `ty`, shifts along the width and the
            height in pixels; `shear` in degrees; `zx` and `zy`, by how much more of the width and
            the height is seen. What is absent changes nothing.
        height: Pixels from top to bottom.
        width: Pixels from left to right.

    Returns:
        Shape (3, 3), for columns (row, column, 1) that count from the middle of the first pixel.
    """
    turn, slant = np.deg2rad([parameters.get("theta", 0), parameters.get("shear", 0)])
    steps = (
        [[np.cos(turn), np.sin(turn), 0], [-np.sin(turn), np.cos(turn), 0], [0, 0, 1]],
        [[1, 0, parameters.get("ty", 0)], [0, 1, parameters.get("tx", 0)], [0, 0, 1]],
        [[np.cos(slant), 0, 0], [-np.sin(slant), 1, 0], [0, 0, 1]],
        [[parameters.get("zy", 1), 0, 0], [0, parameters.get("zx", 1), 0], [0, 0, 1]],
    )
    to_middle = np.array([[1, 0, (height - 1) / 2], [0, 1, (width - 1) / 2], [0, 0, 1]])
    return np.linalg.multi_dot([to_middle, *map(np.array, steps), np.linalg.inv(to_middle)])


def warped(
    image: NumpyArray, matrix: NumpyArray, fill_mode: str, fill_value: float, order: int
) -> NumpyArray:
    """Return an image whose pixels look elsewhere.

    Args:
        image: Shape (height, width, channels).
        matrix: As of `affine_matrix`.
        fill_mode: The image beyond its edges: one of `FILL_MODES`.
        fill_value: What "constant" means.
        order: Degree of the curves between pixels, 0 to 5.
    """
    from scipy import ndimage

    channels = [
        ndimage.affine_transform(
            image[..., channel],
            matrix[:2, :2],
            offset=matrix[:2, 2],  # pyright: ignore[reportArgumentType] (SciPy takes one for each axis)
            order=order,
            mode=fill_mode,
            cval=fill_value,
        )
        for channel in range(image.shape[-1])
    ]
    return np.stack(channels, axis=-1)


def channels_shifted(image: NumpyArray, intensity: float) -> NumpyArray:
    """Return an image with a number added, within the least and the greatest of its values.

    Args:
        image: Shape (height, width, channels).
        intensity: The number.
    """
    return np.clip(image + intensity, image.min(), image.max())


def brightened(image: NumpyArray, factor: float) -> NumpyArray:
    """Return an image with its brightness multiplied, within the range of its values.

    Args:
        image: Values from 0 to 255; of others the least counts as black, the greatest as white.
        factor: 0 for black, 1 for no change.
    """
    low, high = float(image.min()), float(image.max())
    if low >= 0 and high <= 255:
        low, high = 0.0, 255.0
    return np.clip((image - low) * factor + low, low, high)
