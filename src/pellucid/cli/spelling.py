"""Messages name arguments as Python does; here they become the options that a user types."""

import ast
import inspect
import re
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

OTHER_NAMES = {"kinds": "kind"}
"""Arguments whose option has another name: it is given once for each value."""

ARGUMENT = re.compile(
    r"(?<![\w(/.])(\w+)=(\.\.\.|'[^']*'|\"[^\"]*\"|\[[^\]]*\]|\{[^}]*\}|True|False|-?\d+(?:\.\d+)?)"
)
"""An argument with its value, such as `header=False`; not within a call or a path."""

PLACE = re.compile(r"^( *(?:\d+\. )?)(?:option '(\w+)'|(\w+(?:, \w+)*))(?=: got )", re.MULTILINE)
"""What a problem begins with: the argument that it is about, or several."""

LISTED = re.compile(r"(?<=an option of it: )\w+(?:, \w+)*")
"""Arguments that a message lists."""


@dataclass(frozen=True)
class Spelling:
    """The options of one command.

    Args:
        options: By the name of each argument how the option is written: "--batch-size".
        words: What was typed: a path among it may be called as an argument is.
    """

    options: Mapping[str, str]
    words: Sequence[str] = ()

    def __call__(self, message: str) -> str:
        """Return a message with the options that the user knows.

        Args:
            message: As a function of Python says it.

        Example:
            >>> from pellucid.cli.spelling import Spelling
            >>> spell = Spelling({"task": "--task", "header": "--header"})
            >>> spell("task=...: got 'a'. Say task='number', or header=False.")
            "--task: got 'a'. Say --task number, or --no-header."
        """
        message = ARGUMENT.sub(self._argument, message)
        message = PLACE.sub(self._place, message)
        return LISTED.sub(lambda found: self._listed(found[0]), message)

    def _argument(self, found: re.Match[str]) -> str:
        name, value = found.groups()
        if name not in self.options:
            return found[0]
        option = self.options[name]
        if value == "...":
            named = found.string[found.end() :].startswith((":", ","))
            return option if named else f"{option} ..."
        try:
            given = ast.literal_eval(value)
        except (ValueError, SyntaxError):
            return found[0]
        return " ".join(_typed(option, given))

    def _place(self, found: re.Match[str]) -> str:
        number, quoted, plain = found.groups()
        names = [quoted] if quoted else plain.split(", ")
        if any(one not in self.options or one in self.words for one in names):
            return found[0]
        return number + ", ".join(self.options[one] for one in names)

    def _listed(self, names: str) -> str:
        return ", ".join(self.options[one] for one in names.split(", ") if one in self.options)


def spelling_of(command: Callable[..., Any] | None, words: Sequence[str]) -> Spelling:
    """Return how the arguments behind a command are written.

    Args:
        command: The command, or None where there is none.
        words: What was typed.
    """
    taken = () if command is None else inspect.signature(command).parameters.values()
    options = {one.name: option_of(one.name) for one in taken if one.kind is one.KEYWORD_ONLY}
    options |= {name: options[one] for name, one in OTHER_NAMES.items() if one in options}
    return Spelling(options, words)


def option_of(name: str) -> str:
    """Return how the option of an argument is written."""
    return "--" + name.replace("_", "-")


def _typed(option: str, given: Any) -> Iterator[str]:
    """Yield what is typed to give a value: once for each of several."""
    if isinstance(given, bool):
        yield option if given else option.replace("--", "--no-", 1)
    elif isinstance(given, dict):
        for name, value in given.items():
            several = value if isinstance(value, list) else [value]
            yield from (f"{option} {shlex.quote(f'{name}={one}')}" for one in several)
    elif isinstance(given, list):
        yield from (f"{option} {shlex.quote(str(one))}" for one in given)
    else:
        yield f"{option} {shlex.quote(str(given))}"
