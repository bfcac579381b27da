"""The kinds of data that can be trained on, and what each is done by."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pellucid.errors import FileError
from pellucid.models import Model, load_model
from pellucid.tasks.audio import AudioModel, train_audio
from pellucid.tasks.run import Run, Trained
from pellucid.tasks.sequences import SequencesModel, train_sequences
from pellucid.tasks.table import table_model_of, train_table


@dataclass(frozen=True)
class Kind:
    """One kind of data.

    Args:
        name: Its name, in `--task` and in model files.
        noun: The same in a sentence: "a table".
        train: Trains on a path; its further arguments are the options of this kind.
        load: Returns what was trained from a model and the path it was read from.
    """

    name: str
    noun: str
    train: Callable[..., Run]
    load: Callable[[Model, Any], Trained]


KINDS = {
    one.name: one
    for one in (
        Kind("table", "a table", train_table, table_model_of),
        Kind("audio", "sounds", train_audio, AudioModel.of),
        Kind("sequences", "sequences", train_sequences, SequencesModel.of),
    )
}
"""Every kind by its name."""


def load_trained(path: Any) -> Trained:
    """Read a model that `pellucid train` saved, of whatever kind.

    Args:
        path: The model file.

    Raises:
        FileError: The file is damaged, or its model knows nothing of raw data.
    """
    model = load_model(path)
    document = model.preprocessing
    name = document.get("kind") if isinstance(document, dict) else None
    if name not in KINDS:
        raise FileError(
            f"{path}: got a model without preprocessing, expected one made by `pellucid train`. "
            "Use pellucid.load_model(path).predict(array) instead."
        )
    return KINDS[name].load(model, path)
