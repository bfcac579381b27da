"""`pellucid doctor`."""

from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from pellucid.cli.paths import MODELS, existing, model_file

TABLES = (".csv", ".tsv", ".json", ".jsonl", ".parquet", ".npz")

DATA = "the data that the model was trained on, or a .npz file of x and y"


def doctor(
    model: Path,
    data: Path | None = None,
    /,
    *,
    json: Annotated[bool, Parameter(negative="")] = False,
) -> None:
    """Say what is wrong with a saved model, its run and its data, and what may help.

    - `pellucid doctor houses-price houses.csv`
    - `pellucid doctor model.pellucid data.npz --json`

    The exit code is 0 whatever is found.

    Args:
        model: Model file (.pellucid), or the folder of a run.
        data: The file or folder that the model was trained on; for a model of your own a .npz
            file with the arrays x and y, and x_validation and y_validation if there are any.
        json: Print the findings as JSON.
    """
    path = model_file(existing(model, MODELS, (".pellucid",)))
    if data is not None:
        existing(data, DATA, TABLES)

    from pellucid.tasks.doctor import examine_file
    from pellucid.tasks.kept import kept_scores
    from pellucid.tasks.scores import better_baseline

    found = examine_file(path, data)
    print(found.to_json() if json else _text(found, better_baseline(kept_scores(path))))


def _text(found: Any, beaten: str) -> str:
    if found.healthy:
        verdict = "Healthy: neither a fault nor a warning."
    else:
        verdict = f"Not healthy: {found.headline}."
    shown = [f"{one}\n" for one in found]
    further = [one for one in (beaten, found.unseen) if one]
    return "\n".join([*shown, verdict, *further])
