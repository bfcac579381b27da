"""From raw files to trained, evaluated and saved networks."""

from pellucid.tasks.images import ImagesModel, train_images
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
    "ImagesModel",
    "TableModel",
    "TableRun",
    "TableSearch",
    "evaluate_table",
    "load_table_model",
    "predict_table",
    "report_saved",
    "train_images",
    "train_table",
    "tune_table",
]
