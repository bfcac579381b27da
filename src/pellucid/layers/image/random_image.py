"""What the layers share that vary images while training."""

from collections.abc import Callable
from typing import Any

import numpy as np

from pellucid.description import Refusal
from pellucid.layers.encoding import is_known
from pellucid.layers.image.image_layer import ImageLayer
from pellucid.ops import random
from pellucid.processor import apart
from pellucid.types import Array

Range = tuple[float, float]
"""From the lower to the upper number."""

LARGEST = float(np.finfo(np.float32).max)


class RandomImage(ImageLayer):
    """Base of the layers that, while training, change every image by numbers drawn for it.

    A subclass says in `draw` which numbers belong to an image, and in `transform` what they do
    to it; both are pure functions.
    """

    def draw(self, key: Array, images: Array) -> Any:
        """Return what is drawn for each of the images, whose channels are last."""
        raise NotImplementedError

    def transform(self, images: Array, drawn: Any) -> Array:
        """Return the images changed as drawn, in their type; their channels are last."""
        raise NotImplementedError

    def vary(self, inputs: Array, key: Array | None) -> Array:
        """Return the images changed by draws from `key`; as they are without one."""
        if key is None:
            return inputs
        images = self.channels_to_end(inputs)
        drawn = self.draw(key, images)
        if is_known(key):
            return self.channels_back(self.transform(images, drawn))
        # What comes before is read several times, and what comes behind would compute it anew.
        return self.channels_back(apart(self.transform, images, drawn))


def uniform_for_each(key: Array, images: Array, bounds: Range) -> Array:
    """Return a number between `bounds` for each image, which depends on its place alone."""
    low, high = bounds
    return low + (high - low) * random.uniform(key, (images.shape[0],))


def each(numbers: Array, images: Array) -> Array:
    """Return `numbers`, one for each image, so that they go with the images' pixels."""
    return numbers.astype(images.dtype)[:, None, None, None]


def factor_between(
    low: float, high: float, *, optional: bool = False
) -> Callable[[Any], Range | None]:
    """Return a converter for fields: a factor, or the two between which factors are drawn.

    Args:
        low: The least that a factor may be.
        high: The most that a factor may be.
        optional: Whether the factor may be None.

    Returns:
        A converter to two factors in ascending order. One number stands for its negative and
        itself, or, where factors have no sign, for itself twice.
    """
    pair = "(0.1, 0.2)" if low >= 0 else "(-0.1, 0.2)"
    expected = f"a number from {low:g} to {high:g}, or a pair of them such as {pair}"

    def convert(value: Any) -> Range | None:
        if optional and value is None:
            return None
        together = isinstance(value, (tuple, list))
        numbers = [*value] if together else [value, value]
        if len(numbers) != 2 or not all(_within(one, low, high) for one in numbers):
            raise Refusal(expected)
        first, second = (float(one) for one in numbers)
        if not together and low < 0:
            first = -first
        return min(first, second), max(first, second)

    return convert


def to_value_range(value: Any) -> Range:
    """Return the least and the greatest value of a pixel; a converter for fields."""
    pair = [*value] if isinstance(value, (tuple, list)) else []
    finite = all(_within(one, -LARGEST, LARGEST) for one in pair)
    if len(pair) != 2 or not finite or pair[0] >= pair[1]:
        raise Refusal("the least and the greatest value of a pixel, such as (0, 255)")
    return float(pair[0]), float(pair[1])


def _within(value: Any, low: float, high: float) -> bool:
    number = isinstance(value, (int, float, np.integer, np.floating))
    return number and not isinstance(value, bool) and bool(low <= value <= high)
