"""Windows: consecutive batches of rows that lie on the device together."""

from dataclasses import dataclass
from typing import Any

from pellucid.training.program import Rows
from pellucid.training.sharding import Sharding, room
from pellucid.training.trainer import Table
from pellucid.types import NumpyArray


@dataclass(frozen=True)
class Window:
    """Rows on the device.

    Args:
        rows: The rows; those behind the last real one are copies of the first.
        count: How many of them are real.
    """

    rows: Rows
    count: int


class Room:
    """Room for rows, which is filled table by table.

    Args:
        like: A table whose rows have the form of those to come.
        size: Rows that there is room for.
    """

    def __init__(self, like: Table, size: int) -> None:
        self.filled = 0

        def blank(array: NumpyArray | None) -> Any:
            return None if array is None else room((size, *array.shape[1:]), array.dtype)

        self._parts = tuple(tuple(map(blank, part)) for part in _parts(like))

    def add(self, table: Table, places: NumpyArray | None = None) -> None:
        """Take rows in.

        Args:
            table: The rows.
            places: Where each goes; behind the last ones when None.
        """
        end = self.filled + table.rows
        where = slice(self.filled, end) if places is None else places
        for held, given in zip(self._parts, _parts(table), strict=True):
            for whole, part in zip(held, given, strict=True):
                if part is not None:
                    whole[where] = part
        self.filled = end

    def window(self, sharding: Sharding) -> Window:
        """Return the rows on the device; the room must not be used after that."""
        for part in self._parts:
            for whole in part:
                if whole is not None:
                    whole[self.filled :] = whole[:1]
        x, y, weights = self._parts
        return Window(sharding.lend(Rows(x, y, weights)), self.filled)

    def table(self) -> Table:
        """Return the rows on the host."""
        x, y, weights = self._parts
        return Table(x, y, weights)


def row_bytes(table: Table) -> int:
    """Return how many bytes a row takes up."""
    arrays = [array for part in _parts(table) for array in part if array is not None]
    return sum(array.nbytes for array in arrays) // table.rows


def _parts(table: Table) -> tuple[tuple[NumpyArray | None, ...], ...]:
    return table.x, table.y, table.weights


def form_text(table: Table) -> str:
    """Return the shapes of one row's inputs, labels and weights, in words."""
    named = zip(("inputs", "labels", "weights"), _parts(table), strict=True)
    return "; ".join(f"{name} {_shapes(part)}" for name, part in named if _shapes(part))


def _shapes(part: tuple[NumpyArray | None, ...]) -> str:
    return ", ".join(f"{array.shape[1:]} {array.dtype}" for array in part if array is not None)
