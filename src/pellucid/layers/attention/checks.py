"""What layers of attention say about queries, values, keys and masks that do not fit."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import jax.numpy as jnp

from pellucid.errors import Problem, ShapeError, report
from pellucid.layers.base import Layer
from pellucid.layers.symbolic import SymbolicTensor
from pellucid.types import Shape

TOGETHER = "Bring them to one width first, for example with Dense."


def fit(one: Sequence[int | None], other: Sequence[int | None]) -> bool:
    """Return whether two shapes are equal, as far as their sizes are known."""
    return len(one) == len(other) and all(
        None in pair or pair[0] == pair[1] for pair in zip(one, other, strict=True)
    )


def rank_problems(layer: Layer, parts: Mapping[str, Shape]) -> Iterator[Problem]:
    """Yield what is wrong with the numbers of axes of a query, value and key.

    Args:
        layer: Whose inputs they are; it says how many axes it takes, where that is fixed.
        parts: Their shapes by name, no batch axis.
    """
    rank = layer.input_rank or max(3, len(parts["query"]) + 1)
    for name, shape in parts.items():
        if len(shape) + 1 != rank:
            given = f"a {name} of shape {(None, *shape)}"
            expected = f"{rank} axes, (batch, {'..., ' * (rank > 3)}steps, features)"
            fix = "Add an axis of steps, such as x[:, None]." if len(shape) == 1 else ""
            yield Problem(layer.label, given, expected, fix)


def pair_problems(layer: Layer, parts: Mapping[str, Shape]) -> Iterator[Problem]:
    """Yield what is wrong between a value and a key, which belong to the same steps."""
    value, key = parts["value"], parts["key"]
    if not fit(value[:-1], key[:-1]):
        given = f"a value of shape {(None, *value)} and a key of shape {(None, *key)}"
        yield Problem(layer.label, given, "as many steps in both", "Each value has one key.")


def checked_masks(layer: Layer, masks: Sequence[Any], inputs: Mapping[str, Any]) -> list[Any]:
    """Return masks, arrays of True and False or symbolic tensors, in the order of `inputs`.

    Args:
        layer: Whose inputs they are for.
        masks: For each input its mask, or None.
        inputs: Arrays or symbolic tensors by name.

    Raises:
        ShapeError: A mask does not have one value for each step of its input.
    """
    found = [_to_mask(one) for one in masks]
    given = zip(inputs.items(), found, strict=False)
    report(
        (
            problem
            for (name, one), mask in given
            if mask is not None
            for problem in _mask_problems(layer, name, mask.shape, one.shape)
        ),
        ShapeError,
    )
    return found if any(one is not None for one in found) else []


def _to_mask(value: Any) -> Any:
    if value is None or isinstance(value, SymbolicTensor):
        return value
    return jnp.asarray(value) != 0


def _mask_problems(layer: Layer, name: str, mask: Shape, inputs: Shape) -> Iterator[Problem]:
    if not 2 <= len(mask) < len(inputs) or not fit(mask, inputs[: len(mask)]):
        where = f"{layer.label}({name}_mask=...)"
        expected = f"shape {inputs[:-1]}, one value for each step of the {name}"
        yield Problem(where, f"shape {mask}", expected, "True or 1 marks a real step.")
