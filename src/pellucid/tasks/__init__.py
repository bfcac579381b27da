"""From raw files to trained, evaluated and saved networks."""

from pellucid.tasks.table import TableModel as TableModel
from pellucid.tasks.table import TableRun as TableRun
from pellucid.tasks.table import evaluate_table as evaluate_table
from pellucid.tasks.table import load_table_model as load_table_model
from pellucid.tasks.table import predict_table as predict_table
from pellucid.tasks.table import train_table as train_table
