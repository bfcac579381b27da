"""The base of the optimisers, and Keras's stateful way of using one outside of `fit`."""

import re
import weakref
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np

from pellucid.description import bind, structure, tunables
from pellucid.errors import ArgumentError
from pellucid.optimizers.engine import OptimizerState, apply_gradients, begin, finalize
from pellucid.optimizers.rule import Role, UpdateRule
from pellucid.tree import Layout
from pellucid.types import Array


class Optimizer(UpdateRule):
    """Base of the optimisers: how parameters move against their gradients.

    An optimiser is a description; its numbers enter compiled programs as data, so another
    learning rate compiles nothing. One of one's own declares fields and defines `slots` and
    `update`:

        >>> import numpy as np, pellucid
        >>> from pellucid.description import number
        >>> class HeavyBall(pellucid.optimizers.Optimizer):
        ...     friction: float = number(0.1, low=0, high=1)
        ...     def slots(self, shape):
        ...         return {"speed": np.zeros(shape, "float32")}
        ...     def update(self, parameter, gradient, slots, scalars, step, learning_rate):
        ...         speed = (1 - self.friction) * slots["speed"] - learning_rate * gradient
        ...         return parameter + speed, {"speed": speed}
        >>> ball = HeavyBall(0.5)
        >>> ball.apply([np.ones(2)], [np.ones(2)])[0].tolist()
        [0.5, 0.5]

    Args:
        learning_rate: Number at least 0, or a schedule; may be set later.
        weight_decay: Decoupled weight decay: before each update every parameter loses
            `weight_decay * learning_rate` of itself. None for none.
        clipnorm: Greatest norm of each array's gradient; None for no bound.
        clipvalue: Greatest size of each value of the gradient; None for no bound.
        global_clipnorm: Greatest norm of all gradients together; None for no bound.
        use_ema: Whether to keep a moving average of the parameters, which replaces them at
            the end of training.
        ema_momentum: Share of the old average that is kept in each step, from 0 to 1.
        ema_overwrite_frequency: Updates after which the average replaces the parameters
            during training too; None for never.
        loss_scale_factor: Number above 0 by which the loss is multiplied and the gradients
            are divided; None for 1.
        gradient_accumulation_steps: Batches, at least 2, whose mean gradient makes one
            update; None for an update in each step. Schedules count batches.
        exclude_from_decay: Regular expressions; parameters whose path ("dense/bias")
            contains one are not decayed. May be set later.
        name: A name of one's own.

    Raises:
        ArgumentError: A number is out of range, or two bounds on gradients are given.

    Differs from Keras: all but the rule's own numbers are given by name; `learning_rate`
    reads as the number or schedule that was given, not as a variable; `apply` returns new
    arrays, since arrays of JAX cannot be changed in place.
    """

    mutable: ClassVar[frozenset[str]] = frozenset({"learning_rate", "exclude_from_decay", "name"})

    # -- Keras's names ----------------------------------------------------------------

    @property
    def lr(self) -> float:
        """The old name of `learning_rate`, refused."""
        raise AttributeError(f"{type(self).__name__}.lr: 'lr' is now called 'learning_rate'.")

    @property
    def iterations(self) -> int:
        """Number of updates made with this object, by `fit` or `apply`; 0 for a new one."""
        return steps_made(self) // (self.gradient_accumulation_steps or 1)

    def exclude_from_weight_decay(
        self, var_list: Iterable[Any] | None = None, var_names: Iterable[str] | None = None
    ) -> None:
        """Say which parameters are not decayed, replacing what was said before.

        Args:
            var_list: Weights that have a `path`, or such paths themselves.
            var_names: Regular expressions; a parameter whose path contains one is excluded.

        Example:
            >>> import pellucid
            >>> optimizer = pellucid.optimizers.AdamW()
            >>> optimizer.exclude_from_weight_decay(var_names=["bias"])
            >>> optimizer.exclude_from_decay
            ('bias',)

        Differs from Keras: the whole path is searched, so a layer's name works too.
        """
        paths = [_path_of(weight) for weight in var_list or ()]
        exact = [f"^{re.escape(path)}$" for path in paths]
        self.exclude_from_decay = (*exact, *(var_names or ()))  # type: ignore[misc]

    def apply_gradients(self, grads_and_vars: Iterable[tuple[Any, Any]]) -> None:
        """Refuse: nothing can be changed in place; see `apply`."""
        raise ArgumentError(
            f"{type(self).__name__}.apply_gradients: got pairs to change in place, expected "
            "a call that returns new arrays, since arrays of JAX cannot be changed. "
            "Write parameters = optimizer.apply(gradients, parameters)."
        )

    def apply(self, gradients: Any, parameters: Any) -> Any:
        """Return the parameters after one step, and remember this object's slots.

        For training loops of one's own; `fit` does not use it.

        Args:
            gradients: Arrays in any nesting of lists, tuples and dicts.
            parameters: Arrays in the same nesting, of the same shapes.

        Returns:
            New arrays in the same nesting, of the parameters' types; computed in float32.

        Raises:
            ArgumentError: The nesting or a shape differs, between the two or from the
                parameters of the first call.

        Example:
            >>> import numpy as np, pellucid
            >>> optimizer = pellucid.optimizers.SGD(0.5)
            >>> parameters = {"w": np.array([1.0, 2.0], "float32")}
            >>> parameters = optimizer.apply({"w": np.array([1.0, 0.0])}, parameters)
            >>> parameters["w"].tolist(), optimizer.iterations
            ([0.5, 2.0], 1)

        Differs from Keras: returns new arrays and leaves the given ones as they are.
        """
        paths, arrays, nesting = _flatten(parameters)
        _, slopes, other = _flatten(gradients)
        layout = Layout(tuple(jnp.shape(array) for array in arrays))
        self._check(layout, tuple(jnp.shape(slope) for slope in slopes), nesting == other)
        roles = self.roles(paths)
        progress = _progress.get(self) or Progress(layout, begin(self, layout, roles))
        if progress.layout != layout:
            raise ArgumentError(
                f"{type(self).__name__}.apply: got arrays of shapes {_listed(layout)}, expected "
                f"those of the first call, {_listed(progress.layout)}. "
                "Make another optimizer for other parameters."
            )
        template = _Template(self)
        numbers = [np.float32(value) for _, value in tunables(self)]
        moved, state = _step(
            template, layout, roles, numbers, arrays, slopes, progress.state, progress.steps
        )
        _progress[self] = Progress(layout, state, progress.steps + 1)
        return jax.tree.unflatten(nesting, moved)

    def finalize_variable_values(self, parameters: Any) -> Any:
        """Return the parameters to keep after a loop of one's own: averages with `use_ema`.

        Differs from Keras: returns new arrays and leaves the given ones as they are.
        """
        progress = _progress.get(self)
        if progress is None or not self.use_ema:
            return parameters
        _, arrays, nesting = _flatten(parameters)
        packed = progress.layout.pack([jnp.asarray(array) for array in arrays])
        averages = progress.layout.unpack(finalize(self, packed, progress.state))
        pairs = zip(averages, arrays, strict=True)
        kept = [new.astype(jnp.result_type(old)) for new, old in pairs]
        return jax.tree.unflatten(nesting, kept)

    def _check(self, layout: Layout, shapes: tuple[Any, ...], alike: bool) -> None:
        where = f"{type(self).__name__}.apply"
        if not alike:
            raise ArgumentError(
                f"{where}: got gradients nested otherwise than the parameters, expected one "
                "gradient for each parameter. Leave out parameters that have no gradient."
            )
        if shapes != layout.shapes:
            raise ArgumentError(
                f"{where}: got gradients of shapes {_listed(Layout(shapes))}, expected those of "
                f"the parameters, {_listed(layout)}."
            )


