"""Regularisers: penalties on a weight or on a layer's outputs, added to the loss."""

from collections.abc import Callable
from typing import Any, ClassVar

import jax.numpy as jnp

from pellucid.description import Description, choice, number, option
from pellucid.errors import ShapeError
from pellucid.ops.normalize import to_unit_length
from pellucid.types import Array
from pellucid.vocabulary import Vocabulary


class Regularizer(Description):
    """Base of the regularisers; one of one's own defines `__call__(x)`, a scalar."""

    kind: ClassVar[str] = "regularizer"

    def __call__(self, x: Array) -> Array:
        """Return the penalty on `x`, a scalar."""
        raise NotImplementedError(f"{type(self).__name__} must define __call__().")


STRENGTH = "the strength of the penalty"


class L1(Regularizer):
    """Penalty on absolute values: `l1 * sum(abs(x))`. It drives small values to zero.

    Args:
        l1: Strength, at least 0.

    Example:
        >>> import numpy as np, pellucid
        >>> float(pellucid.regularizers.L1(0.5)(np.array([1.0, -3.0], "float32")))
        2.0

    Source: Tibshirani, "Regression Shrinkage and Selection via the Lasso" (1996).
    """

    l1: float = number(default=0.01, low=0, meaning=STRENGTH)

    def __call__(self, x: Array) -> Array:
        x = jnp.asarray(x)
        return jnp.asarray(self.l1, x.dtype) * jnp.sum(jnp.abs(x))


class L2(Regularizer):
    """Penalty on squares: `l2 * sum(x**2)`. It keeps values small.

    Args:
        l2: Strength, at least 0.

    Example:
        >>> import numpy as np, pellucid
        >>> float(pellucid.regularizers.L2(0.5)(np.array([1.0, -3.0], "float32")))
        5.0

    Source: Krogh and Hertz, "A Simple Weight Decay Can Improve Generalization" (1991).
    """

    l2: float = number(default=0.01, low=0, meaning=STRENGTH)

    def __call__(self, x: Array) -> Array:
        x = jnp.asarray(x)
        return jnp.asarray(self.l2, x.dtype) * jnp.sum(jnp.square(x))


class L1L2(Regularizer):
    """Both penalties: `l1 * sum(abs(x)) + l2 * sum(x**2)`.

    Args:
        l1: Strength of the penalty on absolute values, at least 0.
        l2: Strength of the penalty on squares, at least 0.

    Example:
        >>> import numpy as np, pellucid
        >>> float(pellucid.regularizers.L1L2(l1=0.5, l2=0.5)(np.array([1.0, -3.0], "float32")))
        7.0

    Source: Zou and Hastie, "Regularization and Variable Selection via the Elastic Net" (2005).
    """

    l1: float = number(default=0.0, low=0, meaning=STRENGTH)
    l2: float = number(default=0.0, low=0, meaning=STRENGTH)

    def __call__(self, x: Array) -> Array:
        return L1.__call__(self, x) + L2.__call__(self, x)  # type: ignore[arg-type]


class OrthogonalRegularizer(Regularizer):
    """Penalty on rows (or columns) that point the same way.

    `factor` times the mean of the absolute cosines between all pairs of rows.

    Args:
        factor: Strength, at least 0.
        mode: "rows" or "columns": which vectors are to be orthogonal.

    Raises:
        ShapeError: The penalised array is not a matrix.

    Example:
        >>> import numpy as np, pellucid
        >>> float(pellucid.regularizers.OrthogonalRegularizer(0.5)(np.ones((2, 4), "float32")))
        0.5
    """

    factor: float = number(default=0.01, low=0, meaning=STRENGTH)
    mode: str = choice(("rows", "columns"), default="rows")

    def __call__(self, x: Array) -> Array:
        if x.ndim != 2:
            raise ShapeError(
                f"OrthogonalRegularizer: got an array of shape {tuple(x.shape)}, "
                "expected a matrix (two axes)."
            )
        vectors = to_unit_length(x if self.mode == "rows" else x.T, axis=1)
        size = vectors.shape[0]
        cosines = jnp.matmul(vectors, vectors.T) * (1 - jnp.eye(size, dtype=x.dtype))
        pairs = size * (size - 1) / 2
        x = jnp.asarray(x)
        return jnp.asarray(self.factor, x.dtype) * 0.5 * jnp.sum(jnp.abs(cosines)) / pairs


class FunctionRegularizer(Regularizer):
    """A regulariser made from a plain function `f(x) -> scalar`; it cannot be saved."""

    function: Callable[[Array], Array] = option()

    def __call__(self, x: Array) -> Array:
        return self.function(x)


l1 = L1
l2 = L2
l1_l2 = L1L2
orthogonal_regularizer = OrthogonalRegularizer

REGULARIZERS = Vocabulary(
    "regularizer",
    {cls.__name__: cls for cls in (L1, L2, L1L2, OrthogonalRegularizer)},
    aliases={"l1l2": "L1L2"},
    wrap=FunctionRegularizer,
)


def get(identifier: Any) -> Any:
    """Return the regulariser meant by a name, class, configuration, function or object.

    Example:
        >>> import pellucid
        >>> pellucid.regularizers.get("l2")
        L2()
    """
    return REGULARIZERS.get(identifier)
