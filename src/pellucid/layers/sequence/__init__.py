"""Sequences: layers that turn whole numbers into vectors and tell which steps are real."""

from pellucid.layers.base import Layer
from pellucid.layers.sequence.attach_mask import AttachMask
from pellucid.layers.sequence.embedding import Embedding
from pellucid.layers.sequence.masking import Masking

CLASSES: tuple[type[Layer], ...] = (AttachMask, Embedding, Masking)
"""What the catalogue of layers takes from here."""
