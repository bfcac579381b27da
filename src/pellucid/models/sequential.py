"""Layers in a row."""

from collections.abc import Sequence
from typing import Any

from pellucid.errors import ArgumentError
from pellucid.graph import Graph
from pellucid.graph.drawing import draw
from pellucid.keywords import refuse_unknown
from pellucid.layers import Layer
from pellucid.layers.base import maker_of
from pellucid.layers.input import Input, InputLayer
from pellucid.layers.symbolic import SymbolicTensor
from pellucid.models.model import Model, model_of
from pellucid.models.preparing import ensure_built
from pellucid.models.storing import register_maker
from pellucid.types import Shape


class Sequential(Model):
    """A model whose layers follow one another.

    Args:
        layers: The layers, the first of which may be `Input(...)` or bear `input_shape`.
        name: Name in summaries and files.
        seed: Seed of weights, shuffling and masks; see `Model`.

    Example:
        >>> import pellucid
        >>> model = pellucid.Sequential([pellucid.Input((8,)), pellucid.layers.Dense(4)])
        >>> model.add(pellucid.layers.Dense(1))
        >>> model.output_shape
        (None, 1)

    Without an input shape the model is wired when it is first called or sees data, or by `build`.
    """

    def __init__(
        self,
        layers: Sequence[Any] | None = None,
        name: str | None = None,
        seed: int | None = None,
        **unknown: Any,
    ) -> None:
        refuse_unknown("Sequential", unknown, ("layers", "name", "seed"))
        super().__init__(name=name, seed=seed)
        self._members: list[Any] = []
        self._entry: SymbolicTensor | None = None
        if layers is not None and not isinstance(layers, (list, tuple)):
            layers = [layers]
        for layer in layers or []:
            self._append(layer)
        self._rewire()

    @classmethod
    def from_graph(cls, graph: Graph, seed: int | None = None) -> "Sequential":
        """Return a model around a graph that was read or copied."""
        model = cls(name=graph.name, seed=seed)
        inputs, outputs = draw(graph)
        model._entry = inputs[0]
        model._members = [
            model_of(member) if isinstance(member, Graph) else member
            for member in graph.members
            if not isinstance(member, InputLayer)
        ]
        model._set_graph(graph, inputs, outputs)
        return model

    def add(self, layer: Any) -> None:
        """Append a layer or a model.

        Raises:
            ArgumentError: It is neither.
        """
        self._append(layer)
        self._rewire()

    def pop(self) -> Any:
        """Remove and return the last layer."""
        if not self._members:
            raise ArgumentError("Sequential.pop: got an empty model, expected at least one layer.")
        last = self._members.pop()
        self._rewire()
        return last

    def _append(self, layer: Any) -> None:
        if isinstance(layer, SymbolicTensor) and isinstance(layer.call.layer, InputLayer):
            self._set_entry(layer)
        elif isinstance(layer, InputLayer):
            self._set_entry(
                Input(layer.shape, layer.batch_size, dtype=layer.data_type, name=layer.name)
            )
        elif isinstance(layer, (Layer, Model)):
            self._members.append(layer)
        else:
            shown = layer.__name__ if isinstance(layer, type) else repr(layer)
            fix = f"Write {shown}(...) with its arguments." if isinstance(layer, type) else ""
            raise ArgumentError(
                f"Sequential.add: got {shown}, expected a layer or a model. {fix}".rstrip()
            )

    def _set_entry(self, entry: SymbolicTensor) -> None:
        if self._members or self._entry is not None:
            raise ArgumentError(
                "Sequential.add: got an Input after other layers, expected it first and once."
            )
        self._entry = entry

    def _find_entry(self) -> SymbolicTensor | None:
        if self._entry is None and self._members:
            first = self._members[0]
            shape: Shape | None = None
            kind = "float32"
            if isinstance(first, Layer):
                shape, kind = first.entry
            elif first.built and len(first.inputs) == 1:
                shape = first.inputs[0].inner_shape
            rows = getattr(first, "batch_input_shape", None) or (None,)
            if shape is not None:
                self._entry = Input(shape, rows[0], dtype=kind)
        return self._entry

    def _rewire(self) -> None:
        entry = self._find_entry()
        if entry is None:
            return
        tensor: Any = entry
        for member in self._members:
            _check_one_array(member, tensor)
            tensor = member(tensor)
        ends = tensor if isinstance(tensor, list) else [tensor]
        self._set_tensors([entry], ends, sequential=True)

    def build(self, input_shape: Any = None) -> None:
        """Wire the layers for inputs of `input_shape`, the batch axis first.

        Raises:
            ShapeError: A layer cannot take what comes to it.
        """
        if self.built or input_shape is None:
            return
        rows, *shape = input_shape
        self._entry = Input(tuple(shape), rows)
        self._rewire()

    def __call__(self, inputs: Any, training: bool | None = None) -> Any:
        """Draw the model onto a symbolic input, or compute it for arrays.

        A model without an input shape takes that of `inputs`, and keeps it.
        """
        only = inputs[0] if isinstance(inputs, (list, tuple)) and len(inputs) == 1 else inputs
        if not isinstance(only, SymbolicTensor):
            ensure_built(self, inputs)
        elif not self.built:
            self._entry = Input(only.inner_shape, only.batch_size, only.dtype)
            self._rewire()
        return super().__call__(inputs, training)

    @property
    def layers(self) -> list[Any]:
        """The layers in order, without the input."""
        return list(self._members)


def _check_one_array(member: Any, tensor: Any) -> None:
    """Refuse several outputs before a layer that would take them as further arguments."""
    if isinstance(tensor, list) and isinstance(member, Layer) and member.takes_more:
        advice = maker_of(tensor, member).advice_for_several
        raise ArgumentError(
            f"Sequential: got {len(tensor)} outputs before {member.label}, expected one array "
            f"between layers in a row. {advice}"
        )


register_maker("sequential", Sequential.from_graph)
