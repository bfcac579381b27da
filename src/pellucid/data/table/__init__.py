"""Tables: from a file to the numbers a network reads, and back to the user's own words."""

from pellucid.data.table.frames import as_table
from pellucid.data.table.kinds import ColumnKind, Kinds, infer_kinds
from pellucid.data.table.read import read_table
from pellucid.data.table.table import Column, Table

__all__ = ["Column", "ColumnKind", "Kinds", "Table", "as_table", "infer_kinds", "read_table"]
