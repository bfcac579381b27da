"""What all convolutions share."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from pellucid import activations, constraints, initializers, regularizers
from pellucid.activations import ActivationLike
from pellucid.description import flag, option, part
from pellucid.errors import Problem
from pellucid.layers.common import activated, activated_shape, known_size, penalised
from pellucid.layers.context import Context
from pellucid.layers.spatial import SpatialLayer
from pellucid.layers.weight import Weight
from pellucid.layers.window import Window, per_axis
from pellucid.types import Array, PerAxis, Shape


class KernelLayer(SpatialLayer):
    """Base of the convolutions: `activation(convolved(inputs) + bias)`.

    A subclass declares `kernel_size`, `strides` and `padding`, says in `kernels` which kernels
    there are and in `convolved` what is done with them. Fields with a value for each axis of space
    stand in a family's base as they are for one axis; layers over more axes declare their own.

    Args:
        dilation_rate: Distance between the kernel's taps along each axis of space.
        activation: Name or function, applied to the outputs; None for none.
        use_bias: Whether a bias is added to each channel of the outputs.
        bias_initializer: First values of the bias, shape (output channels,).
        bias_regularizer: Penalty on the bias.
        activity_regularizer: Penalty on the outputs, summed over a row, averaged over rows.
        bias_constraint: Bound on the bias after each update.
    """

    ends_in_activation: ClassVar[bool] = True

    dilation_rate: PerAxis = option(default=1, convert=per_axis(1), kw_only=True)
    activation: ActivationLike = part(activations.get, default=None, kw_only=True)
    use_bias: bool = flag(default=True, kw_only=True)
    bias_initializer: Any = part(initializers.get, default="zeros", kw_only=True)
    bias_regularizer: Any = part(regularizers.get, default=None, kw_only=True)
    activity_regularizer: Any = part(regularizers.get, default=None, kw_only=True)
    bias_constraint: Any = part(constraints.get, default=None, kw_only=True)

    @property
    def window(self) -> Window:
        """How the kernel slides over the inputs."""
        own: Any = self  # subclasses declare these fields, each family in Keras's order
        return Window("kernel_size", own.kernel_size, own.strides, own.padding, own.dilation_rate)

    def kernels(self, channels: int) -> dict[str, Weight]:
        """Return the kernels for inputs with so many channels."""
        raise NotImplementedError(f"{type(self).__name__} must define kernels().")

    def convolved(self, weights: Mapping[str, Array], inputs: Array) -> Array:
        """Return the inputs convolved, without bias; channels are last in both."""
        raise NotImplementedError(f"{type(self).__name__} must define convolved().")

    def output_sizes(self, sizes: Shape) -> Shape:
        return self.window.counts(sizes)

    def spatial_problems(self, shape: Shape) -> Sequence[Problem]:
        return self.window.problems(self, shape)

    def build(self, shape: Shape) -> Mapping[str, Weight]:
        channels = known_size(self, shape, self.channel_axis)
        declared = self.kernels(channels)
        if self.use_bias:
            declared["bias"] = Weight(
                (self.output_channels(channels),),
                self.bias_initializer,
                self.bias_regularizer,
                self.bias_constraint,
            )
        return declared

    def output_shape(self, shape: Shape) -> Shape:
        return activated_shape(self.activation, super().output_shape(shape))

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Any:
        outputs = self.convolved(weights, self.channels_to_end(inputs))
        if self.use_bias:
            outputs = outputs + weights["bias"]
        outputs = activated(self.activation, self.channels_back(outputs))
        return penalised(outputs, self.activity_regularizer, context)
