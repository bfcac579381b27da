"""The densely connected layer."""

from collections.abc import Mapping
from typing import Any, ClassVar

from pellucid import activations, constraints, initializers, regularizers
from pellucid.activations import ActivationLike
from pellucid.description import count, flag, part
from pellucid.layers.base import Layer
from pellucid.layers.common import activated, activated_shape, known_size, penalised
from pellucid.layers.context import Context
from pellucid.layers.weight import Weight
from pellucid.ops.linear import project
from pellucid.types import Array, Shape


class Dense(Layer):
    """Every output sees every input: `activation(inputs @ kernel + bias)`.

    Args:
        units: Number of outputs, at least 1.
        activation: Name or function, applied to the outputs; None for none.
        use_bias: Whether a bias is added.
        kernel_initializer: First values of the kernel, shape (inputs, units).
        bias_initializer: First values of the bias, shape (units,).
        kernel_regularizer: Penalty on the kernel.
        bias_regularizer: Penalty on the bias.
        activity_regularizer: Penalty on the outputs, summed over a row, averaged over rows.
        kernel_constraint: Bound on the kernel after each update.
        bias_constraint: Bound on the bias after each update.

    Input shape:
        (batch, ..., inputs).
    Output shape:
        (batch, ..., units).

    Raises:
        ArgumentError: `units` is not a positive whole number, or a name is unknown.

    Example:
        >>> import numpy as np, pellucid
        >>> pellucid.layers.Dense(4, activation="relu")(np.ones((2, 3), "float32")).shape
        (2, 4)

    Source: Goodfellow, Bengio, Courville, "Deep Learning" (2016), chapter 6.
    """

    passes_mask: ClassVar[bool] = True
    minimum_rank: ClassVar[int] = 2
    ends_in_activation: ClassVar[bool] = True

    units: int = count(meaning="the number of outputs")
    activation: ActivationLike = part(activations.get, default=None)
    use_bias: bool = flag(default=True, kw_only=True)
    kernel_initializer: Any = part(initializers.get, default="glorot_uniform", kw_only=True)
    bias_initializer: Any = part(initializers.get, default="zeros", kw_only=True)
    kernel_regularizer: Any = part(regularizers.get, default=None, kw_only=True)
    bias_regularizer: Any = part(regularizers.get, default=None, kw_only=True)
    activity_regularizer: Any = part(regularizers.get, default=None, kw_only=True)
    kernel_constraint: Any = part(constraints.get, default=None, kw_only=True)
    bias_constraint: Any = part(constraints.get, default=None, kw_only=True)

    def build(self, shape: Shape) -> Mapping[str, Weight]:
        kernel = Weight(
            (known_size(self, shape), self.units),
            self.kernel_initializer,
            self.kernel_regularizer,
            self.kernel_constraint,
        )
        if not self.use_bias:
            return {"kernel": kernel}
        bias = Weight(
            (self.units,), self.bias_initializer, self.bias_regularizer, self.bias_constraint
        )
        return {"kernel": kernel, "bias": bias}

    def output_shape(self, shape: Shape) -> Shape:
        return activated_shape(self.activation, (*shape[:-1], self.units))

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Any:
        outputs = project(inputs, weights["kernel"])
        if self.use_bias:
            outputs = outputs + weights["bias"]
        outputs = activated(self.activation, outputs)
        return penalised(outputs, self.activity_regularizer, context)
