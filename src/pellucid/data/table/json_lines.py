"""JSON lines, or a JSON list of objects, to a table."""

import json
from typing import Any

import numpy as np

from pellucid.data.table.columns import value_column
from pellucid.data.table.delimited import MarksOf
from pellucid.data.table.table import Table, some
from pellucid.errors import DataError, Problem, report

Record = dict[str, Any]


def looks_like_json(text: str) -> bool:
    """Return whether a text begins as JSON objects do, one a line or in a list.

    Example:
        >>> from pellucid.data.table.json_lines import looks_like_json
        >>> looks_like_json('{"age": 31}'), looks_like_json("age,city")
        (True, False)
    """
    start = text[:4096].lstrip()
    opened = start[1:].lstrip() if start.startswith("[") else start
    return opened.startswith("{") and opened[1:].lstrip()[:1] in ('"', "}")


def parse_json(text: str, source: str, marks: MarksOf) -> Table:
    """Return the table that JSON objects write; a key that an object lacks is a missing value.

    Args:
        text: One object a line, or one list of objects.
        source: Name of the file, as messages show it.
        marks: Texts that mean "no value", by column.

    Raises:
        DataError: A line is not an object, or there is none.
    """
    in_list = text.lstrip().startswith("[")
    records, lines = _list_of(text, source) if in_list else _one_a_line(text, source)
    names = list(dict.fromkeys(name for record in records for name in record))
    if not names:
        report([Problem(source, "no values", "objects with keys and values")], DataError)
    values = {name: [record.get(name) for record in records] for name in names}
    nested = [name for name in names if any(isinstance(v, (dict, list)) for v in values[name])]
    notes = [f"Columns that hold lists or objects left out: {some(nested)}."] if nested else []
    if len(nested) == len(names):
        report([Problem(source, "only lists and objects as values", "plain values")], DataError)
    columns = [
        value_column(name, values[name], marks(name)) for name in names if name not in nested
    ]
    return Table(
        columns, source=source, notes=notes, lines=None if lines is None else np.array(lines)
    )


def _one_a_line(text: str, source: str) -> tuple[list[Record], list[int]]:
    records, lines = [], []
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            records.append(_record(line, f"{source}, line {number}"))
            lines.append(number)
    return records, lines


def _record(line: str, where: str) -> Record:
    record = _decoded(line, where)
    if not isinstance(record, dict):
        given = f"{line.strip()[:40]!r}"
        report([Problem(where, given, 'a JSON object such as {"age": 31}')], DataError)
    return record


def _list_of(text: str, source: str) -> tuple[list[Record], None]:
    records = _decoded(text, source)
    if not isinstance(records, list) or not all(isinstance(one, dict) for one in records):
        report([Problem(source, "other JSON", "a list of objects")], DataError)
    return records, None


def _decoded(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        given = f"text that is not JSON ({error.msg.lower()} at column {error.colno})"
        fix = "Write one whole object a line."
        raise DataError(str(Problem(where, given, "a JSON object", fix))) from None
    except RecursionError:
        given = "JSON nested too deeply"
        raise DataError(str(Problem(where, given, "a flat JSON object"))) from None
