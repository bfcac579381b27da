"""From raw files to trained, evaluated and saved networks."""

from pellucid.tasks.audio import AudioModel, train_audio
from pellucid.tasks.sequences import SequencesModel, train_sequences
from pellucid.tasks.table import (
    TableModel,
    TableRun,
    evaluate_table,
    load_table_model,
    predict_table,
    train_table,
)
from pellucid.tasks.table_report import report_saved
from pellucid.tasks.table_search import TableSearch, tune_table

__all__ = [
    "AudioModel",
    "SequencesModel",
    "TableModel",
    "TableRun",
    "TableSearch",
    "evaluate_table",
    "load_table_model",
    "predict_table",
    "report_saved",
    "train_audio",
    "train_sequences",
    "train_table",
    "tune_table",
]
