"""The layers that drop whole channels."""

from collections.abc import Mapping
from typing import ClassVar

from pellucid.description import count, number
from pellucid.initializers import SEED
from pellucid.layers.context import Context
from pellucid.layers.noise import key_for, without_dropped
from pellucid.layers.spatial import SpatialLayer
from pellucid.ops import random
from pellucid.types import Array

RATE = "the share of channels that is dropped"


class SpatialDropout(SpatialLayer):
    """Base of the layers that, while training, drop a random share of each row's channels.

    Args:
        rate: Share of channels that is dropped, at least 0 and below 1.
        seed: Sets this layer's draws apart.
    """

    passes_mask: ClassVar[bool] = True

    rate: float = number(low=0, below=1, meaning=RATE)
    seed: int | None = count(default=None, low=0, optional=True, meaning=SEED)

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Array:
        key = key_for(context, self.seed)
        if key is None:
            return inputs
        shape = [1 if axis in self.space_axes else size for axis, size in enumerate(inputs.shape)]
        return without_dropped(inputs, random.keep(key, tuple(shape), self.rate), self.rate)


class SpatialDropout1D(SpatialDropout):
    """While training, set a random share of each row's channels to zero at every step.

    Neighbouring steps tell much the same, so that dropping single values would hide little.
    What is kept is divided by `1 - rate`.

    Args:
        rate: Share of channels that is dropped, at least 0 and below 1.
        seed: Sets this layer's draws apart; they follow the model's seed in any case.
        data_format: "channels_first" or "channels_last"; None is "channels_last".

    Input shape:
        (batch, steps, channels).
    Output shape:
        The same.

    Raises:
        ArgumentError: `rate` is out of range.

    Example:
        >>> import numpy as np, pellucid
        >>> layer = pellucid.layers.SpatialDropout1D(0.5)
        >>> outputs = layer(np.ones((1, 3, 99), "float32"), training=True)
        >>> bool((outputs[0, 0] == outputs[0, 1]).all()), sorted(set(outputs[0, 0].tolist()))
        (True, [0.0, 2.0])

    Source: Tompson et al., "Efficient Object Localization Using Convolutional Networks" (2015).

    Differs from Keras: a rate of 1, which drops everything, is refused.
    """

    space: ClassVar[int] = 1


class SpatialDropout2D(SpatialDropout):
    """While training, set a random share of each image's channels to zero everywhere.

    Neighbouring pixels tell much the same, so that dropping single values would hide little.
    What is kept is divided by `1 - rate`.

    Args:
        rate: Share of channels that is dropped, at least 0 and below 1.
        seed: Sets this layer's draws apart; they follow the model's seed in any case.
        data_format: "channels_first" or "channels_last"; None is "channels_last".

    Input shape:
        (batch, height, width, channels).
    Output shape:
        The same.

    Raises:
        ArgumentError: `rate` is out of range.

    Example:
        >>> import numpy as np, pellucid
        >>> layer = pellucid.layers.SpatialDropout2D(0.5)
        >>> outputs = layer(np.ones((1, 3, 3, 99), "float32"), training=True)
        >>> sorted(set(outputs.sum(axis=(1, 2))[0].tolist()))
        [0.0, 18.0]

    Source: Tompson et al., "Efficient Object Localization Using Convolutional Networks" (2015).

    Differs from Keras: a rate of 1, which drops everything, is refused.
    """

    space: ClassVar[int] = 2


class SpatialDropout3D(SpatialDropout):
    """While training, set a random share of each volume's channels to zero everywhere.

    What is kept is divided by `1 - rate`.

    Args:
        rate: Share of channels that is dropped, at least 0 and below 1.
        seed: Sets this layer's draws apart; they follow the model's seed in any case.
        data_format: "channels_first" or "channels_last"; None is "channels_last".

    Input shape:
        (batch, depth, height, width, channels).
    Output shape:
        The same.

    Raises:
        ArgumentError: `rate` is out of range.

    Example:
        >>> import numpy as np, pellucid
        >>> layer = pellucid.layers.SpatialDropout3D(0.5)
        >>> outputs = layer(np.ones((1, 2, 2, 2, 99), "float32"), training=True)
        >>> sorted(set(outputs.sum(axis=(1, 2, 3))[0].tolist()))
        [0.0, 16.0]

    Source: Tompson et al., "Efficient Object Localization Using Convolutional Networks" (2015).

    Differs from Keras: a rate of 1, which drops everything, is refused.
    """

    space: ClassVar[int] = 3
