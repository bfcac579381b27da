"""What the layers that draw random numbers share."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from pellucid.description import Refusal, count, number, option
from pellucid.errors import Problem
from pellucid.layers.base import Layer
from pellucid.layers.context import Context
from pellucid.ops import random
from pellucid.types import Array, Shape


def rate_option() -> Any:
    """Declare the share of values that is dropped."""
    return number(low=0, below=1, meaning="the share of values that is dropped")


def seed_option() -> Any:
    """Declare a seed that sets the draws of one layer apart."""
    return count(None, low=0, optional=True, meaning="the seed of the draws")


def _to_noise_shape(value: Any) -> tuple[int | None, ...] | None:
    if value is None:
        return None
    expected = "sizes with the batch axis first, such as (None, 1, 8); None for the inputs' own"
    if not isinstance(value, (tuple, list)):
        raise Refusal(expected)
    for size in value:
        whole = isinstance(size, (int, np.integer)) and not isinstance(size, bool)
        if size is not None and not (whole and size > 0):
            raise Refusal(expected)
    return tuple(None if size is None else int(size) for size in value)


def noise_shape_option() -> Any:
    """Declare the shape of a mask, which is repeated along axes of size 1."""
    return option(None, convert=_to_noise_shape)


def noise_shape_problems(layer: Layer, noise_shape: Any, shape: Shape) -> Sequence[Problem]:
    """Return what is wrong with a mask of `noise_shape` for inputs of `shape`."""
    if noise_shape is None:
        return []
    fits = len(noise_shape) == len(shape) + 1 and all(
        size in (None, 1) or own is None or size == own
        for size, own in zip(noise_shape[1:], shape, strict=True)
    )
    if fits:
        return []
    given = f"inputs of shape {(None, *shape)}"
    expected = f"inputs over which a mask of shape {noise_shape} can be repeated"
    return [Problem(f"{layer.label}(noise_shape=...)", given, expected)]


def mask_shape(noise_shape: Any, inputs: Array) -> tuple[int, ...]:
    """Return the shape of the mask for `inputs`."""
    if noise_shape is None:
        return inputs.shape
    pairs = zip(noise_shape, inputs.shape, strict=True)
    return tuple(own if size is None else size for size, own in pairs)


def key_for(context: Context, seed: int | None) -> Array | None:
    """Return the key for a layer's draws; None where nothing is drawn."""
    if not context.training or context.key is None:
        return None
    return context.key if seed is None else random.fold(context.key, seed)
