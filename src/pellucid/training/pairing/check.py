"""The comparison of a loss, the last activation and the labels of one output."""

from pellucid.errors import Problem
from pellucid.losses import Loss
from pellucid.training.pairing.values import not_finite
from pellucid.types import NumpyArray


def check_pairing(
    output_name: str,
    last_activation: str | None,
    output_shape: tuple[int | None, ...],
    loss: Loss,
    y: NumpyArray,
) -> tuple[list[Problem], list[str]]:
    """Return what is wrong, and what is doubtful, about one output, its loss and its labels.

    Args:
        output_name: Name of the output.
        last_activation: Name of the activation that ends it; None where unknown.
        output_shape: Shape of the output, the batch axis first.
        loss: The loss of this output.
        y: Its labels, shape (rows, ...), float32 or int32.

    Returns:
        Problems that training must not start with, and sentences to warn with.
    """
    return not_finite(f"y of output '{output_name}'", y), []
