"""What one training of a task leaves: a model, its scores, and a folder of files."""

import contextlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from pellucid import report
from pellucid.atomic import write_text_atomically
from pellucid.errors import FileError
from pellucid.models import Model
from pellucid.tasks.answers import Answers
from pellucid.tasks.evaluation import Evaluation
from pellucid.tasks.learned import keep_marks
from pellucid.tasks.scores import better_baseline, scores_text
from pellucid.types import NumpyArray


class Trained(Protocol):
    """A network together with how raw files become its inputs and its outputs answers."""

    @property
    def model(self) -> Model:
        """The network."""
        ...

    def document(self) -> dict[str, Any]:
        """Return the preprocessing as plain values, for the model file."""
        ...

    def predict(self, source: Any) -> Answers:
        """Return answers for raw data."""
        ...

    def evaluate(self, source: Any) -> Evaluation:
        """Return scores on raw data that have the truth."""
        ...


@dataclass(frozen=True)
class Run:
    """What training on raw files did.

    Args:
        trained: Network and preprocessing.
        scores: Scores on the test rows, of the network and of each baseline.
        tested: On what they were reached: "On 40 files never seen in training:".
        answers: What the network says of the test rows.
        folder: Where everything was written, or None.
        notes: Sentences about the data and the choices made.
        learned: Marks of the examples that were learned from or said when to stop.
    """

    trained: Trained
    scores: Mapping[str, Mapping[str, float | None]]
    tested: str
    answers: Answers
    folder: Path | None = None
    notes: tuple[str, ...] = field(default=())
    learned: NumpyArray | None = None

    def summary_text(self) -> str:
        """Return what the run found, as text."""
        beaten = better_baseline(self.scores)
        lines = [self.tested, scores_text(self.scores), *([beaten] if beaten else [])]
        if self.folder is not None:
            lines += ["", f"Model, plots, metrics and predictions: {self.folder}"]
        return "\n".join(lines)


def result_folder(name: str, output: Any) -> Path:
    """Make the folder of the results before time is spent on them.

    Args:
        name: What it is called in the present folder, unless `output` says otherwise.
        output: The folder that was asked for; None for `name`.

    Raises:
        FileError: No folder can be made there.
    """
    folder = Path(output) if output is not None else Path(plain_name(name))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(
            f"{folder}: got a path where no folder can be made ({error.strerror}), "
            "expected a folder for the results. Give another: --output FOLDER."
        ) from None
    return folder


@contextlib.contextmanager
def none_left_empty(folder: Path | None) -> Iterator[None]:
    """Take a folder away again that an error leaves empty."""
    try:
        yield
    except BaseException:
        if folder is not None and not any(folder.iterdir()):
            folder.rmdir()
        raise


def plain_name(text: str) -> str:
    """Return a text as a name of a file: letters, digits, `-` and `_`."""
    return "".join(one if one.isalnum() or one in "-_" else "-" for one in text)


def save_trained(trained: Trained, path: Any) -> None:
    """Write network and preprocessing to one file.

    Args:
        trained: Both.
        path: The file, ending in `.pellucid`.
    """
    trained.model.preprocessing = trained.document()
    trained.model.save(path)


def write_run(run: Run, pictures: Mapping[str, Any], facts: Mapping[str, Any]) -> None:
    """Leave model, history, pictures, metrics and predictions in the run's folder.

    Args:
        run: What to write; it must have a folder.
        pictures: Figures by the names of their files, without ending.
        facts: What else metrics.json says, such as the number of rows of each part.
    """
    folder, model = run.folder, run.trained.model
    assert folder is not None
    save_trained(run.trained, folder / "model.pellucid")
    history = model.history
    assert history is not None
    history.to_json(folder / "history.json")
    history.to_csv(folder / "history.csv")
    history.plot(folder / "history.png")
    document = {**facts, "seed": model.seed, "scores": run.scores, "notes": list(run.notes)}
    write_text_atomically(folder / "metrics.json", json.dumps(document, indent=2) + "\n")
    if run.learned is not None:
        keep_marks(folder, run.learned)
    for name, picture in pictures.items():
        report.save_figure(picture, folder / f"{name}.png")
    run.answers.written(folder / "predictions.csv")
