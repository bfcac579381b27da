"""A table on disk to the network that suits it best: a search, and the committee of its winner."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pellucid.atomic import write_text_atomically
from pellucid.callbacks import EarlyStopping
from pellucid.data.table import Prepared
from pellucid.errors import Problem, report
from pellucid.seed import checked_seed
from pellucid.tasks.arguments import problems_of
from pellucid.tasks.committee import (
    MEMBERS,
    Design,
    Member,
    build_member,
    default_batch_size,
)
from pellucid.tasks.table import TableRun, run_table
from pellucid.tuning import Search, tune
from pellucid.types import NumpyArray

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
    """

    run: TableRun
    search: Search

    def summary_text(self) -> str:
        """Return what was found, as text."""
        return f"{self.search}\n\n{self.run.summary_text()}"


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


def _check(minutes: Any, **arguments: Any) -> None:
    problems = problems_of(**arguments)
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
    sampler: str = "sobol",
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
        minutes: How long to search.
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
    _check(minutes, validation=validation, test=test, trials=trials, epochs=epochs, members=members)
    own = checked_seed(seed, "seed")
    found: list[Search] = []

    def choose(x: NumpyArray, y: NumpyArray, parts: Sequence[Member], prepared: Prepared) -> Design:
        part, outputs = parts[0], prepared.target.outputs

        def build(learning_rate: float, widths: Any, dropout: float, l2: float) -> Any:
            design = Design(tuple(widths), dropout, l2, learning_rate)
            kind = prepared.target.task
            return build_member(x.shape[1], outputs, kind, "network", own, design)

        search = tune(
            build,
            space_for(len(part.training)),
            x[part.training],
            y[part.training],
            validation_data=(x[part.validation], y[part.validation]),
            trials=TRIALS if trials is minutes is None else trials,
            seconds=None if minutes is None else 60 * minutes,
            epochs=epochs,
            callbacks=[EarlyStopping(patience=PATIENCE, restore_best_weights=True)],
            halving="successive",
            sampler=sampler,
            at_once=AT_ONCE if minutes is None else None,
            storage=storage,
            name=f"search for {target}",
            seed=own,
            verbose=0 if verbose == 0 else 1,
        )
        found.append(search)
        return Design(**search.best.parameters)

    run = run_table(
        data,
        target,
        choose,
        output=output,
        task=task,
        time=time,
        group=group,
        epochs=None,
        batch_size=None,
        validation=validation,
        test=test,
        seed=own,
        separator=separator,
        header=header,
        missing=missing,
        drop=drop,
        kinds=kinds,
        members=members,
        probe=None,
        verbose=verbose,
    )
    (search,) = found
    if run.folder is not None:
        search.to_json(run.folder / "search.json")
        write_text_atomically(run.folder / "search.txt", search.table(None) + "\n")
    return TableSearch(run, search)
