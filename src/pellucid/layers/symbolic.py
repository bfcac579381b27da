"""Placeholders for arrays: what layers are called on while a model is drawn up."""

import itertools
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from pellucid.types import Shape

_order: Iterator[int] = itertools.count()

operations: list[Callable[[str, Any, Any], Any]] = []
"""What draws arithmetic on symbolic tensors; entered by `layers.arithmetic`, which needs layers."""

slicers: list[Callable[[Any, Any], Any]] = []
"""What draws `x[:, -1]`; entered by `layers.slice`, which needs layers."""

mask_attachers: list[Callable[[Any, Any, str], Any]] = []
"""What says of a symbolic tensor which of its steps are real; entered by `layers.sequence`."""
_latest: "weakref.WeakKeyDictionary[Any, weakref.ref[SymbolicTensor]]" = weakref.WeakKeyDictionary()


def latest_output(layer: Any) -> "SymbolicTensor | None":
    """Return what the latest call of `layer` on symbolic tensors gave, while it is in use."""
    found = _latest.get(layer)
    return None if found is None else found()


@dataclass(frozen=True, eq=False)
class Call:
    """One use of a layer: the layer, what it was called on, and what came out."""

    layer: Any
    inputs: tuple["SymbolicTensor", ...]
    takes_list: bool
    settings: tuple[str, ...] = ()
    order: int = field(default_factory=lambda: next(_order))

    @property
    def batch_size(self) -> int | None:
        """Number of rows in every batch, where an `Input` fixes it."""
        if not self.inputs:
            return getattr(self.layer, "batch_size", None)
        return next((one.batch_size for one in self.inputs if one.batch_size), None)


@dataclass(frozen=True, eq=False)
class SymbolicTensor:
    """An array that does not exist yet: its shape without the batch axis, and its origin."""

    inner_shape: Shape
    dtype: str
    call: Call
    index: int = 0

    __array_ufunc__ = None
    """Lets `array * tensor` reach `__rmul__` here instead of NumPy."""

    @property
    def shape(self) -> tuple[int | None, ...]:
        """Shape with the batch axis first, as Keras shows it: `(None, 64)`."""
        return (self.batch_size, *self.inner_shape)

    @property
    def batch_size(self) -> int | None:
        """Number of rows in every batch, where an `Input` fixes it."""
        return self.call.batch_size

    @property
    def ndim(self) -> int:
        """Number of axes, the batch axis among them."""
        return len(self.inner_shape) + 1

    @property
    def name(self) -> str:
        """Name of the layer that makes it."""
        return self.call.layer.name or type(self.call.layer).__name__

    def __repr__(self) -> str:
        return f"<SymbolicTensor {self.name} shape={self.shape} dtype={self.dtype}>"

    def __post_init__(self) -> None:
        _latest[self.call.layer] = weakref.ref(self)

    def __add__(self, other: Any) -> Any:
        return _operate("add", self, other)

    def __radd__(self, other: Any) -> Any:
        return _operate("add", other, self)

    def __sub__(self, other: Any) -> Any:
        return _operate("subtract", self, other)

    def __rsub__(self, other: Any) -> Any:
        return _operate("subtract", other, self)

    def __mul__(self, other: Any) -> Any:
        return _operate("multiply", self, other)

    def __rmul__(self, other: Any) -> Any:
        return _operate("multiply", other, self)

    def __truediv__(self, other: Any) -> Any:
        return _operate("divide", self, other)

    def __rtruediv__(self, other: Any) -> Any:
        return _operate("divide", other, self)

    def __pow__(self, other: Any) -> Any:
        return _operate("power", self, other)

    def __neg__(self) -> Any:
        return _operate("multiply", self, -1.0)

    def __getitem__(self, key: Any) -> Any:
        return slicers[-1](self, key)

    def __iter__(self) -> Any:
        raise TypeError(
            f"{self!r} has no values yet to go through: it stands for an array in a model that is "
            "being drawn up. Pick steps by x[:, 0]."
        )

    def __bool__(self) -> bool:
        raise TypeError(
            f"{self!r} has no value yet: it stands for an array in a model that is being drawn up. "
            "Python's `if`, `and` and `while` cannot look at it."
        )


def _operate(operation: str, first: Any, second: Any) -> Any:
    known = (SymbolicTensor, int, float, np.ndarray, np.generic)
    if not (isinstance(first, known) and isinstance(second, known)):
        return NotImplemented
    return operations[-1](operation, first, second)
