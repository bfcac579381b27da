"""Images of another size, channels last: resampled, cut to a shape, framed."""

from typing import Any

import jax
import jax.numpy as jnp

from pellucid.types import Array

INTERPOLATIONS = ("bilinear", "nearest", "bicubic", "lanczos3", "lanczos5")
"""How values between pixels are found."""

Size = tuple[int, int]
"""Height and width."""


def resize(
    images: Array, size: Size, interpolation: str = "bilinear", antialias: bool = False
) -> Array:
    """Return the images resampled to another height and width.

    Pixel `i` of `n` covers the stretch from `i / n` to `(i + 1) / n` of the axis; an output
    takes the inputs around its own middle, weighed by the kernel of the interpolation.

    Args:
        images: Shape (batch, height, width, channels).
        size: The new height and width.
        interpolation: One of `INTERPOLATIONS`.
        antialias: Whether the kernel is widened where an axis shrinks, so that every input
            counts.

    Returns:
        Shape (batch, *size, channels), in the type of `images`: whole numbers are rounded, and
        kept within the range of their type.

    Source: Keys, "Cubic convolution interpolation for digital image processing" (1981), for
    "bicubic"; Duchon, "Lanczos filtering in one and two dimensions" (1979).
    """
    shape = (images.shape[0], *size, images.shape[-1])
    return _in_type(jax.image.resize(images, shape, interpolation, antialias), images.dtype)


def crop_to_aspect_ratio(images: Array, size: Size) -> Array:
    """Return the largest window in the middle whose sides are in the ratio of `size`."""
    height, width = images.shape[1:3]
    kept_height = max(min(height, int(width * size[0] / size[1])), 1)
    kept_width = max(min(width, int(height * size[1] / size[0])), 1)
    top, left = (height - kept_height) // 2, (width - kept_width) // 2
    return images[:, top : top + kept_height, left : left + kept_width]


def pad_to_aspect_ratio(images: Array, size: Size, fill_value: float) -> Array:
    """Return the images in the middle of the smallest frame whose sides are in the ratio of `size`.

    Both sides of the frame are equally wide; an odd pixel is left out, as in Keras.
    """
    height, width = images.shape[1:3]
    top = max(int(width * size[0] / size[1]) - height, 0) // 2
    left = max(int(height * size[1] / size[0]) - width, 0) // 2
    frame = ((0, 0), (top, top), (left, left), (0, 0))
    value = _in_type(jnp.asarray(fill_value), images.dtype)
    return jnp.pad(images, frame, constant_values=value)


def resize_middle(images: Array, size: Size) -> Array:
    """Return the largest window of the shape of `size` in the middle, resampled to `size`."""
    return resize(crop_to_aspect_ratio(images, size), size)


def _in_type(values: Array, dtype: Any) -> Array:
    """Return `values` in `dtype`; for whole numbers rounded, and within the type's range."""
    if not jnp.issubdtype(dtype, jnp.integer):
        return values.astype(dtype)
    bounds = jnp.iinfo(dtype)
    return jnp.clip(jnp.round(values), bounds.min, bounds.max).astype(dtype)
