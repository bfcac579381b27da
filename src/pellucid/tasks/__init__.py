"""From raw files to trained, evaluated and saved networks."""

from pellucid.tasks.table import (
    TableModel as TableModel,
    TableRun as TableRun,
    evaluate_table as evaluate_table,
    load_table_model as load_table_model,
    predict_table as predict_table,
    train_table as train_table,
)
