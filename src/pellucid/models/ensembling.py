"""`fit(ensemble=8)`: several models of one kind, trained side by side."""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

import numpy as np

from pellucid.data.arrays import split_rows
from pellucid.errors import ArgumentError, NonFiniteError, PellucidWarning, Problem, report
from pellucid.models.cohort import Candidate, Cohort, Data, Trainee
from pellucid.models.cohort_progress import CohortProgress
from pellucid.models.compiling import unpack_batch
from pellucid.models.ensemble import Ensemble, joined, link_of
from pellucid.models.feeds import is_stream
from pellucid.models.fitting import INTERRUPTED, PARTS
from pellucid.models.preparing import ensure_built
from pellucid.models.renewing import renewed
from pellucid.models.request import Request
from pellucid.seed import seed_after
from pellucid.training.history import History
from pellucid.training.progress import check_verbose
from pellucid.wording import count_text

SHARED = (
    "batch_size",
    "epochs",
    "callbacks",
    "shuffle",
    "class_weight",
    "validation_batch_size",
    "mixup",
)
"""Arguments of `fit` that each member takes over."""

READ = ("x", "y", "verbose", "validation_split", "validation_data", "sample_weight", "watch")
"""Arguments of `fit` that are looked at here."""


def fit(
    model: Any, request: Request, size: Any, bootstrap: bool, diagnose: bool = False
) -> History:
    """Train an ensemble, left at `model.ensemble`; see `Model.fit`.

    Args:
        model: The first member, as it is before training.
        request: How each is trained.
        size: Number of members.
        bootstrap: Whether each is trained on rows drawn with replacement.
        diagnose: Refused: a diagnosis is one of a single run.
    """
    _check(model, request, size, diagnose)
    ensure_built(model, request.x)
    seeds = [seed_after(model.seed, number) for number in range(size)]
    models = [model, *(renewed(model, seed) for seed in seeds[1:])]
    cohort = Cohort(_candidates(models, request, bootstrap))
    stopped = train_shown(cohort, request.verbose)
    check_finite(cohort.trainees)
    histories = [one.finished().history for one in cohort.trainees]
    model.ensemble = Ensemble(joined(named_members(models)))
    model.history = mean_history(histories)
    model.history.stopped = stopped
    model.ensemble.model.history = model.history
    return model.history


def _check(model: Any, request: Request, size: Any, diagnose: bool) -> None:
    """Refuse what cannot be trained side by side, all at once."""
    model.need_compiled("fit")
    request.check()
    check_verbose(request.verbose)
    problems = []
    if isinstance(size, bool) or not isinstance(size, (int, np.integer)) or size < 2:
        expected, fix = "a whole number of at least 2 (members)", ""
        if size == 1:
            fix = "For one model leave it out."
        problems.append(Problem("fit(ensemble=...)", repr(size), expected, fix))
    alone = "none of it beside ensemble=..."
    problems += [Problem("fit(diagnose=...)", "True", alone)] * bool(diagnose)
    problems += [
        Problem(f"fit({field.name}=...)", repr(value), alone)
        for field in fields(Request)
        if field.name not in (*SHARED, *READ)
        and (value := getattr(request, field.name)) != field.default
    ]
    if is_stream(request.x) or is_stream(request.validation_data):
        fix = "Collect the batches."
        problems.append(Problem("fit(ensemble=...)", "a generator", "rows in memory", fix))
    if model.progress_made.epochs:
        fix = "Its members begin anew: clone_model(model) and compile."
        given = "a model that was trained already"
        problems.append(Problem("fit(ensemble=...)", given, "a new one", fix))
    if model.built and len(model.output_names) != 1:
        given = f"a model of {len(model.output_names)} outputs"
        problems.append(Problem("fit(ensemble=...)", given, "a model of one output"))
    data = request.validation_data
    if data is not None and not is_stream(data):
        parts = len(data) if isinstance(data, (tuple, list)) else 1
        if parts not in (2, 3):
            problems.append(Problem("fit(validation_data=...)", f"{parts} parts", PARTS))
    report(problems)
    if model.built:
        link_of(model, "fit(ensemble=...)")


def _candidates(models: Sequence[Any], request: Request, bootstrap: bool) -> list[Candidate]:
    data = Data(request.x, request.y, request.sample_weight)
    given = request.validation_data
    held = None if given is None else Data(*unpack_batch(tuple(given)))
    rows = data.table(models[0]).rows
    kept = rows if held is not None else split_rows(rows, request.validation_split)
    train = None if kept == rows else np.arange(kept)
    rest = None if kept == rows else np.arange(kept, rows)
    options = {name: getattr(request, name) for name in SHARED}

    def chosen(seed: int) -> Any:
        return np.random.default_rng([seed, kept]).integers(0, kept, kept) if bootstrap else train

    return [Candidate(one, data, options, chosen(one.seed), rest, held) for one in models]


