"""Options of the form `COLUMN=VALUE`, and separators by name."""

from collections.abc import Sequence
from typing import Annotated

from cyclopts import Parameter

from pellucid.errors import Problem, report

Words = Annotated[tuple[str, ...], Parameter(negative="", show_default=False)]
"""An option that may be given several times."""

Flag = Annotated[bool, Parameter(negative="", show_default=False)]
"""An option that is there or not."""

SEPARATORS = {
    "comma": ",",
    "semicolon": ";",
    "tab": "\t",
    "\\t": "\t",
    "space": " ",
    "pipe": "|",
    "bar": "|",
}


def separator_of(word: str | None) -> str | None:
    """Return the separator that a word such as "tab" names; other words as they are.

    Example:
        >>> from pellucid.cli.words import separator_of
        >>> separator_of("semicolon"), separator_of("|")
        (';', '|')
    """
    return None if word is None else SEPARATORS.get(word.lower(), word)


def pairs_of(words: Sequence[str], option: str, value: str) -> dict[str, str]:
    """Return `["a=number", "b=date"]` as a dictionary.

    The last `=` separates, so that a column's name may hold one.

    Args:
        words: What was given.
        option: The option, for the message: "--kind".
        value: What stands after the `=`, for the message: "KIND".

    Raises:
        ArgumentError: A word has no `=`, or nothing before it, or a column comes twice.
    """
    pairs: dict[str, str] = {}
    problems = []
    for word in words:
        column, sign, given = word.rpartition("=")
        if not sign or not column:
            problems.append(Problem(option, f"'{word}'", f"COLUMN={value}"))
        elif column in pairs:
            problems.append(Problem(option, f"the column '{column}' twice", "each column once"))
        pairs[column] = given
    report(problems)
    return pairs


def marks_of(words: Sequence[str]) -> list[str] | dict[str, list[str]] | None:
    """Return marks of missing values: for all columns, or by column.

    Args:
        words: `-999`, or `glucose=0` for one column.

    Raises:
        ArgumentError: Both forms are mixed.

    Example:
        >>> from pellucid.cli.words import marks_of
        >>> marks_of(["-999", "unknown"])
        ['-999', 'unknown']
        >>> marks_of(["glucose=0", "glucose=-1"])
        {'glucose': ['0', '-1']}
    """
    if not words:
        return None
    by_column = [word for word in words if "=" in word]
    if not by_column:
        return list(words)
    plain = [f"'{word}'" for word in words if "=" not in word]
    if plain:
        expected = "either MARK for all columns or COLUMN=MARK for some"
        report([Problem("--missing", f"{', '.join(plain)} beside '{by_column[0]}'", expected)])
    marks: dict[str, list[str]] = {}
    for word in by_column:
        column, _, mark = word.rpartition("=")
        marks.setdefault(column, []).append(mark)
    return marks
