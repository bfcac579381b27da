"""Sequences of different lengths as one array."""

from pellucid.utils.sequences import pad_sequences as pad_sequences

__all__ = ["pad_sequences"]
