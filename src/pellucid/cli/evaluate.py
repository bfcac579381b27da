"""`pellucid evaluate`."""

from pathlib import Path

from pellucid.cli.paths import model_file


def evaluate(model: Path, file: Path, /) -> None:
    """Evaluate a trained model on a table that has the target.

    - `pellucid evaluate houses-price more-houses.csv`

    Args:
        model: Model file (.pellucid), or the folder of a run.
        file: A table with the columns of the training table.
    """
    path = model_file(model)

    from pellucid.tasks.table import evaluate_table

    print(evaluate_table(path, file).summary_text())
