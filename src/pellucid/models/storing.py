"""Saving models and reading them back."""

import json
import os
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jax

from pellucid.errors import FileError, NotSaveableError, PellucidWarning, Problem
from pellucid.graph import Graph, Network
from pellucid.layers.nesting import with_inner
from pellucid.layers.variables import set_variables
from pellucid.models.marks import describe_marks, give_marks, marks_of, read_marks
from pellucid.saving.descriptions import check_custom_objects, reading
from pellucid.saving.files import (
    ModelFile,
    load_model_file,
    load_weights_file,
    save_model_file,
    save_weights_file,
)
from pellucid.saving.json_text import decode
from pellucid.saving.network import build_network
from pellucid.seed import get_seed
from pellucid.training.checkpoint import named_arrays, restored_like
from pellucid.training.history import History
from pellucid.training.objective import Objective
from pellucid.training.recipe import Recipe
from pellucid.training.state import begin_optimizer
from pellucid.types import NumpyArray

COMPILE_FIELDS = ("optimizer", "loss", "loss_weights", "metrics", "weighted_metrics")


def save(model: Any, filepath: Any, overwrite: bool, include_optimizer: bool) -> None:
    """Write the model to one file; see `Model.save`."""
    path = _path_to_write(filepath, overwrite)
    optimizer = model.progress_made.optimizer if include_optimizer else None
    file = ModelFile(
        graph=model.graph,
        weights=model.variables_by_path,
        compile=_compile_document(model),
        optimizer=None if optimizer is None else named_arrays(optimizer),
        preprocessing=model.preprocessing,
        history=None if model.history is None else model.history.to_dict(),
        training=_training_document(model, path),
    )
    save_model_file(path, file)


def _training_document(model: Any, path: Path) -> dict[str, Any]:
    made, marks = model.progress_made, marks_of(model)
    document = {"seed": model.seed, "epochs": made.epochs, "steps": made.steps}
    if model.named_outputs is not None:
        document["outputs"] = model.named_outputs
    if marks:
        document["tunable"] = describe_marks(marks, f"{path}: a Tunable mark")
    return document


def _path_to_write(filepath: Any, overwrite: bool) -> Path:
    path = Path(os.fspath(filepath))
    if path.suffix in (".keras", ".h5", ".hdf5"):
        raise FileError(
            f"{path}: got the ending {path.suffix}, expected .pellucid. Keras's own formats are "
            f"not written; save to {path.with_suffix('.pellucid')}."
        )
    if path.exists() and not overwrite:
        raise FileError(f"{path}: the file exists and overwrite=False, expected a new path.")
    return path


def _compile_document(model: Any) -> dict[str, Any] | None:
    compiled = model.compiled
    if compiled is None:
        return None
    # The objects themselves, not names: their numbers may have been changed since.
    document = {name: compiled.given[name] for name in COMPILE_FIELDS}
    document["optimizer"] = compiled.optimizer
    document["loss"] = list(compiled.losses)
    document["loss_weights"] = list(compiled.loss_weights)
    document["metrics"] = [list(one) for one in compiled.metrics]
    document["weighted_metrics"] = [list(one) for one in compiled.weighted_metrics]
    return document


def load_model(
    filepath: Any,
    custom_objects: Mapping[str, Any] | None = None,
    compile: bool = True,
    safe_mode: bool = True,
) -> Any:
    """Read a model that `save` wrote.

    Args:
        filepath: Path of a `.pellucid` file.
        custom_objects: Your own classes by name: `{"Scale": Scale}`. Nothing is ever imported
            or called by a name from a file.
        compile: Whether to restore compile settings and the optimiser's state.
        safe_mode: Accepted for Keras's sake; reading is always safe.

    Returns:
        A `Model` or `Sequential`.

    Raises:
        FileError: The file is missing, damaged, forged, newer, or names an unknown class.

    Warns:
        PellucidWarning: The file holds an ensemble whose temperature `Ensemble.load` would keep.

    Example:
        >>> import tempfile, pathlib, pellucid
        >>> model = pellucid.Sequential([pellucid.Input((2,)), pellucid.layers.Dense(1)])
        >>> path = pathlib.Path(tempfile.mkdtemp()) / "model.pellucid"
        >>> model.save(path)
        >>> pellucid.models.load_model(path).count_params()
        3
    """
    model = read_model(filepath, custom_objects, compile)
    held = (model.preprocessing or {}).get("ensemble")
    if isinstance(held, Mapping) and held.get("temperature") is not None:
        problem = Problem(
            f"load_model: {filepath}",
            "an ensemble whose probabilities were recalibrated",
            "Ensemble.load, which keeps the temperature",
            f"This model predicts as before that. Write Ensemble.load({str(filepath)!r}).",
        )
        warnings.warn(str(problem), PellucidWarning, stacklevel=2)
    return model


def read_model(
    filepath: Any, custom_objects: Mapping[str, Any] | None = None, compile: bool = True
) -> Any:
    """Return the model that a file holds; see `load_model`, which also says what it leaves out."""
    path = Path(os.fspath(filepath))
    file = load_model_file(path, custom_objects)
    _give_weights(file)
    training = file.training if isinstance(file.training, dict) else {}
    model = model_around(file.graph, _whole(path, training, "seed", get_seed()))
    model.preprocessing = file.preprocessing
    model.name_outputs(_output_names(path, model, training))
    if file.history is not None:
        model.history = History.from_dict(file.history, str(path))
    if compile and file.compile is not None:
        _restore_compile(path, model, file, training)
    where = f"{path}: training.json: tunable"
    marks = read_marks(training.get("tunable", {}), where, check_custom_objects(custom_objects))
    with reading(where):
        give_marks(model, marks)
    return model


