"""Images: layers that pad, cut, resize and, while training, vary them."""

from pellucid.layers.base import Layer
from pellucid.layers.image.center_crop import CenterCrop
from pellucid.layers.image.cropping import Cropping1D, Cropping2D, Cropping3D
from pellucid.layers.image.random_brightness import RandomBrightness
from pellucid.layers.image.random_contrast import RandomContrast
from pellucid.layers.image.random_crop import RandomCrop
from pellucid.layers.image.random_flip import RandomFlip
from pellucid.layers.image.random_rotation import RandomRotation
from pellucid.layers.image.random_translation import RandomTranslation
from pellucid.layers.image.random_zoom import RandomZoom
from pellucid.layers.image.resizing import Resizing
from pellucid.layers.image.spatial_dropout import (
    SpatialDropout1D,
    SpatialDropout2D,
    SpatialDropout3D,
)
from pellucid.layers.image.up_sampling import UpSampling1D, UpSampling2D, UpSampling3D
from pellucid.layers.image.zero_padding import ZeroPadding1D, ZeroPadding2D, ZeroPadding3D

CLASSES: tuple[type[Layer], ...] = (
    CenterCrop,
    Cropping1D,
    Cropping2D,
    Cropping3D,
    RandomBrightness,
    RandomContrast,
    RandomCrop,
    RandomFlip,
    RandomRotation,
    RandomTranslation,
    RandomZoom,
    Resizing,
    SpatialDropout1D,
    SpatialDropout2D,
    SpatialDropout3D,
    UpSampling1D,
    UpSampling2D,
    UpSampling3D,
    ZeroPadding1D,
    ZeroPadding2D,
    ZeroPadding3D,
)
"""What the catalogue of layers takes from here."""
