"""`pellucid evaluate`."""

from pathlib import Path

from pellucid.cli.paths import model_file


def evaluate(model: Path, data: Path, /) -> None:
    """Evaluate a trained model on data that have the truth.

    - `pellucid evaluate houses-price more-houses.csv`
    - `pellucid evaluate digits-run folder-of-folders`

    Args:
        model: Model file (.pellucid), or the folder of a run.
        data: A file or folder like the one it was trained on.
    """
    path = model_file(model)

    from pellucid.tasks.asking import evaluate_file

    print(evaluate_file(path, data).summary_text())
