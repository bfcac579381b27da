"""A table on disk to the network that suits it best: a search, and the committee of its winner."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pellucid.atomic import write_text_atomically
from pellucid.callbacks import EarlyStopping
from pellucid.errors import Problem, report
from pellucid.tasks.arguments import problems_of
from pellucid.tasks.committee import MEMBERS, Design, build_member, default_batch_size
from pellucid.tasks.kept import NESTED
from pellucid.tasks.nested_scores import NestedScores
from pellucid.tasks.run import none_left_empty
from pellucid.tasks.scores import named_scores
from pellucid.tasks.table import TableRun, TableTask, read_table_task
from pellucid.text_table import cell_text
from pellucid.tuning import Search, tune
from pellucid.tuning.parameter_importance import FEWEST

TRIALS = 64
EPOCHS = 81
PATIENCE = 10
AT_ONCE = 32
"""Trials that train together where their number, and not time, ends the search."""

WIDTHS = ((64,), (64, 32), (128, 64), (256, 128))

LARGEST_BATCH = 512


@dataclass(frozen=True)
class TableSearch:
    """What `tune_table` did.

    Args:
        run: The committee with the best design, and its evaluation.
        search: The search.
        nested: Scores of search and committee over outer folds, where they were asked for.
    """

    run: TableRun
    search: Search
    nested: NestedScores | None = None

    def summary_text(self) -> str:
        """Return what was found, as text."""
        told = [str(self.search), self.run.summary_text()]
        if self.nested is not None:
            told.insert(1, str(self.nested))
        return "\n\n".join(told)


def space_for(rows: int) -> dict[str, Any]:
    """Return from which values the design of a table's network is chosen.

    Args:
        rows: Number of training rows.
    """
    usual = default_batch_size(rows)
    return {
        "learning_rate": (3e-4, 3e-2, "log"),
        "widths": list(WIDTHS),
        "dropout": (0.0, 0.6),
        "l2": (1e-6, 1e-2, "log"),
        "batch_size": [usual, min(4 * usual, LARGEST_BATCH)],
    }


def _check(minutes: Any, nested: Any, **arguments: Any) -> None:
    problems = problems_of(**arguments)
    whole = isinstance(nested, int) and not isinstance(nested, bool)
    if nested is not None and not (whole and nested >= 2):
        expected = "a whole number of at least 2 (the outer folds)"
        problems.append(Problem("nested", repr(nested), expected))
    number = isinstance(minutes, (int, float)) and not isinstance(minutes, bool)
    if minutes is not None and not (number and minutes > 0):
        problems.append(Problem("minutes", repr(minutes), "a number above 0"))
    report(problems)


def tune_table(
    data: Any,
    target: str,
    *,
    output: Any = None,
    trials: int | None = None,
    minutes: float | None = None,
    sampler: str = "adaptive",
    task: str = "auto",
    time: str | None = None,
    group: str | None = None,
    validation: float = 0.2,
    test: float = 0.2,
    seed: int = 0,
    separator: str | None = None,
    header: bool | None = None,
    missing: Any = None,
    drop: Sequence[str] = (),
    kinds: Mapping[str, str] | None = None,
    members: int = MEMBERS,
    epochs: int = EPOCHS,
    storage: Any = None,
    nested: int | None = None,
    verbose: Any = "auto",
) -> TableSearch:
    """Search for the network that suits a table, train a committee of it, and evaluate it.

    Learning rate, widths, dropout, L2 and batch size are chosen by the rows that say when to
    stop; the test rows are seen once, at the end.

    Args:
        data: As in `train_table`, like everything that is not named here.
        target: Column to predict.
        output: Folder for the results, among them `model.pellucid` and `search.json`.
        trials: Networks to try; 64 when neither these nor minutes are given.
        minutes: How long to search; one network always ends its first epoch.
        sampler: Who proposes, as in `pellucid.tune`.
        task: "auto", "binary", "classes" or "number".
        time: Column by which the newest rows are the test.
        group: Column whose equal values stay on one side.
        validation: Share of the rows left for training that judges.
        test: Share of all rows to evaluate on.
        seed: Seed of everything random.
        separator: Character between fields of a file.
        header: Whether the file's first line names the columns.
        missing: Further marks of missing values.
        drop: Columns to leave out.
        kinds: Kinds of columns.
        members: Networks in the final committee.
        epochs: Most epochs of a trial; weak ones are let go early.
        storage: Where trials are kept, so that the same call goes on after a kill and several
            processes search together, as in `pellucid.tune`.
        nested: Outer folds, for honest scores of search and committee together: both are made
            again without each part of all rows, and scored on it. Takes so many times as long.
        verbose: 0 silent, else progress and the best so far.

    Raises:
        ArgumentError: An argument is out of range, or names what is not there.
        DataError: The data cannot be learned from.
        FileError: A file cannot be read or written.

    Example:
        >>> from pellucid.tasks import tune_table
        >>> wide, high = [i % 7 + 0.5 for i in range(60)], [i % 11 + 0.5 for i in range(60)]
        >>> rows = {"w": wide, "h": high, "y": [w * h for w, h in zip(wide, high)]}
        >>> found = tune_table(rows, "y", trials=1, epochs=2, members=1, verbose=0)
        >>> sorted(found.search.best.parameters)
        ['batch_size', 'dropout', 'l2', 'learning_rate', 'widths']
    """
    _check(
        minutes,
        nested,
        validation=validation,
        test=test,
        trials=trials,
        epochs=epochs,
        members=members,
    )
    read = read_table_task(
        data,
        target,
        output=output,
        task=task,
        time=time,
        group=group,
        epochs=None,
        batch_size=None,
        validation=validation,
        test=test,
        seed=seed,
        separator=separator,
        header=header,
        missing=missing,
        drop=drop,
        kinds=kinds,
        members=members,
        probe=None,
        verbose=verbose,
    )
    # Folds that cannot be made are told before time is spent on a search.
    folds = None if nested is None else read.folds(nested)
    options = {
        "trials": TRIALS if trials is minutes is None else trials,
        "seconds": None if minutes is None else 60 * minutes,
        "epochs": epochs,
        "callbacks": [EarlyStopping(patience=PATIENCE, restore_best_weights=True)],
        "halving": "successive",
        "sampler": sampler,
        "at_once": AT_ONCE if minutes is None else None,
        "storage": storage,
        "verbose": 0 if verbose == 0 else 1,
    }
    name = f"search for {target}"
    with none_left_empty(read.folder):
        found = _searched(read, name, options)
    folder = found.run.folder
    if folder is not None:
        _write(found.search, folder)
    if folds is None:
        return found
    outer = []
    for number, one in enumerate(folds, 1):
        outer.append(_searched(one, f"{name}, outer fold {number}", options))
        if verbose != 0:
            print(f"outer fold {number} of {nested}: {_told(outer[-1].run)}", flush=True)
    nested_scores = _nested(outer)
    if folder is not None:
        document = json.dumps(nested_scores.to_dict(), indent=2)
        write_text_atomically(folder / NESTED, document + "\n")
    return replace(found, nested=nested_scores)


def _write(search: Search, folder: Path) -> None:
    """Leave the trials, what their scores depend on, and a picture of them."""
    search.to_json(folder / "search.json")
    told = [search.table(None)]
    if sum(one.good for one in search.trials) >= FEWEST:
        told.append(str(search.importance()))
    write_text_atomically(folder / "search.txt", "\n\n".join(told) + "\n")
    search.parallel_coordinates(folder / "search.png")


def _told(run: TableRun) -> str:
    """Return the network's scores in a line."""
    own = named_scores(run.scores)["network"]
    return ", ".join(
        f"{name} {cell_text(value)}" for name, value in own.items() if value is not None
    )


def _nested(outer: Sequence[TableSearch]) -> NestedScores:
    """Return the scores of searches whose test is an outer fold each."""
    return NestedScores(
        [one.run.scores for one in outer],
        [len(one.run.prepared.test.y) for one in outer],
        [one.search.best.parameters for one in outer],
    )


def _searched(task: TableTask, name: str, options: Mapping[str, Any]) -> TableSearch:
    """Return a search for the design of a table's committee, and the committee."""
    rows, target, seed = task.rows, task.prepared.target, task.seed
    part = rows.parts[0]

    def build(learning_rate: float, widths: Any, dropout: float, l2: float) -> Any:
        design = Design(tuple(widths), dropout, l2, learning_rate)
        return build_member(rows.x.shape[1], target.outputs, target.task, "network", seed, design)

    search = tune(
        build,
        space_for(len(part.training)),
        rows.x[part.training],
        rows.y[part.training],
        validation_data=(rows.x[part.validation], rows.y[part.validation]),
        name=name,
        seed=seed,
        **options,
    )
    return TableSearch(task.run(Design(**search.best.parameters)), search)
