"""The preprocessing in a model file: of which kind and version it is."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pellucid.errors import FileError, PellucidError
from pellucid.models import Model

Parsed = TypeVar("Parsed")

FORMAT = 1
"""Version of the preprocessing documents of all kinds but tables."""


def document_of(model: Model, kind: str, path: Any) -> Mapping[str, Any]:
    """Return the preprocessing that was read with a model.

    Args:
        model: The model.
        kind: What it must be.
        path: Where it was read, for messages.

    Raises:
        FileError: It is of another kind or a newer version.
    """
    document = model.preprocessing
    if not isinstance(document, Mapping) or document.get("kind") != kind:
        raise FileError(f"{path}: got no model of the kind '{kind}'.")
    if document.get("format") != FORMAT:
        raise FileError(
            f"{path}: got preprocessing of format {document.get('format')!r}, expected "
            f"{FORMAT}. The file was written by a newer version: update pellucid."
        )
    return document


def parsed(path: Any, parse: Callable[[], Parsed]) -> Parsed:
    """Return what `parse` makes of the preprocessing of a file.

    Args:
        path: The model file.
        parse: Reads the parts; may raise whatever a wrong part makes it raise.

    Raises:
        FileError: Something is missing, or is not what it must be.
    """
    try:
        return parse()
    except (KeyError, TypeError, ValueError, PellucidError) as error:
        raise FileError(f"{path}: preprocessing.json: {error}") from None


def texts_of(value: Any, what: str) -> tuple[str, ...]:
    """Return a list of texts from a file.

    Args:
        value: What the file holds.
        what: What it should be, for messages: "the name of a class".

    Raises:
        ValueError: Something in it is no text.
    """
    for one in value:
        if not isinstance(one, str):
            raise ValueError(f"got {one!r} for {what}, expected text")
    return tuple(value)
