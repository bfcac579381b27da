"""Mixup: training on mixtures of two rows instead of the rows themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import jax.numpy as jnp

from pellucid.description import Description, number
from pellucid.ops import random
from pellucid.types import Array

PLACE = 0x6D697875
"""Place under a step's key; those of a network's nodes are small numbers."""


@dataclass(frozen=True)
class Pairs:
    """With which row of its batch each row is mixed, and how much of it stays.

    Args:
        share: Share of a row itself, from 0 to 1; the same for all rows of the batch.
        partner: Number of the other row, shape (batch,).
    """

    share: Array
    partner: Array

    def mixed(self, feeds: Sequence[Array]) -> tuple[Array, ...]:
        """Return the rows mixed with their partners."""
        return tuple(self.between(one, one[self.partner]).astype(one.dtype) for one in feeds)

    def between(self, own: Array, other: Array) -> Array:
        """Return the mixture of what belongs to the rows with what belongs to their partners."""
        return self.share * own + (1 - self.share) * other


class Mixup(Description):
    """Rows mixed in pairs: `share * x + (1 - share) * x[partner]`, and so the losses.

    For each batch one share is drawn from the distribution Beta(alpha, alpha) and one order of
    its rows, which says the partners. The loss of a mixture is that share of its loss against
    the row's label, and the rest against the partner's: for cross-entropy the loss against the
    mixed label, and for squares its gradient.

    Args:
        alpha: Above 0. Near 0 almost nothing is mixed; 1 mixes by any share alike.

    Source: Zhang, Cisse, Dauphin and Lopez-Paz, "mixup: Beyond Empirical Risk Minimization"
        (2018).
    """

    kind: ClassVar[str] = "mixup"

    alpha: float = number(above=0, meaning="the shape of the distribution of shares")

    def pairs(self, key: Array, rows: Array) -> Pairs:
        """Return who is mixed with whom in one step.

        Args:
            key: Random key of the step.
            rows: Shape (batch,); 1 for real rows, which come first, 0 for padding.
        """
        own = random.fold(key, PLACE)
        partner = random.permutation(random.fold(own, 0), len(rows), jnp.sum(rows))
        return Pairs(random.symmetric_beta(random.fold(own, 1), self.alpha), partner)
