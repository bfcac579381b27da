"""The contract of a recurrent cell."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import jax.numpy as jnp

from pellucid.errors import Problem, ShapeError, report
from pellucid.layers.base import Given, Layer
from pellucid.layers.context import Context
from pellucid.layers.weight import Weight
from pellucid.ops.recurrence import scan_cell
from pellucid.types import Array, Shape, Shapes
from pellucid.wording import count_text


class Cell(Layer):
    """One step of a recurrent network: a layer of inputs and the state before them.

    A cell of one's own declares fields, says how long its states are, which weights it has for
    the inputs of a step, and what a step computes. `RNN` runs it over sequences:

        >>> import jax.numpy as jnp, numpy as np, pellucid
        >>> class Leaky(pellucid.layers.Cell):
        ...     units: int
        ...     @property
        ...     def state_size(self):
        ...         return self.units
        ...     def build(self, shape):
        ...         first = pellucid.initializers.Ones()
        ...         return {"kernel": pellucid.layers.Weight((shape[-1], self.units), first)}
        ...     def step(self, weights, inputs, states, context):
        ...         state = 0.5 * states[0] + inputs @ weights["kernel"]
        ...         return state, [state]
        >>> x = np.array([[[1.0], [2.0], [4.0]]], "float32")
        >>> pellucid.layers.RNN(Leaky(1), return_sequences=True)(x)[0, :, 0].tolist()
        [1.0, 2.5, 5.25]

    A cell called by itself makes one step: `outputs, states = cell(inputs, states)`.

    Input shape:
        Inputs of a step (batch, features), and states as `state_shapes` says.
    Output shape:
        Outputs (batch, units) and as many states as there were.

    Differs from Keras: `step` is a pure function of weights, inputs, states and context.
    """

    takes_more: ClassVar[bool] = True
    minimum_rank: ClassVar[int] = 2

    # -- what a cell defines ------------------------------------------------------------

    @property
    def state_size(self) -> Any:
        """Length of the state, or a list of lengths where there are several states."""
        raise NotImplementedError(f"{type(self).__name__} must define state_size.")

    def step(
        self, weights: Mapping[str, Array], inputs: Array, states: list[Array], context: Context
    ) -> tuple[Array, list[Array]]:
        """Return the outputs of a step and the states after it; a pure function.

        Args:
            weights: The arrays declared by `build`, by name.
            inputs: Inputs of the step, the batch axis first.
            states: The states that the step before left; zeros before the first step.
            context: Whether this is training, and a random key.
        """
        raise NotImplementedError(f"{type(self).__name__} must define step().")

    # -- what follows from it -----------------------------------------------------------

    def state_shapes(self, shape: Shape) -> list[Shape]:
        """Return the shapes of the states, no batch axis, for a step's inputs of `shape`."""
        return [(size,) for size in self._state_sizes]

    @property
    def number_of_states(self) -> int:
        """How many states there are."""
        return len(self._state_sizes)

    @property
    def _state_sizes(self) -> list[int]:
        size = self.state_size
        return [*size] if isinstance(size, (list, tuple)) else [size]

    def get_initial_state(self, batch_size: int) -> list[Any]:
        """Return the states before the first step, all 0, for so many rows.

        Example:
            >>> import pellucid
            >>> [one.shape for one in pellucid.layers.LSTMCell(4).get_initial_state(2)]
            [(2, 4), (2, 4)]
        """
        return [jnp.zeros((batch_size, size)) for size in self._state_sizes]

    def nest(self, states: Sequence[Any]) -> list[Any]:
        """Return flat states in the form in which the cell's caller gets them."""
        return [*states]

    def output_shape(self, shape: Any) -> Shape:
        return self.state_shapes(_first(shape))[0]

    def output_count(self, settings: tuple[str, ...] = ()) -> int:
        return 1 + self.number_of_states

    def output_shapes(self, shape: Any, settings: tuple[str, ...] = ()) -> list[Shape]:
        return [self.output_shape(shape), *self.state_shapes(_first(shape))]

    def declared(self, shape: Any, batch_size: int | None = None) -> Mapping[str, Weight]:
        report(self.shape_problems(shape), ShapeError)
        return self.build(_first(shape))

    def shape_problems(self, shape: Any) -> Sequence[Problem]:
        inputs, *states = shape if isinstance(shape, list) else [shape]
        return super().shape_problems(inputs) or state_problems(self, self, inputs, states)

    def over(
        self,
        weights: Mapping[str, Array],
        inputs: Array,
        states: list[Array],
        context: Context,
        **loop: Any,
    ) -> tuple[Array, list[Array]]:
        """Return outputs and last states of a whole sequence.

        Args:
            weights: The arrays declared by `build`.
            inputs: Shape (batch, steps, ...).
            states: The first states.
            context: Whether this is training, and a random key.
            loop: `mask`, `reverse`, `return_sequences` and `zero_output_for_mask` of
                `pellucid.ops.recurrence.scan_cell`.
        """

        def one_step(inputs: Array, states: list[Array]) -> tuple[Array, list[Array]]:
            outputs, following = self.step(weights, inputs, states, context)
            return outputs, self._like(states, following)

        return scan_cell(one_step, inputs, states, **loop)

    def _like(self, states: list[Array], following: Any) -> list[Array]:
        """Return the states after a step, which must be like those before it."""
        several = isinstance(following, (list, tuple))
        found = [*following] if several else [following]
        given, expected = [[one.shape for one in listed] for listed in (found, states)]
        if given != expected:
            shown = f"states of shapes {given} after a step"
            report([Problem(f"{self.label}.step", shown, f"{expected}, as before it")], ShapeError)
        return [new.astype(old.dtype) for new, old in zip(found, states, strict=True)]

    def apply(self, weights: Mapping[str, Array], inputs: Any, context: Context) -> Any:
        x, *states = inputs if isinstance(inputs, list) else [inputs]
        states = first_states(self, x, x.shape[1:], states)
        outputs, following = self.step(weights, x, states, context)
        return [outputs, *self._like(states, following)]

    def arrange(self, inputs: Any, *more: Any, states: Any = None, **options: Any) -> Given:
        if more and states is None:
            states, more = more[0], more[1:]
        return super().arrange([*_listed(inputs), *flat(states)], *more, **options)

    def __call__(self, inputs: Any, *more: Any, **options: Any) -> Any:
        outputs, *states = super().__call__(inputs, *more, **options)
        given = more[0] if more else options.get("states", [])
        single = len(states) == 1 and not isinstance(given, (list, tuple))
        return outputs, states[0] if single else self.nest(states)