def _path_of(weight: Any) -> str:
    path = weight if isinstance(weight, str) else getattr(weight, "path", None)
    if not isinstance(path, str):
        raise ArgumentError(
            "exclude_from_weight_decay(var_list=...): got an array without a path, expected "
            "weights or their paths. Use var_names=['bias'] or a path such as 'dense/bias'."
        )
    return path


# -- what is kept beside an optimiser ---------------------------------------------------


@dataclass(frozen=True)
class Progress:
    """What `apply` remembers beside an optimiser."""

    layout: Layout
    state: OptimizerState
    steps: int = 0


_progress: "weakref.WeakKeyDictionary[Optimizer, Progress]" = weakref.WeakKeyDictionary()
_fitted: "weakref.WeakKeyDictionary[Optimizer, int]" = weakref.WeakKeyDictionary()


def steps_made(optimizer: Optimizer) -> int:
    """Return the number of steps made with `optimizer`, batches if it accumulates."""
    progress = _progress.get(optimizer)
    return _fitted.get(optimizer, 0) + (progress.steps if progress else 0)


def note_steps(optimizer: Optimizer, steps: int) -> None:
    """Say how many steps a training program has made with `optimizer`, for `iterations`."""
    _fitted[optimizer] = steps


# -- one compiled step for each structure of optimiser ----------------------------------


class _Template:
    """A copy of an optimiser that compares by structure, so equal ones share a program."""

    def __init__(self, optimizer: Optimizer) -> None:
        # A copy, so that the cache of programs keeps no state of the user's object alive.
        numbers = iter([value for _, value in tunables(optimizer)])
        self.optimizer = bind(optimizer, numbers)
        self.key = structure(optimizer)

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Template) and self.key == other.key


def _compiled_step(
    template: _Template,
    layout: Layout,
    roles: tuple[Role, ...],
    numbers: Sequence[Array],
    arrays: Sequence[Array],
    slopes: Sequence[Array],
    state: OptimizerState,
    step: Array,
) -> tuple[list[Array], OptimizerState]:
    optimizer = bind(template.optimizer, iter(numbers))
    parameters = layout.pack([jnp.asarray(array, jnp.float32) for array in arrays])
    gradients = layout.pack([jnp.asarray(slope, jnp.float32) for slope in slopes])
    moved, state = apply_gradients(
        optimizer, layout, parameters, gradients, state, step, roles=roles
    )
    pairs = zip(layout.unpack(moved), arrays, strict=True)
    return [new.astype(old.dtype) for new, old in pairs], state


_step = jax.jit(_compiled_step, static_argnums=(0, 1, 2))


def _flatten(tree: Any) -> tuple[list[str], list[Any], Any]:
    """Return the paths and arrays in `tree`, and its nesting."""
    pairs, nesting = jax.tree_util.tree_flatten_with_path(tree)
    paths = [jax.tree_util.keystr(path, simple=True, separator="/") for path, _ in pairs]
    return paths, [array for _, array in pairs], nesting


def _listed(layout: Layout) -> str:
    return ", ".join(str(shape) for shape in layout.shapes) or "none"
