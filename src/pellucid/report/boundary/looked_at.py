"""What a boundary is drawn of: as much of a model, and of its snapshots, as that takes."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

from pellucid.graph import Network
from pellucid.types import NumpyArray


@runtime_checkable
class Model(Protocol):
    """A model that predicts, and whose weights can be exchanged."""

    compiled: Any

    @property
    def network(self) -> Network: ...

    def predict(self, x: Any, *, verbose: Any = ...) -> Any: ...

    def get_weights(self) -> list[NumpyArray]: ...

    def set_weights(self, weights: Sequence[Any]) -> None: ...


class Snapshots(Protocol):
    """The weights that a model had at some epochs, by the epoch's number."""

    @property
    def weights(self) -> Mapping[int, Sequence[Any]]: ...
