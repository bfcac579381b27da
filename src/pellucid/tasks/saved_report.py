"""What `pellucid train` left, as one page."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from pellucid.graph.summary import summary_text
from pellucid.models import load_model
from pellucid.models.reporting import settings
from pellucid.page import Table, check_page_path, write_page
from pellucid.report.evaluation import Evaluation
from pellucid.report.run_report import RunReport
from pellucid.tasks.asking import of_its_kind
from pellucid.tasks.doctor import examine
from pellucid.tasks.kept import KEPT, kept_nested, kept_scores
from pellucid.tasks.kinds import Kind, kind_of
from pellucid.tasks.run import Trained
from pellucid.tasks.scores import better_baseline, named_scores


def _beside_baselines(evaluation: Evaluation | None, model: Path) -> Evaluation | None:
    """Return an evaluation with the scores of all models that a run compared, if it kept them."""
    kept = kept_scores(model)
    if not kept:
        return evaluation
    unseen = Evaluation("On what was never seen in training", {})
    nested = kept_nested(model)
    others = [] if nested is None else [Table(nested.sentence, nested.headers, nested.cells)]
    beaten = better_baseline(kept)
    return replace(
        evaluation or unseen,
        scores=named_scores(kept),
        others=others,
        warnings=[beaten] if beaten else [],
    )


def _told(kind: Kind, found: Trained, data: Any, model: Path) -> RunReport:
    """Return what a page says: of the test rows that a run kept first, then of other data."""
    assert kind.page is not None
    kept = model.with_name(KEPT)
    own = kind.page(found, None, kept)
    unseen = _beside_baselines(own.evaluation, model)
    if data is None:
        return replace(own, evaluation=unseen)
    told = kind.page(found, data, kept)
    return told if unseen is None else replace(told, evaluation=unseen, further=told.evaluation)


def report_saved(model: Any, path: Any, data: Any = None) -> Path:
    """Write a page about a saved model; about one of `pellucid train` it tells most.

    Args:
        model: Path of the model. If its training left predictions of test rows beside it, the
            network is judged by them first.
        path: The file to write, ending in `.html`.
        data: Raw data with the truth, to describe and to evaluate on: a file, a folder, or for
            a table also a Table, frame or dict of columns.

    Returns:
        `path`.

    Raises:
        ArgumentError: `path` ends in something else.
        DataError: A column is missing, a label was unseen in training.
        FileError: A file cannot be read or written, or there are data and the model knows
            nothing of raw data.

    Example:
        >>> import pathlib, tempfile
        >>> from pellucid.tasks import report_saved, train_table
        >>> wide = [number % 7 + 0.5 for number in range(60)]
        >>> rows = {"w": wide, "y": [2 * one for one in wide]}
        >>> folder = pathlib.Path(tempfile.mkdtemp())
        >>> run = train_table(rows, "y", output=folder, epochs=1, members=1, verbose=0)
        >>> report_saved(folder / "model.pellucid", folder / "report.html").name
        'report.html'
    """
    check_page_path(path, "report_saved(path=...)")
    loaded = load_model(model)
    if data is None and loaded.preprocessing is None:
        return loaded.report(path, title=Path(model).stem)
    kind = kind_of(loaded, model)
    found = kind.load(loaded, model)
    title = f"{Path(model).resolve().parent.name}: {kind.noun}"
    with of_its_kind(kind, model, data):
        told = RunReport(title) if kind.page is None else _told(kind, found, data, Path(model))
        diagnosis = None if data is None else examine(kind, found, data)
    told = replace(
        told,
        history=loaded.history,
        diagnosis=diagnosis,
        summary=summary_text(loaded.graph, loaded.network),
        settings=settings(loaded),
    )
    return write_page(path, told.page())
