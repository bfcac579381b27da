"""Optax's gradient transformations, taken as optimisers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
from jax import lax

from pellucid.description import Refusal, option
from pellucid.errors import NotSaveableError
from pellucid.optimizers.base import Optimizer
from pellucid.optimizers.rule import Role, Scalars, Slots
from pellucid.optimizers.schedules.base import to_rate
from pellucid.tree import Layout
from pellucid.types import Array


@dataclass(frozen=True)
class Transformation:
    """The two functions of a gradient transformation, compared by identity."""

    init: Callable[..., Any]
    update: Callable[..., Any]


def is_transformation(value: Any) -> bool:
    """Say whether `value` has the two functions of an Optax `GradientTransformation`."""
    functions = (getattr(value, "init", None), getattr(value, "update", None))
    return not isinstance(value, (type, Optimizer)) and all(callable(one) for one in functions)


def _to_transformation(value: Any) -> Transformation:
    if not is_transformation(value):
        raise Refusal("an Optax gradient transformation, with functions init and update")
    return value if isinstance(value, Transformation) else Transformation(value.init, value.update)


class OptaxOptimizer(Optimizer):
    """An Optax gradient transformation, such as `optax.adamw(1e-3)`, as an optimiser.

    `w = w + rate * u`, where `u` are the updates that the transformation returns. It sees all
    parameters as a list of arrays, so global norms and the like mean what they say.

    Args:
        learning_rate: Multiplies the updates, which have a learning rate of their own: 1 for
            the updates as they are, 0.1 for a tenth.
        transformation: The Optax object. Its numbers are part of the compiled program.

    See `Optimizer` for the arguments that all optimisers share.

    Raises:
        ArgumentError: `transformation` has no functions `init` and `update`.
        NotSaveableError: The configuration is asked for; a file cannot hold the functions.

    Example:
        >>> import numpy as np, optax, pellucid
        >>> sgd = pellucid.optimizers.get(optax.sgd(0.5))
        >>> sgd.apply([np.ones(2)], [np.ones(2, "float32")])[0].tolist()
        [0.5, 0.5]

    Differs from Keras: not in Keras.
    """

    learning_rate: Any = option(default=1.0, convert=to_rate, tunable=True)
    transformation: Any = option(convert=_to_transformation, kw_only=True)

    def get_config(self) -> dict[str, Any]:
        raise NotSaveableError(
            "OptaxOptimizer: got an Optax transformation, which is made of Python functions, "
            "expected an optimizer that can be described: a model file holds no code. "
            "Compile with one of Pellucid's own before saving, such as "
            "pellucid.optimizers.AdamW(1e-3), or keep the weights alone with save_weights."
        )

    def slots(self, shape: tuple[int, ...]) -> dict[str, Any]:
        return {"state": self.transformation.init([jnp.zeros(shape, jnp.float32)])}

    def update(
        self,
        parameter: Array,
        gradient: Array,
        slots: Slots,
        scalars: Scalars,
        step: Array,
        learning_rate: Array,
    ) -> tuple[Array, Slots]:
        moved, state = self._move([parameter], [gradient], slots["state"], step, learning_rate)
        return moved[0], {"state": state}

    def first_slots(self, layout: Layout, roles: Sequence[Role]) -> Any:
        zeros = [jnp.zeros(shape, jnp.float32) for shape in layout.shapes]
        return jax.tree.map(jnp.array, self.transformation.init(zeros))

    def update_all(
        self,
        layout: Layout,
        parameters: Array,
        gradients: Array,
        slots: Any,
        scalars: Scalars,
        step: Array,
        learning_rate: Array,
    ) -> tuple[Array, Any]:
        arrays, slopes = layout.unpack(parameters), layout.unpack(gradients)
        moved, slots = self._move(arrays, slopes, slots, step, learning_rate)
        return layout.pack(moved), slots

    def _move(
        self, arrays: list[Array], slopes: list[Array], state: Any, step: Array, rate: Array
    ) -> tuple[list[Array], Any]:
        # Some transformations start from the parameters, which are known at the first step.
        state = lax.cond(
            jnp.equal(step, 0), lambda: self.transformation.init(arrays), lambda: state
        )
        updates, state = self.transformation.update(slopes, state, arrays)
        pairs = zip(arrays, updates, strict=True)
        return [array + rate * change for array, change in pairs], state
