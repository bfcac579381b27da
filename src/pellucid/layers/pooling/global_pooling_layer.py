"""What the poolings over whole inputs share."""

from collections.abc import Mapping, Sequence

from pellucid.description import flag
from pellucid.errors import Problem
from pellucid.layers.context import Context
from pellucid.layers.spatial import SpatialLayer
from pellucid.types import Array, Shape


class GlobalPoolingLayer(SpatialLayer):
    """Base of the poolings over whole inputs; a subclass says in `pooled` what is kept.

    Args:
        keepdims: Whether the axes of space stay, with the size 1.
    """

    keepdims: bool = flag(default=False, kw_only=True)

    def pooled(self, inputs: Array, context: Context) -> Array:
        """Return one value for each channel."""
        raise NotImplementedError(f"{type(self).__name__} must define pooled().")

    def output_sizes(self, sizes: Shape) -> Shape:
        return (1,) * self.space if self.keepdims else ()

    def spatial_problems(self, shape: Shape) -> Sequence[Problem]:
        if 0 not in self.sizes_of(shape):
            return []
        given = f"inputs of shape {(None, *shape)}"
        return [Problem(self.label, given, "at least one value for each channel")]

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Array:
        return self.pooled(inputs, context)
