"""The errors Pellucid raises, and the one way in which they speak.

Every message says where the problem is, what was given, what was expected and how to
mend it. Several problems found together are told together.
"""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


class PellucidError(Exception):
    """Base of every error that Pellucid raises on purpose."""


class ArgumentError(PellucidError, ValueError):
    """A call or a description was given something it cannot use."""


class ShapeError(PellucidError, ValueError):
    """An array or a layer's input has the wrong rank or size."""


class DataError(PellucidError, ValueError):
    """Values in the user's data cannot be trained on or scored."""


class FileError(PellucidError, ValueError):
    """A file is not what it claims to be, or cannot be written."""


class NotSaveableError(PellucidError, TypeError):
    """A model holds something, such as a Python function, that a file must not hold."""


class NonFiniteError(PellucidError, ArithmeticError):
    """Training met a loss or gradient that is NaN or infinite."""


class PellucidWarning(UserWarning):
    """Something legal that is probably not what was meant."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where, what was given, what was expected, how to mend it."""

    where: str
    given: str
    expected: str
    fix: str = ""

    def __str__(self) -> str:
        sentence = f"{self.where}: got {self.given}, expected {self.expected}."
        return f"{sentence} {self.fix}".rstrip()


def report(problems: Iterable[Problem], error: type[PellucidError] = ArgumentError) -> None:
    """Raise one `error` that tells all `problems`; return quietly if there are none."""
    found = list(problems)
    if len(found) == 1:
        raise error(str(found[0]))
    if found:
        lines = "\n".join(f"  {number}. {problem}" for number, problem in enumerate(found, 1))
        raise error(f"{len(found)} problems:\n{lines}")


def near(name: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """Return the known name closest to `name`, or None if nothing is close."""
    by_folded = {candidate.lower(): candidate for candidate in known}
    close = difflib.get_close_matches(str(name).lower(), by_folded, n=1, cutoff=cutoff)
    return by_folded[close[0]] if close else None


def did_you_mean(name: str, known: Sequence[str]) -> str:
    """Return the sentence that suggests a near name, or lists the known ones."""
    suggestion = near(name, known)
    if suggestion is not None:
        return f"Did you mean '{suggestion}'?"
    return "Known: " + ", ".join(sorted(known)) + "."
