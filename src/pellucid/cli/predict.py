"""`pellucid predict`."""

import sys
from pathlib import Path

from pellucid.cli.paths import model_file


def predict(model: Path, data: Path, /, *, output: Path | None = None) -> None:
    """Predict what a model was trained to predict, from raw data.

    For a table the target of each row; for images, texts, sounds and sequences the class of
    each; for a series what follows; for a text how it goes on; for sentences their translation.

    - `pellucid predict houses-price new.csv --output prices.csv`
    - `pellucid predict digits-run photos | head`

    Args:
        model: Model file (.pellucid), or the folder of a run.
        data: A file or folder like the one it was trained on; the truth may be absent.
        output: CSV file for the predictions; they are printed if it is not given.
    """
    path = model_file(model)

    from pellucid.tasks.asking import predict_file

    answers = predict_file(path, data).written(output)
    if output is None:
        sys.stdout.write(answers.csv_text())
    else:
        print(answers.summary_text())
