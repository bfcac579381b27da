"""Indices as vectors: one-hot, multi-hot and counts."""

from collections.abc import Sequence
from typing import Any

import jax.numpy as jnp
import numpy as np
from jax.core import Tracer

from pellucid.description import Converter, Refusal
from pellucid.errors import near
from pellucid.types import Array, Shape

OLD_MODES = {"binary": "multi_hot", "tf-idf": "tf_idf"}
"""Names of older Keras versions, and what they mean."""


def to_mode(modes: Sequence[str]) -> Converter:
    """Return what checks the form in which a layer gives its indices."""

    def convert(value: Any) -> str:
        mode = OLD_MODES.get(value, value) if isinstance(value, str) else value
        if mode in modes:
            return mode
        suggestion = near(mode, modes) if isinstance(mode, str) else None
        known = ", ".join(repr(one) for one in modes)
        raise Refusal(f"one of {known}", f"Did you mean '{suggestion}'?" if suggestion else "")

    return convert


def to_dense(sparse: Any) -> bool:
    """Return Keras's `sparse`, which can only be False here."""
    if sparse is not False:
        raise Refusal("False: arrays are dense here")
    return sparse


def is_known(x: Array) -> bool:
    """Say whether the values of `x` can be looked at, because JAX is not tracing them."""
    return not isinstance(x, Tracer)


def encode(indices: Array, mode: str, depth: int, dtype: str) -> Array:
    """Return `indices` in the form `mode`, with vectors of length `depth`.

    Args:
        indices: Whole numbers, the batch axis first; a negative one counts as absent.
        mode: "int", "one_hot", "multi_hot" or "count". The last two take the last axis as the
            members of one sample.
        depth: Number of different indices.
        dtype: Type of the vectors.

    Returns:
        A NumPy array for NumPy indices, otherwise a JAX array.
    """
    if mode == "int":
        return indices.astype("int32")
    if mode == "one_hot":
        indices = indices[..., 0] if indices.ndim > 1 and indices.shape[-1] == 1 else indices
    elif indices.ndim == 1:
        indices = indices[:, None]
    numbers = np if isinstance(indices, np.ndarray) else jnp
    hot = indices[..., None] == numbers.arange(depth)
    if mode == "multi_hot":
        hot = hot.any(axis=-2)
    elif mode == "count":
        hot = hot.sum(axis=-2)
    return hot.astype(jnp.dtype(dtype))


def encoded_shape(shape: Shape, mode: str, depth: int) -> Shape:
    """Return the shape of encoded indices of `shape`; neither has the batch axis."""
    if mode == "int":
        return shape
    if mode == "one_hot" and not (shape and shape[-1] == 1):
        return (*shape, depth)
    return (*shape[:-1], depth)
