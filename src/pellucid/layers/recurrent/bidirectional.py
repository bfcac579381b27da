"""The layer that runs over a sequence in both directions."""

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

import jax.numpy as jnp

from pellucid.description import Refusal, choice, option
from pellucid.errors import Problem
from pellucid.layers.base import Given, automatic_name
from pellucid.layers.context import Context, Result
from pellucid.layers.nesting import Nesting, of_prefix, prefixed, to_layer
from pellucid.layers.recurrent.recurrent import (
    Recurrent,
    advice_on_states,
    reset_rows,
    with_states,
)
from pellucid.layers.weight import Weight
from pellucid.types import Array, NumpyArray, Shape

EXPECTED = "a recurrent layer, such as LSTM(8) or RNN(cell)"
COMMON = ("return_sequences", "return_state", "stateful")
"""What must be the same in both directions."""


def _to_recurrent(value: Any) -> Recurrent:
    try:
        layer = to_layer(value)
    except Refusal as refusal:
        raise Refusal(EXPECTED, refusal.fix, refusal.given) from None
    if not isinstance(layer, Recurrent):
        raise Refusal(EXPECTED, "", f"the layer {layer!r}")
    return layer


def _to_recurrent_or_none(value: Any) -> Recurrent | None:
    return None if value is None else _to_recurrent(value)