def train_shown(cohort: Cohort, verbose: Any) -> str | None:
    """Train a cohort to its end, with progress; return why it ended early, or None.

    The first Ctrl-C ends it in good order, with what was trained so far.

    Args:
        cohort: What is trained.
        verbose: As in `fit`.
    """
    progress, stopped = CohortProgress(cohort, verbose), None
    progress.start()
    try:
        cohort.train(tell=progress.tell)
    except KeyboardInterrupt:
        stopped = INTERRUPTED
        warnings.warn(f"fit: {INTERRUPTED}", PellucidWarning, stacklevel=4)
    finally:
        progress.finish(stopped)
    return stopped


def train_side_by_side(
    candidates: Sequence[Candidate], verbose: Any, probe: str | None = None
) -> list[History]:
    """Train models in as few programs as they allow, and return their histories.

    Args:
        candidates: What is trained, on some of the rows and stopped by others.
        verbose: As in `fit`.
        probe: As in `fit`: the first is looked into while it learns, and trained by itself.

    Raises:
        KeyboardInterrupt: It was ended by Ctrl-C.
        NonFiniteError: The loss of one was NaN or infinite.
    """
    alone = candidates[: probe is not None]
    histories = [_looked_into(one, verbose, probe) for one in alone]
    if rest := candidates[len(alone) :]:
        cohort = Cohort(rest)
        if train_shown(cohort, verbose) is not None:
            raise KeyboardInterrupt
        check_finite(cohort.trainees)
        histories += [one.finished().history for one in cohort.trainees]
    return histories


def _looked_into(candidate: Candidate, verbose: Any, probe: str | None) -> History:
    """Train a candidate as one `fit` that is looked into."""
    data = candidate.data

    def part(rows: Any) -> tuple[Any, ...]:
        weight = () if data.sample_weight is None else (data.sample_weight[rows],)
        return data.x[rows], data.y[rows], *weight

    x, y, *weight = part(candidate.train)
    history = candidate.model.fit(
        x,
        y,
        sample_weight=weight[0] if weight else None,
        validation_data=part(candidate.validation),
        probe=probe,
        verbose=verbose,
        **candidate.fit,
    )
    if history.stopped == INTERRUPTED:
        raise KeyboardInterrupt
    return history


def check_finite(trainees: Sequence[Trainee]) -> None:
    """Refuse models of which one has no answer.

    Raises:
        NonFiniteError: Names the first whose loss or gradient was NaN or infinite.
    """
    failed = [number for number, one in enumerate(trainees) if one.failed]
    if not failed:
        return
    first = trainees[failed[0]]
    raise NonFiniteError(
        f"fit: the loss of {count_text(len(failed), 'member')} of {len(trainees)} was not finite, "
        f"first that of member {failed[0] + 1}, in epoch {len(first.logs) + 1}. Lower the learning "
        f"rate; a model with seed={first.member.seed}, fitted alone, says which layer it was."
    )


def named_members(models: Sequence[Any]) -> list[Any]:
    """Return copies of the models with their weights, and a name of its own for each."""
    members = []
    for number, model in enumerate(models):
        member = renewed(model, model.seed)
        member.graph.rename(f"member_{number + 1}")
        member.set_weights(model.get_weights())
        members.append(member)
    return members


def mean_history(histories: Sequence[History], monitor: str | None = None) -> History:
    """Return the mean of the members' values in each epoch that all of them trained.

    Args:
        histories: What the members reported.
        monitor: The column by which each chose its best epoch, if it did.
    """
    found = History({"members": len(histories)}, monitor=monitor)
    for epoch in range(min(len(history) for history in histories)):
        rows: list[Mapping[str, Any]] = [history[epoch] for history in histories]
        names = histories[0].history
        found.append(epoch, {name: np.mean([row[name] for row in rows], axis=0) for name in names})
    return found


def refuse_alone(bootstrap: Any) -> None:
    """Refuse `bootstrap` without an ensemble.

    Raises:
        ArgumentError: It is asked for.
    """
    if bootstrap:
        raise ArgumentError(
            f"fit(bootstrap=...): got {bootstrap!r} without ensemble=..., expected both. "
            "Write fit(x, y, ensemble=8, bootstrap=True)."
        )
