"""What the layers share that learn from data before training, by `adapt`."""

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from pellucid.description import text
from pellucid.errors import ArgumentError, DataError
from pellucid.initializers import Initializer
from pellucid.layers.variables import variables_of
from pellucid.types import NumpyArray


class NotAdapted(Initializer):
    """Stands where an array will be once the layer has been adapted, and says so if asked."""

    message: str = text()

    def sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> NumpyArray:
        raise ArgumentError(self.message)


def not_adapted(layer: Any, what: str, instead: str) -> str:
    """Return the message for a layer that is used before it knows `what`."""
    return (
        f"{layer.label}: got no {what} yet, expected adapt(data) to be called before the layer "
        f"is used or a model built with it. Call it with training data, or pass {instead}."
    )


def refuse_fixed(layer: Any, fixed: bool) -> None:
    """Refuse to learn a vocabulary that was given.

    Raises:
        ArgumentError: It was.
    """
    if fixed:
        raise ArgumentError(
            f"{layer.label}.adapt(data): got a layer with a fixed vocabulary, expected one "
            "that is to learn it. Make it without vocabulary=..."
        )


def set_held(layer: Any, arrays: Mapping[str, NumpyArray]) -> None:
    """Replace arrays that the layer has already."""
    held = variables_of(layer)
    if held is not None:
        for name, array in arrays.items():
            held.set(name, array)


def batches(layer: Any, data: Any, steps: int | None = None) -> Iterator[NumpyArray]:
    """Yield what `adapt` was given as NumPy arrays.

    Args:
        layer: The layer that learns, for messages.
        data: An array, nested lists, a column or frame, or an iterable of batches. Of a batch
            that is a tuple, such as (x, y), the first member is taken.
        steps: Greatest number of batches taken.

    Raises:
        ArgumentError: `data` holds nothing, or is no such thing.
        DataError: Lists are of unequal lengths.
    """
    whole = _as_one_array(layer, data)
    if whole is None:
        found = (_to_array(layer, one) for one in itertools.islice(iter(data), steps))
    else:
        found = iter([whole])
    first = next(found, None)
    if first is None or first.size == 0:
        raise ArgumentError(f"{layer.label}.adapt(data): got no values, expected at least one row.")
    yield first
    yield from found


def _as_one_array(layer: Any, data: Any) -> NumpyArray | None:
    """Return `data` as one array; None for an iterable of batches."""
    if hasattr(data, "to_numpy") or hasattr(data, "__array__"):
        return _to_array(layer, data)
    if isinstance(data, (str, bytes, Mapping)) or not hasattr(data, "__iter__"):
        raise ArgumentError(
            f"{layer.label}.adapt(data): got {type(data).__name__}, expected an array, a list, "
            "a column of a frame, or an iterable of batches."
        )
    if not isinstance(data, (list, tuple)) or (len(data) and hasattr(data[0], "__array__")):
        return None
    ragged = len({len(one) for one in data if isinstance(one, (list, tuple))}) > 1
    return None if ragged else _to_array(layer, data)


def _to_array(layer: Any, batch: Any) -> NumpyArray:
    is_pair = isinstance(batch, tuple) and batch and hasattr(batch[0], "__array__")
    values: Any = batch[0] if is_pair else batch
    try:
        return np.asarray(values.to_numpy() if hasattr(values, "to_numpy") else values)
    except ValueError:
        raise DataError(
            f"{layer.label}.adapt(data): got lists of unequal lengths, expected rows of one length."
        ) from None
