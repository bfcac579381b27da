"""Descriptions to JSON and back, through closed vocabularies.

A description is written as `{"class": "layer.Dense", "config": {...}}`. Reading looks the
name up in the table of its kind, or among the classes that the caller passes in. There is
no third way: nothing is imported, and no function is called by a name.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NoReturn

from pellucid.constraints import CONSTRAINTS
from pellucid.description import Description
from pellucid.errors import ArgumentError, FileError, NotSaveableError, PellucidError
from pellucid.initializers import INITIALIZERS
from pellucid.layers import LAYERS
from pellucid.losses import LOSSES
from pellucid.metrics import METRICS
from pellucid.optimizers import OPTIMIZERS
from pellucid.optimizers.schedules import SCHEDULES
from pellucid.regularizers import REGULARIZERS
from pellucid.saving.limits import DAMAGED, printable, refuse, shown
from pellucid.vocabulary import Vocabulary

CustomObjects = Mapping[str, type[Description]]

VOCABULARIES: dict[str, Vocabulary] = {
    vocabulary.kind: vocabulary
    for vocabulary in (
        CONSTRAINTS,
        INITIALIZERS,
        LAYERS,
        LOSSES,
        METRICS,
        OPTIMIZERS,
        REGULARIZERS,
        SCHEDULES,
    )
}
"""The known classes, by kind."""

CODE = frozenset({"Lambda"})
"""Known classes that hold Python functions: they cannot be in a file."""


def describe(value: Any, where: str) -> Any:
    """Return `value`, plain values and descriptions, as JSON values.

    Raises:
        NotSaveableError: It holds a Python function, or a description does.
    """
    if isinstance(value, Description):
        kind = f"{value.kind}.{type(value).__name__}"
        return {"class": kind, "config": value.get_config()}
    if isinstance(value, Mapping):
        return {key: describe(item, where) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [describe(item, where) for item in value]
    if not callable(value):
        return value
    name = getattr(value, "registered_name", None)
    if name is None:
        raise NotSaveableError(
            f"{where}: got {getattr(value, '__name__', value)!r}, a Python function, expected a "
            "name or a description: a model file holds no code. Write a small class and pass it "
            "to load_model(custom_objects={...})."
        )
    return name


def revive(value: Any, where: str, custom_objects: CustomObjects | None = None) -> Any:
    """Return JSON values with each description in them made.

    Raises:
        FileError: A class is unknown, or refuses its configuration.
    """
    if isinstance(value, list):
        return [revive(item, where, custom_objects) for item in value]
    if not isinstance(value, dict):
        return value
    inner = {key: revive(item, where, custom_objects) for key, item in value.items()}
    return _make(inner, where, custom_objects) if is_description(value) else inner


def is_description(value: Any) -> bool:
    """Return whether a JSON value stands for a description."""
    return (
        isinstance(value, dict)
        and set(value) == {"class", "config"}
        and isinstance(value["class"], str)
        and isinstance(value["config"], dict)
    )


def _make(value: dict[str, Any], where: str, custom_objects: CustomObjects | None) -> Any:
    cls = find_class(value["class"], where, custom_objects)
    with reading(where):
        return cls.from_config(value["config"])


def find_class(
    written: str, where: str, custom_objects: CustomObjects | None = None
) -> type[Description]:
    """Return the class that a file calls `written`, such as "layer.Dense".

    Raises:
        FileError: There is no such class; the message says how to pass one's own in.
    """
    kind, _, name = written.partition(".")
    vocabulary = VOCABULARIES.get(kind)
    if vocabulary is None:
        known = ", ".join(sorted(VOCABULARIES))
        refuse(where, f"the class {shown(written)}", f"one of the kinds {known}")
    cls = (custom_objects or {}).get(name)
    if cls is not None and cls.kind == kind:
        return cls
    cls = vocabulary.classes.get(name)
    if cls is None:
        _refuse_unknown(kind, name, where)
    if name in CODE:
        given = f"a {name} {kind}, which stands for a Python function"
        refuse(where, given, "descriptions: a model file holds no code")
    return cls


def _refuse_unknown(kind: str, name: str, where: str) -> NoReturn:
    own = name if name.isidentifier() and len(name) < 80 else "Name"
    article = "an" if kind[0] in "aeiou" else "a"
    refuse(
        where,
        f"the unknown {kind} {shown(name)}",
        f"{article} {kind} of pellucid, or one of yours that is passed in",
        f'Pass your class in: load_model(path, custom_objects={{"{own}": {own}}}).',
    )


def check_custom_objects(custom_objects: Any) -> CustomObjects:
    """Return `custom_objects` after checking that they are classes by name.

    Raises:
        ArgumentError: They are not.
    """
    if custom_objects is None:
        return {}
    if not isinstance(custom_objects, Mapping):
        raise ArgumentError(
            f"custom_objects: got {custom_objects!r}, expected a dictionary of classes by name, "
            'such as {"Scale": Scale}.'
        )
    for name, cls in custom_objects.items():
        if not (isinstance(cls, type) and issubclass(cls, Description)):
            raise ArgumentError(
                f"custom_objects[{name!r}]: got {cls!r}, expected a class of a layer, loss or "
                'other description, such as {"Scale": Scale}.'
            )
    return custom_objects


@contextmanager
def reading(where: str) -> Iterator[None]:
    """Turn any error that a file's contents cause into a `FileError` that names the place.

    Classes check their arguments for users, not for forgers: what a forged file may give
    them, such as text where a number belongs, can end in any Python error.
    """
    try:
        yield
    except (FileError, MemoryError):
        raise
    except PellucidError as error:
        raise FileError(f"{where}: {printable(str(error))}") from error
    except Exception as error:
        told = f"{type(error).__name__}: {shown(str(error))}"
        raise FileError(
            f"{where}: got contents that cannot be used ({told}), "
            f"expected those of a saved model. {DAMAGED}"
        ) from error
