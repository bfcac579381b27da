"""Long short-term memories whose products are convolutions."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import jax.numpy as jnp

from pellucid import activations
from pellucid.activations import ActivationLike
from pellucid.description import flag, option, part
from pellucid.errors import Problem
from pellucid.layers.common import known_size
from pellucid.layers.context import Context
from pellucid.layers.convolution.filter_layer import FilterLayer
from pellucid.layers.recurrent.lstm_cell import bias_start
from pellucid.layers.recurrent.options import RecurrentOptions
from pellucid.layers.recurrent.recurrent import Recurrent
from pellucid.layers.weight import Weight
from pellucid.layers.window import per_axis
from pellucid.ops.conv import convolve
from pellucid.ops.recurrence import scan_cell
from pellucid.types import Array, PerAxis, Shape


class ConvLSTM(RecurrentOptions, Recurrent, FilterLayer):
    """Base of `ConvLSTM1D`, `ConvLSTM2D` and `ConvLSTM3D`.

    Args:
        activation: Name or function of candidate and memory; None for none.
        recurrent_activation: Name or function that opens and closes the gates; None for none.
        unit_forget_bias: Whether the bias of the forget gate starts at 1.
    """

    ends_in_activation: ClassVar[bool] = False

    activation: ActivationLike = part(activations.get, default="tanh", kw_only=True)
    recurrent_activation: ActivationLike = part(activations.get, default="sigmoid", kw_only=True)
    unit_forget_bias: bool = flag(default=True, kw_only=True)

    def own_cell(self) -> "ConvolutionalCell":
        return ConvolutionalCell(self)

    def shape_problems(self, shape: Any) -> Sequence[Problem]:
        sequence = shape[0] if isinstance(shape, list) else shape
        if len(sequence) != self.space + 2:
            given = f"inputs of shape {(None, *sequence)}"
            names = ", ".join(("batch", "steps", *self._axis_names))
            return [Problem(self.label, given, f"{self.space + 3} axes: ({names})")]
        step = tuple(sequence[1:])
        if None in self.sizes_of(step):
            given = f"inputs of shape {(None, *sequence)} with sizes left open"
            fix = "Give them in Input(shape=...)."
            return [Problem(self.label, given, "known sizes: the states are as large", fix)]
        return self.spatial_problems(step) or super().shape_problems(shape)


class ConvolutionalCell:
    """The cell of a convolutional LSTM, as `Recurrent` uses one.

    Args:
        layer: The layer that configures it.
    """

    number_of_states = 2

    def __init__(self, layer: ConvLSTM) -> None:
        self.layer: Any = layer

    def nest(self, states: Sequence[Any]) -> list[Any]:
        """Return the states as the caller gets them."""
        return [*states]

    def declared(self, shape: Shape) -> Mapping[str, Weight]:
        """Return the weights for a step's inputs of `shape`."""
        layer = self.layer
        channels, gates = known_size(layer, shape, layer.channel_axis), 4 * layer.filters
        return layer.declared_weights(
            (*layer.kernel_size, channels, gates),
            (*layer.kernel_size, layer.filters, gates),
            (gates,),
            bias_start(layer, layer.unit_forget_bias),
        )

    def output_shape(self, shape: Shape) -> Shape:
        """Return the shape of a step's outputs."""
        sizes, filters = self.layer.output_sizes(self.layer.sizes_of(shape)), self.layer.filters
        return (filters, *sizes) if self.layer.channels_first else (*sizes, filters)

    def state_shapes(self, shape: Shape) -> list[Shape]:
        """Return the shapes of the states h and c."""
        return [self.output_shape(shape)] * 2

    def over(
        self,
        weights: Mapping[str, Array],
        inputs: Array,
        states: list[Array],
        context: Context,
        **loop: Any,
    ) -> tuple[Array, list[Array]]:
        """Return outputs and last states of a whole sequence; see `Cell.over`."""
        layer = self.layer
        kept = layer.state_mask(states[0], context)
        kept = None if kept is None else layer.channels_to_end(kept)
        ones = (1,) * layer.space

        def one_step(given: Array, before: list[Array]) -> tuple[Array, list[Array]]:
            h, c = before
            recalled = h if kept is None else h * kept
            gates = given + convolve(recalled, weights["recurrent_kernel"], ones, "same")
            i, f, g, o = jnp.split(gates, 4, axis=-1)
            i, f, o = (layer.recurrent_activation(gate) for gate in (i, f, o))
            c = f * c + i * layer.activation(g)
            h = o * layer.activation(c)
            return h, [h, c]

        given = self._convolved(weights, layer.drop_inputs(inputs, context, steps=True))
        first = [layer.channels_to_end(state) for state in states]
        outputs, following = scan_cell(one_step, given, first, **loop)
        if layer.channels_first:
            outputs = jnp.moveaxis(outputs, -1, -1 - layer.space)
        return outputs, [layer.channels_back(state) for state in following]

    def _convolved(self, weights: Mapping[str, Array], inputs: Array) -> Array:
        """Return what the inputs of all steps add to the gates, channels last."""
        layer = self.layer
        rows = layer.channels_to_end(inputs.reshape(-1, *inputs.shape[2:]))
        given = convolve(rows, weights["kernel"], layer.strides, layer.padding, layer.dilation_rate)
        given = given + weights["bias"] if layer.use_bias else given
        return given.reshape(*inputs.shape[:2], *given.shape[1:])


