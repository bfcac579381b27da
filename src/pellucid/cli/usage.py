"""The first line of a command's help: what is typed, each argument by its name."""

import inspect
from collections.abc import Callable, Iterator
from typing import Any

from pellucid.cli.spelling import option_of


def usage_of(command: Callable[..., Any]) -> str:
    """Return the usage of a command; what may be left out is in brackets.

    Args:
        command: The command. Its positional arguments are typed as they are, others as options.

    Example:
        >>> from pellucid.cli.usage import usage_of
        >>> def copy(source: str, place: str = ".", /, *, name: str, quiet: bool = False): ...
        >>> usage_of(copy)
        'Usage: pellucid copy --name STR [OPTIONS] SOURCE [PLACE]'
    """
    return " ".join(("Usage: pellucid", command.__name__, *_parts(command)))


def _parts(command: Callable[..., Any]) -> Iterator[str]:
    taken = inspect.signature(command).parameters.values()
    for one in taken:
        if one.kind is one.KEYWORD_ONLY and one.default is one.empty:
            yield f"{option_of(one.name)} {one.annotation.__name__.upper()}"
    # Every command takes --debug.
    yield "[OPTIONS]"
    for one in taken:
        if one.kind is one.POSITIONAL_ONLY:
            name = one.name.upper()
            yield name if one.default is one.empty else f"[{name}]"
