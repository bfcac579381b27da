"""`tune`: search for the parameters with which a model does best."""

import time
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from pellucid.errors import PellucidWarning, Problem, Together, report
from pellucid.keywords import arguments_of
from pellucid.models.cohort import Data
from pellucid.models.feeds import is_stream
from pellucid.models.model import Model
from pellucid.seed import checked_seed, get_seed
from pellucid.training.policies import direction
from pellucid.training.progress import check_verbose
from pellucid.tuning.arguments import refuse_arguments
from pellucid.tuning.blueprint import Blueprint
from pellucid.tuning.course import Course
from pellucid.tuning.folds import Rows, folds_of, read_groups
from pellucid.tuning.halving import read_halving
from pellucid.tuning.learning_samplers import proposer_for
from pellucid.tuning.nested import nested_score
from pellucid.tuning.proposed_space import space_of
from pellucid.tuning.proposing import Proposer
from pellucid.tuning.search import Search
from pellucid.tuning.searching import Budget, Searching, Task
from pellucid.tuning.space import Space
from pellucid.tuning.space_check import check_space
from pellucid.tuning.store import checksum
from pellucid.tuning.study import refuse_streams
from pellucid.tuning.truth import truth_of
from pellucid.tuning.validation import Validation, validation_of
from pellucid.types import NumpyArray

EPOCHS = 20

MODES = ("auto", "min", "max")

WHERE = "tune"

ASKING_SHARE = 0.1
"""The most of the time that asking for proposals may take."""


