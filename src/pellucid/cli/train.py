"""`pellucid train`."""

from pathlib import Path
from typing import Literal

from pellucid.cli.words import Flag, Words, marks_of, pairs_of, separator_of


def train(
    file: Path,
    /,
    *,
    target: str,
    output: Path | None = None,
    task: Literal["auto", "binary", "classes", "number"] = "auto",
    time: str | None = None,
    group: str | None = None,
    epochs: int | None = None,
    batch_size: int | None = None,
    validation: float = 0.2,
    test: float = 0.2,
    seed: int = 0,
    separator: str | None = None,
    header: bool | None = None,
    missing: Words = (),
    drop: Words = (),
    kind: Words = (),
    probe: Literal["economy", "full"] | None = None,
    quiet: Flag = False,
) -> None:
    """Train a network on a table, and evaluate it on rows it has never seen.

    Shows what each column is taken for, trains with early stopping, evaluates beside honest
    baselines, and leaves a folder with the model, its history, plots, metrics and predictions.

    - `pellucid train houses.csv --target price`
    - `pellucid train diabetes.csv --no-header --target column_9 --missing column_2=0`
    - `pellucid train sales.parquet --target units --time day --drop "order id"`

    Args:
        file: The table: CSV or other text with separators, Parquet, or JSON lines.
        target: Column to predict. Without a header columns are called column_1, column_2 ...
        output: Folder for the results; named after file and target if not given.
        task: What the target is: one of two values, one of several classes, or a number.
        time: Column with a date or time. The newest rows are tested, so the past predicts
            the future.
        group: Column whose equal values must not be split, such as a patient's number.
        epochs: Most epochs to train; early stopping usually ends sooner.
        batch_size: Rows in a training step.
        validation: Share of the rows left for training that says when to stop.
        test: Share of all rows that the evaluation sees first.
        seed: Seed of the split, the first weights and the order of rows.
        separator: Character between fields: comma, semicolon, tab, pipe, or itself. Found
            out if not given.
        header: Whether the first line names the columns. Found out if not given.
        missing: Further mark of a missing value, such as -999; for one column alone
            COLUMN=MARK. May be repeated.
        drop: Column to leave out. May be repeated.
        kind: What a column is, COLUMN=KIND: number, category, boolean, date, text, identifier
            or ignored. May be repeated.
        probe: Look into the first network while it trains: at few quantities of each layer, or
            at all. `pellucid report` shows them.
        quiet: Show the result alone, no progress.
    """
    marks = marks_of(missing)
    kinds = pairs_of(kind, "--kind", "KIND")

    from pellucid.tasks.table import train_table

    run = train_table(
        file,
        target,
        output=output,
        task=task,
        time=time,
        group=group,
        epochs=epochs,
        batch_size=batch_size,
        validation=validation,
        test=test,
        seed=seed,
        separator=separator_of(separator),
        header=header,
        missing=marks,
        drop=drop,
        kinds=kinds or None,
        probe=probe,
        verbose=0 if quiet else "auto",
    )
    print(run.summary_text())
