"""`pellucid report`."""

from pathlib import Path

from pellucid.cli.paths import HISTORY, MODEL, model_file
from pellucid.errors import FileError

PAGE = "report.html"


def report(run: Path, data: Path | None = None, /, *, output: Path | None = None) -> None:
    """Write one page about a run: findings, evaluation, curves, data, model, environment.

    The page is a single HTML file that opens without a network, on a phone too.

    - `pellucid report houses-price`
    - `pellucid report houses-price more-houses.csv --output more.html`
    - `pellucid report history.json`

    Args:
        run: Folder of a run, model file (.pellucid), or history in JSON.
        data: A file or folder like the one it was trained on, to describe, to evaluate on and to
            look for findings in, beside the test rows of the run.
        output: Page to write, .html; report.html in the folder of the run, or a page beside
            the file, if not given.
    """
    source = run / HISTORY if _only_history(run) else model_file(run)
    page = output or (run / PAGE if run.is_dir() else source.with_suffix(".html"))
    if source.suffix == ".json":
        if data is not None:
            raise FileError(
                f"{source}: got a history with the data '{data}', expected a model to evaluate "
                "on it. Give the model file or the folder of the run."
            )

        from pellucid.training.history import History

        print(History.from_json(source).report(page, run.resolve().stem))
        return

    from pellucid.tasks.saved_report import report_saved

    print(report_saved(source, page, data))


def _only_history(run: Path) -> bool:
    return (run / HISTORY).is_file() and not (run / MODEL).is_file()
