"""What the convolutions that keep channels apart share."""

from typing import Any

from pellucid import constraints, initializers, regularizers
from pellucid.description import count, part
from pellucid.layers.convolution.kernel_layer import KernelLayer
from pellucid.layers.weight import Weight


class DepthwiseLayer(KernelLayer):
    """Base of the convolutions that give every channel kernels of its own.

    Args:
        depth_multiplier: Number of kernels for each channel, at least 1.
        depthwise_initializer: First values of these kernels.
        depthwise_regularizer: Penalty on these kernels.
        depthwise_constraint: Bound on these kernels after each update.
    """

    depth_multiplier: int = count(
        default=1, meaning="the number of kernels for each channel", kw_only=True
    )
    depthwise_initializer: Any = part(initializers.get, default="glorot_uniform", kw_only=True)
    depthwise_regularizer: Any = part(regularizers.get, default=None, kw_only=True)
    depthwise_constraint: Any = part(constraints.get, default=None, kw_only=True)

    def depthwise_kernel(self, channels: int) -> Weight:
        """Return the declaration of the kernels for so many channels."""
        return Weight(
            (*self.window.size, channels, self.depth_multiplier),
            self.depthwise_initializer,
            self.depthwise_regularizer,
            self.depthwise_constraint,
        )
