"""A model file, and data for it where there are any, to a diagnosis."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from pellucid.data.npz import FIX, read_npz
from pellucid.errors import FileError, did_you_mean
from pellucid.insight.findings import Diagnosis
from pellucid.models import Model, load_model
from pellucid.models.diagnosing import diagnose_saved
from pellucid.tasks.asking import of_its_kind
from pellucid.tasks.committee import default_batch_size
from pellucid.tasks.kinds import Kind, kind_of
from pellucid.tasks.run import Trained

ARRAYS = ("x", "y", "x_validation", "y_validation")
"""What a file of arrays may hold; the first two it must."""

FEWEST, MOST = 16, 256
"""Rows of a step that are supposed where other data are given than were trained on."""

NOT_LOOKED_AT = (
    "Only the model and the curves of its run were looked at: data of this kind are not looked "
    "at yet."
)


def examine_file(model: Any, data: Any = None) -> Diagnosis:
    """Return what can be said of a saved model.

    Args:
        model: Path of a model file.
        data: For a model of `pellucid train` raw data like those it was trained on, with the
            truth; for others a .npz file of the arrays x and y, and x_validation and y_validation
            if there are any. Without data only the model and the curves of its run are looked at.

    Raises:
        DataError: A column is missing, or a label was unseen in training.
        FileError: A file cannot be read, or holds something else.

    Example:
        >>> import pathlib, tempfile, pellucid
        >>> from pellucid.tasks.doctor import examine_file
        >>> layers = [pellucid.layers.Dense(9), pellucid.layers.Dense(1)]
        >>> model = pellucid.Sequential([pellucid.Input((2,)), *layers])
        >>> model.compile("adam", "mse")
        >>> path = pathlib.Path(tempfile.mkdtemp()) / "model.pellucid"
        >>> model.save(path)
        >>> print(examine_file(path).headline)
        1 warning; first: missing-nonlinearity (dense)
    """
    found = load_model(model)
    if found.compiled is None:
        raise FileError(
            f"{model}: got a model without compile settings, expected one that knows its loss. "
            "Call compile(...) before save(...)."
        )
    if data is None:
        return diagnose_saved(found)
    if found.preprocessing is None:
        return _on_arrays(found, Path(data))
    kind = kind_of(found, model)
    with of_its_kind(kind, model, data):
        return examine(kind, kind.load(found, model), data)


def examine(kind: Kind, found: Trained, data: Any) -> Diagnosis:
    """Return what can be said of a model of `pellucid train` and raw data.

    Args:
        kind: The kind of data it was trained on.
        found: The model.
        data: Raw data with the truth.

    Raises:
        DataError: A column is missing, or a label was unseen in training.
    """
    if kind.rows is None:
        return replace(diagnose_saved(found.model), unseen=NOT_LOOKED_AT)
    x, y = kind.rows(found, data)
    return diagnose_saved(found.model, x, y, batch_size=_batch_size(found.model, len(y)))


def _batch_size(model: Model, rows: int) -> int:
    """Return how many rows a step had, as far as its run tells how many steps an epoch took."""
    steps = None if model.history is None else model.history.params.get("steps")
    if not isinstance(steps, int) or steps < 1:
        return default_batch_size(rows)
    return min(max(round(rows / steps), FEWEST), MOST)


def _on_arrays(model: Model, path: Path) -> Diagnosis:
    if path.suffix != ".npz":
        raise FileError(
            f"{path}: got '{path.name}' for a model of your own, expected a .npz file. {FIX}"
        )
    held = read_npz(path)
    unknown = [name for name in held if name not in ARRAYS]
    missing = [name for name in ARRAYS[:2] if name not in held]
    halved = len({"x_validation", "y_validation"} & {*held}) == 1
    if unknown or missing or halved:
        near = "".join(did_you_mean(name, ARRAYS) for name in unknown[:1])
        told = ", ".join(f"'{name}'" for name in held) or "none"
        raise FileError(
            f"{path}: got the arrays {told}, expected 'x' and 'y', and both or none of "
            f"'x_validation' and 'y_validation'. {near}".rstrip()
        )
    judged = (held["x_validation"], held["y_validation"]) if "x_validation" in held else None
    return diagnose_saved(model, held["x"], held["y"], validation_data=judged)