class ConvLSTM1D(ConvLSTM):
    """A long short-term memory over sequences of lines: products become convolutions.

    The formulas are those of `LSTM` with convolutions in the place of `x W` and `h U`.

    Args:
        filters: Number of channels of the outputs, at least 1.
        kernel_size: Size of the kernels, which see the inputs and the state.
        strides: Steps of the kernel over the inputs.
        padding: "valid" for whole windows of the inputs only, "same" for zeros around them.
        data_format: "channels_first" or "channels_last"; None is "channels_last".
        dilation_rate: Distance between the kernel's taps over the inputs.
        options: The others of `LSTM`.

    Input shape:
        (batch, steps, size, channels); channels before the size with
        data_format="channels_first".
    Output shape:
        (batch, new_size, filters), with an axis of steps for `return_sequences`; then, with
        `return_state`, the states h and c.

    Example:
        >>> import numpy as np, pellucid
        >>> pellucid.layers.ConvLSTM1D(4, 3)(np.ones((2, 5, 9, 1), "float32")).shape
        (2, 7, 4)

    Source: Shi et al., "Convolutional LSTM Network" (2015).
    """

    space: ClassVar[int] = 1


class ConvLSTM2D(ConvLSTM):
    """A long short-term memory over sequences of images: products become convolutions.

    The formulas are those of `LSTM` with convolutions in the place of `x W` and `h U`.

    Args:
        filters: Number of channels of the outputs, at least 1.
        kernel_size: Height and width of the kernels, which see the inputs and the state.
        strides: Steps of the kernel over the inputs; one number for both axes.
        padding: "valid" for whole windows of the inputs only, "same" for zeros around them.
        data_format: "channels_first" or "channels_last"; None is "channels_last".
        dilation_rate: Distance between the kernel's taps over the inputs.
        options: The others of `LSTM`.

    Input shape:
        (batch, steps, height, width, channels); channels before the sizes with
        data_format="channels_first".
    Output shape:
        (batch, new_height, new_width, filters), with an axis of steps for `return_sequences`;
        then, with `return_state`, the states h and c.

    Example:
        >>> import numpy as np, pellucid
        >>> pellucid.layers.ConvLSTM2D(4, 3)(np.ones((2, 5, 9, 9, 1), "float32")).shape
        (2, 7, 7, 4)

    Source: Shi et al., "Convolutional LSTM Network" (2015).
    """

    space: ClassVar[int] = 2

    kernel_size: PerAxis = option(convert=per_axis(2))
    strides: PerAxis = option(default=1, convert=per_axis(2))
    dilation_rate: PerAxis = option(default=1, convert=per_axis(2), kw_only=True)


class ConvLSTM3D(ConvLSTM):
    """A long short-term memory over sequences of volumes: products become convolutions.

    The formulas are those of `LSTM` with convolutions in the place of `x W` and `h U`.

    Args:
        filters: Number of channels of the outputs, at least 1.
        kernel_size: Depth, height and width of the kernels, which see the inputs and the state.
        strides: Steps of the kernel over the inputs; one number for all axes.
        padding: "valid" for whole windows of the inputs only, "same" for zeros around them.
        data_format: "channels_first" or "channels_last"; None is "channels_last".
        dilation_rate: Distance between the kernel's taps over the inputs.
        options: The others of `LSTM`.

    Input shape:
        (batch, steps, depth, height, width, channels); channels before the sizes with
        data_format="channels_first".
    Output shape:
        (batch, new_depth, new_height, new_width, filters), with an axis of steps for
        `return_sequences`; then, with `return_state`, the states h and c.

    Example:
        >>> import numpy as np, pellucid
        >>> pellucid.layers.ConvLSTM3D(2, 3)(np.ones((1, 2, 4, 4, 4, 1), "float32")).shape
        (1, 2, 2, 2, 2)

    Source: Shi et al., "Convolutional LSTM Network" (2015).
    """

    space: ClassVar[int] = 3

    kernel_size: PerAxis = option(convert=per_axis(3))
    strides: PerAxis = option(default=1, convert=per_axis(3))
    dilation_rate: PerAxis = option(default=1, convert=per_axis(3), kw_only=True)
