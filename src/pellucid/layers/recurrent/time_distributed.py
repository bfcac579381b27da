"""The layer that applies a layer to every step of a sequence."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

import jax.numpy as jnp

from pellucid.description import option
from pellucid.errors import Problem
from pellucid.layers.base import Layer, automatic_name
from pellucid.layers.context import Context, Result
from pellucid.layers.nesting import Nesting, of_prefix, prefixed, to_layer
from pellucid.layers.weight import Weight
from pellucid.types import Array, Shape


class TimeDistributed(Nesting):
    """Apply one layer, with one set of weights, to every step of a sequence.

    `outputs[:, t] = layer(inputs[:, t])`, for all steps at once.

    Args:
        layer: Any layer of one input. A model is none: wrap each of its layers.

    Input shape:
        (batch, steps, ...), at least 3 axes.
    Output shape:
        (batch, steps, ...), what the layer makes of a step.

    Raises:
        ArgumentError: `layer` is no layer, takes several inputs, or keeps states for its rows.
        ShapeError: The layer cannot take the steps, or a mask does not fit them.

    Example:
        >>> import numpy as np, pellucid
        >>> layer = pellucid.layers.TimeDistributed(pellucid.layers.Dense(4))
        >>> layer(np.ones((2, 5, 3), "float32")).shape
        (2, 5, 4)

    Differs from Keras: the steps are rows of one call, so that `BatchNormalization` normalises
    them together, padded steps left out; penalties of the layer on its outputs count. A model is
    not taken.
    """

    any_type: ClassVar[bool] = True
    full_precision: ClassVar[bool] = True
    """Here: the layer brings inputs and weights to its own type."""

    layer: Any = option(convert=to_layer)

    def problems(self) -> Iterator[Problem]:
        where, layer = "TimeDistributed(layer=...)", self.layer
        if layer.takes_list:
            yield Problem(where, f"{layer!r}, which takes several inputs", "a layer of one input")
        elif layer.carries_rows:
            fix = "Leave stateful out."
            yield Problem(where, "a stateful layer", "one that starts anew with each call", fix)
        elif layer.on_host:
            fix = "Put it before: it takes arrays of any shape."
            yield Problem(where, f"{layer!r}, which works on text", "a layer of numbers", fix)

    @property
    def inner(self) -> Mapping[str, Layer]:
        return {automatic_name(self.layer): self.layer}

    # -- shapes ---------------------------------------------------------------------------

    def shape_problems(self, shape: Shape) -> Sequence[Problem]:
        if len(shape) < 2:
            given, expected = f"inputs of shape {(None, *shape)}", "at least 3 axes: batch, steps, "
            fix = "A layer that takes one value a step needs no TimeDistributed."
            return [Problem(self.label, given, f"{expected}what a step holds", fix)]
        return self.layer.shape_problems(shape[1:])

    def build(self, shape: Shape) -> Mapping[str, Weight]:
        return prefixed(automatic_name(self.layer), self.layer.declared(shape[1:]))

    def output_count(self, settings: tuple[str, ...] = ()) -> int:
        return self.layer.output_count()

    def output_shape(self, shape: Shape) -> Shape:
        return (shape[0], *self.layer.output_shape(shape[1:]))

    def output_shapes(self, shape: Shape, settings: tuple[str, ...] = ()) -> list[Shape]:
        return [(shape[0], *own) for own in self.layer.output_shapes(shape[1:])]

    def output_dtype(self, dtype: str) -> str:
        return self.layer.output_dtype(self.dtype or dtype)

    # -- calls ----------------------------------------------------------------------------

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        found = self.layer.compute_mask(_as_rows(inputs), _within_steps(mask))
        if isinstance(found, list):
            found = found[0]
        if found is not None:
            return found.reshape(*inputs.shape[:2], *found.shape[1:])
        return None if mask is None else mask.any(axis=tuple(range(2, mask.ndim)))

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Any:
        batch, steps = inputs.shape[:2]
        mask = context.first_mask
        rows = None if context.rows is None else jnp.repeat(context.rows, steps)
        if mask is not None and mask.ndim == 2:
            real = mask.reshape(-1).astype(jnp.float32)
            rows = real if rows is None else rows * real
        own = replace(context, rows=rows, mask=_within_steps(mask))
        prefix = automatic_name(self.layer)
        result = self.layer.run(of_prefix(prefix, weights), _as_rows(inputs), own)
        if not isinstance(result, Result):
            return _as_steps(result, batch, steps)
        # A row of ours is as many rows of the layer as it has steps.
        return Result(
            _as_steps(result.outputs, batch, steps),
            prefixed(prefix, result.state),
            result.penalty * steps,
        )


def _as_rows(inputs: Array) -> Array:
    """Return the steps of all rows as rows."""
    return inputs.reshape(inputs.shape[0] * inputs.shape[1], *inputs.shape[2:])


def _as_steps(outputs: Any, batch: int, steps: int) -> Any:
    if isinstance(outputs, list):
        return [_as_steps(one, batch, steps) for one in outputs]
    return outputs.reshape(batch, steps, *outputs.shape[1:])


def _within_steps(mask: Array | None) -> Array | None:
    """Return the mask of what each step holds, where there is one."""
    return None if mask is None or mask.ndim == 2 else _as_rows(mask)
