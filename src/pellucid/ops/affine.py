"""Images turned, shifted and scaled: every output looks up a place between the input's pixels."""

from collections.abc import Callable

import jax
import jax.numpy as jnp

from pellucid.types import Array

FILL_MODES = ("reflect", "wrap", "constant", "nearest")
"""How an image goes on beyond its edges."""

INTERPOLATIONS = ("nearest", "bilinear")
"""How values between pixels are found."""


def affine(
    images: Array, matrices: Array, interpolation: str, fill_mode: str, fill_value: float
) -> Array:
    """Return `outputs[b, y, x] = images[b]` at `matrices[b] @ (y, x, 1)`.

    Args:
        images: Shape (batch, height, width, channels).
        matrices: Shape (batch, 2, 3): where each output, counted in pixels from the middle of
            the first one, looks in its image.
        interpolation: "nearest" pixel, or "bilinear" between the four around.
        fill_mode: The image beyond its edges: "reflect" (d c b a | a b c d | d c b a), "wrap"
            (a b c d | a b c d | a b c d), "constant" (k k k k | a b c d | k k k k), "nearest"
            (a a a a | a b c d | d d d d).
        fill_value: The constant k.

    Returns:
        Shape and type of `images`.
    """
    rows, height, width, channels = images.shape
    y, x = _places(matrices, height, width)
    pixels = jnp.asarray(images).reshape(rows, height * width, channels)
    beyond = _BEYOND[fill_mode]

    # An image at a time: cores that have a part of the images each need not meet.
    @jax.vmap
    def looked_up(own: Array, places: Array) -> Array:
        # Whatever `row` and `column` are, `beyond` has brought them into the image.
        return own.at[places].get(mode="promise_in_bounds")

    def pixel(row: Array, column: Array) -> Array:
        found = looked_up(pixels, beyond(row, height) * width + beyond(column, width))
        if fill_mode != "constant":
            return found
        inside = (row >= 0) & (row < height) & (column >= 0) & (column < width)
        return jnp.where(inside[..., None], found, jnp.asarray(fill_value, images.dtype))

    if interpolation == "nearest":
        return pixel(jnp.round(y).astype(jnp.int32), jnp.round(x).astype(jnp.int32))
    above, left = jnp.floor(y), jnp.floor(x)
    down, right = (y - above)[..., None], (x - left)[..., None]
    row, column = above.astype(jnp.int32), left.astype(jnp.int32)
    upper = (1 - right) * pixel(row, column) + right * pixel(row, column + 1)
    lower = (1 - right) * pixel(row + 1, column) + right * pixel(row + 1, column + 1)
    return ((1 - down) * upper + down * lower).astype(images.dtype)


def _places(matrices: Array, height: int, width: int) -> tuple[Array, Array]:
    """Return where the outputs look: rows and columns, each of shape (batch, height, width)."""
    y = jnp.arange(height, dtype=matrices.dtype)[:, None]
    x = jnp.arange(width, dtype=matrices.dtype)
    in_y, in_x = (
        matrices[:, axis, 0, None, None] * y
        + matrices[:, axis, 1, None, None] * x
        + matrices[:, axis, 2, None, None]
        for axis in (0, 1)
    )
    return in_y, in_x


def _reflected(index: Array, size: int) -> Array:
    within = index % (2 * size)
    return jnp.minimum(within, 2 * size - 1 - within)


def _clipped(index: Array, size: int) -> Array:
    return jnp.clip(index, 0, size - 1)


_BEYOND: dict[str, Callable[[Array, int], Array]] = {
    "reflect": _reflected,
    "wrap": lambda index, size: index % size,
    "constant": _clipped,
    "nearest": _clipped,
}
"""The place in an image of `size` pixels that a place beyond its edges stands for."""
