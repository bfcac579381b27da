"""A set-up as the Keras-style code that makes it."""

import keyword
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, fields
from typing import Any

import numpy as np

from pellucid.description import Description
from pellucid.graph import Graph
from pellucid.initializers import INITIALIZERS, Initializer
from pellucid.insight.remedies import Setup
from pellucid.layers import InputLayer, Layer
from pellucid.layers.base import automatic_name
from pellucid.layers.context import INFERENCE, TRAINING
from pellucid.wording import free_name

PLACES = {
    "layer": "layers",
    "optimizer": "optimizers",
    "schedule": "optimizers.schedules",
    "loss": "losses",
    "metric": "metrics",
    "initializer": "initializers",
    "regularizer": "regularizers",
    "constraint": "constraints",
    "policy": "callbacks",
}
"""Where in Pellucid the descriptions of a kind are."""

WIDTH = 88
"""Columns of a line before its arguments get lines of their own."""


def setup_code(
    setup: Setup,
    remarks: Sequence[str] = (),
    validated_by: Mapping[str, Any] | None = None,
    changes: Sequence[str] = (),
) -> str:
    """Return the code that makes, compiles and fits the model of a set-up.

    Args:
        setup: The set-up; its rows are called `x`, `y` and `validation`.
        remarks: Sentences to stand above it as comments, such as what was done to the rows.
        changes: Lines of code that change the rows.
        validated_by: Arguments of `fit` that say by which rows to judge; the rows called
            `validation`, if the set-up has any, when None.
    """
    fit = {name: value for name, value in setup.fit.items() if not _is_default(name, value)}
    if validated_by is not None:
        fit |= validated_by
    elif setup.validation is not None:
        fit["validation_data"] = _Name("validation")
    if setup.train.sample_weight is not None:
        fit["sample_weight"] = _Name("sample_weight")
    compiled = {name: value for name, value in setup.compile.items() if value is not None}
    return "\n".join(
        [
            *(["import numpy as np", ""] if any("np." in one for one in changes) else []),
            "import pellucid",
            "",
            *(f"# {one}" for one in remarks),
            *changes,
            *graph_code(setup.graph, "model", setup.seed, setup.outputs),
            _call("model.compile", [], compiled),
            _call("model.fit", [_Name("x"), _Name("y")], fit),
            "",
        ]
    )


def graph_code(
    graph: Graph, variable: str, seed: int | None = None, outputs: Sequence[str] | None = None
) -> list[str]:
    """Return the lines of code that draw a graph and leave the model in `variable`.

    Args:
        graph: The architecture.
        variable: Name of the variable for the model.
        seed: Seed of the model, or None to leave it out.
        outputs: Names of a dict of outputs, or None where they are no dict.
    """
    writer = _Writer({variable})
    return writer.write(graph, variable, seed, outputs)


class _Name(str):
    """The name of a variable, which stands in code without quotes."""


class _Writer:
    """Writes one model, and the models in it before it.

    Args:
        taken: Names of variables that there are.
    """

    def __init__(self, taken: set[str]) -> None:
        self.taken = taken
        self.inner: dict[int, str] = {}

    def write(
        self,
        graph: Graph,
        variable: str,
        seed: int | None,
        outputs: Sequence[str] | None = None,
    ) -> list[str]:
        lines = []
        for member in graph.members:
            if isinstance(member, Graph) and id(member) not in self.inner:
                name = self.inner[id(member)] = self._variable(member.name)
                lines += self.write(member, name, None)
        named = _needs_names(graph)
        more: dict[str, Any] = {} if graph.name == _stem(graph) else {"name": graph.name}
        more |= {} if seed is None else {"seed": seed}
        if graph.sequential:
            return [*lines, *self._sequential(graph, variable, more, named)]
        return [*lines, *self._functional(graph, variable, more, named, outputs)]

    def _sequential(
        self, graph: Graph, variable: str, more: Mapping[str, Any], named: set[str]
    ) -> list[str]:
        rows = [
            self.inner[id(member)] if isinstance(member, Graph) else _layer_code(member, named)
            for member in graph.members
        ]
        ending = "".join(f"    {name}={literal(value)},\n" for name, value in more.items())
        inner = "".join(f"        {row},\n" for row in rows)
        return [f"{variable} = pellucid.Sequential(\n    [\n{inner}    ],\n{ending})"]

    def _functional(
        self,
        graph: Graph,
        variable: str,
        more: Mapping[str, Any],
        named: set[str],
        outputs: Sequence[str] | None,
    ) -> list[str]:
        lines, layers, results = [], dict[int, str](), dict[int, str]()
        often = {step.member for step in graph.steps if _calls(graph, step.member) > 1}
        for number, step in enumerate(graph.steps):
            member = graph.members[step.member]
            result = results[number] = self._variable(str(member.name))
            if isinstance(member, InputLayer):
                lines.append(f"{result} = {_layer_code(member, named)}")
                continue
            made = self.inner.get(id(member)) or layers.get(step.member)
            if made is None:
                assert isinstance(member, Layer)
                made = _layer_code(member, named)
                if step.member in often:
                    layers[step.member] = self._variable(f"{member.name}_layer")
                    lines.append(f"{layers[step.member]} = {made}")
                    made = layers[step.member]
            given = [self._place(graph, results, place) for place in step.inputs]
            listed = isinstance(member, Graph) or member.takes_list
            shown = f"[{', '.join(given)}]" if listed and len(given) > 1 else ", ".join(given)
            settings = "".join(f", {one}" for one in map(_setting, step.settings))
            lines.append(f"{result} = {made}({shown}{settings})")
        ends = [
            [self._place(graph, results, place) for place in places]
            for places in (graph.inputs, graph.outputs)
        ]
        arguments: list[Any] = [_Name(_one_or_list(one)) for one in ends]
        if outputs is not None:
            pairs = zip(outputs, map(_Name, ends[1]), strict=True)
            arguments[1] = _Name(literal(dict(pairs)))
        return [*lines, f"{variable} = {_call('pellucid.Model', arguments, more)}"]

    def _place(self, graph: Graph, results: Mapping[int, str], place: tuple[int, int]) -> str:
        several = graph.results_of(place[0]) > 1
        return f"{results[place[0]]}[{place[1]}]" if several else results[place[0]]

    def _variable(self, name: str) -> str:
        stem = re.sub(r"\W", "_", name)
        if not stem.isidentifier() or keyword.iskeyword(stem):
            stem = f"_{stem}"
        found = free_name(stem, self.taken)
        self.taken.add(found)
        return found


