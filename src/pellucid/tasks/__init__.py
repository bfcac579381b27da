"""From raw files to trained, evaluated and saved networks."""

from pellucid.tasks.forecast import ForecastRun, train_forecast
from pellucid.tasks.forecaster import ForecastModel
from pellucid.tasks.kinds import load_trained
from pellucid.tasks.saved_report import report_saved
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

__all__ = [
    "ForecastModel",
    "ForecastRun",
    "TableModel",
    "TableRun",
    "TableSearch",
    "TextModel",
    "evaluate_table",
    "load_table_model",
    "load_trained",
    "predict_table",
    "report_saved",
    "train",
    "train_forecast",
    "train_table",
    "train_text",
    "tune_table",
]
