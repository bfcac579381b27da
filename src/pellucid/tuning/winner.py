"""What wins a search: its model, trained again, the code that makes it, and the best together."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from pellucid.errors import Problem, report
from pellucid.insight.remedies import Rows, Setup
from pellucid.insight.remedies.changes import count_rows
from pellucid.models.code import setup_code
from pellucid.models.cohort import Candidate, Cohort, Data, Trainee
from pellucid.models.ensemble import Ensemble, joined, link_of
from pellucid.models.ensembling import check_finite, named_members
from pellucid.models.last_run import compile_settings
from pellucid.models.renewing import renewed
from pellucid.models.rows import joined_rows, rows_of
from pellucid.tuning.searching import Task
from pellucid.tuning.trial import Trial
from pellucid.types import NumpyArray


def refitted(task: Task, trial: Trial, all_rows: bool) -> Any:
    """Return the model of a trial, trained as in the trial or on all rows.

    Args:
        task: What the search was about.
        trial: The trial.
        all_rows: Whether to train on the rows that judged it, too, for as many epochs as were
            best, on average over folds.
    """
    cohort = Cohort([candidate_of(task, trial, all_rows)])
    cohort.train()
    return cohort.trainees[0].finished()


def candidate_of(task: Task, trial: Trial, all_rows: bool) -> Candidate:
    """Return the model of a trial to be trained as in the trial or on all rows."""
    validation = task.validation
    model, own = task.blueprint.make(trial.parameters, task.seed_of(trial.number))
    fit = _arguments(task, trial, own, all_rows)
    if all_rows:
        data, used = _all_rows(task, model)
        return Candidate(model, data, fit, used)
    part = validation.parts[0]
    return Candidate(model, validation.data, fit, part.train, part.validation, validation.held_out)


def committee(task: Task, trials: Sequence[Trial], kept: Mapping[int, Trainee]) -> Ensemble:
    """Return the mean of trials' models, trained as in the trials; after folds, on all rows.

    Args:
        task: What the search was about.
        trials: The trials.
        kept: Those that are at hand as they were trained, by number; the others are trained
            again, side by side.

    Raises:
        ArgumentError: Their models cannot answer together.
    """
    again = {
        one.number: candidate_of(task, one, task.validation.folded)
        for one in trials
        if one.number not in kept
    }
    candidates = again | {number: one.candidate for number, one in kept.items()}
    _check_together([candidates[one.number].model for one in trials])
    cohort = Cohort(list(again.values()))
    cohort.train()
    check_finite(cohort.trainees)
    trained = dict(kept) | dict(zip(again, cohort.trainees, strict=True))
    return Ensemble(joined(named_members([trained[one.number].finished() for one in trials])))


def own_model(trainee: Trainee) -> Any:
    """Return the trained model as a copy, which the user may train on and compile anew."""
    candidate = trainee.candidate
    copy = renewed(candidate.model, candidate.model.seed)
    return trainee.give_to(copy, candidate.alone(), trainee.history)


def _check_together(models: Sequence[Any]) -> None:
    """Refuse models of which there is no mean."""
    where = "search.ensemble"
    counts = {len(one.output_names) for one in models}
    if counts != {1}:
        report([Problem(where, f"models of {max(counts)} outputs", "models of one output")])
    losses = {type(one.compiled.losses[0]).__name__ for one in models}
    if len(losses) > 1:
        given = f"models of different losses, {', '.join(sorted(losses))}"
        fix = "Take one loss in the space: outputs that mean different things have no mean."
        report([Problem(where, given, "models of one loss", fix)])
    for one in models:
        link_of(one, where)


def _arguments(task: Task, trial: Trial, own: Any, all_rows: bool) -> dict[str, Any]:
    """Return the arguments of `fit` that train as a trial was trained."""
    fit = task.arguments(own)
    if trial.state != "complete":
        fit["epochs"] = trial.epochs
    if all_rows:
        fit["epochs"] = max(1, round(float(np.mean(trial.kept))))
        fit["callbacks"] = [
            one for one in task.policies if not str(one.monitored()).startswith("val_")
        ]
    return fit


def _all_rows(task: Task, model: Any) -> tuple[Data, NumpyArray | None]:
    """Return the rows that the search may see, those held out last, and their numbers; None for
    all.
    """
    validation, held, used = task.validation, task.validation.held_out, _used(task)
    if held is None:
        return validation.data, used
    names = model.input_names, model.output_names
    joined = joined_rows(names, validation.data.given, held.given)
    if used is not None:
        count = count_rows(rows_of(model, *joined[:2]))
        used = np.append(used, np.arange(validation.rows, count))
    return Data(*joined), used


def _used(task: Task) -> NumpyArray | None:
    """Return the numbers of all rows that are divided into parts; None for all there are."""
    parts = [one for part in task.validation.parts for one in (part.train, part.validation)]
    numbers = np.unique(np.concatenate([one for one in parts if one is not None] or [[]]))
    return None if len(numbers) in (0, task.validation.rows) else numbers.astype(np.int64)


def winner_code(task: Task, trial: Trial, all_rows: bool) -> str:
    """Return the Keras-style code that makes and trains the model of a trial."""
    model, own = task.blueprint.make(trial.parameters, task.seed_of(trial.number))
    validation, data = task.validation, task.validation.data
    held = validation.held_out
    setup = Setup(
        model.graph,
        compile_settings(model.compiled),
        {name: one for name, one in _arguments(task, trial, own, all_rows).items() if one != []},
        Rows(data.x, data.y, data.sample_weight),
        None if held is None or all_rows else Rows(held.x, held.y),
        task.seed_of(trial.number),
        outputs=model.named_outputs,
    )
    remark = f"{task.metric} {trial.score:.6g} {validation.words}"
    return setup_code(setup, [remark], validation.fit if setup.validation is None else None)
