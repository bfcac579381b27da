"""Attention: layers that look up values by the likeness of queries and keys."""

from pellucid.layers.base import Layer

CLASSES: tuple[type[Layer], ...] = ()
"""What the catalogue of layers takes from here."""
