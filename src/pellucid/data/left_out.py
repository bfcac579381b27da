"""What cannot be read is left out and told; a data set of which too much cannot is refused."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from pellucid.errors import FileError, PellucidError
from pellucid.wording import count_text

MOST_BROKEN = 0.05
"""Share of what cannot be read above which something else is wrong than single files."""

SHOWN = 10

Given = TypeVar("Given")
Read = TypeVar("Read")


def read_each(
    sources: Sequence[Given], read: Callable[[Given], Read]
) -> tuple[list[int], list[Read], list[str]]:
    """Read one after the other, past those that are broken.

    Args:
        sources: What is read, such as paths.
        read: Returns what is in one; raises an error of ours for a broken one.

    Returns:
        The numbers of those that were read, what was in them, and what was wrong with the rest.
    """
    kept, found, broken = list[int](), list[Read](), list[str]()
    for number, one in enumerate(sources):
        try:
            found.append(read(one))
        except PellucidError as error:
            broken.append(str(error))
        else:
            kept.append(number)
    return kept, found, broken


def left_out(broken: Sequence[str], total: int, noun: str, where: Any) -> tuple[str, ...]:
    """Return a sentence about what was left out; none where there was nothing.

    Args:
        broken: What is wrong with each.
        total: How many there were, these among them.
        noun: What is counted: "sound".
        where: The data, for messages.

    Raises:
        FileError: Too many are broken; the first of them are told.
    """
    if not broken:
        return ()
    listed = "".join(f"\n  {one}" for one in broken[:SHOWN])
    if len(broken) > SHOWN:
        listed += f"\n  and {len(broken) - SHOWN} more"
    if len(broken) > MOST_BROKEN * total:
        raise FileError(
            f"{where}: got {len(broken)} of {count_text(total, noun)} that cannot be read, "
            f"expected at most {MOST_BROKEN:.0%}. Mend or remove them:{listed}"
        )
    return (f"{len(broken)} of {count_text(total, noun)} left out:{listed}",)
