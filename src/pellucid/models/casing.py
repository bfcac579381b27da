"""From a model and a request to the case that a diagnosis looks at."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from pellucid.data.arrays import by_name, is_frame, split_rows, to_array
from pellucid.data.dataset import Dataset
from pellucid.data.sequences import is_ragged, padded
from pellucid.errors import PellucidError, Problem, report, sentences_of
from pellucid.insight.findings.case import Case, Data, Settings, Weights
from pellucid.losses import resolve
from pellucid.models.compiling import unpack_batch
from pellucid.models.feeding import label_array, places, weigh_classes
from pellucid.models.feeds import is_stream, raw_batches, reads_once
from pellucid.models.fitting import PARTS
from pellucid.models.preparing import ensure_built, make_objective, read_table
from pellucid.models.request import Request
from pellucid.models.stateful import batch_rows, check_batches
from pellucid.training.history import History
from pellucid.training.nonfinite import NonFinite
from pellucid.training.objective import Objective
from pellucid.training.pairing import check_pairing
from pellucid.training.recipe import Recipe
from pellucid.training.trainer import Table
from pellucid.types import NumpyArray

STREAMED_ROWS = 4096
"""Rows of a stream after which no further batch is looked at."""


def case_of(
    model: Any,
    request: Request,
    start: Weights | None = None,
    end: Weights | None = None,
    history: History | None = None,
    failure: NonFinite | None = None,
) -> Case:
    """Return what a diagnosis looks at; what `fit` would refuse is kept for it to tell.

    Args:
        model: The model; one that waits for the shape of its data is built.
        request: What `fit` was asked for, or would be.
        start: Weights before the run; the present ones where there was none.
        end: Weights after the run; None before training.
        history: What the run logged; None before training.
        failure: Where the number came from that was not finite, if one stopped the run.

    Raises:
        ArgumentError: Entries that are not those of the inputs and outputs.
        DataError: Something is no data at all.
    """
    return _Casing(model, request).case(start, end, history, failure)


def case_without_rows(
    model: Any,
    epochs: int,
    start: Weights,
    end: Weights | None = None,
    history: History | None = None,
    failure: NonFinite | None = None,
) -> Case:
    """Return what a diagnosis looks at where there are no rows: the model and its curves.

    Args:
        model: A built model.
        epochs: Epochs that the run was asked for.
        start: As in `case_of`.
        end: As in `case_of`.
        history: As in `case_of`.
        failure: As in `case_of`.
    """
    network, compiled = model.network, model.compiled
    shapes = [network.shapes[number] for number in network.inputs]
    nothing = tuple(np.zeros((0, *(size or 1 for size in shape))) for shape in shapes)
    return Case(
        model.graph,
        network,
        (None,) * len(network.outputs) if compiled is None else compiled.losses,
        None if compiled is None else compiled.optimizer,
        Data(nothing),
        settings=Settings(epochs),
        start=start,
        end=end,
        history=history,
        failure=failure,
        seed=model.seed,
    )


class _Casing:
    """Reads the rows of one request, and keeps what would be refused."""

    def __init__(self, model: Any, request: Request) -> None:
        self.model, self.request = model, request
        self.refusals: list[str] = []
        streamed = is_stream(request.x)
        given = _gathered(request.x) if streamed else _given(request)
        ensure_built(model, given[0])
        self.train = self._data(given)
        self.table = self._table(given)
        self.validation, self.validation_table = self._validation()

    def case(
        self,
        start: Weights | None,
        end: Weights | None,
        history: History | None,
        failure: NonFinite | None,
    ) -> Case:
        """Return the case, with what the run left where there was one."""
        model, compiled = self.model, self.model.compiled
        network = model.network
        recipe = None if compiled is None else self._recipe()
        return Case(
            model.graph,
            network,
            (None,) * len(network.outputs) if compiled is None else compiled.losses,
            None if compiled is None else compiled.optimizer,
            self.train,
            self.validation,
            self._settings(),
            recipe,
            self.table,
            self.validation_table,
            tuple(dict.fromkeys(self.refusals)),
            model.packed(Recipe(network, Objective(()), None)) if start is None else start,
            end,
            history,
            failure,
            model.seed,
        )

    # -- rows ----------------------------------------------------------------------------

    def _data(self, given: tuple[Any, Any, Any], whole: bool = True) -> Data:
        """Return rows as arrays and no more: nothing about their values is refused."""
        x, y, weight = given
        model = self.model
        inputs = [
            self._array(value, node, where)
            for value, node, where in zip(
                by_name(x, model.input_names, "x"),
                model.network.inputs,
                places("x", model.input_names),
                strict=True,
            )
        ]
        labels: list[NumpyArray] = []
        if y is not None:
            names = model.output_names
            entries = zip(by_name(y, names, "y"), places("y", names), strict=True)
            labels = [_rows(label_array(value, where), where) for value, where in entries]
        one = by_name(x, model.input_names, "x")[0]
        named = is_frame(one) and hasattr(one, "columns")
        columns = tuple(map(str, one.columns)) if named else ()
        return Data(tuple(inputs), tuple(labels), _weights(weight, model.output_names), columns)

    def _array(self, value: Any, node: int, where: str) -> NumpyArray:
        padding = self.model.network.padding_of(node)
        if is_ragged(value) and padding is not None:
            return padded(value, padding, where)
        return _rows(to_array(value, where, text=True), where)

    def _table(self, given: tuple[Any, Any, Any]) -> Table | None:
        x, y, weight = given
        try:
            table = read_table(self.model, x, y, weight, "check")
            check_batches(self.model.network, table.rows, "check(x=...)")
            return table
        except PellucidError as error:
            self.refusals += sentences_of(error)
            return None

    def _validation(self) -> tuple[Data | None, Table | None]:
        request = self.request
        given, place = request.validation_data, "validation_data"
        if given is not None:
            if is_stream(given):
                given = _gathered(given)
            if not isinstance(given, (tuple, list)) or len(given) not in (2, 3):
                report([Problem(f"check({place}=...)", type(given).__name__, PARTS)])
            parts = unpack_batch(tuple(given))
            return self._data(parts), self._table(parts)
        if not request.validation_split or self.train.rows < 2:
            return None, None
        kept = split_rows(self.train.rows, request.validation_split)
        ahead, behind = slice(None, kept), slice(kept, None)
        data, table = self.train, self.table
        self.train = _part(data, ahead)
        if table is None:
            return _part(data, behind), None
        self.table = table.part(ahead)
        return _part(data, behind), table.part(behind)

    # -- what is trained -------------------------------------------------------------------

    def _recipe(self) -> Recipe | None:
        """Return what would be trained; None where loss, output and labels do not fit."""
        compiled, table = self.model.compiled, self.table
        if table is None:
            return None
        refused = list(self._unpaired(table))
        self.refusals += refused
        if refused:
            return None
        try:
            self.table = weigh_classes(
                self.model.network, table, self.request.class_weight, "check"
            )
            objective = make_objective(self.model, compiled, table.y)
        except PellucidError as error:
            self.refusals += sentences_of(error)
            self.table = None
            return None
        return Recipe(self.model.network, objective, compiled.optimizer)

    def _unpaired(self, table: Table) -> Iterator[str]:
        model = self.model
        network = model.network
        for index, name in enumerate(model.output_names):
            loss = model.compiled.losses[index]
            if loss is None:
                continue
            shape = (None, *network.shapes[network.outputs[index]])
            meant = resolve(loss, table.y[index].shape, shape)
            activation = network.output_activation(index)
            problems, _ = check_pairing(name, activation, shape, meant, table.y[index])
            yield from map(str, problems)

    def _settings(self) -> Settings:
        request = self.request
        own = request.x if isinstance(request.x, Dataset) else request
        fixed = batch_rows(self.model.network, own.batch_size, "fit(batch_size=...)")
        calls = request.callbacks or []
        return Settings(
            request.epochs,
            fixed or 32,
            bool(own.shuffle),
            request.class_weight,
            tuple(type(one).__name__ for one in _listed(calls)),
            0.0 if request.validation_data is not None else request.validation_split or 0.0,
        )


def _given(request: Request) -> tuple[Any, Any, Any]:
    return request.x, request.y, request.sample_weight


def _weights(given: Any, names: Sequence[str]) -> tuple[NumpyArray | None, ...]:
    if given is None:
        return ()
    several = isinstance(given, Mapping) or len(names) > 1
    entries = by_name(given, names, "sample_weight") if several else [given]
    return tuple(None if one is None else np.asarray(one) for one in entries)


def _rows(array: NumpyArray, where: str) -> NumpyArray:
    if not array.ndim:
        report([Problem(where, f"the single value {array.item()!r}", "a value for each row")])
    return array


def _part(data: Data, which: slice) -> Data:
    return Data(
        tuple(one[which] for one in data.inputs),
        tuple(one[which] for one in data.labels),
        tuple(None if one is None else one[which] for one in data.weights),
        data.columns,
    )


def _listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, (list, tuple)) else [value]


def _gathered(stream: Any) -> tuple[Any, Any, Any]:
    """Return the first rows of a stream that can be read again.

    Raises:
        ArgumentError: It can be read once only, or gives nothing.
    """
    if reads_once(stream):
        fix = "Give some of its rows as arrays."
        given = "a generator, which can be used once"
        report([Problem("check(x=...)", given, "rows that can be read again", fix)])
    batches, rows = [], 0
    for batch in raw_batches(stream):
        batches.append(unpack_batch(batch))
        rows += _length(batches[-1][0])
        if rows >= STREAMED_ROWS:
            break
    report([] if batches else [Problem("check(x=...)", "no batch", "at least one")])
    x, y, _ = zip(*batches, strict=True)
    return _stacked(x), _stacked(y), None


def _length(batch: Any) -> int:
    if isinstance(batch, Mapping):
        return len(next(iter(batch.values())))
    return len(batch[0] if isinstance(batch, (list, tuple)) else batch)


def _stacked(parts: Sequence[Any]) -> Any:
    """Return what batches hold as one: an array, or one for each name or place."""
    first = parts[0]
    if isinstance(first, Mapping):
        return {name: np.concatenate([one[name] for one in parts]) for name in first}
    if isinstance(first, (list, tuple)):
        return [np.concatenate(several) for several in zip(*parts, strict=True)]
    return np.concatenate(parts)