def tune(
    model: Any,
    space: Mapping[str, Any] | None = None,
    x: Any = None,
    y: Any = None,
    *,
    trials: int | None = None,
    seconds: float | None = None,
    total_epochs: int | None = None,
    epochs: int = EPOCHS,
    batch_size: int | None = None,
    validation_split: float = 0.2,
    validation_data: Any = None,
    cv: Any = None,
    nested: Any = None,
    groups: Any = None,
    metric: str = "val_loss",
    mode: str = "auto",
    sampler: Any = "adaptive",
    halving: Any = None,
    at_once: int | None = None,
    asking_share: float = ASKING_SHARE,
    callbacks: Sequence[Any] | None = None,
    class_weight: Mapping[Any, float] | None = None,
    sample_weight: Any = None,
    shuffle: bool | str = True,
    validation_batch_size: int | None = None,
    mixup: float | None = None,
    storage: Any = None,
    name: str = "search",
    seed: int | None = None,
    verbose: Any = "auto",
    **unknown: Any,
) -> Search:
    """Search for the parameters with which a model does best.

    Trials train side by side: those that differ in numbers share one compiled program, those
    that differ in structure are grouped. Each ends where `fit` would end with the same
    parameters.

    Args:
        model: A compiled model, or a function that returns one; the parameters are then the
            function's keywords. A model's parameters are called `learning_rate`, `dense.units`,
            `Dropout.rate` (of all such layers), `dense.kernel_regularizer.l2`, `width_factor`,
            `optimizer`, `loss`, ...; `batch_size` and `epochs` are parameters, too.
        space: By name a range `(low, high)` or `(low, high, "log")`, or a list of options; the
            model's `Tunable` marks then keep their defaults. None to take the marks or, without
            any, its learning rate, dropout, L2 and widths.
        x: Inputs, as `fit` takes them.
        y: Labels.
        trials: How many configurations to try.
        seconds: How long to search. A trial that time cuts off counts as far as it came. One
            trial always ends its first epoch, however long that takes.
        total_epochs: How many epochs to train at most, over all trials and folds. A trial for
            which those that are left may not suffice is not begun.
        epochs: Epochs of a trial.
        batch_size: As in `fit`.
        validation_split: Share of the rows, from the end, that judge.
        validation_data: Rows that judge instead.
        cv: Folds that judge instead: a number, or a splitter of scikit-learn.
        nested: Outer folds, as `cv`, for the honest score of the tuned model: the search is made
            again without each of them, and its winner scored on it.
        groups: One value for each row; rows of one group stay in one fold.
        metric: The score, of rows that judge: "val_loss", "val_accuracy", ...
        mode: "min", "max", or "auto" (from the name).
        sampler: "adaptive" (points that fill the space; in later rounds two in three near what
            did well), "sobol", "random", "grid", "tpe", "cma-es", or a sampler of Optuna.
        halving: "successive" or "hyperband" to let go of weak trials early, or a `Halving`.
        at_once: Trials that are proposed and trained together.
        asking_share: The most of the time that asking Optuna may take; what is not asked is
            drawn at random. 1 for no limit, as for a search that shall be repeated exactly.
        callbacks: Policies such as `EarlyStopping`; without any, a trial ends with the weights
            of its best epoch.
        class_weight: As in `fit`.
        sample_weight: As in `fit`.
        shuffle: As in `fit`.
        validation_batch_size: As in `fit`.
        mixup: As in `fit`.
        storage: Where trials are kept, so that the same call goes on after a kill and several
            processes search together: a path or URL such as "sqlite:///search.db", or a storage
            of Optuna, whose dashboards show it.
        name: Name of the search in the storage.
        seed: Seed of proposals, folds and the first trial's model; those that follow are of the
            trials that follow. The model's, or the default seed, when None.
        verbose: 0 for silence, else a line after each round.
        **unknown: Names of arguments that do not exist; refused, with near ones suggested.

    Returns:
        The trials, the best of them and its model.

    Raises:
        ArgumentError: An argument is out of range, a parameter or metric is unknown, the space
            is empty or impossible, no budget is given.
        NonFiniteError: No trial has a finite loss.

    Example:
        >>> import numpy as np, pellucid
        >>> x = np.linspace(-1, 1, 40).reshape(-1, 1)
        >>> model = pellucid.Sequential([pellucid.Input((1,)), pellucid.layers.Dense(1)])
        >>> model.compile("sgd", "mse")
        >>> space = {"learning_rate": (1e-4, 1e-1, "log")}
        >>> search = pellucid.tune(model, space, x, 3 * x, trials=4, epochs=5, verbose=0)
        >>> len(search.trials), sorted(search.best.parameters)
        (4, ['learning_rate'])

    Differs from Keras: Keras leaves tuning to KerasTuner, which trains one trial after another.
    """
    refuse_arguments(WHERE, unknown, arguments_of(tune))
    trials, total_epochs, at_once = _whole(trials), _whole(total_epochs), _whole(at_once)
    epochs, batch_size = _whole(epochs), _whole(batch_size)
    fit = {
        "epochs": epochs,
        "batch_size": batch_size,
        "callbacks": callbacks,
        "class_weight": class_weight,
        "shuffle": shuffle,
        "validation_batch_size": validation_batch_size,
        "mixup": mixup,
    }
    together = Together()
    together.attempt(
        lambda: _check(trials, seconds, total_epochs, at_once, asking_share, sampler, metric, mode)
    )
    together.attempt(lambda: _check_fit(epochs, batch_size, groups, cv, nested))
    together.attempt(lambda: check_verbose(verbose))
    blueprint = together.attempt(lambda: Blueprint(model, WHERE))
    own = together.attempt(
        lambda: checked_seed(_seed_of(model) if seed is None else seed, _at("seed"))
    )
    higher = isinstance(metric, str) and direction(metric, mode) > 0
    rule = together.attempt(lambda: read_halving(halving, WHERE))
    proposer = together.attempt(lambda: proposer_for(sampler, own or 0, higher, WHERE))
    together.tell()
    assert blueprint is not None
    assert own is not None
    assert proposer is not None
    together.attempt(lambda: refuse_streams(WHERE, x))
    if not is_stream(x):
        together.attempt(lambda: report(_no_rows(x, y)))
    read = together.attempt(lambda: read_space(blueprint, space))
    together.tell()
    assert read is not None
    check_space(blueprint, read, fit, own)
    marks = [name for name in blueprint.marked() if name not in read.names]
    if verbose and space is not None and marks:
        print(
            f"{name}: the space says what is tried; the model's marks keep their defaults: "
            f"{', '.join(marks)}",
            flush=True,
        )
    limit = _limit(trials, proposer, read)
    begun = time.perf_counter()
    data = Data(x, y, sample_weight)
    first, _ = blueprint.make(read.middle, own)
    table = data.table(first)
    classes, grouped = truth_of(first, table).classes, read_groups(groups, table.rows, WHERE)
    rows = Rows(table.rows, classes, grouped)

    def judged_on(within: NumpyArray | None) -> Validation:
        return validation_of(
            data,
            rows,
            validation_split=validation_split,
            validation_data=validation_data,
            cv=cv,
            seed=own,
            within=within,
        )

    task = Task(blueprint, read, judged_on(None), fit, metric, 1.0 if higher else -1.0, own)
    task.check_metric()
    _warn_of_losses(read, metric)
    _check_total(total_epochs, task)
    course = Course(
        proposer,
        rule,
        Budget(limit, seconds, total_epochs),
        at_once,
        asking_share,
        storage,
        checksum(table.arrays),
        bool(verbose),
    )
    found = course.run(task, name, begun)
    honest = None
    if nested is not None:
        pairs = [(one.train, one.test) for one in folds_of(nested, 1, rows, own, WHERE, "nested")]

        def inner(within: NumpyArray, number: int) -> Searching:
            part = replace(task, validation=judged_on(within))
            return course.run(part, f"{name}, outer fold {number + 1}", time.perf_counter())

        honest = nested_score(task, pairs, inner)
    took = time.perf_counter() - begun
    return Search(task, found.trials, found.spent, took, found.kept, honest)


