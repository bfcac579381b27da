"""Sequences in files, each with its class: lines of a file, files of a folder, rows of a table."""

from pellucid.data.sequence_files.arff import read_arff
from pellucid.data.sequence_files.folder import read_sequence_folder
from pellucid.data.sequence_files.long_table import LongTable, read_long_table
from pellucid.data.sequence_files.parts import partner_of, whole_pair, with_partner
from pellucid.data.sequence_files.sequence_set import SequenceSet
from pellucid.data.sequence_files.steps import read_steps
from pellucid.data.sequence_files.ts import read_ts

__all__ = [
    "LongTable",
    "SequenceSet",
    "partner_of",
    "read_arff",
    "read_long_table",
    "read_sequence_folder",
    "read_steps",
    "read_ts",
    "whole_pair",
    "with_partner",
]
