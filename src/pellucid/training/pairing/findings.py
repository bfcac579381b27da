"""What the checks say: problems that stop training, and doubts that warn."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from pellucid.errors import Problem


@dataclass(frozen=True)
class Doubt(Problem):
    """Something that is legal and trains, but is probably not what was meant."""


Findings: TypeAlias = Iterator[Problem]
"""Problems, of which some are doubts."""
