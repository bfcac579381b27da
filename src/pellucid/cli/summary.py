"""`pellucid summary`."""

from pathlib import Path

from pellucid.cli.paths import model_file


def summary(model: Path, /) -> None:
    """Show the layers of a saved model, their shapes and numbers of parameters.

    - `pellucid summary houses-price`

    Args:
        model: Model file (.pellucid), or the folder of a run.
    """
    path = model_file(model)

    from pellucid.models import load_model

    load_model(path).summary()
