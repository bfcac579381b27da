"""The loop of a cell that knows its own derivatives.

What the inputs give to a step, g_t = x_t W, is one product for all steps, made before the loop.
A step makes of it, and of the states before it, the states after it; h is the first of them:

    s_t = F(g_t, s_{t-1}; U)                                               t = 1 … T

Write ∂s for the gradient of the loss with respect to s. The chain rule runs back through the
steps (Werbos, "Backpropagation Through Time", 1990):

    ∂h_t += ∂(outputs of step t)
    ∂g_t, ∂s_{t-1} = the derivatives of F at step t, applied to ∂s_t       t = T … 1
    ∂U = Σ_t h_{t-1}ᵀ ∂g_t                                     one product, after the loop

JAX would derive the same, but add to ∂U in every step and keep all that lies between. Here a
step keeps its gates, in the place of the g_t that they were computed from, and the states.

Arrays lie time first, (steps, batch, columns), so that what a step reads and writes is one piece
of memory. Where there is a mask, the loops run from the first step at which any row is real to
the last such step: short sequences in a long array do not pay for its length.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar, NamedTuple, Protocol, TypeAlias

import jax
import jax.numpy as jnp
from jax import lax

from pellucid.processor import full_products
from pellucid.types import Array

States: TypeAlias = tuple[Array, ...]
"""The states of a cell, shape (batch, units) each; h, which is also the output, first."""

Columns: TypeAlias = Callable[..., Array]
"""`columns(first, count=1)`: `count` gates of one step, side by side, from the first on."""


class Weights(NamedTuple):
    """What all steps share.

    Args:
        recurrent_kernel: Shape (units, gates * units).
        bias: Shape (gates * units,), or (2, gates * units) for cells with two; None for none.
        mask: Shape (batch, units), multiplies h before its products; None for none.
    """

    recurrent_kernel: Array
    bias: Array | None = None
    mask: Array | None = None

    def dropped(self, h: Array) -> Array:
        """Return `h`, of one step or of all, as its products see it."""
        return h if self.mask is None else h * self.mask

    def recall(self, h: Array) -> Array:
        """Return what the state gives to all gates: h U + b."""
        product = self.dropped(h) @ self.recurrent_kernel
        return product if self.bias is None else product + self.bias

    def turned(self) -> "Weights":
        """Return these weights with Uᵀ for U, made once, before the steps."""
        return self._replace(recurrent_kernel=self.recurrent_kernel.T)


class Kept(NamedTuple):
    """What a step keeps for the way back.

    Args:
        gates: Its gates, in blocks that lie side by side; as wide as what was given to it.
        more: Further arrays of shape (batch, units).
    """

    gates: tuple[Array, ...] = ()
    more: tuple[Array, ...] = ()


class Cell(Protocol):
    """A cell and its derivatives.

    Attributes:
        keeps_more: Number of arrays of shape (batch, units) that a step keeps beside its gates.
    """

    keeps_more: ClassVar[int]

    def forward(self, given: Columns, states: States, weights: Weights) -> tuple[States, Kept]:
        """Return the states after a step, and what it keeps.

        Args:
            given: What the inputs give to each gate.
            states: The states before the step.
            weights: What all steps share.
        """
        ...

    def backward(
        self,
        gates: Columns,
        more: tuple[Array, ...],
        before: States,
        after: States,
        changes: States,
        weights: Weights,
    ) -> tuple[tuple[Array, ...], States]:
        """Return ∂ of what was given to a step, in blocks, and ∂ of the states before it.

        Args:
            gates: The gates that the step kept.
            more: What else it kept.
            before: The states before it.
            after: The states after it.
            changes: ∂ of the states after it.
            weights: What all steps share, `turned()`.
        """
        ...

    def gradients(
        self, changes: Array, gates: Array, before: Array, weights: Weights
    ) -> tuple[Array, Array]:
        """Return ∂ of the recurrent kernel and of the bias.

        Args:
            changes: ∂ of what was given to all steps, shape (steps, batch, gates * units).
            gates: The gates of all steps, of the same shape.
            before: h before each step as its products saw it, shape (steps, batch, units).
            weights: What all steps share.
        """
        ...


def summed_products(left: Array, right: Array) -> Array:
    """Return Σ leftᵀ right over steps and rows, of arrays of shape (steps, batch, columns)."""
    return jnp.tensordot(left, right, axes=((0, 1), (0, 1)))


class Span(NamedTuple):
    """Which steps are run, and in which order.

    Args:
        start: The first of them in time.
        stop: The one after the last.
        reverse: Whether to run from the last to the first.
    """

    start: Any
    stop: Any
    reverse: bool

    def run(self, step: Callable[[Any, Any], Any], carry: Any) -> Any:
        """Return what `carry = step(t, carry)` makes of `carry` for every step t in order."""

        def turn(number: Any, carry: Any) -> Any:
            return step(self.start + self.stop - 1 - number if self.reverse else number, carry)

        return lax.fori_loop(self.start, self.stop, turn, carry)

    def before(self, t: Any) -> Any:
        """Return where the states before step t lie among the states between the steps."""
        return t + 1 if self.reverse else t

    def after(self, t: Any) -> Any:
        """Return where the states after step t lie among the states between the steps."""
        return t if self.reverse else t + 1


def span_of(real: Array | None, steps: int, reverse: bool) -> Span:
    """Return the steps from the first to the last at which any row is real.

    Args:
        real: Shape (steps, batch, 1), True at real steps; None when all are real.
        steps: Number of steps.
        reverse: Whether to run from the last to the first.
    """
    if real is None:
        return Span(0, steps, reverse)
    used = jnp.any(real, axis=(1, 2))
    first, last = jnp.argmax(used), steps - 1 - jnp.argmax(used[::-1])
    return Span(first, jnp.where(used[first], last + 1, first), reverse)


class Trace(NamedTuple):
    """What a run leaves behind.

    Args:
        gates: What was given to the steps, with what they kept of their gates written over it.
        more: What else they kept.
        states: The states between the steps, shape (steps + 1, batch, units) each.
    """

    gates: Array
    more: tuple[Array, ...]
    states: States


def run(
    cell: Cell,
    reverse: bool,
    sequences: bool,
    given: Array,
    states: States,
    weights: Weights,
    real: Array | None,
) -> tuple[Array | None, States]:
    """Return h after each step, and the final states.

    Args:
        cell: The cell.
        reverse: Whether to run from the last step to the first.
        sequences: Whether h after each step is wanted.
        given: What the inputs give to each step, shape (steps, batch, gates * units).
        states: The first states.
        weights: What all steps share. No gradient reaches their mask.
        real: Shape (steps, batch, 1), True at real steps; None when all are real. A masked step
            leaves the states as they are.

    Returns:
        Shape (steps, batch, units), zero at steps outside `span_of(real)`, or None; and states.
    """
    return _run(cell, reverse, sequences, given, states, weights, real)


@partial(jax.custom_vjp, nondiff_argnums=(0, 1, 2))
def _run(
    cell: Cell,
    reverse: bool,
    sequences: bool,
    given: Array,
    states: States,
    weights: Weights,
    real: Array | None,
) -> Any:
    noted = 1 if sequences else 0
    states, trace = _forward(cell, reverse, noted, False, given, states, weights, real)
    return _outputs(trace, reverse, sequences), states


def _forward(
    cell: Cell,
    reverse: bool,
    noted: int,
    keep: bool,
    given: Array,
    states: States,
    weights: Weights,
    real: Array | None,
) -> tuple[States, Trace]:
    """Return the final states and the trace, which has `noted` states and, if `keep`, gates."""
    steps = given.shape[0]
    span = span_of(real, steps, reverse)

    def step(t: Any, carry: tuple[States, Trace]) -> tuple[States, Trace]:
        states, trace = carry
        following, kept = cell.forward(_columns(trace.gates, t, states), states, weights)
        if real is not None:
            following = _where(_at(real, t), following, states)
        gates, more = trace.gates, trace.more
        if keep:
            gates = _put_blocks(gates, kept.gates, t)
            more = tuple(map(partial(_put, t=t), more, kept.more))
        between = tuple(map(partial(_put, t=span.after(t)), trace.states, following))
        return following, Trace(gates, more, between)

    first = span.before(span.stop - 1 if reverse else span.start)
    blank = [jnp.zeros((steps + 1, *state.shape), state.dtype) for state in states[:noted]]
    between = tuple(map(partial(_put, t=first), blank, states))
    more = tuple(jnp.zeros((steps, *states[0].shape), given.dtype) for _ in range(cell.keeps_more))
    return span.run(step, (states, Trace(given, more if keep else (), between)))


def _outputs(trace: Trace, reverse: bool, sequences: bool) -> Array | None:
    if not sequences:
        return None
    return trace.states[0][:-1] if reverse else trace.states[0][1:]


def _run_and_keep(
    cell: Cell,
    reverse: bool,
    sequences: bool,
    given: Array,
    states: States,
    weights: Weights,
    real: Array | None,
) -> tuple[tuple[Array | None, States], tuple[Trace, Weights, Array | None]]:
    final, trace = _forward(cell, reverse, len(states), True, given, states, weights, real)
    return (_outputs(trace, reverse, sequences), final), (trace, weights, real)


@full_products()  # which JAX calls when the gradient is asked for, outside the layer
def _run_back(
    cell: Cell,
    reverse: bool,
    sequences: bool,
    kept: tuple[Trace, Weights, Array | None],
    changes: tuple[Array | None, States],
) -> tuple[Array, States, Weights, None]:
    trace, weights, real = kept
    of_outputs, of_states = changes
    span = span_of(real, trace.gates.shape[0], reverse)
    turned = weights.turned()

    def step(t: Any, carry: tuple[States, Array]) -> tuple[States, Array]:
        changes, of_given = carry
        if of_outputs is not None:
            changes = (changes[0] + _at(of_outputs, t), *changes[1:])
        none = tuple(map(jnp.zeros_like, changes))
        passed = none if real is None else _where(_at(real, t), none, changes)
        if real is not None:
            changes = _where(_at(real, t), changes, none)
        blocks, changes = cell.backward(
            _columns(trace.gates, t, changes),
            tuple(_at(array, t) for array in trace.more),
            tuple(_at(array, span.before(t)) for array in trace.states),
            tuple(_at(array, span.after(t)) for array in trace.states),
            changes,
            turned,
        )
        if real is not None:
            changes = tuple(map(jnp.add, changes, passed))
        return changes, _put_blocks(of_given, blocks, t)

    back = span._replace(reverse=not reverse)
    of_states, of_given = back.run(step, (of_states, jnp.zeros_like(trace.gates)))
    before = trace.states[0][1:] if reverse else trace.states[0][:-1]
    of_kernel, of_bias = cell.gradients(of_given, trace.gates, weights.dropped(before), weights)
    of_weights = Weights(of_kernel, None if weights.bias is None else of_bias, None)
    return of_given, of_states, of_weights, None


_run.defvjp(_run_and_keep, _run_back)


# -- one step's part of an array over all steps ------------------------------------------------
# XLA vectorises a loop over elements only if each slice in it is taken in one place. So gates
# are taken one by one from memory, not cut from one slice.


def _at(array: Array, t: Any) -> Array:
    return lax.dynamic_index_in_dim(array, t, keepdims=False, allow_negative_indices=False)


def _put(array: Array, value: Array, t: Any) -> Array:
    return _put_blocks(array, (value,), t)


def _put_blocks(array: Array, blocks: tuple[Array, ...], t: Any) -> Array:
    """Return `array` with `blocks` side by side as its part of step t.

    The last is put first: what it was computed from has then been read, and nothing is copied.
    """
    place = sum(block.shape[-1] for block in blocks)
    for block in reversed(blocks):
        place -= block.shape[-1]
        where = (t, 0, place)
        array = lax.dynamic_update_slice(array, block[None], where, allow_negative_indices=False)
    return array


def _columns(array: Array, t: Any, states: States) -> Columns:
    rows, units = states[0].shape

    def columns(first: int, count: int = 1) -> Array:
        size = (1, rows, count * units)
        place = (t, 0, first * units)
        return lax.dynamic_slice(array, place, size, allow_negative_indices=False)[0]

    return columns


def _where(real: Array, new: States, old: States) -> States:
    return tuple(jnp.where(real, one, other) for one, other in zip(new, old, strict=True))
