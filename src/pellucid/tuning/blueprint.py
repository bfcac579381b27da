"""How a model follows from the values of its parameters."""

import contextlib
import copy
import inspect
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from functools import cached_property
from typing import Any

from pellucid import losses, optimizers
from pellucid.constraints import MaxNorm
from pellucid.description import Description
from pellucid.errors import PellucidError, Problem, near, report
from pellucid.graph.editing import layer_paths, mapped
from pellucid.insight.remedies.changes import output_names
from pellucid.insight.remedies.size import SIZES
from pellucid.layers import Layer
from pellucid.models.last_run import compile_settings
from pellucid.models.marks import COMPILED, marks_of, owner_of
from pellucid.models.model import Model
from pellucid.models.renewing import place, renewed, seeded, set_before_training
from pellucid.models.storing import model_around
from pellucid.regularizers import L1, L2
from pellucid.tunable import Tunable
from pellucid.types import NumpyArray

FIT = ("batch_size", "epochs", "class_weight", "shuffle", "mixup")
"""Parameters that are arguments of `fit`."""

MOST_NAMED = 10
"""Parameters that a message names, of which a model has many."""

AN_ESTIMATOR = (
    "An estimator goes to scikit-learn's cross_val_score or GridSearchCV; the network of one that "
    "is fitted is its `model_`."
)
"""How to mend that an estimator of scikit-learn is given."""

WIDTH = "width_factor"
"""The parameter that multiplies the widths of all hidden layers of a model."""

MADE = {"_regularizer": {"l1": L1, "l2": L2}, "_constraint": {"max_value": MaxNorm}}
"""What the last part of a name like "dense.kernel_regularizer.l2" makes where there is none."""


class Blueprint:
    """A model with parameters: one that is there already, or a function that builds it.

    A model's parameters are named after what they belong to: `learning_rate`,
    `optimizer.momentum`, `loss.label_smoothing`, `dense_1.units`,
    `dense_1.kernel_regularizer.l2`. The name of a class instead of that of a layer, as in
    `Dropout.rate`, means every layer of it; `optimizer` and `loss` are the whole ones, by name or
    as objects. A function's parameters are its keywords.
    `width_factor` makes all hidden layers so many times as wide. Arguments of `fit`
    (`batch_size`, `epochs`, `class_weight`, `shuffle`, `mixup`) are parameters of both.

    Args:
        source: A compiled and built model, which stays as it is and of which a copy is kept, or a
            function that returns one.
        where: The function that the user called, for messages.

    Raises:
        ArgumentError: It is neither.
    """

    def __init__(self, source: Any, where: str) -> None:
        self.source, self.where = source, where
        is_model = isinstance(source, Model)
        if not is_model and not (callable(source) and not isinstance(source, type)):
            given = f"the class {source.__name__}" if isinstance(source, type) else repr(source)
            expected = "a compiled model, or a function that returns one"
            fix = AN_ESTIMATOR if hasattr(source, "get_params") else ""
            report([Problem(f"{where}: model", given, expected, fix)])
        if is_model:
            source.need_compiled(where)
            if not source.built:
                fix = "Begin it with Input(shape), or call model.build((None, ...))."
                report([Problem(f"{where}: model", "one without a shape", "a built model", fix)])
            self.source = renewed(source, source.seed)

    def check(self, names: Any) -> None:
        """Refuse names of parameters that there are not.

        Raises:
            ArgumentError: Every one of them, with near names.
        """
        if not isinstance(self.source, Model):
            known = self._keywords()
            known = None if known is None else [*known, *FIT]
        else:
            known = [*self.known()]
        if known is None:
            return
        report(
            Problem(
                f"{self.where}: parameter",
                repr(name),
                "the name of a parameter",
                suggestion(name, known),
            )
            for name in names
            if name not in known
        )

    def _keywords(self) -> list[str] | None:
        """Return the keywords of the function; None where it takes any."""
        parameters = inspect.signature(self.source).parameters.values()
        if any(one.kind is one.VAR_KEYWORD for one in parameters):
            return None
        return [one.name for one in parameters if one.kind is not one.VAR_POSITIONAL]

    def known(self) -> Iterator[str]:
        """Yield the names of a model's parameters."""
        yield from ("learning_rate", WIDTH, *FIT, *COMPILED)
        yield from _names("optimizer", self.source.compiled.optimizer)
        for loss in self.source.compiled.losses:
            if isinstance(loss, Description):
                yield from _names("loss", loss)
        classes: dict[str, Layer] = {}
        for path, layer in layer_paths(self.source.graph):
            yield from _names(path, layer)
            classes.setdefault(type(layer).__name__, layer)
        for name, layer in classes.items():
            yield from _names(name, layer)

    def marked(self) -> dict[str, Tunable]:
        """Return the marks in a model, by the names of their parameters."""
        if not isinstance(self.source, Model):
            return {}
        return {_short(name): mark for name, mark in marks_of(self.source).items()}

    def make(self, values: Mapping[str, Any], seed: int) -> tuple[Any, dict[str, Any]]:
        """Return a compiled model with these parameters, and those that are arguments of `fit`.

        Args:
            values: Parameters by name; the others stay as they are.
            seed: Seed of the model.

        Raises:
            PellucidError: A value is refused by what it belongs to.
        """
        fit = {name: value for name, value in values.items() if name in FIT}
        own = {name: value for name, value in values.items() if name not in FIT}
        if isinstance(self.source, Model):
            return self._changed(own, seed), fit
        keywords = self._keywords()
        # A function may want an argument of `fit`, too, as for a schedule.
        both = {name: fit[name] for name in fit if keywords is not None and name in keywords}
        self._check_complete({**own, **both})
        with self._noted({**own, **both}):
            model = self.source(**own, **both)
        if not isinstance(model, Model):
            given = f"{type(model).__name__} from {getattr(self.source, '__name__', 'it')}(...)"
            report([Problem(f"{self.where}: build", given, "a compiled model")])
        model.need_compiled(self.where)
        return seeded(model, seed), fit

    @contextlib.contextmanager
    def _noted(self, values: Mapping[str, Any]) -> Iterator[None]:
        """Add to an error that the function itself raises with what it was called."""
        try:
            yield
        except PellucidError:
            raise
        except Exception as error:
            called = ", ".join(f"{name}={value!r}" for name, value in values.items())
            name = getattr(self.source, "__name__", "build")
            error.add_note(f"{self.where}: raised by {name}({called}).")
            raise

    def _check_complete(self, values: Mapping[str, Any]) -> None:
        """Refuse to call the function without a value that it needs."""
        parameters = inspect.signature(self.source).parameters.values()
        kinds = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
        report(
            Problem(
                f"{self.where}: build",
                f"no value for '{one.name}'",
                "one for each parameter without a default",
                f"Give it a default: {one.name}=...",
            )
            for one in parameters
            if one.kind in kinds and one.default is one.empty and one.name not in values
        )

    def _changed(self, values: Mapping[str, Any], seed: int) -> Any:
        """Return a copy of the model with other parameters and weights drawn anew."""
        source = self.source
        settings = {
            **compile_settings(source.compiled),
            **{name: value for name, value in values.items() if name in COMPILED},
        }
        # A copy, since an optimizer keeps what it has learned so far.
        settings["optimizer"] = copy.copy(optimizers.get(settings["optimizer"]))
        held_losses = _losses_of(source, values)
        widen = float(values.get(WIDTH, 1))
        ends = set(output_names(source.graph))
        held = [(path, type(layer).__name__) for path, layer in layer_paths(source.graph)]
        owners = {"optimizer", "loss", *itertools.chain.from_iterable(held)}
        layers: dict[str, dict[str, Any]] = {}
        smoothed: list[tuple[str, Any]] = []
        for name, value in values.items():
            if name == WIDTH or name in COMPILED:
                continue
            owner = owner_of(_full(name), owners)
            assert owner is not None
            field = _full(name).removeprefix(f"{owner}.")
            if owner == "optimizer":
                settings["optimizer"] = _with(settings["optimizer"], field, value)
            elif owner == "loss":
                smoothed.append((field, value))
            else:
                layers.setdefault(owner, {})[field] = value

        if smoothed:
            settings["loss"] = [_each_with(one, smoothed) for one in held_losses]

        def change(path: str, layer: Layer) -> Layer:
            changed = copy.copy(layer)
            for owner in (type(layer).__name__, path):
                for field, value in layers.get(owner, {}).items():
                    changed = _with(changed, field, value)
            return changed if path in ends else _widened(changed, widen)

        model = model_around(mapped(source.graph, change), seed)
        model.name_outputs(source.named_outputs)
        model.compile(**settings)
        place(model, self._set_before)
        return model

    @cached_property
    def _set_before(self) -> Mapping[str, NumpyArray]:
        """The model's weights that its seed did not draw."""
        return set_before_training(self.source)


