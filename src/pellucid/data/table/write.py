"""Writing a table as CSV."""

import csv
import io
import os
from pathlib import Path
from typing import Any

from pellucid.atomic import write_text_atomically
from pellucid.data.table.frames import as_table
from pellucid.data.table.notation import number_text
from pellucid.data.table.table import Column


def write_csv(path: str | os.PathLike[str], data: Any) -> Path:
    r"""Write a table as CSV that `read_table` reads back; missing values are empty fields.

    Args:
        path: Where the file shall be.
        data: A Table, a data frame, a dict of columns.

    Returns:
        `path`.

    Raises:
        FileError: The file cannot be written; one that was there before is untouched.

    Example:
        >>> import pathlib, tempfile
        >>> from pellucid.data.table import write_csv
        >>> path = pathlib.Path(tempfile.mkdtemp(), "people.csv")
        >>> write_csv(path, {"age": [31, None], "city": ["Rome", "Oslo"]}).read_text()
        'age,city\n31,Rome\n,Oslo\n'
    """
    table = as_table(data)
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(table.names)
    writer.writerows(zip(*(_texts(column) for column in table), strict=True))
    return write_text_atomically(path, stream.getvalue())


def _texts(column: Column) -> list[str]:
    values = column.values.tolist()
    if column.storage == "number":
        texts = [number_text(value) if value == value else "" for value in values]
    elif column.storage == "boolean":
        texts = ["true" if value else "false" for value in values]
    elif column.storage == "time":
        texts = ["" if value is None else value.isoformat() for value in values]
    else:
        texts = values
    return ["" if gone else text for text, gone in zip(texts, column.missing, strict=True)]
