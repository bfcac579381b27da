"""Pooling: layers that summarise neighbourhoods."""

from pellucid.layers.base import Layer

CLASSES: tuple[type[Layer], ...] = ()
"""What the catalogue of layers takes from here."""
