"""The boundary of one model."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pellucid.insight.plane import Features, Fixed
from pellucid.report.boundary.outputs import Outputs
from pellucid.report.boundary.sheet import Scene, draw_sheet
from pellucid.report.boundary.view import read_view
from pellucid.types import ArrayLike

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def decision_boundary(
    model: Any,
    x: ArrayLike,
    y: ArrayLike,
    features: Features = (0, 1),
    *,
    fixed: Fixed = "median",
    feature_names: Sequence[str] | None = None,
    labels: Sequence[Any] | None = None,
    outputs: Outputs = "auto",
    resolution: int = 200,
    title: str = "Decision boundary",
) -> "Figure":
    """Draw what a model says for all values of two features, and the data over it.

    The colour is that of the most probable class, the paler the less sure the model is. A model
    of values is drawn as their colours.

    Args:
        model: A Pellucid model that takes rows of numbers.
        x: Shape (rows, features), or a data frame. Axes are in its units.
        y: Class or value of each row: numbers, names, or one column a class.
        features: Two features by number or name; "principal" for the plane of the two principal
            components of the standardised rows.
        fixed: The other features: "median", "mean", or values by number or name, such as
            `{"age": 40}`, with the rest at their median.
        feature_names: Names of the features; a frame has its own.
        labels: Names of the classes, in the order of the model's outputs.
        outputs: "probabilities", "logits" or "values"; "auto" reads it from the last activation
            (sigmoid and softmax give probabilities) and from the loss (`from_logits=True`).
        resolution: Points along each side of the grid.
        title: Stands above.

    Returns:
        A matplotlib figure. The numbers behind it: `pellucid.insight.boundary`.

    Raises:
        ArgumentError: The model takes no rows of numbers, or a feature is unknown.
        ShapeError: The rows are not as wide as the model takes.

    Example:
        >>> import pellucid
        >>> from pellucid.data import patterns
        >>> x, y = patterns.make_moons()
        >>> model = pellucid.Sequential(
        ...     [pellucid.Input((2,)), pellucid.layers.Dense(1, activation="sigmoid")]
        ... )
        >>> figure = pellucid.report.decision_boundary(model, x, y, feature_names=["a", "b"])
        >>> figure.axes[0].get_xlabel(), figure.axes[1].get_ylabel()
        ('a', 'probability of 1')
    """
    view = read_view(
        "decision_boundary",
        model,
        x,
        y,
        {
            "features": features,
            "fixed": fixed,
            "feature_names": feature_names,
            "labels": labels,
            "outputs": outputs,
            "resolution": resolution,
        },
    )
    note = "; ".join(one for one in (f"{view.score()} on these rows", view.plane.note) if one)
    return draw_sheet(view, [Scene(title, note, view.boundary())])
