"""The layers that combine several inputs value by value."""

import functools
import operator
from collections.abc import Sequence
from typing import Any, ClassVar

import jax.numpy as jnp

from pellucid.layers.merge import Merge
from pellucid.types import Array


class Add(Merge):
    """Add the inputs, value by value.

    Input shape:
        A list of arrays, (batch, ...) each; sizes are equal, or 1, which is repeated.
    Output shape:
        (batch, ...), the sizes that the inputs are repeated to.

    Raises:
        ShapeError: The shapes do not fit together.

    Example:
        >>> import numpy as np, pellucid
        >>> a, b = np.array([[1.0]], "float32"), np.array([[2.0]], "float32")
        >>> pellucid.layers.Add()([a, b]).tolist()
        [[3.0]]
    """

    def merge(self, inputs: Sequence[Array], real: Sequence[Array | bool]) -> Array:
        total = inputs[0]
        for one in inputs[1:]:
            total = total + one
        return total


def add(inputs: Sequence[Any], **options: Any) -> Any:
    """Return the sum of `inputs`: `Add(**options)(inputs)`.

    Example:
        >>> import numpy as np, pellucid
        >>> a, b = np.array([[1.0]], "float32"), np.array([[2.0]], "float32")
        >>> pellucid.layers.add([a, b]).tolist()
        [[3.0]]
    """
    return Add(**options)(inputs)


class Subtract(Merge):
    """Subtract the second input from the first, value by value.

    Input shape:
        Two arrays, (batch, ...) each; sizes are equal, or 1, which is repeated.
    Output shape:
        (batch, ...), the sizes that the inputs are repeated to.

    Raises:
        ShapeError: The shapes do not fit together, or there are not two inputs.

    Example:
        >>> import numpy as np, pellucid
        >>> a, b = np.array([[1.0]], "float32"), np.array([[2.0]], "float32")
        >>> pellucid.layers.Subtract()([a, b]).tolist()
        [[-1.0]]
    """

    number_of_inputs: ClassVar[int | None] = 2

    def merge(self, inputs: Sequence[Array], real: Sequence[Array | bool]) -> Array:
        return inputs[0] - inputs[1]


def subtract(inputs: Sequence[Any], **options: Any) -> Any:
    """Return the difference of `inputs`: `Subtract(**options)(inputs)`.

    Example:
        >>> import numpy as np, pellucid
        >>> a, b = np.array([[1.0]], "float32"), np.array([[2.0]], "float32")
        >>> pellucid.layers.subtract([a, b]).tolist()
        [[-1.0]]
    """
    return Subtract(**options)(inputs)


class Multiply(Merge):
    """Multiply the inputs, value by value.

    Where an input is padding it counts as 1; where all are, the product is 0.

    Input shape:
        A list of arrays, (batch, ...) each; sizes are equal, or 1, which is repeated.
    Output shape:
        (batch, ...), the sizes that the inputs are repeated to.

    Raises:
        ShapeError: The shapes do not fit together.

    Example:
        >>> import numpy as np, pellucid
        >>> a, b = np.array([[1.0]], "float32"), np.array([[2.0]], "float32")
        >>> pellucid.layers.Multiply()([a, b]).tolist()
        [[2.0]]
    """

    def merge(self, inputs: Sequence[Array], real: Sequence[Array | bool]) -> Array:
        filled = [jnp.where(own, one, 1) for own, one in zip(real, inputs, strict=True)]
        product = functools.reduce(operator.mul, filled)
        return jnp.where(functools.reduce(operator.or_, real), product, 0)


def multiply(inputs: Sequence[Any], **options: Any) -> Any:
    """Return the product of `inputs`: `Multiply(**options)(inputs)`.

    Example:
        >>> import numpy as np, pellucid
        >>> a, b = np.array([[1.0]], "float32"), np.array([[2.0]], "float32")
        >>> pellucid.layers.multiply([a, b]).tolist()
        [[2.0]]
    """
    return Multiply(**options)(inputs)


