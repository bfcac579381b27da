"""Images: layers that pad, cut, resize and, while training, vary them."""

from pellucid.layers.base import Layer

CLASSES: tuple[type[Layer], ...] = ()
"""What the catalogue of layers takes from here."""
