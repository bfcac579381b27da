"""What a user may point at: a file, or the folder of a run."""

from pathlib import Path

from pellucid.errors import FileError

MODEL, HISTORY = "model.pellucid", "history.json"


def model_file(path: Path) -> Path:
    """Return the model file that `path` is, or that the folder `path` holds.

    Raises:
        FileError: It is a folder without a model.
    """
    if not path.is_dir():
        return path
    if not (path / MODEL).is_file():
        raise FileError(f"{path}: got a folder without '{MODEL}', expected a model file or a run.")
    return path / MODEL
