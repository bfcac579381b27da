"""What the layers share that run a cell over a sequence."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import jax.numpy as jnp

from pellucid import initializers, regularizers
from pellucid.description import flag, part
from pellucid.errors import ArgumentError, Problem, ShapeError, report
from pellucid.layers.base import Given, Layer
from pellucid.layers.common import activity_penalty
from pellucid.layers.context import Context, Result
from pellucid.layers.masks import mask_problems
from pellucid.layers.recurrent.cell import first_states, flat, state_problems
from pellucid.layers.weight import Weight
from pellucid.types import Array, NumpyArray, Shape, Shapes
from pellucid.wording import free_name

STEPS_FIX = (
    "For one number a step write x[..., None]; for whole numbers such as words put "
    "Embedding(...) before it."
)


class Recurrent(Layer):
    """Base of the layers that run a cell over the steps of a sequence.

    Args:
        activity_regularizer: Penalty on the outputs, summed over a row, averaged over rows.
        return_sequences: Whether to return the outputs of all steps or of the last alone.
        return_state: Whether to return the last states behind the outputs.
        go_backwards: Whether to run from the last step to the first; the outputs of
            `return_sequences` come in that order.
        stateful: Whether each row of a batch goes on where that row of the batch before ended.
        unroll: Accepted for Keras's sake; the fastest way is chosen. Steps must be known.
        zero_output_for_mask: Whether outputs at masked steps are zero instead of repeated.
    """

    takes_more: ClassVar[bool] = True
    removed: ClassVar[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
        "implementation": lambda given: "Leave it out: the fastest way is chosen.",
        "input_length": lambda given: (
            f"Write input_shape=({given['input_length']}, {given.get('input_dim', 'features')}) "
            "for steps and features."
        ),
    }

    activity_regularizer: Any = part(regularizers.get, default=None, kw_only=True)
    return_sequences: bool = flag(default=False, kw_only=True)
    return_state: bool = flag(default=False, kw_only=True)
    go_backwards: bool = flag(default=False, kw_only=True)
    stateful: bool = flag(default=False, kw_only=True)
    unroll: bool = flag(default=False, kw_only=True)
    zero_output_for_mask: bool = flag(default=False, kw_only=True)

    @property
    def entry(self) -> tuple[Shape | None, str]:
        features = None if self.input_dim is None else (None, self.input_dim)
        return self.given_shape or features, "float32"

    def own_cell(self) -> Any:
        """Return what one step computes."""
        raise NotImplementedError(f"{type(self).__name__} must define own_cell().")

    def cell_weights(self, weights: Mapping[str, Array]) -> Mapping[str, Array]:
        """Return the cell's own arrays."""
        return weights

    # -- shapes ---------------------------------------------------------------------------

    def build(self, shape: Any) -> Mapping[str, Weight]:
        return self.own_cell().declared(_sequence(shape)[1:])

    def output_count(self, settings: tuple[str, ...] = ()) -> int:
        return 1 + (self.own_cell().number_of_states if self.return_state else 0)

    @property
    def advice_for_several(self) -> str:
        return advice_on_states(self, self.return_state) or super().advice_for_several

    def output_shape(self, shape: Any) -> Shape:
        steps, *step = _sequence(shape)
        outputs = self.own_cell().output_shape(tuple(step))
        return (steps, *outputs) if self.return_sequences else outputs

    def output_shapes(self, shape: Any, settings: tuple[str, ...] = ()) -> list[Shape]:
        states = self.own_cell().state_shapes(_sequence(shape)[1:]) if self.return_state else []
        return [self.output_shape(shape), *states]

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        kept = mask[0] if isinstance(mask, list) else mask
        if kept is not None and self.go_backwards:
            kept = kept[:, ::-1]
        first = kept if self.return_sequences else None
        return [first, *[None] * self.own_cell().number_of_states] if self.return_state else first

    def mask_axes(self, rank: int) -> range:
        return range(2, 3)

    def shape_problems(self, shape: Any) -> Sequence[Problem]:
        sequence, *states = shape if isinstance(shape, list) else [shape]
        if len(sequence) < 2 or (self.input_rank and len(sequence) + 1 != self.input_rank):
            return [self._axes_problem(sequence)]
        if sequence[0] == 0:
            return [self._no_steps(sequence)]
        if self.unroll and sequence[0] is None:
            given = f"inputs of shape {(None, *sequence)} with the number of steps left open"
            fix = "Give it in Input(shape=...), or leave unroll out: no result depends on it."
            where = f"{self.label}(unroll=True)"
            return [Problem(where, given, "a known number of steps", fix)]
        return state_problems(self, self.own_cell(), sequence[1:], states)

    def _axes_problem(self, sequence: Shape) -> Problem:
        axes = self.input_rank or 3
        names = "batch, steps, features" if axes == 3 else "batch, steps, space, channels"
        more = "" if self.input_rank else " or more"
        fix = STEPS_FIX if len(sequence) == 1 and axes == 3 else ""
        given = f"inputs of shape {(None, *sequence)}"
        return Problem(self.label, given, f"{axes} axes{more}: {names}", fix)

    def _no_steps(self, sequence: Shape) -> Problem:
        given = f"sequences of no steps, shape {(None, *sequence)}"
        return Problem(self.label, given, "at least one step")

    def data_problems(self, data: NumpyArray) -> Sequence[Problem]:
        empty = data.ndim > 1 and data.shape[1] == 0
        return [self._no_steps(data.shape[1:])] if empty else []

    # -- states from batch to batch -------------------------------------------------------

    @property
    def row_state(self) -> tuple[str, ...]:
        if not self.stateful:
            return ()
        names: list[str] = []
        for _ in range(self.own_cell().number_of_states):
            names.append(free_name("rnn_state", names))
        return tuple(names)

    def carried(self, shape: Any, batch_size: int | None) -> Mapping[str, Weight]:
        if not self.stateful:
            return {}
        sequence = _sequence(shape)
        if batch_size is None:
            steps = "10" if sequence[0] is None else str(sequence[0])
            inner = ", ".join([steps, *map(str, sequence[1:])])
            fix = f"Give it in Input(batch_shape=(32, {inner}))."
            given = "inputs with the number of rows in a batch left open"
            expected = "a known one: each row goes on where that row of the batch before ended"
            report([Problem(f"{self.label}(stateful=True)", given, expected, fix)], ShapeError)
        zeros = initializers.Zeros()
        shapes = zip(self.row_state, self.own_cell().state_shapes(sequence[1:]), strict=True)
        return {
            name: Weight((batch_size, *state), zeros, trainable=False)  # type: ignore[arg-type]
            for name, state in shapes
        }

    @property
    def states(self) -> list[NumpyArray]:
        """The states that the layer goes on from; none unless it is stateful and built."""
        held = self._held()
        return [held[name] for name in self.row_state if name in held]

    def reset_state(self) -> None:
        """Set the states that the layer goes on from to zero."""
        reset_rows(self)

    def reset_states(self) -> None:
        """Set the states that the layer goes on from to zero."""
        self.reset_state()

    # -- calls ----------------------------------------------------------------------------

    def arrange(self, inputs: Any, *more: Any, initial_state: Any = None, **options: Any) -> Given:
        return super().arrange(with_states(self, inputs, more, initial_state), **options)

    def __call__(self, inputs: Any, *more: Any, **options: Any) -> Any:
        found = super().__call__(inputs, *more, **options)
        if not self.return_state:
            return found
        outputs, *states = found
        return [outputs, *self.own_cell().nest(states)]

    def apply(self, weights: Mapping[str, Array], inputs: Any, context: Context) -> Any:
        x, *given = inputs if isinstance(inputs, list) else [inputs]
        if self.stateful and not given:
            given = [weights[name] for name in self.row_state]
        cell = self.own_cell()
        outputs, states = cell.over(
            self.cell_weights(weights),
            x,
            first_states(cell, x, x.shape[2:], given),
            context,
            mask=checked_mask(self, context.first_mask, x),
            reverse=self.go_backwards,
            return_sequences=self.return_sequences,
            zero_output_for_mask=self.zero_output_for_mask,
        )
        found = [outputs, *states] if self.return_state else outputs
        return Result(
            found,
            {
                name: state.astype(jnp.float32)
                for name, state in zip(self.row_state, states, strict=False)
            },
            activity_penalty(found, self.activity_regularizer, context),
        )