class Average(Merge):
    """Average the inputs, value by value.

    Input shape:
        A list of arrays, (batch, ...) each; sizes are equal, or 1, which is repeated.
    Output shape:
        (batch, ...), the sizes that the inputs are repeated to.

    Raises:
        ShapeError: The shapes do not fit together.

    Example:
        >>> import numpy as np, pellucid
        >>> a, b = np.array([[1.0]], "float32"), np.array([[2.0]], "float32")
        >>> pellucid.layers.Average()([a, b]).tolist()
        [[1.5]]
    """

    def merge(self, inputs: Sequence[Array], real: Sequence[Array | bool]) -> Array:
        total = inputs[0]
        for one in inputs[1:]:
            total = total + one
        return total / len(inputs)


def average(inputs: Sequence[Any], **options: Any) -> Any:
    """Return the mean of `inputs`: `Average(**options)(inputs)`.

    Example:
        >>> import numpy as np, pellucid
        >>> a, b = np.array([[1.0]], "float32"), np.array([[2.0]], "float32")
        >>> pellucid.layers.average([a, b]).tolist()
        [[1.5]]
    """
    return Average(**options)(inputs)


class Extreme(Merge):
    """Base of the layers that choose among the inputs, value by value."""

    def choose(self, one: Array, other: Array) -> Array:
        """Return the one or the other for each value."""
        raise NotImplementedError(f"{type(self).__name__} must define choose().")

    def merge(self, inputs: Sequence[Array], real: Sequence[Array | bool]) -> Array:
        chosen, known = inputs[0], real[0]
        for one, own in zip(inputs[1:], real[1:], strict=True):
            rival = jnp.where(own, one, chosen)
            chosen = self.choose(jnp.where(known, chosen, rival), rival)
            known = known | own
        return chosen


class Maximum(Extreme):
    """Take the greatest of the inputs, value by value.

    Where an input is padding it has no part; where all are, the first one stands.

    Input shape:
        A list of arrays, (batch, ...) each; sizes are equal, or 1, which is repeated.
    Output shape:
        (batch, ...), the sizes that the inputs are repeated to.

    Raises:
        ShapeError: The shapes do not fit together.

    Example:
        >>> import numpy as np, pellucid
        >>> a, b = np.array([[1.0]], "float32"), np.array([[2.0]], "float32")
        >>> pellucid.layers.Maximum()([a, b]).tolist()
        [[2.0]]
    """

    def choose(self, one: Array, other: Array) -> Array:
        return jnp.maximum(one, other)


def maximum(inputs: Sequence[Any], **options: Any) -> Any:
    """Return the maximum of `inputs`: `Maximum(**options)(inputs)`.

    Example:
        >>> import numpy as np, pellucid
        >>> a, b = np.array([[1.0]], "float32"), np.array([[2.0]], "float32")
        >>> pellucid.layers.maximum([a, b]).tolist()
        [[2.0]]
    """
    return Maximum(**options)(inputs)


class Minimum(Extreme):
    """Take the least of the inputs, value by value.

    Where an input is padding it has no part; where all are, the first one stands.

    Input shape:
        A list of arrays, (batch, ...) each; sizes are equal, or 1, which is repeated.
    Output shape:
        (batch, ...), the sizes that the inputs are repeated to.

    Raises:
        ShapeError: The shapes do not fit together.

    Example:
        >>> import numpy as np, pellucid
        >>> a, b = np.array([[1.0]], "float32"), np.array([[2.0]], "float32")
        >>> pellucid.layers.Minimum()([a, b]).tolist()
        [[1.0]]
    """

    def choose(self, one: Array, other: Array) -> Array:
        return jnp.minimum(one, other)


def minimum(inputs: Sequence[Any], **options: Any) -> Any:
    """Return the minimum of `inputs`: `Minimum(**options)(inputs)`.

    Example:
        >>> import numpy as np, pellucid
        >>> a, b = np.array([[1.0]], "float32"), np.array([[2.0]], "float32")
        >>> pellucid.layers.minimum([a, b]).tolist()
        [[1.0]]
    """
    return Minimum(**options)(inputs)
