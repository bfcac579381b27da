"""`pellucid plot`."""

from pathlib import Path
from typing import Any

from pellucid.cli.paths import HISTORY, model_file
from pellucid.errors import FileError


def plot(run: Path, /, *, output: Path | None = None) -> None:
    """Draw the loss and metrics of a run against the epoch.

    - `pellucid plot houses-price`
    - `pellucid plot history.json --output history.svg`

    Args:
        run: Folder of a run, history in JSON, or model file (.pellucid).
        output: Picture to write, .png, .svg or .pdf; history.png in the folder of the run, or
            a .png beside the file, if not given.
    """
    source = run / HISTORY if (run / HISTORY).is_file() else model_file(run)
    picture = output or (
        source.with_name("history.png") if run.is_dir() else source.with_suffix(".png")
    )
    _history(source).plot(picture)
    print(picture)


def _history(source: Path) -> Any:
    if source.suffix == ".pellucid":
        from pellucid.models import load_model

        history = load_model(source).history
        if history is None:
            raise FileError(f"{source}: got a model without a history, expected a trained one.")
        return history

    from pellucid.training.history import History

    return History.from_json(source)
