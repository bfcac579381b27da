"""What the poolings over windows share."""

from collections.abc import Mapping, Sequence

from pellucid.description import option
from pellucid.errors import Problem
from pellucid.layers.context import Context
from pellucid.layers.spatial import SpatialLayer
from pellucid.layers.window import Window, per_axis, to_padding
from pellucid.types import Array, PerAxis, Shape


class PoolingLayer(SpatialLayer):
    """Base of the poolings over windows; a subclass says in `pooled` what is kept of each.

    Args:
        pool_size: Size of the window along each axis of space.
        strides: Steps of the window along each axis of space; None for `pool_size`.
        padding: "valid" or "same".
    """

    pool_size: PerAxis = option(convert=per_axis(1))
    strides: PerAxis = option(default=None, convert=per_axis(1, optional=True))
    padding: str = option(default="valid", convert=to_padding)

    def pooled(self, inputs: Array) -> Array:
        """Return one value for each window; channels are last in both."""
        raise NotImplementedError(f"{type(self).__name__} must define pooled().")

    @property
    def window(self) -> Window:
        """How the pool slides over the inputs."""
        strides = self.strides or self.pool_size
        return Window("pool_size", self.pool_size, strides, self.padding, (1,) * self.space)

    def output_sizes(self, sizes: Shape) -> Shape:
        return self.window.counts(sizes)

    def spatial_problems(self, shape: Shape) -> Sequence[Problem]:
        return self.window.problems(self, shape)

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Array:
        return self.channels_back(self.pooled(self.channels_to_end(inputs)))
