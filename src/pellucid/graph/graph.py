"""A model as it was drawn: layers and inner models, and the calls that wire them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, Union
from weakref import WeakSet

from pellucid.description import described
from pellucid.errors import ArgumentError
from pellucid.layers import Layer
from pellucid.layers.base import automatic_name
from pellucid.layers.context import INFERENCE, TRAINING
from pellucid.layers.input import InputLayer
from pellucid.layers.symbolic import Call, SymbolicTensor
from pellucid.types import Shape
from pellucid.wording import free_name

Place: TypeAlias = tuple[int, int]
"""An output of a call: the call's number and which of its outputs."""

Member: TypeAlias = Union[Layer, "Graph"]


@dataclass(frozen=True)
class Step:
    """One call in a graph: which member is called, and on what."""

    member: int
    inputs: tuple[Place, ...]
    settings: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Graph:
    """Members (layers or inner graphs), the steps that call them, and the ends.

    Args:
        name: Name of the model.
        members: Layers and inner graphs, each once, in the order of first use.
        steps: Calls in an order in which each comes after those it depends on.
        inputs: Where data enter: places of `InputLayer` calls.
        outputs: Where results leave.
        sequential: True when drawn by `Sequential`.
    """

    name: str
    members: tuple[Member, ...]
    steps: tuple[Step, ...]
    inputs: tuple[Place, ...]
    outputs: tuple[Place, ...]
    sequential: bool = False
    trainable: bool = field(default=True)

    @classmethod
    def trace(
        cls,
        inputs: Sequence[SymbolicTensor],
        outputs: Sequence[SymbolicTensor],
        name: str,
        sequential: bool = False,
        named: bool = True,
    ) -> "Graph":
        """Return the graph between symbolic `inputs` and `outputs`.

        One whose name was not chosen, `named=False`, takes another beside members of that name.

        Raises:
            ArgumentError: An end is no symbolic tensor, an output depends on an input that
                is not listed, or two layers bear one name.
        """
        for which, tensors in (("inputs", inputs), ("outputs", outputs)):
            for tensor in tensors:
                if not isinstance(tensor, SymbolicTensor):
                    raise ArgumentError(
                        f"Model({which}=...): got {type(tensor).__name__}, expected the result of "
                        "Input(...) or of a layer called on it. Write for example "
                        "x = Input(shape=(8,)); y = Dense(1)(x); Model(x, y)."
                    )
        ends = {id(tensor): tensor for tensor in inputs}
        calls = _calls_between(ends, outputs)
        replaced = {
            tensor.call: InputLayer(tensor.inner_shape, tensor.dtype, name=f"{tensor.name}_input")
            for tensor in inputs
            if not isinstance(tensor.call.layer, InputLayer)
        }
        graph = _assemble(cls, name, inputs, outputs, calls, replaced, sequential)
        if not named:
            _named_by_us.add(graph)
        return graph

    @property
    def kind(self) -> str:
        """What a model of this graph is called that has no name: "sequential" or "model"."""
        return "sequential" if self.sequential else "model"

    def rename(self, name: str) -> None:
        """Take another name, as layers do that were given none."""
        object.__setattr__(self, "name", name)

    def __call__(self, inputs: Any, training: bool | None = None) -> Any:
        """Draw the whole graph as one call onto symbolic `inputs`."""
        given = list(inputs) if isinstance(inputs, (list, tuple)) else [inputs]
        expected = [self.shape_of(place) for place in self.inputs]
        shapes = [tensor.inner_shape for tensor in given]
        if len(shapes) != len(expected) or not all(map(_fits, shapes, expected)):
            raise ArgumentError(
                f"{self.name}: got inputs of shapes {[(None, *s) for s in shapes]}, "
                f"expected {[(None, *s) for s in expected]}."
            )
        settings = () if training is None else (TRAINING if training else INFERENCE,)
        call = Call(self, tuple(given), len(given) > 1, settings)
        results = [
            SymbolicTensor(self.shape_of(place), self.dtype_of(place), call, index)
            for index, place in enumerate(self.outputs)
        ]
        return results[0] if len(results) == 1 else results

    def describe(self, place: Place) -> tuple[Shape, str]:
        """Return shape (no batch axis) and type of the array at `place`."""
        return self._described()[place]

    def shape_of(self, place: Place) -> Shape:
        """Return the shape at `place`, without the batch axis."""
        return self.describe(place)[0]

    def dtype_of(self, place: Place) -> str:
        """Return the type of the array at `place`."""
        return self.describe(place)[1]

    def _described(self) -> dict[Place, tuple[Shape, str]]:
        held = self.__dict__.get("_descriptions")
        if held is None:
            held = {}
            for number, step in enumerate(self.steps):
                for index, found in enumerate(self._describe_step(step, held)):
                    held[(number, index)] = found
            object.__setattr__(self, "_descriptions", held)
        return held

    def _describe_step(self, step: Step, known: Mapping[Place, Any]) -> list[tuple[Shape, str]]:
        member = self.members[step.member]
        given = [known[place] for place in step.inputs]
        if isinstance(member, Graph):
            return [member.describe(place) for place in member.outputs]
        if isinstance(member, InputLayer):
            return [(member.shape, member.data_type)]
        shapes = [shape for shape, _ in given]
        shape: Any = shapes if member.takes_list or len(shapes) > 1 else shapes[0]
        member.declared(shape, self.batch_size)
        dtype = member.output_dtype(given[0][1])
        return [(one, dtype) for one in member.output_shapes(shape, step.settings)]

    @property
    def batch_size(self) -> int | None:
        """Number of rows in every batch, where an `Input` fixes it."""
        inputs = [one for one in self.members if isinstance(one, InputLayer)]
        return next((one.batch_size for one in inputs if one.batch_size is not None), None)

    def results_of(self, number: int) -> int:
        """Return how many arrays the step of this number gives."""
        step = self.steps[number]
        member = self.members[step.member]
        if isinstance(member, Graph):
            return len(member.outputs)
        return member.output_count(step.settings)

    def layers(self) -> Iterator[Layer]:
        """Yield every layer once, those of inner graphs among them."""
        seen: set[int] = set()
        for member in self.members:
            for layer in member.layers() if isinstance(member, Graph) else [member]:
                if id(layer) not in seen:
                    seen.add(id(layer))
                    yield layer

    def get_config(self, known: dict[int, int] | None = None) -> dict[str, Any]:
        """Return the drawing as plain JSON values, without weights.

        A member that was described before, within an inner graph or around it, is a
        reference to its number in the order of descriptions: it stays one member.

        Args:
            known: Numbers of the members described so far, by identity.
        """
        known = {} if known is None else known
        return {
            "class": "graph.Graph",
            "config": {
                "name": self.name,
                "sequential": self.sequential,
                "members": [_member_config(member, known) for member in self.members],
                "steps": [_step_config(step) for step in self.steps],
                "inputs": [list(place) for place in self.inputs],
                "outputs": [list(place) for place in self.outputs],
            },
        }


