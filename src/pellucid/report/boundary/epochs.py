"""How the boundary of a network moves while it is trained."""

from typing import TYPE_CHECKING, Any, Unpack

from pellucid.errors import Problem, report
from pellucid.report.animation import Animation, Frame
from pellucid.report.boundary.looked_at import Snapshots
from pellucid.report.boundary.sheet import Scene, draw_sheet, value_limits
from pellucid.report.boundary.view import View, ViewOptions, read_view
from pellucid.types import ArrayLike

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def boundary_history(
    model: Any, snapshots: Snapshots, x: ArrayLike, y: ArrayLike, **view: Unpack[ViewOptions]
) -> "Figure":
    """Draw the boundary that a network had at chosen epochs, a panel for each.

    Args:
        model: The model, which keeps the weights it has.
        snapshots: What was given to `fit(callbacks=[...])`.
        x: Shape (rows, features), or a data frame.
        y: Class or value of each row.
        **view: `features`, `fixed`, `feature_names`, `labels`, `outputs` and `resolution`, as
            for `decision_boundary`.

    Returns:
        A matplotlib figure.

    Raises:
        ArgumentError: As for `decision_boundary`, or no weights were kept.

    Example:
        >>> import pellucid
        >>> from pellucid.data import patterns
        >>> x, y = patterns.make_moons()
        >>> model = pellucid.Sequential(
        ...     [pellucid.Input((2,)), pellucid.layers.Dense(1, activation="sigmoid")]
        ... )
        >>> model.compile("sgd", "binary_crossentropy")
        >>> snapshots = pellucid.callbacks.Snapshots(epochs=[0, 1, 5])
        >>> _ = model.fit(x, y, epochs=5, verbose=0, callbacks=[snapshots])
        >>> figure = pellucid.report.boundary_history(model, snapshots, x, y, resolution=20)
        >>> [panel.get_title(loc="left") for panel in figure.axes[:3]]
        ['epoch 0', 'epoch 1', 'epoch 5']
    """
    where = "boundary_history"
    looked = read_view(where, model, x, y, view)
    return draw_sheet(looked, _scenes(where, looked, snapshots))


def boundary_animation(
    model: Any,
    snapshots: Snapshots,
    x: ArrayLike,
    y: ArrayLike,
    *,
    seconds: float = 0.4,
    **view: Unpack[ViewOptions],
) -> Animation:
    """Draw the boundary that a network had at chosen epochs, one after the other.

    Args:
        model: The model, which keeps the weights it has.
        snapshots: What was given to `fit(callbacks=[...])`; `epochs=range(0, 101, 4)` keeps
            every fourth.
        x: Shape (rows, features), or a data frame.
        y: Class or value of each row.
        seconds: How long each picture stands.
        **view: `features`, `fixed`, `feature_names`, `labels`, `outputs` and `resolution`, as
            for `decision_boundary`.

    Returns:
        An animation, which shows itself in a notebook; `save` writes a GIF or a page.

    Raises:
        ArgumentError: As for `decision_boundary`, or no weights were kept.

    Example:
        >>> import pathlib, tempfile
        >>> import pellucid
        >>> from pellucid.data import patterns
        >>> x, y = patterns.make_moons()
        >>> model = pellucid.Sequential(
        ...     [pellucid.Input((2,)), pellucid.layers.Dense(1, activation="sigmoid")]
        ... )
        >>> model.compile("sgd", "binary_crossentropy")
        >>> snapshots = pellucid.callbacks.Snapshots(epochs=range(3))
        >>> _ = model.fit(x, y, epochs=2, verbose=0, callbacks=[snapshots])
        >>> film = pellucid.report.boundary_animation(model, snapshots, x, y, resolution=20)
        >>> film.save(pathlib.Path(tempfile.mkdtemp()) / "moons.gif").name
        'moons.gif'
    """
    where = "boundary_animation"
    looked = read_view(where, model, x, y, view)
    scenes = _scenes(where, looked, snapshots)
    limits = value_limits(looked, scenes)
    frames = [Frame(one.title, draw_sheet(looked, [one], limits)) for one in scenes]
    return Animation("Decision boundary", tuple(frames), seconds)


def _scenes(where: str, looked: View, snapshots: Snapshots) -> list[Scene]:
    """Return the boundary at each epoch; the model ends with the weights it has."""
    if not snapshots.weights:
        given = "no weights"
        fix = "Give it to fit(callbacks=[...]), and as many epochs to fit."
        report([Problem(f"{where}(snapshots=...)", given, "those of some epochs", fix)])
    present = looked.model.get_weights()
    scenes = []
    try:
        for epoch, weights in sorted(snapshots.weights.items()):
            looked.model.set_weights(weights)
            scenes.append(Scene(f"epoch {epoch}", looked.score(), looked.boundary()))
    finally:
        looked.model.set_weights(present)
    return scenes
