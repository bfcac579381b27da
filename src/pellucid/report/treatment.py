"""What was tried against the findings, and whether it helped, as a part of a page."""

from collections.abc import Sequence
from typing import Any, Protocol

from pellucid.page import Section, Table


class Treatment(Protocol):
    """A table of remedies that were tried."""

    @property
    def headers(self) -> Sequence[str]:
        """Names of the columns."""
        ...

    @property
    def cells(self) -> Sequence[Sequence[Any]]:
        """A row for each remedy, or each pair of them."""
        ...


def treatment_section(treatment: Treatment | None) -> Section:
    """Return the table of remedies; nothing where none was tried."""
    tables = [] if treatment is None else [Table("Remedies", treatment.headers, treatment.cells)]
    return Section("Treatment", tables)
