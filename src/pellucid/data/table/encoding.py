"""What all encodings of a column have in common."""

from typing import ClassVar

from pellucid.data.table.table import Column, Table
from pellucid.description import Description, text
from pellucid.types import NumpyArray


class ColumnEncoding(Description):
    """Base of the encodings: one column's values to float32 features, learned on training rows.

    A subclass has a class method `fit` that learns it from the training rows.
    """

    kind: ClassVar[str] = "column_encoding"

    name: str = text()

    @property
    def features(self) -> tuple[str, ...]:
        """Names of the features, in their order."""
        raise NotImplementedError(f"{type(self).__name__} must define features.")

    def encode(self, table: Table, column: Column) -> tuple[NumpyArray, list[str]]:
        """Return features of shape (rows, features), float64, and notes on odd values.

        Args:
            table: The table, which knows where its rows are.
            column: Its column of the encoding's name.

        Raises:
            StrayValues: A value is not what the column held in training.
        """
        raise NotImplementedError(f"{type(self).__name__} must define encode().")
