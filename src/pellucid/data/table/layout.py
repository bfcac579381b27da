"""How a text file writes a table: which separator, which quotes, header or not."""

import csv
import io
import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pellucid.data.table.dates import parse_time
from pellucid.data.table.notation import MISSING_MARKS, NOTATIONS, parse_number

SEPARATORS = ("\t", ";", "|", ",")
"""Separators that are looked for; runs of spaces only where none of these is found."""

SAMPLE = 1 << 16
"""Characters of a file that are looked at to find its layout."""

SAMPLE_ROWS = 50
"""Rows of the sample that are looked at."""

Rows = list[list[str]]

LONGEST_FIELD = 131_072
"""Characters of a field above which a quote is taken for one that is never closed."""


@dataclass(frozen=True)
class Layout:
    """How rows are written.

    Args:
        separator: One character; a space stands for any run of spaces.
        quote: The character around fields that hold separators; "" for none.
    """

    separator: str
    quote: str

    def iterate(self, text: str, strict: bool = True) -> Iterator[tuple[list[str], int]]:
        """Yield the fields of each row, and the line on which it ends."""
        reader = csv.reader(
            _lines(text, self.separator),
            delimiter=self.separator,
            quotechar=self.quote or None,
            quoting=csv.QUOTE_MINIMAL if self.quote else csv.QUOTE_NONE,
            skipinitialspace=True,
            strict=strict,
        )
        # The limit is one of the whole process, where other libraries change it too.
        earlier = csv.field_size_limit(LONGEST_FIELD)
        try:
            for row in reader:
                yield row, reader.line_num
        finally:
            csv.field_size_limit(earlier)

    def rows(self, text: str, strict: bool = True) -> tuple[Rows, list[int], int]:
        """Return the rows that hold any value, the line on which each starts, and the others.

        The others are rows of separators alone, of which there are so many.

        Raises:
            csv.Error: `strict`, and a quote is not closed or stands inside a field.
        """
        rows, lines, before, empty = [], [], 0, 0
        for row, end in self.iterate(text, strict):
            if any(row):
                rows.append(row)
                lines.append(before + 1)
            else:
                empty += len(row) > 1
            before = end
        return rows, lines, empty


def _lines(text: str, separator: str) -> io.StringIO | list[str]:
    # StringIO ends lines at \n, \r and \r\n alone; str.splitlines also at U+0085 and others.
    stream = io.StringIO(text, newline="")
    return [line.strip() for line in stream] if separator == " " else stream


def sample_of(text: str) -> str:
    """Return the first whole lines of a text."""
    if len(text) <= SAMPLE:
        return text
    end = max(text.rfind("\n", 0, SAMPLE), text.rfind("\r", 0, SAMPLE))
    return text[: end + 1] if end > 0 else text[:SAMPLE]


def find_layout(text: str, separator: str | None = None, quote: str | None = None) -> Layout:
    r"""Return the layout of a text, found from its first lines where not given.

    A separator is good when it gives most lines the same number of fields, more than one, and
    leaves no other separator inside fields that are not numbers.

    Example:
        >>> from pellucid.data.table.layout import find_layout
        >>> find_layout("a;b\n1,5;2\n2,5;3\n")
        Layout(separator=';', quote='"')
    """
    sample = sample_of(text)
    quote = '"' if quote is None else quote
    if separator is not None:
        return Layout(separator, quote)
    scores = {one: _score(sample, Layout(one, quote)) for one in SEPARATORS}
    best = max(scores, key=lambda one: scores[one])
    if scores[best] > (0.0, 0):
        return Layout(best, quote)
    spaced = _score(sample, Layout(" ", quote))[0] > 0.9
    return Layout(" " if spaced else ",", quote)


def _score(sample: str, layout: Layout) -> tuple[float, int]:
    first = itertools.islice(layout.iterate(sample, strict=False), SAMPLE_ROWS)
    rows = [row for row, _ in first if any(row)]
    if not rows:
        return 0.0, 0
    width, count = Counter(map(len, rows)).most_common(1)[0]
    if width < 2:
        return 0.0, 0
    fields = [field for row in rows if len(row) == width for field in row]
    clean = sum(_is_clean(field, layout.separator) for field in fields) / len(fields)
    return round(clean * count / len(rows), 3), width


def _is_clean(field: str, separator: str) -> bool:
    others = [one for one in SEPARATORS if one != separator and one in field]
    return not others or any(way.pattern.fullmatch(field) for way in NOTATIONS.values())


def has_header(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether the first row holds names rather than values.

    Names stand above a column of numbers or dates, or are words that none of the rows below
    repeats. A first row with numbers or dates is one of values, unless these are whole numbers
    among names (`label,0,1,2`) or count the columns (`0,1,2`).

    Example:
        >>> from pellucid.data.table.layout import has_header
        >>> has_header([["age", "city"], ["31", "Rome"]]), has_header([["31", "Rome"]])
        (True, False)
    """
    first, below = rows[0], rows[1 : SAMPLE_ROWS + 1]
    typed = [_is_typed(field) for field in first]
    if _counts(first):
        return True
    named_typed = any(
        not is_typed and _all_typed(column) and first[index].strip() not in MISSING_MARKS
        for index, (is_typed, column) in enumerate(zip(typed, _columns(below, first), strict=True))
    )
    if any(typed):
        whole = [field for field, one in zip(first, typed, strict=True) if one]
        distinct = len(set(whole)) == len(whole)
        return named_typed and distinct and all(field.strip().isdigit() for field in whole)
    if named_typed:
        return True
    return all(_like_a_name(field) for field in first) and not _repeated(first, below)


def typed_columns(rows: Sequence[Sequence[str]]) -> int:
    """Return how many columns hold numbers or dates below the first row; ragged rows have none.

    Example:
        >>> from pellucid.data.table.layout import typed_columns
        >>> typed_columns([["age", "city"], ["31", "Rome"]])
        1
    """
    if len(set(map(len, rows))) != 1:
        return 0
    return sum(_all_typed(column) for column in _columns(rows[1:], rows[0]))


def _columns(below: Sequence[Sequence[str]], first: Sequence[str]) -> list[list[str]]:
    width = len(first)
    return [[row[index] for row in below if len(row) == width] for index in range(width)]


def _is_typed(field: str) -> bool:
    return parse_number(field) is not None or parse_time(field.strip()) is not None


def _all_typed(column: Sequence[str]) -> bool:
    present = [field for field in column if field.strip() not in MISSING_MARKS]
    return bool(present) and all(_is_typed(field) for field in present)


def _counts(first: Sequence[str]) -> bool:
    """Return whether the fields count the columns, from 0 or 1, perhaps after a name."""
    fields = [field.strip() for field in first]
    for names, least in ((fields, 3), (fields[1:], 3 if fields[0] == "" else 5)):
        counts = [[str(start + place) for place in range(len(names))] for start in (0, 1)]
        if len(names) >= least and names in counts:
            return True
    return False


def _like_a_name(field: str) -> bool:
    return not field.strip() or (len(field) <= 60 and re.search(r"[^\W\d]", field) is not None)


def _repeated(first: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    columns = _columns(below, first)
    return any(
        field.strip() != "" and field.strip() in {one.strip() for one in column}
        for field, column in zip(first, columns, strict=True)
    )
