"""How much memory rows may take, above which they stay in their files."""

import os
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pellucid.errors import Problem

SHARE = 0.5
"""Share of the memory that there is, which rows may take unless the user says otherwise."""

COPIES = 8
"""How many times their own size rows take at most while they are learned from: as they were read,
as parts of the split, as the program takes them, on the device, and as features of a baseline."""

SUPPOSED = 8 << 30
"""Bytes of memory where the system does not tell."""

LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")
"""Where Linux tells how much memory the control group of a process may take."""

UNITS = {"B": 1, "KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30, "TB": 1 << 40}

AMOUNT = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([KMGT]?B)\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Room:
    """How much memory the rows of a data set may take.

    Args:
        size: Bytes.
        chosen: Whether the user said so.
    """

    size: int
    chosen: bool = False

    @classmethod
    def of(cls, memory: str | None) -> "Room":
        """Return the room that a user gives.

        Args:
            memory: Such as "2GB"; None for half of what there is.

        Example:
            >>> from pellucid.data.room import Room
            >>> Room.of("1.5 GB").size == 1.5 * 2**30
            True
        """
        if memory is None:
            return cls(int(SHARE * machine_memory()))
        found = AMOUNT.fullmatch(memory)
        assert found is not None
        return cls(int(float(found[1]) * UNITS[found[2].upper()]), chosen=True)

    def holds(self, size: int) -> bool:
        """Return whether rows may be kept in memory.

        Args:
            size: Bytes that they would take, as `needed` returns them.
        """
        return size <= self.size


def needed(rows: int, reading: int = 0) -> int:
    """Return how many bytes rows take that are kept in memory and learned from.

    Args:
        rows: Bytes of all rows as numbers.
        reading: Bytes that there are beside them while they are read.
    """
    return max(COPIES * rows, rows + reading)


def check_memory(memory: object) -> list[Problem]:
    """Return what is wrong with the memory that a user gives to rows.

    Args:
        memory: Such as "2GB", or None.
    """
    if memory is None or (isinstance(memory, str) and AMOUNT.fullmatch(memory)):
        return []
    expected = "an amount of memory, such as '2GB' or '500MB'"
    return [Problem("memory", repr(memory), expected)]


def machine_memory() -> int:
    """Return the bytes of memory that this process may use.

    They are the machine's, or its control group's where these are fewer.
    """
    known = [_limit(one) for one in LIMITS]
    with suppress(AttributeError, ValueError, OSError):
        known.append(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    return min((one for one in known if one), default=SUPPOSED)


def _limit(path: str) -> int:
    """Return the bytes that stand in a file; 0 where there are none."""
    try:
        return int(Path(path).read_text())
    except (OSError, ValueError):
        return 0


def amount_text(size: int) -> str:
    """Return bytes in words.

    Args:
        size: Their number.

    Example:
        >>> from pellucid.data.room import amount_text
        >>> amount_text(3 << 29), amount_text(700), amount_text(120 << 20)
        ('1.5 GB', '700 B', '120 MB')
    """
    unit = next(name for name, one in reversed(UNITS.items()) if size >= one or one == 1)
    value = size / UNITS[unit]
    return f"{value:.1f} {unit}" if value < 10 and unit != "B" else f"{value:,.0f} {unit}"
