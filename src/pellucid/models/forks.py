"""Runs made again from their set-up, changed or not: what a treatment trains."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from pellucid.callbacks import CallbackList, Policy
from pellucid.data.arrays import split_rows
from pellucid.errors import ArgumentError
from pellucid.graph.editing import copied
from pellucid.insight.remedies import Remedy, Rows, Setup
from pellucid.insight.remedies.changes import count_rows, take
from pellucid.models.cohort import Candidate, Data, Trainee
from pellucid.models.compiling import unpack_batch
from pellucid.models.feeds import is_stream
from pellucid.models.last_run import LastRun
from pellucid.models.request import Request
from pellucid.models.rows import rows_of
from pellucid.models.storing import model_around
from pellucid.training.recipe import Recipe
from pellucid.types import NumpyArray
from pellucid.wording import count_text

HELD_OUT = 0.2
"""Share of the training rows that judge where there are no validation rows."""

KEPT_ARGUMENTS = ("batch_size", "shuffle", "class_weight", "validation_batch_size", "mixup")
"""Arguments of `fit` that a set-up takes over as they are."""


def setup_of(model: Any, run: LastRun, epochs: int | None = None) -> tuple[Setup, list[str]]:
    """Return the set-up of a model's last run, and sentences about what it leaves out or adds.

    Args:
        model: The model.
        run: Its last run.
        epochs: Epochs to train, instead of those of the run.

    Raises:
        ArgumentError: The rows came from a generator, or the model was never built.
    """
    request, notes = run.request, list[str]()
    if is_stream(request.x) or is_stream(request.validation_data):
        raise ArgumentError(
            "treat: got a run on batches of a generator, expected rows in memory: every fork "
            "trains on them again. Collect them: model.treat(x, y)."
        )
    train = rows_of(model, request.x, request.y, request.sample_weight)
    validation = None
    kept = split_rows(count_rows(train), request.validation_split)
    if request.validation_data is not None:
        validation = rows_of(model, *unpack_batch(tuple(request.validation_data)))
    elif kept < count_rows(train):
        numbers = np.arange(count_rows(train))
        train, validation = take(train, numbers[:kept]), take(train, numbers[kept:])
    else:
        train, validation = _held_out(train, run.seed)
        told = count_text(count_rows(validation), "training row")
        notes.append(f"There were no validation rows: {told} are held out to judge by.")
    policies, others = _sorted_callbacks(request.callbacks)
    if others:
        notes.append(f"Callbacks that Python runs are left out: {', '.join(others)}.")
    fit = {name: getattr(request, name) for name in KEPT_ARGUMENTS}
    fit |= {"epochs": epochs or request.epochs - request.initial_epoch}
    fit |= {"callbacks": policies} if policies else {}
    graph = model.graph
    named = model.named_outputs
    setup = Setup(graph, run.compile, fit, train, validation, run.seed, outputs=named)
    return replace(setup, weights=_not_drawn(setup, run)), notes


def _held_out(rows: Rows, seed: int) -> tuple[Rows, Rows]:
    stay, held = held_out_numbers(count_rows(rows), seed)
    return take(rows, stay), take(rows, held)


def held_out_numbers(count: int, seed: int) -> tuple[NumpyArray, NumpyArray]:
    """Return the numbers of the rows that stay to train on, and of those held out to judge by."""
    order = np.random.default_rng([seed, count]).permutation(count)
    held = max(1, round(HELD_OUT * count))
    return np.sort(order[held:]), np.sort(order[:held])


def renumbered(remedies: Sequence[Remedy], setup: Setup) -> list[Remedy]:
    """Return remedies with the numbers that rows have once some rows are held out to judge by."""
    assert setup.validation is not None
    count = count_rows(setup.train) + count_rows(setup.validation)
    stay, _ = held_out_numbers(count, setup.seed)

    def with_numbers(one: Any) -> Remedy:
        if not getattr(one, "rows", ()):
            return one
        return replace(one, rows=tuple(np.flatnonzero(np.isin(stay, one.rows)).tolist()))

    return [with_numbers(one) for one in remedies]


def _sorted_callbacks(given: Any) -> tuple[list[Policy], list[str]]:
    calls = CallbackList(given)
    return list(calls.policies), [type(one).__name__ for one in calls.callbacks]


def _not_drawn(setup: Setup, run: LastRun) -> Mapping[str, NumpyArray]:
    """Return the first weights that are not those which the seed draws, by path."""
    if run.start is None:
        return {}
    network = model_around(copied(setup.graph), setup.seed).network
    recipe = Recipe(network, _NO_OBJECTIVE, None)
    drawn = network.values(setup.seed)
    trained, carried = (np.asarray(one) for one in run.start)
    if (trained.size, carried.size) != (recipe.trained.size, recipe.carried.size):
        return {}
    held = recipe.merge(recipe.trained.unpack_host(trained), recipe.carried.unpack_host(carried))
    return {
        network.weights[number].path: held[number]
        for number in network.lasting
        if not np.array_equal(held[number], drawn[number])
    }


_NO_OBJECTIVE: Any = None


def model_of(setup: Setup, seed: int) -> Any:
    """Return a new model of a set-up, compiled, with its first weights."""
    model = model_around(copied(setup.graph), seed)
    model.name_outputs(setup.outputs)
    model.compile(**setup.compile)
    if setup.weights:
        for weight in model.network.weights:
            if weight.path in setup.weights:
                held = model.variables()[weight.layer]
                held.set(weight.name, setup.weights[weight.path])
    return model


def request_of(setup: Setup) -> Request:
    """Return the `fit` that a set-up asks for."""
    held = setup.validation
    data = None
    if held is not None:
        data = (held.x, held.y, *(() if held.sample_weight is None else (held.sample_weight,)))
    fit = dict(setup.fit)
    return Request(
        setup.train.x,
        setup.train.y,
        batch_size=fit.get("batch_size"),
        epochs=fit.get("epochs", 1),
        callbacks=fit.get("callbacks"),
        validation_data=data,
        shuffle=fit.get("shuffle", True),
        class_weight=fit.get("class_weight"),
        sample_weight=setup.train.sample_weight,
        validation_batch_size=fit.get("validation_batch_size"),
        mixup=fit.get("mixup"),
    )


class Shared:
    """Data of rows that several forks train on or are judged by, read once for all of them."""

    def __init__(self) -> None:
        self._held: dict[int, tuple[Rows, Data]] = {}

    def data(self, rows: Rows) -> Data:
        """Return the data of rows: the same for the same rows."""
        made = rows, Data(rows.x, rows.y, rows.sample_weight)
        return self._held.setdefault(id(rows), made)[1]


@dataclass(frozen=True)
class Prepared:
    """A set-up ready to train with several seeds.

    Args:
        trainees: One for each seed.
        metric: Name of the reported value that judges, such as "val_accuracy".
        extra: Names of the reported values that the run itself does not report.
    """

    trainees: tuple[Trainee, ...]
    metric: str
    extra: tuple[str, ...] = ()

    @property
    def epochs(self) -> int:
        """Epochs to train at most."""
        return self.trainees[0].epochs


def prepare(setup: Setup, metric: Any, seeds: Sequence[int], shared: Shared) -> Prepared:
    """Return trainees that train as the set-up says, scored by `metric` too.

    Args:
        setup: The set-up.
        metric: Name or object of a metric, or "loss".
        seeds: Seed of each trainee.
        shared: What has been read for other set-ups.

    Raises:
        PellucidError: The set-up cannot be trained: its rows, labels or loss are refused.
    """
    held = setup.validation
    assert held is not None
    place = _reported(setup, metric)
    if place is None:
        weighted = [*_listed(setup.compile.get("weighted_metrics")), metric]
        setup = replace(setup, compile={**setup.compile, "weighted_metrics": weighted})
    data, held_out = shared.data(setup.train), shared.data(held)
    trainees = tuple(
        Trainee(Candidate(model_of(setup, seed), data, setup.fit, held_out=held_out))
        for seed in seeds
    )
    names = trainees[0].recipe.objective.names
    if place is not None:
        return Prepared(trainees, f"val_{names[place]}")
    return Prepared(trainees, f"val_{names[-1]}", (names[-1], f"val_{names[-1]}"))


def _reported(setup: Setup, metric: Any) -> int | None:
    """Return the place among reported values of a metric that the run reports; None if not.

    A metric ignores weights of rows, by which forks are judged where there are any.
    """
    assert setup.validation is not None
    if metric == "loss":
        return 0
    given = _listed(setup.compile.get("metrics"))
    weighed = setup.validation.sample_weight is not None
    plain = all(isinstance(one, str) for one in given) and not isinstance(setup.train.y, dict)
    return 1 + given.index(metric) if plain and metric in given and not weighed else None


def _listed(given: Any) -> list[Any]:
    if given is None:
        return []
    return list(given) if isinstance(given, (list, tuple)) else [given]
