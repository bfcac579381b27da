"""What the layers over steps, images and volumes share."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import jax.numpy as jnp

from pellucid.description import choice
from pellucid.errors import Problem, ShapeError, report
from pellucid.layers.base import Layer
from pellucid.layers.context import Context
from pellucid.types import Array, Shape

CHANNELS_FIRST = "channels_first"
DATA_FORMATS = (None, "channels_last", CHANNELS_FIRST)

AXES = {1: ("steps",), 2: ("height", "width"), 3: ("depth", "height", "width")}
"""How the axes of space are called."""

THINGS = {1: "Sequences", 2: "Images", 3: "Volumes"}


IMAGE_CHANNELS = (1, 3, 4)
"""Channels of images: grey, colours, colours and opacity."""


def _looks_channels_first(shape: Shape) -> bool:
    """Return True for a few channels and then a square of at least eight times the size."""
    if len(shape) != 3:
        return False
    channels, height, width = shape
    if channels not in IMAGE_CHANNELS or height is None:
        return False
    return height == width and height >= 8 * channels


class SpatialLayer(Layer):
    """Base of the layers over steps (1D), images (2D) and volumes (3D).

    A subclass says what becomes of the sizes and of the channels and computes with the
    channels last; this class knows where they lie.

    Args:
        data_format: "channels_first" for inputs of shape (batch, channels, *sizes); None or
            "channels_last" for (batch, *sizes, channels).
    """

    space: ClassVar[int] = 1
    """Number of the axes of space."""

    data_format: str | None = choice(DATA_FORMATS, default=None, kw_only=True)

    # -- what a subclass defines --------------------------------------------------------

    def output_sizes(self, sizes: Shape) -> Shape:
        """Return the sizes of the axes of space behind the layer; None stays None."""
        return sizes

    def output_channels(self, channels: int) -> int:
        """Return the number of channels behind the layer."""
        return channels

    def spatial_problems(self, shape: Shape) -> Sequence[Problem]:
        """Return what is wrong with inputs of `shape`, which has the right number of axes."""
        return []

    # -- what follows from it -----------------------------------------------------------

    @property
    def channels_first(self) -> bool:
        """True where the inputs' channels come before the axes of space."""
        return self.data_format == CHANNELS_FIRST

    @property
    def channel_axis(self) -> int:
        """The place of the channels in a shape without the batch axis."""
        return 0 if self.channels_first else -1

    @property
    def space_axes(self) -> tuple[int, ...]:
        """The axes of space in an array."""
        first = 2 if self.channels_first else 1
        return tuple(range(first, first + self.space))

    def sizes_of(self, shape: Shape) -> Shape:
        """Return the sizes of the axes of space."""
        return shape[1:] if self.channels_first else shape[:-1]

    def channels_to_end(self, inputs: Array) -> Array:
        """Return the inputs with the channels last."""
        return jnp.moveaxis(inputs, 1, -1) if self.channels_first else inputs

    def channels_back(self, outputs: Array) -> Array:
        """Return outputs whose channels are last in the layer's own format."""
        return jnp.moveaxis(outputs, -1, 1) if self.channels_first else outputs

    def output_shape(self, shape: Shape) -> Shape:
        sizes = self.output_sizes(self.sizes_of(shape))
        given = shape[self.channel_axis]
        channels = None if given is None else self.output_channels(given)
        return (channels, *sizes) if self.channels_first else (*sizes, channels)

    def shape_problems(self, shape: Shape) -> Sequence[Problem]:
        if len(shape) != self.space + 1:
            return [self._rank_problem(shape)]
        return self.spatial_problems(shape)

    def doubts(self, shape: Any) -> Sequence[Problem]:
        if self.space != 2 or self.data_format is not None or not _looks_channels_first(shape):
            return []
        given = f"inputs of shape {(None, *shape)}, which look like images with channels first"
        fix = (
            "Turn them by np.moveaxis(x, 1, -1), or write data_format='channels_first'. If they "
            "are as they should be, write data_format='channels_last'."
        )
        return [Problem(self.label, given, "(batch, height, width, channels)", fix)]

    def run(self, weights: Mapping[str, Array], inputs: Any, context: Context) -> Any:
        # Sizes that the network leaves open are known only now.
        several = isinstance(inputs, list)
        shape: Any = [one.shape[1:] for one in inputs] if several else inputs.shape[1:]
        report(self.shape_problems(shape), ShapeError)
        return super().run(weights, inputs, context)

    def _rank_problem(self, shape: Shape) -> Problem:
        names = ", ".join(self._axis_names)
        given = f"inputs of shape {(None, *shape)}"
        expected = f"{self.space + 2} axes: (batch, {names})"
        return Problem(self.label, given, expected, " ".join(self._rank_advice(len(shape))))

    @property
    def _axis_names(self) -> list[str]:
        names = AXES[self.space]
        return ["channels", *names] if self.channels_first else [*names, "channels"]

    def _rank_advice(self, rank: int) -> list[str]:
        """Return sentences for inputs with `rank` axes beside the batch axis."""
        advice = []
        if rank == self.space:
            channel = "x[:, None]" if self.channels_first else "x[..., None]"
            advice.append(
                f"{THINGS[self.space]} without a channel axis get one by {channel}, "
                "a single one gets its batch axis by x[None]."
            )
        elif rank < self.space:
            advice.append(f"Add Reshape(({', '.join(self._axis_names)})) before it.")
        family = type(self).__base__ or Layer
        for other in family.__subclasses__():
            if issubclass(other, SpatialLayer) and other.space + 1 == rank:
                advice.append(f"For {rank + 1} axes there is {other.__name__}.")
        return advice