def _losses_of(source: Any, values: Mapping[str, Any]) -> Sequence[Any]:
    """Return the loss of each output, a single one that is chosen for all of them."""
    held = source.compiled.losses
    return [losses.check(values["loss"])] * len(held) if "loss" in values else held


def suggestion(name: Any, known: Sequence[str]) -> str:
    """Return the sentence that suggests a near parameter, or shows what parameters are called."""
    close = near(name, known)
    if close is not None:
        return f"Did you mean '{close}'?"
    more = len(known) - MOST_NAMED
    further = f" and {more} more" if more > 0 else ""
    return f"There are {', '.join(map(repr, known[:MOST_NAMED]))}{further}."


def _full(name: str) -> str:
    return "optimizer.learning_rate" if name == "learning_rate" else name


def _short(name: str) -> str:
    return "learning_rate" if name == "optimizer.learning_rate" else name


def _widened(layer: Layer, factor: float) -> Layer:
    sizes = {name: getattr(layer, name, None) for name in SIZES}
    wider = {
        name: max(1, round(size * factor))
        for name, size in sizes.items()
        if isinstance(size, int) and factor != 1
    }
    return layer.replace(**wider) if wider else layer


def _names(path: str, value: Description) -> Iterator[str]:
    """Yield the names of a description's fields, and of those of descriptions within it."""
    for field in fields(value):  # type: ignore[arg-type]
        held, name = getattr(value, field.name), f"{path}.{field.name}"
        if field.metadata.get("identity"):
            continue
        yield name
        if isinstance(held, Description):
            yield from _names(name, held)
        elif held is None:
            yield from (f"{name}.{part}" for part in _made(field.name))


def _made(field: str) -> Mapping[str, Any]:
    """Return what a field that holds nothing can be given by the name of its number."""
    return next((made for ending, made in MADE.items() if field.endswith(ending)), {})


def _each_with(loss: Any, changes: Sequence[tuple[str, Any]]) -> Any:
    """Return the loss of an output, changed as far as it has the fields."""
    for field, value in changes:
        if hasattr(loss, field):
            loss = _with(loss, field, value)
    return loss


def _with(held: Any, field: str, value: Any) -> Any:
    """Return a description with a field, or a field of one within it, changed."""
    own, _, inner = field.partition(".")
    if not inner:
        return held.replace(**{own: value})
    within = getattr(held, own)
    changed = _made(own)[inner](value) if within is None else _with(within, inner, value)
    return held.replace(**{own: changed})
