"""The space of a search that names none: what a model itself suggests."""

from typing import Any

from pellucid.errors import PellucidError
from pellucid.graph.editing import layer_paths
from pellucid.layers import Layer
from pellucid.models.model import Model
from pellucid.regularizers import L2
from pellucid.tuning.blueprint import WIDTH, Blueprint
from pellucid.tuning.space import Choice, Parameter, Range, Space, of_mark

RATE_FACTOR = 30
"""By how much the learning rate may be smaller or greater than it is."""

DROPOUT = Range(0.0, 0.5)
PENALTY = Range(1e-6, 1e-2, log=True)
WIDTHS = Choice([0.5, 1, 2])


def space_of(blueprint: Blueprint, where: str) -> Space:
    """Return the space that a model's marks give or, without any, one that suits most models.

    That is the learning rate, the rates of dropout, the strength of L2 of each class of layers
    and a factor of the widths, as far as the model has them.

    Args:
        blueprint: The model.
        where: What messages begin with.

    Raises:
        ArgumentError: A function builds the model, so that its parameters need a space.
    """
    marks = blueprint.marked()
    given: Any = {name: of_mark(mark) for name, mark in marks.items()}
    if not given and isinstance(blueprint.source, Model):
        given = _proposed(blueprint)
    return Space(given, f"{where}(space=...)")


def _proposed(blueprint: Blueprint) -> dict[str, Parameter]:
    model, found = blueprint.source, dict[str, Parameter]()
    rate = model.compiled.optimizer.learning_rate
    if isinstance(rate, (int, float)):
        found["learning_rate"] = Range(rate / RATE_FACTOR, rate * RATE_FACTOR, log=True)
    classes: dict[str, list[Layer]] = {}
    for _, layer in layer_paths(model.graph):
        classes.setdefault(type(layer).__name__, []).append(layer)
    for name, layers in classes.items():
        if name.endswith("Dropout") and hasattr(layers[0], "rate"):
            found[f"{name}.rate"] = DROPOUT
        if all(_takes_l2(layer) for layer in layers):
            found[f"{name}.kernel_regularizer.l2"] = PENALTY
    if _may_widen(blueprint):
        found[WIDTH] = WIDTHS
    return found


def _takes_l2(layer: Layer) -> bool:
    held = getattr(layer, "kernel_regularizer", False)
    return held is None or isinstance(held, L2)


def _may_widen(blueprint: Blueprint) -> bool:
    """Say whether hidden layers can be wider: there are some, and none is added to its input."""
    model = blueprint.source
    try:
        wider, _ = blueprint.make({WIDTH: 2}, model.seed)
        return wider.network.structure != model.network.structure
    except PellucidError:
        return False
