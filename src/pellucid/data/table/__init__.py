"""Tables: from a file to the numbers a network reads, and back to the user's own words."""

from pellucid.data.table.encode import Encoded, TableEncoder
from pellucid.data.table.frames import as_table
from pellucid.data.table.kinds import ColumnKind, Kinds, infer_kinds
from pellucid.data.table.leaks import Leak, find_leaks, without_leaks
from pellucid.data.table.prepare import Part, Prepared, prepare_folds, prepare_table
from pellucid.data.table.read import read_table
from pellucid.data.table.split import Split, split_folds, split_rows
from pellucid.data.table.table import Column, Table
from pellucid.data.table.target import EncodedTarget, TargetEncoder, drop_unlabelled
from pellucid.data.table.write import write_csv

__all__ = [
    "Column",
    "ColumnKind",
    "Encoded",
    "EncodedTarget",
    "Kinds",
    "Leak",
    "Part",
    "Prepared",
    "Split",
    "Table",
    "TableEncoder",
    "TargetEncoder",
    "as_table",
    "drop_unlabelled",
    "find_leaks",
    "infer_kinds",
    "prepare_folds",
    "prepare_table",
    "read_table",
    "split_folds",
    "split_rows",
    "without_leaks",
    "write_csv",
]
