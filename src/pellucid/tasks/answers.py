"""What a model says of new rows, in the user's own words."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pellucid.data.table import write_csv


@dataclass(frozen=True)
class Answers:
    """Predictions, a column for each thing that is said of a row.

    Args:
        columns: Columns of equal length, by name.
        path: The CSV file that holds them, if any.
        notes: Sentences about what could not be answered.
    """

    columns: Mapping[str, Sequence[Any]]
    path: Path | None = None
    notes: tuple[str, ...] = ()

    def csv_text(self) -> str:
        """Return the predictions as CSV."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows(zip(*self.columns.values(), strict=True))
        return text.getvalue()

    def summary_text(self) -> str:
        """Return how many there are, and where."""
        rows = len(next(iter(self.columns.values())))
        return "\n".join([*self.notes, f"{rows} predictions: {self.path}"])

    def written(self, path: Any) -> "Answers":
        """Return these answers after writing them to a CSV file.

        Args:
            path: The file; None to write none.

        Raises:
            FileError: The file cannot be written.
        """
        if path is None:
            return self
        write_csv(path, self.columns)
        return Answers(self.columns, Path(path), self.notes)
