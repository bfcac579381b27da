"""What a user may point at: a file, or the folder of a run."""

from pathlib import Path

from pellucid.errors import FileError, Problem, near, report

MODEL, HISTORY = "model.pellucid", "history.json"

MOST = 5
"""Names that are listed at most."""

MODELS = "a model file (.pellucid), or the folder of a run"


DATA = (".csv", ".tsv", ".txt", ".parquet", ".jsonl", ".npz", ".ts", ".arff", ".wav")
"""Endings of files that are data, not models."""


def model_file(path: Path) -> Path:
    """Return the model file that `path` is, or that the folder `path` holds.

    Raises:
        FileError: It is a folder without a model, or a file of data.
    """
    if path.suffix.lower() in DATA and path.is_file():
        fix = "The model comes first, the data after it."
        report([Problem(f"{path}", f"a file '{path.suffix}'", MODELS, fix)], FileError)
    if not path.is_dir():
        return path
    if not (path / MODEL).is_file():
        raise FileError(f"{path}: got a folder without '{MODEL}', expected a model file or a run.")
    return path / MODEL


def existing(path: Path, expected: str, endings: tuple[str, ...]) -> Path:
    """Return a path to something that is there.

    Args:
        path: What the user wrote.
        expected: What it should be, for the message.
        endings: Endings of files that it may have been meant for; so may folders that hold a
            model, where the endings are those of one.

    Raises:
        FileError: There is nothing; what was most likely meant is named.
    """
    if not path.exists():
        report(
            [Problem(str(path), "a path to nothing", expected, _meant(path, endings))], FileError
        )
    return path


def _meant(path: Path, endings: tuple[str, ...]) -> str:
    folder = path.parent
    if not folder.is_dir():
        return f"There is no folder '{folder}'."
    models = ".pellucid" in endings
    known = sorted(
        one.name
        for one in folder.iterdir()
        if one.suffix in endings or (models and (one / MODEL).is_file())
    )
    close = near(path.name, known)
    if close is not None:
        return f"Did you mean '{folder / close}'?"
    there = ", ".join(f"'{name}'" for name in known[:MOST]) or "none"
    more = ", ..." if len(known) > MOST else ""
    return f"In '{folder}' there is {there}{more}."
