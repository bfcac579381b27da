"""Constraints: projections applied to a weight after each update."""

from collections.abc import Callable
from typing import Any, ClassVar

import jax.numpy as jnp

from pellucid.description import Description, axis_number, number, option
from pellucid.types import Array
from pellucid.vocabulary import Vocabulary

EPSILON = 1e-7
"""Added to norms, so that a vector of zeros can be divided by its norm."""


class Constraint(Description):
    """Base of the constraints; one of one's own defines `__call__(w)`, the projected array."""

    kind: ClassVar[str] = "constraint"

    def __call__(self, w: Array) -> Array:
        """Return `w` projected onto what is allowed."""
        raise NotImplementedError(f"{type(self).__name__} must define __call__().")


def _norm(w: Array, axis: int | tuple[int, ...]) -> Array:
    return jnp.sqrt(jnp.sum(jnp.square(w), axis=axis, keepdims=True))


class MaxNorm(Constraint):
    """Bound on the length of each unit's incoming weights: `norm <= max_value`.

    Args:
        max_value: Greatest allowed norm, at least 0.
        axis: Axis (or axes) along which norms are taken. 0 for the kernel of `Dense`,
            (0, 1, 2) for that of `Conv2D`.

    Example:
        >>> import numpy as np, pellucid
        >>> w = pellucid.constraints.MaxNorm(1.0)(np.array([[3.0], [4.0]], "float32"))
        >>> print(np.asarray(w).round(4))
        [[0.6]
         [0.8]]

    Source: Srivastava et al., "Dropout" (2014), section 5.1.
    """

    max_value: float = number(default=2.0, low=0)
    axis: Any = axis_number(default=0, several=True)

    def __call__(self, w: Array) -> Array:
        norms = _norm(w, self.axis)
        return w * (jnp.clip(norms, 0, self.max_value) / (EPSILON + norms))


class MinMaxNorm(Constraint):
    """Bounds on the length of each unit's incoming weights from below and above.

    Args:
        min_value: Least allowed norm, at least 0.
        max_value: Greatest allowed norm, at least 0.
        rate: Share of the way that each step goes: 1 is strict, less pulls gently.
        axis: Axis (or axes) along which norms are taken.

    Example:
        >>> import numpy as np, pellucid
        >>> w = pellucid.constraints.MinMaxNorm(2.0, 3.0)(np.array([[1.0]], "float32"))
        >>> w.round(4).tolist()
        [[2.0]]
    """

    min_value: float = number(default=0.0, low=0)
    max_value: float = number(default=1.0, low=0)
    rate: float = number(default=1.0, low=0, high=1)
    axis: Any = axis_number(default=0, several=True)

    def __call__(self, w: Array) -> Array:
        norms = _norm(w, self.axis)
        bounded = jnp.clip(norms, self.min_value, self.max_value)
        desired = self.rate * bounded + (1 - self.rate) * norms
        return w * (desired / (EPSILON + norms))


class NonNeg(Constraint):
    """Bound from below: `max(w, 0)`.

    Example:
        >>> import numpy as np, pellucid
        >>> pellucid.constraints.NonNeg()(np.array([-1.0, 2.0], "float32")).tolist()
        [0.0, 2.0]
    """

    def __call__(self, w: Array) -> Array:
        return jnp.maximum(w, 0)


class UnitNorm(Constraint):
    """Length 1 for each unit's incoming weights: `w / norm`.

    Args:
        axis: Axis (or axes) along which norms are taken.

    Example:
        >>> import numpy as np, pellucid
        >>> w = pellucid.constraints.UnitNorm()(np.array([[3.0], [4.0]], "float32"))
        >>> print(np.asarray(w).round(4))
        [[0.6]
         [0.8]]
    """

    axis: Any = axis_number(default=0, several=True)

    def __call__(self, w: Array) -> Array:
        return w / (EPSILON + _norm(w, self.axis))


class FunctionConstraint(Constraint):
    """A constraint made from a plain function `f(w) -> w`; it cannot be saved."""

    function: Callable[[Array], Array] = option()

    def __call__(self, w: Array) -> Array:
        return self.function(w)


max_norm = MaxNorm
min_max_norm = MinMaxNorm
non_neg = NonNeg
unit_norm = UnitNorm

CONSTRAINTS = Vocabulary(
    "constraint",
    {cls.__name__: cls for cls in (MaxNorm, MinMaxNorm, NonNeg, UnitNorm)},
    wrap=FunctionConstraint,
)


def get(identifier: Any) -> Any:
    """Return the constraint meant by a name, class, configuration, function or object.

    Example:
        >>> import pellucid
        >>> pellucid.constraints.get("non_neg")
        NonNeg()
    """
    return CONSTRAINTS.get(identifier)
