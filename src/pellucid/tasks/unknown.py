"""What a model does not know of what it is asked."""

import warnings
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
