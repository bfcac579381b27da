"""Sequences: layers that turn whole numbers into vectors and tell which steps are real."""

from pellucid.layers.base import Layer

CLASSES: tuple[type[Layer], ...] = ()
"""What the catalogue of layers takes from here."""