class Bidirectional(Nesting):
    """Run a recurrent layer from the first step to the last, and a second one back.

    Step t of the outputs joins what the one knows from steps up to t with what the other knows
    from steps down to t. Masked steps give zeros with `return_sequences`.

    Args:
        layer: The recurrent layer that runs forward; a copy of it without weights is taken.
        merge_mode: How both outputs become one: "concat" (side by side), "sum", "mul", "ave"
            (the mean), or None for two outputs.
        backward_layer: The layer that runs back, with `go_backwards=True`; a copy of `layer`
            when absent.

    Input shape:
        (batch, steps, features); then, if given, the first states of both, those of the forward
        layer first, also as `initial_state=[...]`.
    Output shape:
        (batch, 2 * units) for "concat", (batch, units) for the others, with an axis of steps
        for `return_sequences`; two arrays for None; then, with `return_state`, the states of
        both.

    Raises:
        ArgumentError: `layer` is not recurrent, the two do not fit, or `merge_mode` is unknown.

    Example:
        >>> import numpy as np, pellucid
        >>> layer = pellucid.layers.Bidirectional(pellucid.layers.LSTM(4))
        >>> layer(np.ones((2, 5, 3), "float32")).shape
        (2, 8)

    Source: Schuster and Paliwal, "Bidirectional Recurrent Neural Networks" (1997).

    Differs from Keras: takes no `weights`; call `set_weights`.
    """

    takes_more: ClassVar[bool] = True
    full_precision: ClassVar[bool] = True
    """Here: the layers bring their weights to their own types."""

    layer: Any = option(convert=_to_recurrent)
    merge_mode: str | None = choice(("sum", "mul", "concat", "ave", None), default="concat")
    backward_layer: Any = option(default=None, convert=_to_recurrent_or_none, kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        backward = self.backward_layer or self.layer.replace(go_backwards=True)
        object.__setattr__(self, "layer", _prepared(self.layer, "forward_"))
        object.__setattr__(self, "backward_layer", _prepared(backward, "backward_"))

    def problems(self) -> Iterator[Problem]:
        forward, backward = self.layer, self.backward_layer
        if backward is None:
            if forward.go_backwards:
                fix = "It is the copy of it that runs back."
                where = "Bidirectional(layer=...)"
                yield Problem(where, f"{forward!r}", "a layer that runs forward", fix)
            return
        where = "Bidirectional(backward_layer=...)"
        if forward.go_backwards == backward.go_backwards:
            both = f"go_backwards={backward.go_backwards} in both layers"
            yield Problem(where, both, "one that runs forward and one that runs back")
        for name in COMMON:
            own, other = getattr(backward, name), getattr(forward, name)
            if own != other:
                yield Problem(where, f"{name}={own}", f"{name}={other} as in the forward layer")

    # -- the two layers --------------------------------------------------------------------

    @property
    def forward_layer(self) -> Recurrent:
        """The layer that runs from the first step to the last."""
        return self.layer

    @property
    def inner(self) -> Mapping[str, Recurrent]:
        return {
            f"forward_{automatic_name(self.layer)}": self.layer,
            f"backward_{automatic_name(self.backward_layer)}": self.backward_layer,
        }

    def _each(self, given: Any) -> list[tuple[str, Recurrent, list[Any]]]:
        """Return prefix and layer of each direction, with its part of a sequence and states."""
        sequence, *states = given if isinstance(given, list) else [given]
        half = self.layer.own_cell().number_of_states if states else 0
        parts = ([sequence, *states[:half]], [sequence, *states[half:]])
        return [
            (prefix, layer, own)
            for (prefix, layer), own in zip(self.inner.items(), parts, strict=True)
        ]

    # -- shapes ---------------------------------------------------------------------------

    def mask_axes(self, rank: int) -> range:
        return self.layer.mask_axes(rank)

    def shape_problems(self, shape: Any) -> Sequence[Problem]:
        for _, layer, own in self._each(shape):
            found = layer.shape_problems(own if len(own) > 1 else own[0])
            if found:
                return found
        forward, backward = self._shapes(shape)
        if self.merge_mode in ("concat", None) or forward[0] == backward[0]:
            return []
        given = f"outputs of shapes {(None, *forward[0])} and {(None, *backward[0])}"
        where = f"{self.label}(merge_mode={self.merge_mode!r})"
        fix = "Give both layers as many units, or write merge_mode='concat'."
        return [Problem(where, given, "equal shapes in both directions", fix)]

    def _shapes(self, shape: Any) -> list[list[Shape]]:
        return [layer.output_shapes(own[0]) for _, layer, own in self._each(shape)]

    def build(self, shape: Any) -> Mapping[str, Weight]:
        declared: dict[str, Weight] = {}
        for prefix, layer, own in self._each(shape):
            declared |= prefixed(prefix, layer.build(own[0]))
        return declared

    def carried(self, shape: Any, batch_size: int | None) -> Mapping[str, Weight]:
        declared: dict[str, Weight] = {}
        for prefix, layer, own in self._each(shape):
            declared |= prefixed(prefix, layer.carried(own[0], batch_size))
        return declared

    def output_count(self, settings: tuple[str, ...] = ()) -> int:
        counts = [layer.output_count() for layer in self.inner.values()]
        return sum(counts) - (self.merge_mode is not None)

    @property
    def advice_for_several(self) -> str:
        return advice_on_states(self, self.layer.return_state) or super().advice_for_several

    def output_dtype(self, dtype: str) -> str:
        return self.layer.output_dtype(super().output_dtype(dtype))

    def output_shape(self, shape: Any) -> Shape:
        return self.output_shapes(shape)[0]

    def output_shapes(self, shape: Any, settings: tuple[str, ...] = ()) -> list[Shape]:
        (forward, *first), (backward, *second) = self._shapes(shape)
        outputs = [forward]
        if self.merge_mode == "concat":
            outputs = [(*forward[:-1], forward[-1] + backward[-1])]  # type: ignore[operator]
        elif self.merge_mode is None:
            outputs = [forward, backward]
        return [*outputs, *first, *second]

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        kept = mask[0] if isinstance(mask, list) else mask
        if not self.layer.return_sequences:
            return None
        number = 2 if self.merge_mode is None else 1
        return [kept] * number

    def data_problems(self, data: NumpyArray) -> Sequence[Problem]:
        return self.layer.data_problems(data)

    # -- calls ----------------------------------------------------------------------------

    def arrange(self, inputs: Any, *more: Any, initial_state: Any = None, **options: Any) -> Given:
        return super().arrange(with_states(self, inputs, more, initial_state), **options)

    def __call__(self, inputs: Any, *more: Any, **options: Any) -> Any:
        found = super().__call__(inputs, *more, **options)
        if not self.layer.return_state:
            return found
        number = 2 if self.merge_mode is None else 1
        half = number + self.layer.own_cell().number_of_states
        forward = self.layer.own_cell().nest(found[number:half])
        return [*found[:number], *forward, *self.backward_layer.own_cell().nest(found[half:])]

    def apply(self, weights: Mapping[str, Array], inputs: Any, context: Context) -> Any:
        outputs, states, carried, penalty = [], [], {}, 0.0
        for place, (prefix, layer, own) in enumerate(self._each(inputs)):
            own_context = replace(context.at(place), mask=context.first_mask)
            given = own if len(own) > 1 else own[0]
            result = layer.run(of_prefix(prefix, weights), given, own_context)
            found = result.outputs if isinstance(result.outputs, list) else [result.outputs]
            outputs.append(self._in_time(layer, found[0]))
            states += found[1:]
            carried |= prefixed(prefix, result.state)
            penalty = penalty + result.penalty
        merged = self._merged(*outputs)
        found = [*merged, *states]
        return Result(found if len(found) > 1 else found[0], carried, penalty)

    def _in_time(self, layer: Recurrent, outputs: Array) -> Array:
        """Return outputs in the order of the steps."""
        back = layer is self.backward_layer and layer.return_sequences
        return jnp.flip(outputs, 1) if back else outputs

    def _merged(self, forward: Array, backward: Array) -> list[Array]:
        if self.merge_mode is None:
            return [forward, backward]
        if self.merge_mode == "concat":
            return [jnp.concatenate([forward, backward], axis=-1)]
        if self.merge_mode == "mul":
            return [forward * backward]
        total = forward + backward
        return [total / 2 if self.merge_mode == "ave" else total]

    # -- states from batch to batch ---------------------------------------------------------

    @property
    def states(self) -> list[NumpyArray]:
        """The states that both layers go on from; none unless they are stateful and built."""
        held = self._held()
        return [held[name] for name in self.row_state if name in held]

    def reset_state(self) -> None:
        """Set the states that both layers go on from to zero."""
        reset_rows(self)

    def reset_states(self) -> None:
        """Set the states that both layers go on from to zero."""
        self.reset_state()


def _prepared(layer: Recurrent, prefix: str) -> Recurrent:
    """Return a copy of `layer` for one direction, with its name and without its arrays."""
    stem = (layer.name or automatic_name(layer)).removeprefix(prefix)
    return copy.deepcopy(layer).replace(
        name=f"{prefix}{stem}", zero_output_for_mask=layer.return_sequences
    )
