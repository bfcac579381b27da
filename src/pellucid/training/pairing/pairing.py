"""One output, its loss and its labels, and what the checks ask about them."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from pellucid.losses import Loss
from pellucid.types import NumpyArray
from pellucid.vocabulary import snake_case


@dataclass(frozen=True, eq=False)
class Pairing:
    """One output, its loss and its labels.

    Args:
        name: Name of the output.
        activation: Name of the activation that ends it; None where unknown.
        shape: Shape of the output, the batch axis first.
        loss: One of Pellucid's own losses.
        y: Labels, shape (rows, ...).
    """

    name: str
    activation: str | None
    shape: tuple[int | None, ...]
    loss: Loss
    y: NumpyArray

    @property
    def output(self) -> str:
        """How messages call the output."""
        return f"output '{self.name}'"

    @property
    def labels(self) -> str:
        """How messages call the labels."""
        return f"y for output '{self.name}'"

    @property
    def loss_name(self) -> str:
        """Name by which `compile` knows the loss."""
        return snake_case(type(self.loss).__name__)

    @property
    def targets(self) -> str | None:
        """What the loss takes its targets for; see `Loss.targets`."""
        return self.loss.targets

    @property
    def from_logits(self) -> bool:
        """Whether the loss turns its predictions into probabilities itself."""
        return bool(getattr(self.loss, "from_logits", False))

    @property
    def class_axis(self) -> int:
        """Axis of the output over which classes are told apart."""
        classes = self.targets in ("labels", "one-hot")
        return getattr(self.loss, "axis", -1) if classes else -1

    @property
    def units(self) -> int | None:
        """Number of units, or of classes; None where it is not known."""
        return self.shape[self.class_axis] if len(self.shape) > 1 else 1

    @cached_property
    def low(self) -> float:
        """Smallest label; NaN where a label is NaN."""
        return float(self.y.min())

    @cached_property
    def high(self) -> float:
        """Largest label; NaN where a label is NaN."""
        return float(self.y.max())

    @cached_property
    def finite(self) -> bool:
        """Whether no label is NaN or infinite."""
        return bool(np.isfinite(self.low) and np.isfinite(self.high))

    @cached_property
    def whole(self) -> bool:
        """Whether all labels are whole numbers."""
        return self.finite and is_whole(self.y)


def is_whole(y: NumpyArray) -> bool:
    """Say whether all values are whole numbers."""
    return y.dtype.kind != "f" or bool((y == np.floor(y)).all())