def advice_on_states(layer: Layer, return_state: bool) -> str:
    """Return what to do with the outputs and states of a layer; nothing where it gives none."""
    if not return_state:
        return ""
    return (
        f"They are the outputs and states of {layer.label}: leave return_state=True out of it, or "
        "take the first of what it gives."
    )


def _sequence(shape: Shapes) -> Shape:
    return shape[0] if isinstance(shape, list) else shape


def with_states(layer: Layer, inputs: Any, more: Sequence[Any], initial_state: Any) -> list[Any]:
    """Return a sequence and its first states, given in any of Keras's ways, in one list.

    Raises:
        ArgumentError: There are more inputs than these.
    """
    if more and initial_state is None:
        initial_state, more = more[0], more[1:]
    if more:
        raise ArgumentError(
            f"{layer.label}: got {len(more) + 2} inputs one by one, expected a sequence and "
            "initial_state=[...]."
        )
    given = [*inputs] if isinstance(inputs, (list, tuple)) else [inputs]
    return [*given, *flat(initial_state)]


def checked_mask(layer: Layer, mask: Array | None, x: Array) -> Array | None:
    """Return the mask of x's steps.

    Raises:
        ShapeError: It is not one value a step.
    """
    if mask is not None:
        # That of a layer before may have axes for what is within a step.
        own, inputs = ((None, *one.shape[1:]) for one in (mask, x))
        where = f"{layer.label}(mask=...)"
        report(mask_problems(where, own, inputs, layer.mask_axes(x.ndim)), ShapeError)
    return mask


def reset_rows(layer: Layer) -> None:
    """Set the state that `layer` carries from batch to batch to zero.

    Raises:
        ArgumentError: It carries none.
    """
    if not layer.carries_rows:
        raise ArgumentError(
            f"{layer.label}: got a layer that keeps no states, expected stateful=True."
        )
    held = layer._held()
    for name in layer.row_state:
        if name in held:
            held.set(name, jnp.zeros_like(held[name]))
