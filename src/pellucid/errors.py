"""The errors Pellucid raises, and the one way in which they speak.

Every message says where the problem is, what was given, what was expected and how to
mend it. Several problems found together are told together.
"""

import contextlib
import difflib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

Result = TypeVar("Result")


class PellucidError(Exception):
    """Base of every error that Pellucid raises on purpose."""

    problems: tuple[str, ...] = ()
    """The sentences of a message that tells several problems."""


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
    _tell([str(problem) for problem in problems], error)


def _tell(sentences: Sequence[str], error: type[PellucidError]) -> None:
    if len(sentences) == 1:
        raise error(sentences[0]) from None
    if sentences:
        lines = "\n".join(f"  {number}. {one}" for number, one in enumerate(sentences, 1))
        raised = error(f"{len(sentences)} problems:\n{lines}")
        raised.problems = tuple(sentences)
        raise raised from None


def sentences_of(error: PellucidError) -> tuple[str, ...]:
    """Return each problem that an error tells, as a sentence of its own."""
    return error.problems or (str(error),)


class Together:
    """Steps that each may fail, whose problems are told in one message.

    Example:
        >>> from pellucid.errors import ArgumentError, Problem, Together, report
        >>> together = Together()
        >>> together.attempt(lambda: report([Problem("epochs", "0", "at least 1")]))
        >>> together.attempt(lambda: report([Problem("batch_size", "0", "at least 1")]))
        >>> try:
        ...     together.tell()
        ... except ArgumentError as error:
        ...     print(error)
        2 problems:
          1. epochs: got 0, expected at least 1.
          2. batch_size: got 0, expected at least 1.
    """

    def __init__(self) -> None:
        self._sentences: list[str] = []
        self._error: type[PellucidError] = ArgumentError

    def attempt(self, step: Callable[[], Result]) -> Result | None:
        """Return what `step` returns, or None if it fails with an error of ours."""
        try:
            return step()
        except PellucidError as error:
            if not self._sentences:
                self._error = type(error)
            self._sentences += sentences_of(error)
            return None

    def tell(self) -> None:
        """Raise all that was found, as the kind of error that came first."""
        _tell(self._sentences, self._error)


@contextlib.contextmanager
def within(place: str) -> Iterator[None]:
    """Begin the sentences of any error of ours with the place in which it arose."""
    try:
        yield
    except PellucidError as error:
        _tell([f"{place}: {one}" for one in sentences_of(error)], type(error))
        raise


def near(name: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """Return the known name closest to `name`, or None if nothing is close."""
    by_folded: dict[str, list[str]] = {}
    for candidate in known:
        by_folded.setdefault(candidate.lower(), []).append(candidate)
    close = difflib.get_close_matches(str(name).lower(), by_folded, n=1, cutoff=cutoff)
    # Of those that differ in capitals alone, such as `dense.units` and `Dense.units`.
    return difflib.get_close_matches(str(name), by_folded[close[0]], 1, 0.0)[0] if close else None


def did_you_mean(name: str, known: Sequence[str]) -> str:
    """Return the sentence that suggests a near name, or lists the known ones."""
    suggestion = near(name, known)
    if suggestion is not None:
        return f"Did you mean '{suggestion}'?"
    return "Known: " + ", ".join(sorted(known)) + "."
