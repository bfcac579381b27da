"""The marks in a model, which say what a search may try: found, put back, and as a file holds them.

A mark's name is that of the parameter it belongs to: `dense.units`, `optimizer.learning_rate`,
`loss.label_smoothing`, `encoder/dense.kernel_regularizer.l2`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

import numpy as np

from pellucid.description import Description, marks, put_mark
from pellucid.errors import Problem, report
from pellucid.graph.editing import layer_paths
from pellucid.saving.descriptions import CustomObjects, describe, reading, revive
from pellucid.tunable import Tunable

COMPILED = ("optimizer", "loss")
"""What a name begins with that belongs to the settings of `compile`."""


def marks_of(model: Any) -> dict[str, Tunable]:
    """Return the marks in a built model by the names of their parameters."""
    return {
        name: mark
        for owner, held in _owners(model).items()
        for one in held
        for name, mark in marks(one, owner)
    }


def give_marks(model: Any, given: Mapping[str, Tunable]) -> None:
    """Put marks where their names say; what stands there stays.

    Args:
        model: A built model.
        given: Marks by name; those of `compile` are left out where the model is not compiled.

    Raises:
        ArgumentError: There is no such place, or a value does not suit it.
    """
    owners = _owners(model)
    for name, mark in given.items():
        owner = owner_of(name, [*owners, *COMPILED])
        if owner is None:
            expected = "the name of a layer and its field"
            report([Problem(f"{model.name}: mark", repr(name), expected)])
        assert owner is not None
        for one in owners.get(owner, []):
            put_mark(one, name.removeprefix(f"{owner}."), mark)


def owner_of(name: str, owners: Iterable[str]) -> str | None:
    """Return to which of `owners` a parameter belongs, whose name begins with its owner's.

    Names of layers may hold dots, so it is the longest that fits.

    Example:
        >>> from pellucid.models.marks import owner_of
        >>> owner_of("block.conv.filters", ["block", "block.conv", "optimizer"])
        'block.conv'
    """
    fitting = [one for one in owners if name.startswith(f"{one}.")]
    return max(fitting, key=len) if fitting else None


def _owners(model: Any) -> dict[str, list[Description]]:
    """Return what may hold marks by name; the losses of several outputs go by one."""
    found: dict[str, list[Description]] = {}
    if model.compiled is not None:
        found["optimizer"] = [model.compiled.optimizer]
        found["loss"] = [one for one in model.compiled.losses if isinstance(one, Description)]
    found.update((path, [layer]) for path, layer in layer_paths(model.graph))
    return found


# -- as a file holds them -----------------------------------------------------------------------


def describe_marks(given: Mapping[str, Tunable], where: str) -> dict[str, Any]:
    """Return marks as JSON values.

    Raises:
        NotSaveableError: An option is a Python function.
    """
    return {
        name: {one.name: _plain(getattr(mark, one.name), where) for one in fields(mark)}
        for name, mark in given.items()
    }


def _plain(value: Any, where: str) -> Any:
    if isinstance(value, (list, tuple)):
        return [_plain(one, where) for one in value]
    return value.item() if isinstance(value, np.generic) else describe(value, where)


def read_marks(
    document: Any, where: str, custom_objects: CustomObjects | None = None
) -> dict[str, Tunable]:
    """Return the marks that a file holds.

    Args:
        document: What `describe_marks` returned, or a forger wrote.
        where: How messages call it.
        custom_objects: The caller's own classes.

    Raises:
        FileError: They are no marks.
    """
    with reading(where):
        return {
            name: Tunable(**{key: _read(value) for key, value in held.items()})
            for name, held in revive(document, where, custom_objects).items()
        }


def _read(value: Any) -> Any:
    return tuple(_read(one) for one in value) if isinstance(value, list) else value
