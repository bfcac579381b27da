"""The arrays that belong to layers, kept beside them.

Layers hold no arrays. As in Keras, a layer used in two models has one set of weights, so
the arrays are kept in a table by layer, and vanish with the layer. After training they
are left packed, as the program returned them, and unpacked when somebody looks.
"""

import weakref
from collections.abc import Mapping
from typing import Any

import numpy as np

from pellucid.tree import Layout
from pellucid.types import Array, NumpyArray

_changes = 0


def version() -> int:
    """Return a number that grows whenever any layer's arrays change."""
    return _changes


def _changed() -> None:
    global _changes
    _changes += 1


class Packed:
    """A vector on the device that holds the arrays of many layers, and its copy on the host."""

    def __init__(self, vector: Array, layout: Layout) -> None:
        self.vector = vector
        self.layout = layout
        self._host: list[NumpyArray] | None = None

    def array(self, index: int) -> NumpyArray:
        """Return array number `index` of the layout."""
        if self._host is None:
            host = np.array(self.vector)
            host.flags.writeable = False
            self._host = self.layout.unpack_host(host)
        return self._host[index]


class Variables(Mapping[str, NumpyArray]):
    """The arrays of one layer by name; each read-only, and replaced as a whole."""

    def __init__(self, arrays: Mapping[str, NumpyArray]) -> None:
        self._held: dict[str, NumpyArray | tuple[Packed, int]] = {}
        for name, array in arrays.items():
            self.set(name, array)

    def __getitem__(self, name: str) -> NumpyArray:
        held = self._held[name]
        return held[0].array(held[1]) if isinstance(held, tuple) else held

    def __iter__(self) -> Any:
        return iter(self._held)

    def __contains__(self, name: object) -> bool:
        return name in self._held

    def __len__(self) -> int:
        return len(self._held)

    def set(self, name: str, array: Any) -> None:
        """Replace one array by a copy of `array`."""
        kept = np.array(array, np.float32)
        kept.flags.writeable = False
        self._held[name] = kept
        _changed()

    def point_to(self, name: str, packed: Packed, index: int) -> None:
        """Say that the array is now number `index` of `packed`."""
        self._held[name] = (packed, index)
        _changed()

    def shape(self, name: str) -> tuple[int, ...]:
        """Return the shape of one array without unpacking it."""
        held = self._held[name]
        return held[0].layout.shapes[held[1]] if isinstance(held, tuple) else held.shape

    def place(self, name: str) -> tuple[Packed, int] | None:
        """Return where the array lies packed, or None if it stands alone."""
        held = self._held[name]
        return held if isinstance(held, tuple) else None


_table: "weakref.WeakKeyDictionary[Any, Variables]" = weakref.WeakKeyDictionary()


def variables_of(layer: Any) -> Variables | None:
    """Return the arrays of `layer`, or None while it has none."""
    return _table.get(layer)


def set_variables(layer: Any, arrays: Mapping[str, NumpyArray]) -> Variables:
    """Give `layer` its arrays."""
    _table[layer] = Variables(arrays)
    return _table[layer]
