"""Truth values to one feature."""

from typing import Self

import numpy as np

from pellucid.data.table.encoding import ColumnEncoding
from pellucid.data.table.kinds import ColumnKind
from pellucid.data.table.table import Column, Table, some
from pellucid.data.table.values import truths_of
from pellucid.description import flag
from pellucid.types import NumpyArray
from pellucid.wording import count_text


class BooleanEncoding(ColumnEncoding):
    """Truth values: 1 for true, -1 for false, 0 for neither.

    Args:
        name: Name of the column.
        missing: Whether a feature marks missing values: they were seen in training.
    """

    missing: bool = flag()

    @classmethod
    def fit(cls, table: Table, column: Column, kind: ColumnKind) -> Self | None:
        """Return the encoding learned from training rows; None if the values do not vary."""
        truths, _ = truths_of(column)
        known = truths[~np.isnan(truths)]
        missing = len(known) < len(truths)
        if not missing and (not known.size or known.min() == known.max()):
            return None
        return cls(column.name, missing)

    @property
    def features(self) -> tuple[str, ...]:
        return (self.name, f"{self.name} is missing") if self.missing else (self.name,)

    def encode(self, table: Table, column: Column) -> tuple[NumpyArray, list[str]]:
        truths, strange = truths_of(column)
        gone = np.isnan(truths)
        features = [np.where(gone, 0.0, 2.0 * truths - 1.0)]
        if self.missing:
            features.append(gone.astype(np.float64))
        notes = []
        if strange:
            shown = some([repr(level) for level in strange])
            count = count_text(int((gone & ~column.missing).sum()), "value")
            notes = [
                f"Column '{self.name}': {count} neither true nor false ({shown}); "
                "treated as missing."
            ]
        return np.stack(features, axis=1), notes
