"""What is told of one row on its way through the network and back."""

from dataclasses import dataclass, field
from typing import Any

from pellucid.insight.walkthrough.document import Item, equation
from pellucid.insight.walkthrough.formula import Derivative, Formula, Symbol, name_of
from pellucid.insight.walkthrough.numbering import Scalar


@dataclass
class RowWalk:
    """One row forward and backward.

    Args:
        forward: Equations of the sums and outputs.
        error: Equations of errors and loss.
        backward: Equations of slopes and gradients.
        numbers: What everything is, by name.
        loss: The row's loss.
        shares: Its gradient by each trained scalar.
    """

    forward: list[Item] = field(default_factory=list)
    error: list[Item] = field(default_factory=list)
    backward: list[Item] = field(default_factory=list)
    numbers: dict[str, float] = field(default_factory=dict)
    loss: Symbol = field(init=False)
    shares: dict[Scalar, Derivative] = field(default_factory=dict)

    def tell(self, items: list[Item], left: Any, *right: Formula) -> None:
        """Add an equation, and its number under the name of its left side."""
        items.append(equation(left, *right))
        self.numbers[name_of(left)] = left.value