def _first(shape: Shapes) -> Shape:
    return shape[0] if isinstance(shape, list) else shape


def _listed(value: Any) -> list[Any]:
    return [*value] if isinstance(value, (list, tuple)) else [value]


def flat(states: Any) -> list[Any]:
    """Return states, however nested, in one list."""
    if states is None:
        return []
    return [leaf for one in _listed(states) for leaf in _leaves(one)]


def _leaves(state: Any) -> list[Any]:
    return flat(state) if isinstance(state, (list, tuple)) else [state]


def first_states(cell: Cell, x: Array, step: Shape, given: Sequence[Array]) -> list[Array]:
    """Return the states before the first step, in the type of `x`: those given, or zeros.

    Args:
        cell: The cell.
        x: Inputs, the batch axis first.
        step: Shape of a step's inputs, no batch axis.
        given: The states that the caller gave, or none.
    """
    if given:
        return [state.astype(x.dtype) for state in given]
    return [jnp.zeros((x.shape[0], *shape), x.dtype) for shape in cell.state_shapes(step)]


def state_problems(
    layer: Layer, cell: Cell, step: Shape, states: Sequence[Shape]
) -> Sequence[Problem]:
    """Return what is wrong with initial states of these shapes, for a step's inputs of `step`."""
    if not states:
        return []
    expected = cell.state_shapes(step)
    if len(states) == len(expected) and all(map(_fits, states, expected)):
        return []
    shown = " and ".join(str((None, *shape)) for shape in states)
    wanted = " and ".join(str((None, *shape)) for shape in expected)
    given = f"{count_text(len(states), 'state')} of shape {shown}"
    return [Problem(layer.label, given, f"{count_text(len(expected), 'state')} of shape {wanted}")]


def _fits(given: Shape, expected: Shape) -> bool:
    pairs = zip(given, expected, strict=False)
    return len(given) == len(expected) and all(None in pair or len({*pair}) == 1 for pair in pairs)
