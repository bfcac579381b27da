"""Runs made again from their set-up, changed or not: the members of a treatment."""

import hashlib
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from pellucid.callbacks import CallbackList, Policy
from pellucid.data.arrays import by_name, split_rows, to_array
from pellucid.data.sequences import is_ragged
from pellucid.errors import ArgumentError, PellucidWarning
from pellucid.graph.editing import copied
from pellucid.insight.remedies import Rows, Setup
from pellucid.insight.remedies.changes import count_rows, take
from pellucid.models.compiling import unpack_batch
from pellucid.models.feeds import is_stream
from pellucid.models.fitting import Fit
from pellucid.models.last_run import LastRun
from pellucid.models.request import Request
from pellucid.models.storing import model_around
from pellucid.training.policies import check_monitors
from pellucid.training.population import Member
from pellucid.training.recipe import Recipe
from pellucid.training.trainer import Table
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
    setup = Setup(graph, run.compile, fit, train, validation, run.seed)
    return replace(setup, weights=_not_drawn(setup, run)), notes


def rows_of(model: Any, x: Any, y: Any, sample_weight: Any = None) -> Rows:
    """Return rows as set-ups hold them: one array, or one by name where there are several."""
    weight = None if sample_weight is None else np.asarray(sample_weight)
    return Rows(_named(x, model.input_names, "x"), _named(y, model.output_names, "y"), weight)


def _named(value: Any, names: Sequence[str], where: str) -> Any:
    entries = [
        list(one) if is_ragged(one) else to_array(one, where, text=True)
        for one in by_name(value, names, where)
    ]
    return entries[0] if len(names) == 1 else dict(zip(names, entries, strict=True))


def _held_out(rows: Rows, seed: int) -> tuple[Rows, Rows]:
    count = count_rows(rows)
    order = np.random.default_rng([seed, count]).permutation(count)
    held = max(1, round(HELD_OUT * count))
    return take(rows, np.sort(order[held:])), take(rows, np.sort(order[:held]))


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


class Tables:
    """Tables of rows by their content, so that forks with the same rows share them."""

    def __init__(self) -> None:
        self._held: dict[bytes, Table] = {}

    def shared(self, table: Table) -> Table:
        """Return the table with this content that came first."""
        digest = hashlib.blake2b(digest_size=16)
        for array in (*table.x, *table.y, *table.weights, table.lengths):
            if array is not None:
                digest.update(f"{array.dtype}{array.shape}".encode())
                digest.update(np.ascontiguousarray(array).data)
        return self._held.setdefault(digest.digest(), table)


@dataclass(frozen=True)
class Prepared:
    """A set-up ready to train with several seeds.

    Args:
        setup: The set-up.
        members: One for each seed.
        metric: Name of the reported value that judges, such as "val_accuracy".
        epochs: Epochs to train.
    """

    setup: Setup
    members: tuple[Member, ...]
    metric: str
    epochs: int


def prepare(setup: Setup, metric: Any, seeds: Sequence[int], tables: Tables) -> Prepared:
    """Return members that train as the set-up says, scored by `metric` too.

    Args:
        setup: The set-up.
        metric: Name or object of a metric, or "loss".
        seeds: Seed of each member.
        tables: What has been read of other set-ups.

    Raises:
        PellucidError: The set-up cannot be trained: its rows, labels or loss are refused.
    """
    compiled = dict(setup.compile)
    if metric != "loss":
        compiled["weighted_metrics"] = [*_listed(compiled.get("weighted_metrics")), metric]
    request = request_of(setup)
    models = [model_of(replace(setup, compile=compiled), seed) for seed in seeds]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PellucidWarning)
        read = Fit(models[0], request, CallbackList(request.callbacks))
    train, validation = read.tables
    recipe = read.recipe
    names = recipe.objective.names
    check_monitors(recipe.policies, [*names, *(f"val_{name}" for name in names)])
    train = tables.shared(train)
    validation = None if validation is None else tables.shared(validation)
    members = tuple(
        Member(recipe, read.options, train, validation, seed, *model.packed(recipe))
        for seed, model in zip(seeds, models, strict=True)
    )
    chosen = "val_loss" if metric == "loss" else f"val_{names[-1]}"
    return Prepared(setup, members, chosen, request.epochs)


def _listed(given: Any) -> list[Any]:
    if given is None:
        return []
    return list(given) if isinstance(given, (list, tuple)) else [given]
