"""`pellucid tune`."""

from pathlib import Path
from typing import Literal

from pellucid.cli.words import Flag, Words, marks_of, pairs_of, separator_of


def tune(
    file: Path,
    /,
    *,
    target: str,
    trials: int | None = None,
    minutes: float | None = None,
    epochs: int = 81,
    sampler: Literal["adaptive", "sobol", "random", "tpe", "cma-es"] = "adaptive",
    storage: str | None = None,
    nested: int | None = None,
    output: Path | None = None,
    task: Literal["auto", "binary", "classes", "number"] = "auto",
    time: str | None = None,
    group: str | None = None,
    validation: float = 0.2,
    test: float = 0.2,
    seed: int = 0,
    separator: str | None = None,
    header: bool | None = None,
    missing: Words = (),
    drop: Words = (),
    kind: Words = (),
    quiet: Flag = False,
) -> None:
    """Search for the network that suits a table, train it, and evaluate it on unseen rows.

    Learning rate, widths, dropout, L2 and batch size are chosen by rows that are not trained on;
    many networks train side by side, and weak ones are let go early. Leaves a folder as `train`
    does, with `search.json`, `search.txt` and `search.png` beside the model.

    - `pellucid tune houses.csv --target price --trials 200 --minutes 5`
    - `pellucid tune houses.csv --target price --nested 5` says how good such a search is
    - `pellucid predict FOLDER new.csv` predicts new rows

    Args:
        file: The table: CSV or other text with separators, Parquet, or JSON lines.
        target: Column to predict. Without a header columns are called column_1, column_2 ...
        trials: Networks to try; 64 if neither these nor minutes are given.
        minutes: How long to search; training the winner comes on top. However short it is, one
            network ends its first epoch.
        epochs: Most epochs of a network in the search; weak ones are let go early.
        sampler: Who proposes what to try.
        storage: File, or URL of a database, that keeps the trials, such as search.db: the same
            call goes on after a kill, and several at once share the work.
        nested: Outer folds for honest scores: search and training are made again without each
            of so many parts of the rows, and scored on it. Takes so many times as long on top.
        output: Folder for the results; named after file and target if not given.
        task: What the target is: one of two values, one of several classes, or a number.
        time: Column with a date or time. The newest rows are tested, so the past predicts
            the future.
        group: Column whose equal values must not be split, such as a patient's number.
        validation: Share of the rows left for training that judges.
        test: Share of all rows that the evaluation sees first.
        seed: Seed of the search, the split, the first weights and the order of rows.
        separator: Character between fields: comma, semicolon, tab, pipe, or itself. Found
            out if not given.
        header: Whether the first line names the columns. Found out if not given.
        missing: Further mark of a missing value, such as -999; for one column alone
            COLUMN=MARK. May be repeated.
        drop: Column to leave out. May be repeated.
        kind: What a column is, COLUMN=KIND: number, category, boolean, date, text, identifier
            or ignored. May be repeated.
        quiet: Show the result alone, no progress.
    """
    marks = marks_of(missing)
    kinds = pairs_of(kind, "--kind", "KIND")

    from pellucid.tasks.table_search import tune_table

    found = tune_table(
        file,
        target,
        trials=trials,
        minutes=minutes,
        epochs=epochs,
        sampler=sampler,
        storage=storage,
        nested=nested,
        output=output,
        task=task,
        time=time,
        group=group,
        validation=validation,
        test=test,
        seed=seed,
        separator=separator_of(separator),
        header=header,
        missing=marks,
        drop=drop,
        kinds=kinds or None,
        verbose=0 if quiet else "auto",
    )
    print(found.summary_text())
