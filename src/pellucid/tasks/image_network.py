"""Convolutional networks that suit images of a size, and their number."""

from collections.abc import Sequence
from dataclasses import dataclass

from pellucid import layers
from pellucid.data.file_rows import FileRows, in_parts
from pellucid.layers import Input, Layer
from pellucid.layers.symbolic import SymbolicTensor
from pellucid.models import Model
from pellucid.optimizers import Adam
from pellucid.optimizers.schedules import CosineDecay
from pellucid.tasks.image_augmentation import variation_layers
from pellucid.tasks.image_form import ImageForm
from pellucid.types import NumpyArray

LEAST_SIDE = 6
"""Pixels of the shorter side from which on another block halves it."""

LEAST_BLOCKS = 2
"""Blocks even of small images: with one, what is looked at together is too small."""

LARGE_SIDE = 48
"""Pixels of the shorter side from which on a first convolution halves it, for a quarter of time."""

MOST_FILTERS, LEAST_FILTERS = 64, 16

LEAST_FOR_RESIDUAL = 20_000
"""Images to learn from, from which on a deeper network with shortcuts is worth its time."""

RATE = 2e-3
"""The highest learning rate."""

WARM_UP = 0.05
"""Share of the steps in which the rate rises to it."""

MOMENTUM = 0.9
"""Share of the old value in moving averages: small data have few steps in an epoch."""

BATCHES = 1000
"""Images that are looked at at once for mean and variance."""


@dataclass(frozen=True)
class ImageDesign:
    """A network for images.

    Args:
        filters: Number of filters of each block; each halves height and width.
        residual: Whether shortcuts lead past the convolutions.
        shrinks: Whether a convolution before the blocks halves height and width too.
    """

    filters: tuple[int, ...]
    residual: bool = False
    shrinks: bool = False

    def text(self) -> str:
        """Return the design in words."""
        kind = "Residual" if self.residual else "Convolutional"
        widths = "-".join(str(one) for one in self.filters)
        return f"{kind} network, blocks of {widths} filters."


def design_for(form: ImageForm, images: int) -> ImageDesign:
    """Return the network that suits so many images of one form.

    Args:
        form: Their size.
        images: How many there are to learn from.
    """
    side, blocks = min(form.height, form.width), 0
    shrinks = side >= LARGE_SIDE
    side = -(-side // 2) if shrinks else side
    while side >= LEAST_SIDE or blocks < LEAST_BLOCKS:
        side, blocks = -(-side // 2), blocks + 1
    filters = (max(LEAST_FILTERS, MOST_FILTERS >> (blocks - 1 - one)) for one in range(blocks))
    return ImageDesign(tuple(filters), images >= LEAST_FOR_RESIDUAL, shrinks)


def image_network(
    design: ImageDesign,
    form: ImageForm,
    classes: int,
    variations: Sequence[str],
    steps: int,
    seed: int,
    x: NumpyArray | FileRows,
) -> Model:
    """Return a compiled network that takes raw pixels.

    Args:
        design: Its blocks.
        form: Size and colours of the images.
        classes: Number of classes.
        variations: How images are varied while training.
        steps: Steps of the whole training, over which the learning rate falls.
        seed: Seed of weights and of all that is drawn.
        x: The training images, of which it learns mean and variance of the colours.
    """
    normalised = layers.Normalization()
    normalised.adapt(in_parts(x, BATCHES))
    pixels = Input(form.shape, dtype=form.dtype)
    now = pixels
    shrinking = (*_convolved(design.filters[0], 2, kernel=5), layers.ReLU())
    for layer in (*variation_layers(variations), normalised, *shrinking[: 3 * design.shrinks]):
        now = layer(now)
    for filters in design.filters:
        now = _residual(now, filters) if design.residual else _plain(now, filters)
    now = layers.GlobalAveragePooling2D()(now)
    now = layers.Dropout(0.3)(now)
    model = Model(pixels, layers.Dense(classes, activation="softmax")(now), seed=seed)
    rise = max(1, round(WARM_UP * steps))
    rate = CosineDecay(0.0, max(1, steps - rise), warmup_target=RATE, warmup_steps=rise)
    model.compile(Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def _plain(now: SymbolicTensor, filters: int) -> SymbolicTensor:
    """Return two convolutions, then the maxima of squares of four pixels."""
    for layer in (*_convolved(filters), layers.ReLU(), *_convolved(filters), layers.ReLU()):
        now = layer(now)
    return layers.MaxPooling2D(2, padding="same")(now)


def _residual(now: SymbolicTensor, filters: int) -> SymbolicTensor:
    """Return two pairs of convolutions, each added to what came in, the first halving the sides."""
    for strides in (2, 1):
        deep = now
        for layer in (*_convolved(filters, strides), layers.ReLU(), *_convolved(filters)):
            deep = layer(deep)
        if strides > 1:
            for layer in _convolved(filters, strides, kernel=1):
                now = layer(now)
        now = layers.ReLU()(layers.add([now, deep]))
    return now


def _convolved(filters: int, strides: int = 1, kernel: int = 3) -> tuple[Layer, Layer]:
    return (
        layers.Conv2D(filters, kernel, strides, padding="same", use_bias=False),
        layers.BatchNormalization(momentum=MOMENTUM),
    )
