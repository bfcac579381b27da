"""What the convolutions with one kernel for all channels share."""

from collections.abc import Iterator
from typing import Any

from pellucid import constraints, initializers, regularizers
from pellucid.description import count, option, part
from pellucid.errors import Problem
from pellucid.layers.convolution.kernel_layer import KernelLayer
from pellucid.layers.weight import Weight
from pellucid.layers.window import per_axis, to_padding
from pellucid.types import PerAxis


class FilterLayer(KernelLayer):
    """Base of the convolutions with `filters` outputs that each see every channel.

    Args:
        filters: Number of output channels, at least 1.
        kernel_size: Size of the kernel along each axis of space.
        strides: Steps of the kernel along each axis of space.
        padding: "valid" or "same".
        kernel_initializer: First values of the kernel.
        kernel_regularizer: Penalty on the kernel.
        kernel_constraint: Bound on the kernel after each update.
    """

    filters: int = count(meaning="the number of output channels")
    kernel_size: PerAxis = option(convert=per_axis(1))
    strides: PerAxis = option(default=1, convert=per_axis(1))
    padding: str = option(default="valid", convert=to_padding)
    kernel_initializer: Any = part(initializers.get, default="glorot_uniform", kw_only=True)
    kernel_regularizer: Any = part(regularizers.get, default=None, kw_only=True)
    kernel_constraint: Any = part(constraints.get, default=None, kw_only=True)

    def problems(self) -> Iterator[Problem]:
        if max(self.strides) > 1 and max(self.dilation_rate) > 1:
            yield Problem(
                type(self).__name__,
                f"strides={self.strides} and dilation_rate={self.dilation_rate}",
                "one of the two to be 1",
                "Put the strides into a layer of their own, such as a pooling layer.",
            )

    def output_channels(self, channels: int) -> int:
        return self.filters

    def kernel(self, *ends: int) -> Weight:
        """Return the declaration of a kernel whose last two axes have the sizes `ends`."""
        return Weight(
            (*self.kernel_size, *ends),
            self.kernel_initializer,
            self.kernel_regularizer,
            self.kernel_constraint,
        )
