"""What is saved: models, weights alone, and checkpoints of a training run."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pellucid.graph import Graph, Network
from pellucid.saving.agreement import check_finite, match_arrays
from pellucid.saving.archive import Archive, read_archive, write_archive
from pellucid.saving.descriptions import check_custom_objects, describe, revive
from pellucid.saving.limits import LIMITS, Limits, refuse
from pellucid.saving.names import escaped, unescaped
from pellucid.saving.network import build_network, describe_network, weight_shapes
from pellucid.types import NumpyArray

Path = str | os.PathLike[str]
Arrays = Mapping[str, NumpyArray]

DIVERGED = "Training has diverged: go back to earlier weights, or train with a lower learning rate."
FORGED = "pellucid saves finite numbers only: this file was changed or made by something else."


@dataclass(frozen=True)
class ModelFile:
    """Everything that a saved model consists of.

    Args:
        graph: The model as it was drawn.
        weights: The network's arrays by path (`Network.weights`), all finite float32.
        compile: Settings of training: plain values, and descriptions such as the optimizer
            and losses.
        optimizer: The optimizer's arrays, by any paths.
        preprocessing: How raw rows become inputs and outputs answers; JSON values.
        history: What training recorded; JSON values, NaN and infinity among them.
        training: Counters and whatever else training needs to go on; JSON values.
        state: Further arrays that training needs to go on, by any paths; NaN is allowed.
    """

    graph: Graph
    weights: Arrays
    compile: Mapping[str, Any] | None = None
    optimizer: Arrays | None = None
    preprocessing: Any = None
    history: Any = None
    training: Any = None
    state: Arrays | None = None


@dataclass(frozen=True)
class CheckpointFile:
    """The state of a training run between two of its calls.

    Args:
        training: Counters, seeds and settings; JSON values.
        state: The arrays of the run, by any paths; NaN and infinity are allowed.
        history: What training recorded so far; JSON values.
    """

    training: Any
    state: Arrays = field(default_factory=dict)
    history: Any = None


def save_model_file(path: Path, file: ModelFile) -> None:
    """Write a model, whole or not at all.

    Raises:
        NotSaveableError: A layer or setting holds a Python function.
        FileError: A weight is not finite, or the file cannot be written.
    """
    where = os.fspath(path)
    check_finite(file.weights, f"{where}: weights", DIVERGED)
    check_finite(file.optimizer or {}, f"{where}: optimizer", DIVERGED)
    documents = {
        "network": describe_network(file.graph, where),
        "compile": describe(file.compile, f"{where}: compile"),
        "preprocessing": file.preprocessing,
        "history": file.history,
        "training": file.training,
    }
    arrays = {"weights": file.weights, "optimizer": file.optimizer, "state": file.state}
    write_archive(
        path,
        "model",
        {name: document for name, document in documents.items() if document is not None},
        {name: escaped(held) for name, held in arrays.items() if held is not None},
    )


def load_model_file(
    source: Path | bytes, custom_objects: Any = None, limits: Limits = LIMITS
) -> ModelFile:
    """Read a model. The network is built, and compared with the arrays, before any is read.

    Args:
        source: A path, or the bytes of a file.
        custom_objects: The caller's own classes by name: `{"Scale": Scale}`.
        limits: How large the parts of the file may be.

    Raises:
        FileError: The file is missing, damaged, forged, of a newer version, or names a class
            that is not known.
        ArgumentError: `custom_objects` are not classes by name.
    """
    custom = check_custom_objects(custom_objects)
    with read_archive(source, limits) as archive:
        _check_kind(archive, ("model",), "Build the model, then model.load_weights(path).")
        where = f"{archive.where}: network.json"
        graph, network = build_network(archive.documents["network"], where, custom, limits)
        weights = _read_weights(archive, network)
        settings = archive.documents.get("compile")
        return ModelFile(
            graph,
            weights,
            revive(settings, f"{archive.where}: compile.json", custom),
            _read_arrays(archive, "optimizer", finite=True),
            archive.documents.get("preprocessing"),
            archive.documents.get("history"),
            archive.documents.get("training"),
            _read_arrays(archive, "state", finite=False),
        )


def save_weights_file(path: Path, weights: Arrays) -> None:
    """Write the arrays of a network, by path, and nothing else.

    Raises:
        FileError: A weight is not finite, or the file cannot be written.
    """
    check_finite(weights, f"{os.fspath(path)}: weights", DIVERGED)
    write_archive(path, "weights", {}, {"weights": escaped(weights)})


def load_weights_file(source: Path | bytes, network: Network) -> dict[str, NumpyArray]:
    """Read the arrays of `network` from a file of weights, or from a whole model's file.

    Returns:
        The arrays by path, in the network's order.

    Raises:
        FileError: The file is damaged, or its arrays are not those of `network`; the
            message lists which are missing, extra or of another shape.
    """
    with read_archive(source) as archive:
        _check_kind(archive, ("weights", "model"), "Give the path of a file of weights.")
        return _read_weights(archive, network)


def save_checkpoint_file(path: Path, file: CheckpointFile) -> None:
    """Write the state of a training run, whole or not at all.

    Raises:
        NotSaveableError: A document holds something other than JSON values.
        FileError: The file cannot be written.
    """
    documents = {"training": file.training}
    if file.history is not None:
        documents["history"] = file.history
    write_archive(path, "checkpoint", documents, {"state": escaped(file.state)})


def load_checkpoint_file(source: Path | bytes) -> CheckpointFile:
    """Read the state of a training run.

    Raises:
        FileError: The file is missing, damaged, forged or of a newer version.
    """
    with read_archive(source) as archive:
        _check_kind(archive, ("checkpoint",), "Give the path of a checkpoint.")
        state = _read_arrays(archive, "state", finite=False)
        documents = archive.documents
        return CheckpointFile(documents["training"], state or {}, documents.get("history"))


NEEDED = {
    "model": {"network.json", "weights.safetensors"},
    "weights": {"weights.safetensors"},
    "checkpoint": {"training.json", "state.safetensors"},
}
"""The members without which a file of a kind is none."""


def _check_kind(archive: Archive, wanted: tuple[str, ...], fix: str) -> None:
    if archive.kind not in wanted:
        refuse(archive.where, f"a {archive.kind} file", f"a {wanted[0]} file", fix)
    missing = sorted(NEEDED[archive.kind] - set(archive.members))
    if missing:
        refuse(archive.where, f"a {archive.kind} without {', '.join(missing)}", "a whole one")


def _read_weights(archive: Archive, network: Network) -> dict[str, NumpyArray]:
    """Return the weights by path, after comparing their shapes with what `network` needs."""
    where = f"{archive.where}: weights"
    expected = weight_shapes(network)
    match_arrays(unescaped(archive.specs["weights"], where), expected, where)
    arrays = unescaped(archive.arrays("weights"), where)
    check_finite(arrays, where, FORGED)
    return {path: arrays[path] for path in expected}


def _read_arrays(archive: Archive, name: str, *, finite: bool) -> dict[str, NumpyArray] | None:
    if name not in archive.specs:
        return None
    where = f"{archive.where}: {name}"
    arrays = unescaped(archive.arrays(name), where)
    if finite:
        check_finite(arrays, where, FORGED)
    return arrays
