"""Notes about raw data that a model is asked about: what was left out, what it does not know."""

import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pellucid.errors import PellucidWarning

MANY = 0.2
"""Share of unknown words above which they are told."""


def tell_unknown(source: Any, share: float, things: str) -> None:
    """Say that much of what a model is asked stood in none of its training texts.

    Args:
        source: Where it came from: a path, or else.
        share: Share that is unknown.
        things: Of what: "words".
    """
    if share > MANY:
        where = source if isinstance(source, (str, Path)) else "the texts"
        told = f"{share:.0%} of the {things} stood in no text that the model learned from"
        warnings.warn(f"{where}: {told}; it says little of them.", PellucidWarning, stacklevel=4)


def tell_notes(notes: Iterable[str]) -> None:
    """Say what was noticed while data were read.

    Args:
        notes: Sentences.
    """
    for note in notes:
        warnings.warn(note, PellucidWarning, stacklevel=4)
