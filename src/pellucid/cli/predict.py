"""`pellucid predict`."""

import sys
from pathlib import Path

from pellucid.cli.paths import model_file


def predict(model: Path, file: Path, /, *, output: Path | None = None) -> None:
    """Predict the target of each row of a table.

    - `pellucid predict houses-price new.csv --output prices.csv`
    - `pellucid predict model.pellucid new.csv | head`

    Args:
        model: Model file (.pellucid), or the folder of a run.
        file: A table with the columns of the training table; the target may be absent.
        output: CSV file for the predictions; they are printed if it is not given.
    """
    path = model_file(model)

    from pellucid.tasks.table import predict_table

    predicted = predict_table(path, file, output)
    if output is None:
        sys.stdout.write(predicted.csv_text())
    else:
        print(predicted.summary_text())
