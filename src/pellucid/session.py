"""What the process keeps between models, such as compiled programs, and how to let go of it.

A module that keeps something registers how to drop it. So `pellucid.utils.clear_session` frees
everything without knowing, or importing, any of those modules.
"""

from collections.abc import Callable

_droppers: list[Callable[[], object]] = []


def on_clear(drop: Callable[[], object]) -> Callable[[], object]:
    """Register `drop` to be called by `clear`; also usable as a decorator.

    Args:
        drop: A function without arguments. Registering it again changes nothing.

    Returns:
        `drop` itself.

    Example:
        >>> from pellucid.session import on_clear
        >>> programs = {"network": "program"}
        >>> drop = on_clear(programs.clear)
    """
    if drop not in _droppers:
        _droppers.append(drop)
    return drop


def clear() -> None:
    """Call everything that `on_clear` registered, in that order."""
    for drop in _droppers:
        drop()
