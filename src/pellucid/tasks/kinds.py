"""The kinds of data that can be trained on, and what each is done by."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pellucid.errors import FileError
from pellucid.models import Model, load_model
from pellucid.report.run_report import RunReport
from pellucid.tasks.audio import AudioModel, train_audio
from pellucid.tasks.class_report import class_page, rows_of_classes
from pellucid.tasks.forecast import train_forecast
from pellucid.tasks.forecast_report import forecast_page, rows_of_series
from pellucid.tasks.forecaster import ForecastModel
from pellucid.tasks.generation import train_generation
from pellucid.tasks.generation_model import GenerationModel
from pellucid.tasks.generation_report import generation_page, rows_of_prose
from pellucid.tasks.images import ImagesModel, train_images
from pellucid.tasks.run import Run, Trained
from pellucid.tasks.sequences import SequencesModel, train_sequences
from pellucid.tasks.table import table_model_of, train_table
from pellucid.tasks.table_report import rows_of_table, table_page
from pellucid.tasks.text import TextModel, train_text
from pellucid.tasks.translation import train_translation
from pellucid.tasks.translation_model import TranslationModel
from pellucid.tasks.translation_report import rows_of_pairs, translation_page


@dataclass(frozen=True)
class Kind:
    """One kind of data.

    Args:
        name: Its name, in `--task` and in model files.
        noun: The same in a sentence: "a table".
        train: Trains on a path; its further arguments are the options of this kind.
        load: Returns what was trained from a model and the path it was read from.
        rows: Returns inputs and targets of the network for raw data, by which it is diagnosed;
            None where only the model and its run are looked at.
        page: Returns what a page says beside the run, from what was trained, raw data or None,
            and the file of predictions that the run kept.
    """

    name: str
    noun: str
    train: Callable[..., Run]
    load: Callable[[Model, Any], Trained]
    rows: Callable[[Any, Any], tuple[Any, Any]] | None = None
    page: Callable[[Any, Any, Path], RunReport] | None = None


def _of_classes(
    name: str, noun: str, train: Callable[..., Run], load: Callable[[Model, Any], Trained]
) -> Kind:
    return Kind(name, noun, train, load, rows_of_classes, class_page)


_SERIES = train_forecast, ForecastModel.of, rows_of_series, forecast_page
_TEXT = train_generation, GenerationModel.of, rows_of_prose, generation_page
_PAIRS = train_translation, TranslationModel.of, rows_of_pairs, translation_page

KINDS = {
    one.name: one
    for one in (
        Kind("table", "a table", train_table, table_model_of, rows_of_table, table_page),
        _of_classes("images", "images", train_images, ImagesModel.of),
        Kind("forecast", "a series", *_SERIES),
        _of_classes("sequences", "sequences", train_sequences, SequencesModel.of),
        _of_classes("text", "texts", train_text, TextModel.of),
        Kind("generation", "a text to go on writing", *_TEXT),
        Kind("translation", "pairs of sentences", *_PAIRS),
        _of_classes("audio", "sounds", train_audio, AudioModel.of),
    )
}
"""Every kind by its name."""


def kind_of(model: Model, path: Any) -> Kind:
    """Return the kind of data that a model was trained on.

    Args:
        model: The model.
        path: Its file, for messages.

    Raises:
        FileError: It knows nothing of raw data.
    """
    document = model.preprocessing
    name = document.get("kind") if isinstance(document, dict) else None
    if not isinstance(name, str) or name not in KINDS:
        raise FileError(
            f"{path}: got a model without preprocessing, expected one made by `pellucid train`. "
            "Use pellucid.load_model(path).predict(array) instead."
        )
    return KINDS[name]


def load_kind(path: Any) -> tuple[Kind, Trained]:
    """Read a model that `pellucid train` saved, with the kind of data that it was trained on.

    Args:
        path: The model file.

    Raises:
        FileError: The file is damaged, or its model knows nothing of raw data.
    """
    model = load_model(path)
    kind = kind_of(model, path)
    return kind, kind.load(model, path)


def load_trained(path: Any) -> Trained:
    """Read a model that `pellucid train` saved, of whatever kind.

    Args:
        path: The model file.

    Raises:
        FileError: The file is damaged, or its model knows nothing of raw data.
    """
    return load_kind(path)[1]
