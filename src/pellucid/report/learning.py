"""The picture of a run, from plain lists."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from pellucid.errors import Problem, report
from pellucid.training.history import History
from pellucid.wording import count_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def learning_curves(history: History | Mapping[str, Sequence[float]]) -> "Figure":
    """Draw the loss and each metric against the epoch, as `History.plot` does.

    Args:
        history: A History, or column name → list with a value an epoch, such as the `history`
            of any Keras run. `val_loss` is the validation of `loss`.

    Returns:
        A matplotlib figure, 6 inches wide.

    Raises:
        ArgumentError: Nothing was logged, or the lists differ in length.

    Example:
        >>> from pellucid.report import learning_curves
        >>> figure = learning_curves({"loss": [0.9, 0.5, 0.4], "val_loss": [0.8, 0.6, 0.7]})
        >>> figure.axes[0].texts[0].get_text()
        'best 0.6000 at epoch 2'
    """
    if isinstance(history, History):
        return history.plot()
    sizes = {name: len(values) for name, values in history.items()}
    if len(set(sizes.values())) > 1:
        given = ", ".join(f"{count_text(size, 'value')} of {name}" for name, size in sizes.items())
        fix = "Pass the History itself: it knows which epoch each value belongs to."
        report([Problem("learning_curves(history=...)", given, "lists of equal length", fix)])
    table = History()
    for epoch in range(max(sizes.values(), default=0)):
        table.append(epoch, {name: values[epoch] for name, values in history.items()})
    return table.plot()