def _setting(name: str) -> str:
    return {TRAINING: "training=True", INFERENCE: "training=False"}.get(name, f"{name}=True")


def _calls(graph: Graph, member: int) -> int:
    return sum(step.member == member for step in graph.steps)


def _one_or_list(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"[{', '.join(names)}]"


def _stem(graph: Graph) -> str:
    return "sequential" if graph.sequential else "model"


def _needs_names(graph: Graph) -> set[str]:
    """Return the names of members that would be called otherwise if they were not named."""
    members = [one for one in graph.members if isinstance(one, Layer)]
    named = {str(one.name) for one in graph.members if isinstance(one, Graph)}
    while True:
        taken, found = set(named), set[str]()
        for one in members:
            if one.name in named:
                continue
            automatic = free_name(automatic_name(one), taken)
            taken.add(automatic)
            if automatic != one.name:
                found.add(str(one.name))
        if not found:
            return named
        named |= found


def _layer_code(layer: Layer, named: set[str]) -> str:
    more: dict[str, Any] = {"name": layer.name} if layer.name in named else {}
    if isinstance(layer, InputLayer):
        arguments: dict[str, Any] = {"shape": layer.shape}
        if layer.batch_size is not None:
            arguments["batch_size"] = layer.batch_size
        if layer.data_type != "float32":
            arguments["dtype"] = layer.data_type
        return _call("pellucid.Input", [], arguments | more)
    return _description_code(layer, more)


def _description_code(value: Description, more: Mapping[str, Any]) -> str:
    ours = type(value).__module__.startswith("pellucid.")
    place = f"pellucid.{PLACES[value.kind]}." if ours and value.kind in PLACES else ""
    described = fields(value)  # type: ignore[arg-type]
    # Arguments without a default stand first, by place, as people write them.
    first = [
        getattr(value, field.name)
        for field in described
        if field.default is MISSING and not field.kw_only
    ]
    others = {
        field.name: getattr(value, field.name)
        for field in _changed(value)
        if field.name != "name" or value.kind != "layer"
    }
    return _call(f"{place}{type(value).__name__}", first, {**others, **more})


def _changed(value: Description) -> Iterator[Field[Any]]:
    """Yield the fields to be given by name: those without their defaults, and learning rates.

    Which rate an optimiser has by default few people know, and many remedies change it.
    """
    for field in fields(value):  # type: ignore[arg-type]
        by_name = field.kw_only or field.default is not MISSING
        if by_name and (field.name == "learning_rate" or not _has_default(value, field)):
            yield field


def _snake(name: str) -> str:
    """Return the name that stands for a class: `HeNormal` → `he_normal`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def _has_default(value: Description, field: Field[Any]) -> bool:
    if field.default is MISSING:
        return False
    convert = field.metadata.get("convert")
    default = convert(field.default) if convert else field.default
    return literal(getattr(value, field.name)) == literal(default)


def literal(value: Any) -> str:
    """Return a value as it stands in code."""
    if isinstance(value, _Name):
        return str(value)
    known = isinstance(value, Initializer) and _snake(type(value).__name__) in INITIALIZERS.names
    if known and not any(_changed(value)):
        return f'"{_snake(type(value).__name__)}"'
    if isinstance(value, Description):
        return _description_code(value, {})
    if isinstance(value, (np.ndarray, np.generic)):
        value = value.tolist()
    if isinstance(value, Mapping):
        inner = ", ".join(f"{literal(key)}: {literal(one)}" for key, one in value.items())
        return f"{{{inner}}}"
    if isinstance(value, (list, tuple)):
        inner = ", ".join(map(literal, value))
        return f"[{inner}]" if isinstance(value, list) else f"({inner}{',' * (len(value) == 1)})"
    if isinstance(value, str):
        return f'"{value}"' if '"' not in value and "\\" not in value else repr(value)
    name = getattr(value, "registered_name", None)
    if name is not None:
        return f'"{name}"'
    return str(value.__name__) if hasattr(value, "__name__") else repr(value)


def _call(called: str, arguments: Iterable[Any], named: Mapping[str, Any]) -> str:
    parts = [*map(literal, arguments), *(f"{key}={literal(one)}" for key, one in named.items())]
    line = f"{called}({', '.join(parts)})"
    if len(line) <= WIDTH or not called.startswith("model."):
        return line
    return f"{called}(\n" + "".join(f"    {part},\n" for part in parts) + ")"


def _is_default(name: str, value: Any) -> bool:
    return {"batch_size": None, "epochs": 1, "shuffle": True}.get(name) == value or value is None