def _output_names(path: Path, model: Any, training: Mapping[str, Any]) -> list[str] | None:
    names, count = training.get("outputs"), len(model.output_names)
    if names is None:
        return None
    sound = isinstance(names, list) and all(isinstance(one, str) for one in names)
    if not sound or len(set(names)) != len(names) or len(names) != count:
        raise FileError(
            f"{path}: training.json: got outputs {repr(names)[:40]}, expected {count} different "
            "names."
        )
    return names


def _give_weights(file: ModelFile) -> None:
    """Give the layers their arrays before a model is made, which would draw others."""
    network = Network.from_graph(file.graph)
    for number, layer in enumerate(network.layers):
        own = {
            weight.name: file.weights[weight.path]
            for weight in network.weights
            if weight.layer == number and not weight.by_row
        }
        if own:
            set_variables(layer, own)


def _restore_compile(path: Path, model: Any, file: ModelFile, training: Mapping[str, Any]) -> None:
    settings: dict[str, Any] = {name: (file.compile or {}).get(name) for name in COMPILE_FIELDS}
    count = len(model.output_names)
    for name in COMPILE_FIELDS[1:]:
        value = settings[name]
        if not isinstance(value, list) or len(value) != count:
            raise FileError(
                f"{path}: compile.json: got {name} {value!r}, expected a list of {count}, "
                "one entry for each output."
            )
    if count == 1:
        settings["metrics"] = settings["metrics"][0]
        settings["weighted_metrics"] = settings["weighted_metrics"][0]
    model.compile(**settings)
    made = model.progress_made
    made.epochs = _whole(path, training, "epochs", 0)
    if file.optimizer is not None:
        recipe = Recipe(model.network, Objective(()), model.optimizer)
        fresh = begin_optimizer(recipe)
        state = restored_like(f"{path}: optimizer", fresh, file.optimizer)
        steps = _whole(path, training, "steps", 0)
        made.restore(recipe, jax.device_put(state), made.epochs, steps)


def _whole(path: Path, document: Mapping[str, Any], name: str, default: int) -> int:
    value = document.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**32:
        raise FileError(
            f"{path}: training.json: got {name} {repr(value)[:40]}, expected a whole number from 0 "
            "to 4294967295."
        )
    return value


def _set_by_path(model: Any, weights: Mapping[str, NumpyArray]) -> None:
    network = model.network
    model.set_weights([weights[network.weights[number].path] for number in network.lasting])


def save_weights(model: Any, filepath: Any, overwrite: bool) -> None:
    """Write the weights alone; see `Model.save_weights`."""
    save_weights_file(_path_to_write(filepath, overwrite), model.variables_by_path)


def load_weights(model: Any, filepath: Any) -> None:
    """Read weights into the model; see `Model.load_weights`."""
    _set_by_path(model, load_weights_file(Path(os.fspath(filepath)), model.network))


def to_json(model: Any, **options: Any) -> str:
    """Return the architecture as JSON text.

    Raises:
        NotSaveableError: A layer holds a Python function.
    """
    try:
        return json.dumps(model.graph.get_config(), **options)
    except NotSaveableError as error:
        raise NotSaveableError(f"{model.name}.to_json: {error}") from None


def model_from_json(json_string: str, custom_objects: Mapping[str, Any] | None = None) -> Any:
    """Return a new model, with new weights, of the architecture that `to_json` gave.

    Raises:
        FileError: The text is no architecture.

    Example:
        >>> import pellucid
        >>> model = pellucid.Sequential([pellucid.Input((2,)), pellucid.layers.Dense(1)])
        >>> pellucid.models.model_from_json(model.to_json()).count_params()
        3
    """
    return model_from_config(decode(json_string.encode(), "model_from_json"), custom_objects)


def model_from_config(
    config: Mapping[str, Any], custom_objects: Mapping[str, Any] | None = None
) -> Any:
    """Return a new model of the architecture that `get_config` gave."""
    graph, _ = build_network(config, "configuration", check_custom_objects(custom_objects))
    return model_around(graph)


def model_around(graph: Graph, seed: int | None = None) -> Any:
    """Return a `Model`, or a `Sequential` where the graph was drawn as one.

    Args:
        graph: Its architecture.
        seed: Seed of weights that are not there yet, of order and noise; the next one when absent.
    """
    from_graph = _makers[graph.kind]
    return from_graph(graph, seed)


_makers: dict[str, Any] = {}


def register_maker(kind: str, make: Any) -> None:
    """Say how a graph of one kind becomes a model; the classes themselves call this."""
    _makers[kind] = make


def clone_model(model: Any, custom_objects: Mapping[str, Any] | None = None) -> Any:
    """Return a new model of the same architecture, with new weights.

    Example:
        >>> import pellucid
        >>> model = pellucid.Sequential([pellucid.Input((2,)), pellucid.layers.Dense(1)])
        >>> pellucid.models.clone_model(model).count_params()
        3

    A layer of your own class is cloned too; a `Lambda` cannot be. `Tunable` marks in layers, and
    the names of a dict of outputs, are those of the model.
    """
    custom = {**own_classes(model), **(custom_objects or {})}
    copy = model_from_config(model.get_config(), custom)
    copy.name_outputs(model.named_outputs)
    give_marks(copy, marks_of(model))
    return copy


def own_classes(model: Any) -> dict[str, type]:
    """Return the classes of the model's layers that are the user's own, by name."""
    layers = (one for layer in model.graph.layers() for one in with_inner(layer))
    classes = {type(layer).__name__: type(layer) for layer in layers}
    return {name: one for name, one in classes.items() if not _is_ours(one)}


def _is_ours(kind: type) -> bool:
    return kind.__module__.startswith("pellucid.")
