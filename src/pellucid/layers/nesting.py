"""What the layers share that hold layers."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pellucid.description import Refusal
from pellucid.layers.base import Layer

_makers: list[Callable[[Mapping[str, Any]], Any]] = []


def make_layers_with(maker: Callable[[Mapping[str, Any]], Any]) -> None:
    """Say what makes a layer from its configuration; the catalogue, which knows all, does."""
    _makers.append(maker)


def to_layer(value: Any) -> Layer:
    """Return a layer, or the one that a configuration stands for; a converter for fields."""
    if isinstance(value, Mapping):
        value = _makers[-1](value)
    if isinstance(value, Layer):
        return value
    if isinstance(value, type):
        fix = f"Write {value.__name__}(...) with its arguments."
        raise Refusal("a layer, such as Dense(8)", fix, f"the class {value.__name__}")
    fix = ""
    if hasattr(value, "layers"):
        fix = "Wrap each layer of the model on its own."
    raise Refusal("a layer, such as Dense(8)", fix, f"a {type(value).__name__}")


class Nesting(Layer):
    """Base of the layers that hold layers, and their weights under a prefix each."""

    @property
    def inner(self) -> Mapping[str, Layer]:
        """The inner layers by the prefix of their weights' names."""
        return {}

    def trains(self, name: str) -> bool:
        prefix, _, rest = name.partition("/")
        inner = self.inner.get(prefix)
        return self.trainable and (inner is None or inner.trains(rest))

    @property
    def row_state(self) -> tuple[str, ...]:
        inner = self.inner.items()
        return tuple(f"{prefix}/{name}" for prefix, one in inner for name in one.row_state)


def with_inner(layer: Layer) -> Iterator[Layer]:
    """Yield a layer and the layers in it, however deep."""
    yield layer
    if isinstance(layer, Nesting):
        for one in layer.inner.values():
            yield from with_inner(one)


def prefixed(prefix: str, weights: Mapping[str, Any]) -> dict[str, Any]:
    """Return `weights`, declarations or arrays, with a prefix before their names."""
    return {f"{prefix}/{name}": weight for name, weight in weights.items()}


def of_prefix(prefix: str, weights: Mapping[str, Any]) -> dict[str, Any]:
    """Return those of `weights` that have the prefix, without it."""
    start = f"{prefix}/"
    return {
        name.removeprefix(start): weight
        for name, weight in weights.items()
        if name.startswith(start)
    }