def _whole(value: Any) -> Any:
    """Return a whole number of NumPy's as Python's, anything else as it is."""
    return int(value) if isinstance(value, np.integer) else value


def _seed_of(model: Any) -> int:
    return model.seed if isinstance(model, Model) else get_seed()


def _at(name: str) -> str:
    return f"{WHERE}({name}=...)"


def read_space(blueprint: Blueprint, space: Any) -> Space:
    """Return the space that is given, or that of the model.

    Raises:
        ArgumentError: It is empty or impossible, or names unknown parameters.
    """
    if space is None:
        return space_of(blueprint, WHERE)
    read = Space(space, _at("space"))
    blueprint.check(read.names)
    return read


def _check(
    trials: Any,
    seconds: Any,
    total_epochs: Any,
    at_once: Any,
    asking_share: Any,
    sampler: Any,
    metric: Any,
    mode: Any,
) -> None:
    problems = []
    if not isinstance(metric, str):
        problems.append(Problem(_at("metric"), repr(metric), "a name such as 'val_loss'"))
    if mode not in MODES:
        problems.append(Problem(_at("mode"), repr(mode), "'auto', 'min' or 'max'"))
    for name, value in (("trials", trials), ("total_epochs", total_epochs), ("at_once", at_once)):
        if value is not None and not (type(value) is int and value >= 1):
            problems.append(Problem(_at(name), repr(value), "a whole number of at least 1"))
    shares = (("seconds", seconds, None), ("asking_share", asking_share, 1))
    for name, value, most in shares:
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if value is not None and not (number and 0 < value <= (most or value)):
            expected = "a number above 0" + ("" if most is None else f" and at most {most}")
            problems.append(Problem(_at(name), repr(value), expected))
    if trials is seconds is total_epochs is None and sampler != "grid":
        given, expected = "no budget", "trials, seconds or total_epochs"
        problems.append(Problem(WHERE, given, expected, "For example trials=50."))
    report(problems)


def _check_fit(epochs: Any, batch_size: Any, groups: Any, cv: Any, nested: Any) -> None:
    problems = []
    for name, value in (("epochs", epochs), ("batch_size", batch_size)):
        if not (type(value) is int and value >= 1) and (name == "epochs" or value is not None):
            problems.append(Problem(_at(name), repr(value), "a whole number of at least 1"))
    if groups is not None and cv is nested is None:
        fix = "Write cv=5, or leave groups out."
        problems.append(Problem(_at("groups"), "groups without cv", "folds to keep them in", fix))
    report(problems)


def _check_total(total_epochs: int | None, task: Task) -> None:
    """Refuse a budget that does not suffice for one trial."""
    if total_epochs is not None and total_epochs < task.most_epochs:
        expected = f"at least {task.most_epochs}, which one trial takes"
        fix = f"Give more, or fewer epochs: epochs={task.fit['epochs']} now."
        report([Problem(_at("total_epochs"), repr(total_epochs), expected, fix)])


def _no_rows(x: Any, y: Any) -> list[Problem]:
    missing = [name for name, value in (("x", x), ("y", y)) if value is None]
    if not missing:
        return []
    fix = "Write tune(model, space, x, y, ...) or tune(model, x=x, y=y, ...)."
    return [Problem(WHERE, f"no {' and no '.join(missing)}", "rows and their labels", fix)]


def _warn_of_losses(space: Space, metric: str) -> None:
    """Warn of a search among losses that are judged by themselves.

    Warns:
        PellucidWarning: The lowest of numbers that mean different things would win.
    """
    own = space.parameters.get("loss")
    if metric == "val_loss" and own is not None and len(own.points()) > 1:
        told = (
            f"{_at('metric')}: got 'val_loss' and a space of several losses, which are measured "
            "differently, expected a score that means the same for all. Compile the model with "
            "metrics=['accuracy'] or ['mae'], say, and write metric='val_accuracy' or 'val_mae'."
        )
        warnings.warn(told, PellucidWarning, stacklevel=3)


def _limit(trials: int | None, proposer: Proposer, space: Space) -> int | None:
    """Return how many trials there are at most."""
    own = proposer.limit(space)
    return trials if own is None else own if trials is None else min(trials, own)
