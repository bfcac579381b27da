"""Recurrence: cells, the loop over time around them, and what wraps it."""

from pellucid.layers.base import Layer

CLASSES: tuple[type[Layer], ...] = ()
"""What the catalogue of layers takes from here."""
