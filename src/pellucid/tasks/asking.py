"""A model file asked about raw data, and what is said where these are of another kind."""

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from pellucid.errors import FileError, PellucidError, Problem
from pellucid.tasks.answers import Answers
from pellucid.tasks.evaluation import Evaluation
from pellucid.tasks.kinds import Kind, load_kind
from pellucid.tasks.learned import flattery
from pellucid.tasks.recognition import Seen, recognise

TABLES, LINES = {"table", "forecast", "sequences", "text"}, {"text", "generation", "translation"}
AKIN = dict.fromkeys(TABLES, TABLES) | dict.fromkeys(LINES, TABLES | LINES)
"""The kinds whose files a reader takes: what it says of them tells more than their look."""


def predict_file(model: Any, data: Any) -> Answers:
    """Return what a model of `pellucid train` says of raw data.

    Args:
        model: Path of the model file.
        data: A file or folder like the one it was trained on; the truth may be absent.

    Raises:
        DataError: The data cannot be answered.
        FileError: A file cannot be read, or the data are of another kind.
    """
    kind, found = load_kind(model)
    with of_its_kind(kind, model, data):
        return found.predict(data)


def evaluate_file(model: Any, data: Any) -> Evaluation:
    """Return scores of a model of `pellucid train` on raw data that have the truth.

    Args:
        model: Path of the model file.
        data: A file or folder like the one it was trained on.

    Raises:
        DataError: The data cannot be scored.
        FileError: A file cannot be read, or the data are of another kind.
    """
    kind, found = load_kind(model)
    with of_its_kind(kind, model, data):
        judged = found.evaluate(data)
    return replace(judged, warnings=flattery(Path(model), judged.contents))


@contextlib.contextmanager
def of_its_kind(kind: Kind, model: Any, data: Any) -> Iterator[None]:
    """Say what data are that could not be read, where they are of another kind than a model's.

    Args:
        kind: The kind that the model was trained on.
        model: Path of its file, for the message.
        data: A path, or whatever else the model takes.
    """
    try:
        yield
    except PellucidError as error:
        seen = _other(kind, data)
        if seen is None:
            raise
        expected = f"{kind.noun}, which '{model}' was trained on"
        fix = f"Give it {kind.noun}, or train another model on these: pellucid train {data}"
        problem = Problem(str(data), seen.what, expected, fix)
        raise FileError(f"{problem}\nIt could not read them: {error}") from None


def _other(kind: Kind, data: Any) -> Seen | None:
    """Return what data were taken for, if that is nothing that a kind's reader could take."""
    if not isinstance(data, (str, Path)):
        return None
    try:
        seen = recognise(data, {})
    except PellucidError:
        return None
    return None if seen.kind in AKIN.get(kind.name, {kind.name}) else seen
