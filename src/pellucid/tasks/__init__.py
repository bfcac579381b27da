"""From raw files to trained, evaluated and saved networks."""

from pellucid.tasks.asking import evaluate_file, predict_file
from pellucid.tasks.audio import AudioModel, train_audio
from pellucid.tasks.bleu import corpus_bleu
from pellucid.tasks.forecast import ForecastRun, train_forecast
from pellucid.tasks.forecaster import ForecastModel
from pellucid.tasks.generation import train_generation
from pellucid.tasks.generation_model import GenerationModel, generate_text
from pellucid.tasks.images import ImagesModel, train_images
from pellucid.tasks.kinds import load_trained
from pellucid.tasks.saved_report import report_saved
from pellucid.tasks.sequences import SequencesModel, train_sequences
from pellucid.tasks.table import (
    TableModel,
    TableRun,
    evaluate_table,
    load_table_model,
    predict_table,
    train_table,
)
from pellucid.tasks.table_search import TableSearch, tune_table
from pellucid.tasks.text import TextModel, train_text
from pellucid.tasks.training import train
from pellucid.tasks.translation import train_translation
from pellucid.tasks.translation_model import TranslationModel

__all__ = [
    "AudioModel",
    "ForecastModel",
    "ForecastRun",
    "GenerationModel",
    "ImagesModel",
    "SequencesModel",
    "TableModel",
    "TableRun",
    "TableSearch",
    "TextModel",
    "TranslationModel",
    "corpus_bleu",
    "evaluate_file",
    "evaluate_table",
    "generate_text",
    "load_table_model",
    "load_trained",
    "predict_file",
    "predict_table",
    "report_saved",
    "train",
    "train_audio",
    "train_forecast",
    "train_generation",
    "train_images",
    "train_sequences",
    "train_table",
    "train_text",
    "train_translation",
    "tune_table",
]