def _calls_between(
    ends: Mapping[int, SymbolicTensor], outputs: Sequence[SymbolicTensor]
) -> list[Call]:
    """Return the calls that lead from the ends to the outputs, in the order they were made."""
    found: dict[int, Call] = {}
    waiting = list(outputs)
    while waiting:
        tensor = waiting.pop()
        call = tensor.call
        if id(call) in found:
            continue
        if id(tensor) not in ends and isinstance(call.layer, InputLayer):
            raise ArgumentError(
                f"Model(inputs=...): got no input '{tensor.name}', though an output depends on it. "
                "Expected every Input that the outputs depend on to be listed in inputs=[...]."
            )
        found[id(call)] = call
        if id(tensor) not in ends:
            waiting.extend(call.inputs)
    for tensor in ends.values():
        found[id(tensor.call)] = tensor.call
    return sorted(found.values(), key=lambda call: call.order)


def _assemble(
    cls: type[Graph],
    name: str,
    inputs: Sequence[SymbolicTensor],
    outputs: Sequence[SymbolicTensor],
    calls: Sequence[Call],
    replaced: Mapping[Call, InputLayer],
    sequential: bool,
) -> Graph:
    members: list[Any] = []
    numbers: dict[int, int] = {}
    steps: list[Step] = []
    places: dict[int, int] = {}
    for call in calls:
        member = replaced.get(call, call.layer)
        if id(member) not in numbers:
            numbers[id(member)] = len(members)
            members.append(member)
        sources = () if call in replaced else call.inputs
        steps.append(
            Step(
                numbers[id(member)],
                tuple((places[id(source.call)], source.index) for source in sources),
                () if call in replaced else call.settings,
            )
        )
        places[id(call)] = len(steps) - 1
    name_members(members)
    return cls(
        name,
        tuple(members),
        tuple(steps),
        tuple((places[id(tensor.call)], 0) for tensor in inputs),
        tuple((places[id(t.call)], 0 if t.call in replaced else t.index) for t in outputs),
        sequential,
    )


_named_by_us: "WeakSet[Member]" = WeakSet()


def name_members(members: Sequence[Any]) -> None:
    """Give nameless layers and inner models their names: `dense`, `dense_1`, and so on.

    Raises:
        ArgumentError: Two members were given the same name by the user.
    """
    taken: set[str] = set()
    chosen = [one.name for one in members if one.name is not None and one not in _named_by_us]
    for name in chosen:
        if name in taken:
            raise ArgumentError(
                f"Model: got two layers called '{name}', expected each name once. "
                f"Rename one: name='{name}_2'."
            )
        taken.add(name)
    for member in members:
        if member.name is not None and member not in _named_by_us:
            continue
        if isinstance(member, Graph):
            if member.name in taken:
                member.rename(free_name(member.kind, taken))
        elif member.name is None or member.name in taken:
            member.name = free_name(automatic_name(member), taken)
            _named_by_us.add(member)
        taken.add(str(member.name))


def _fits(given: Shape, expected: Shape) -> bool:
    return len(given) == len(expected) and all(
        one is None or other is None or one == other
        for one, other in zip(given, expected, strict=True)
    )


def _step_config(step: Step) -> dict[str, Any]:
    config: dict[str, Any] = {
        "member": step.member,
        "inputs": [list(place) for place in step.inputs],
    }
    return config | ({"settings": list(step.settings)} if step.settings else {})


def _member_config(member: Member, known: dict[int, int]) -> dict[str, Any]:
    if id(member) in known:
        return {
            "class": "graph.Shared",
            "config": {"name": member.name, "number": known[id(member)]},
        }
    config = member.get_config(known) if isinstance(member, Graph) else described(member)
    known[id(member)] = len(known)
    return config
