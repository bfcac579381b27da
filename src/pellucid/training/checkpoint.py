"""Checkpoints: the whole state of a run on disk, from which it goes on as if never stopped."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jax
import numpy as np

from pellucid.errors import FileError
from pellucid.saving.files import CheckpointFile, load_checkpoint_file, save_checkpoint_file
from pellucid.training.history import History
from pellucid.training.trainer import Trainer
from pellucid.types import NumpyArray


@dataclass(frozen=True)
class Restored:
    """What beside the trainer's own state a checkpoint held."""

    history: History
    epoch: int
    position: int


def write(path: Path, trainer: Trainer, history: History, epoch: int, position: int) -> None:
    """Write the state of a run between two chunks, whole or not at all.

    Args:
        path: File; its folder is made if need be.
        trainer: The run.
        history: What it has reported.
        epoch: Epoch as the user counts.
        position: Steps made in it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    training = {
        "epoch": epoch,
        "position": position,
        "epochs_before": trainer.epochs_before,
        "seed": trainer.seed,
        "rows": trainer.rows,
        "batch_size": trainer.options.batch_size,
    }
    save_checkpoint_file(
        path, CheckpointFile(training, named_arrays(trainer.state), history.to_dict())
    )


def read(path: Path, trainer: Trainer) -> Restored:
    """Set the trainer's state from a checkpoint of the same run.

    Raises:
        FileError: The file is damaged, or belongs to another run.
    """
    file = load_checkpoint_file(path)
    _check_run(path, file.training, trainer)
    trainer.set_state(restored_like(path, trainer.state, file.state))
    trainer.epochs_before = int(file.training["epochs_before"])
    trainer.step = int(np.asarray(file.state["step"]))
    trainer.order_known = False
    history = History.from_dict(file.history, str(path))
    return Restored(history, int(file.training["epoch"]), int(file.training["position"]))


def _check_run(path: Path, training: Any, trainer: Trainer) -> None:
    own = {
        "seed": trainer.seed,
        "rows": trainer.rows,
        "batch_size": trainer.options.batch_size,
    }
    held = training if isinstance(training, dict) else {}
    whole = all(
        isinstance(held.get(name), int) for name in (*own, "epoch", "position", "epochs_before")
    )
    different = [name for name in own if held.get(name) != own[name]]
    if not whole or different:
        told = ", ".join(f"{name} {held.get(name)} there, {own[name]} here" for name in different)
        raise FileError(
            f"{path}: got the checkpoint of another run ({told or 'fields are missing'}), expected "
            "one of this run. Remove the file to start anew, or repeat the run it belongs to."
        )


def named_arrays(tree: Any) -> dict[str, NumpyArray]:
    """Return the arrays of a pytree by path."""
    leaves, _ = jax.tree_util.tree_flatten_with_path(jax.device_get(tree))
    return {_name(path): np.asarray(leaf) for path, leaf in leaves}


def restored_like(where: Any, tree: Any, arrays: Any) -> Any:
    """Return a pytree shaped like `tree` with its arrays taken from `arrays` by path.

    Raises:
        FileError: An array is missing, extra, or of another shape or type; all are listed.
    """
    leaves, structure = jax.tree_util.tree_flatten_with_path(tree)
    wrong, found = [], []
    for path, leaf in leaves:
        name, own = _name(path), np.asarray(leaf)
        held = arrays.get(name)
        if held is None or held.shape != own.shape or held.dtype != own.dtype:
            shown = "nothing" if held is None else f"{held.dtype}{list(held.shape)}"
            wrong.append(f"{name}: got {shown}, expected {own.dtype}{list(own.shape)}")
        found.append(held)
    extra = set(arrays) - {_name(path) for path, _ in leaves}
    wrong += [f"{name}: got an array that the run does not have" for name in sorted(extra)]
    if wrong:
        raise FileError(f"{where}: the state belongs to another run or model. " + "; ".join(wrong))
    return jax.tree_util.tree_unflatten(structure, found)


def _name(path: Any) -> str:
    parts = [
        str(getattr(key, "name", None) or getattr(key, "key", None) or getattr(key, "idx", key))
        for key in path
    ]
    return "/".join(parts)
