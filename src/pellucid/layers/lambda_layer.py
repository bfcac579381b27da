"""The layer that applies a function of one's own."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import jax

from pellucid import activations
from pellucid.description import Refusal, option
from pellucid.layers.base import Layer
from pellucid.layers.common import traced_shape
from pellucid.layers.context import Context
from pellucid.types import Array, Shape


def _to_function(value: Any) -> Callable[..., Array]:
    if isinstance(value, str):
        return activations.get(value)
    if not callable(value):
        raise Refusal("a function of arrays")
    return value


def _to_arguments(value: Any) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Refusal("a dictionary of keyword arguments for the function")
    return dict(value)


class Lambda(Layer):
    """Apply a function of one's own to the inputs.

    The function must be one that JAX can trace: written with `jax.numpy`, the batch axis first
    in what it takes and returns. A model with a `Lambda` trains, but cannot be saved, because
    files hold no code; write a small `Layer` class for that.

    Args:
        function: Takes one array, or a list of arrays if called on several.
        arguments: Further keyword arguments for the function.

    Input shape:
        (batch, ...), or a list of such.
    Output shape:
        (batch, ...), found by tracing the function.

    Raises:
        NotSaveableError: The layer's configuration is asked for, and the function is not a
            known activation.

    Example:
        >>> import numpy as np, pellucid
        >>> pellucid.layers.Lambda(lambda x: x * 2)(np.ones((1, 2), "float32")).tolist()
        [[2.0, 2.0]]

    Differs from Keras: no `output_shape` is needed nor taken; a model file never holds the
    function.
    """

    takes_list: ClassVar[bool] = True
    any_type: ClassVar[bool] = True
    removed: ClassVar[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
        "output_shape": lambda given: "Leave it out: the function is traced for its shape.",
    }

    function: Callable[..., Array] = option(convert=_to_function)
    arguments: Any = option(default=None, convert=_to_arguments)

    def output_shape(self, shape: Sequence[Shape]) -> Shape:
        return traced_shape(lambda *arrays: self._call(arrays), shape)

    def _call(self, arrays: Sequence[Array]) -> Array:
        given = list(arrays) if len(arrays) > 1 else arrays[0]
        return self.function(given, **self.arguments)

    def apply(self, weights: Mapping[str, Array], inputs: Any, context: Context) -> Array:
        return self._call([jax.numpy.asarray(one) for one in inputs])
