"""Convolution: layers that slide a kernel over space or time."""

from pellucid.layers.base import Layer
from pellucid.layers.convolution.conv import Conv1D, Conv2D, Conv3D
from pellucid.layers.convolution.conv_transpose import (
    Conv1DTranspose,
    Conv2DTranspose,
    Conv3DTranspose,
)
from pellucid.layers.convolution.depthwise_conv import DepthwiseConv1D, DepthwiseConv2D
from pellucid.layers.convolution.separable_conv import SeparableConv1D, SeparableConv2D

CLASSES: tuple[type[Layer], ...] = (
    Conv1D,
    Conv1DTranspose,
    Conv2D,
    Conv2DTranspose,
    Conv3D,
    Conv3DTranspose,
    DepthwiseConv1D,
    DepthwiseConv2D,
    SeparableConv1D,
    SeparableConv2D,
)
"""What the catalogue of layers takes from here."""
