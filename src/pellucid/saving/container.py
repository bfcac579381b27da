"""The outside of a file: a zip archive that has exactly one form.

Members are stored one after another from the first byte on, without compression, dates or
extra fields, and the directory follows at once. Where each byte of headers and directory
must lie, and what it must be, follows from the names, sizes and checksums of the members.
So the reader takes these from the directory, builds headers and directory anew, and
refuses a file that differs in any byte. Nothing else need be checked: overlaps, gaps,
encryption, comments and bytes before or after the archive all differ.
"""

import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import BinaryIO

from pellucid.saving.limits import LIMITS, Limits, refuse, shown

LOCAL = struct.Struct("<4s5H3I2H")
CENTRAL = struct.Struct("<4s6H3I5H2I")
LARGE_END = struct.Struct("<4sQ2H2I4Q")
LOCATOR = struct.Struct("<4sIQI")
END = struct.Struct("<4s4H2IH")

LOCAL_MARK, CENTRAL_MARK = b"PK\x03\x04", b"PK\x01\x02"
LARGE_END_MARK, LOCATOR_MARK, END_MARK = b"PK\x06\x06", b"PK\x06\x07", b"PK\x05\x06"

PLAIN, LARGE = 20, 45
"""Versions of the zip format that a member needs: below and from 4 GiB on."""

DATE = 33
"""1 January 1980: equal models make equal files, whenever they are saved."""

FULL = 0xFFFFFFFF
"""Stands in a field of 32 bits whose number is in a field of 64 bits elsewhere."""

LONGEST_NAME = 64
_NAME = re.compile(r"[a-z_]{1,40}\.[a-z_]{1,20}")

OTHER_FORMATS = {
    b"\x89HDF\r\n\x1a\n": "an HDF5 file, as Keras writes with the ending .h5",
    b"\x80": "a Python pickle, which can run code and is never read",
    b"PAR1": "a Parquet table",
    b"\x1f\x8b": "a gzip file",
    b"\x93NUMPY": "a NumPy array file",
}
"""How files of other kinds begin, and what to call them."""

OTHER_ARCHIVES = {
    b"model.weights.h5": "a Keras model",
    b".pkl": "a PyTorch file",
    b".npy": "a NumPy archive",
}
"""Parts of members' names by which archives of other kinds are known."""


@dataclass(frozen=True)
class Member:
    """One member of an archive: name, size, CRC-32, and where its header begins."""

    name: str
    size: int
    crc: int
    offset: int

    @cached_property
    def header(self) -> bytes:
        """The bytes that stand before the contents."""
        large = self.size >= FULL
        size = FULL if large else self.size
        extra = struct.pack("<2H2Q", 1, 16, self.size, self.size) if large else b""
        version, name = LARGE if large else PLAIN, self.name.encode()
        fixed = LOCAL.pack(
            LOCAL_MARK, version, 0, 0, 0, DATE, self.crc, size, size, len(name), len(extra)
        )
        return fixed + name + extra

    @property
    def start(self) -> int:
        """Where the contents begin."""
        return self.offset + len(self.header)

    @property
    def end(self) -> int:
        """Where the contents end."""
        return self.start + self.size

    @cached_property
    def entry(self) -> bytes:
        """The bytes of the directory that speak of the member."""
        numbers = [self.size, self.size] if self.size >= FULL else []
        numbers += [self.offset] if self.offset >= FULL else []
        extra = struct.pack(f"<2H{len(numbers)}Q", 1, 8 * len(numbers), *numbers)
        extra = extra if numbers else b""
        size, offset = min(self.size, FULL), min(self.offset, FULL)
        version, name = LARGE if numbers else PLAIN, self.name.encode()
        fixed = CENTRAL.pack(
            *(CENTRAL_MARK, version, version, 0, 0, 0, DATE, self.crc, size, size),
            *(len(name), len(extra), 0, 0, 0, 0, offset),
        )
        return fixed + name + extra


def arrange(contents: Iterable[tuple[str, int, int]]) -> list[Member]:
    """Return the members with the given names, sizes and checksums, one after another."""
    members: list[Member] = []
    for name, size, crc in contents:
        members.append(Member(name, size, crc, members[-1].end if members else 0))
    return members


def directory(members: list[Member]) -> bytes:
    """Return everything that stands after the last member's contents."""
    start = members[-1].end if members else 0
    entries = b"".join(member.entry for member in members)
    count, size = len(members), len(entries)
    large = b""
    if start >= FULL:
        large = LARGE_END.pack(
            *(LARGE_END_MARK, LARGE_END.size - 12, LARGE, LARGE, 0, 0),
            *(count, count, size, start),
        ) + LOCATOR.pack(LOCATOR_MARK, 0, start + size, 1)
    end = END.pack(END_MARK, 0, 0, count, count, size, min(start, FULL), 0)
    return entries + large + end


class Source:
    """The bytes of a file, read by place; a file that ends early is refused."""

    def __init__(self, file: BinaryIO, size: int, where: str) -> None:
        self.file, self.size, self.where = file, size, where

    def read(self, offset: int, length: int) -> bytes:
        """Return `length` bytes from `offset` on; both have been checked against `size`."""
        if not 0 <= offset <= offset + length <= self.size:
            refuse(self.where, f"{self.size:,} bytes", f"at least {offset + length:,}")
        self.file.seek(offset)
        data = self.file.read(length)
        if len(data) != length:
            refuse(self.where, "a file that became shorter while it was read", "a file at rest")
        return data


def read_members(source: Source, limits: Limits = LIMITS) -> list[Member]:
    """Return the members of the archive in `source`, after checking all but their contents.

    Raises:
        FileError: The archive is not of the one form, or larger than `limits` allow.
    """
    _check_kind(source)
    count, start, size = _read_end(source, limits)
    entries = source.read(start, size)
    found, position = [], 0
    for _ in range(count):
        name, length, crc, contents = _read_entry(entries, position, source.where)
        found.append((name, contents, crc))
        position += length
    members = arrange(found)
    _check_names(members, source.where)
    if position != size or (members[-1].end if members else 0) != start:
        refuse(source.where, "members that overlap, leave gaps or reach beyond the file", _FORM)
    if source.read(start, source.size - start) != directory(members):
        refuse(source.where, "a directory that does not fit the members", _FORM)
    for member in members:
        if source.read(member.offset, len(member.header)) != member.header:
            where = f"{source.where}: {member.name}"
            refuse(where, "a header that contradicts the directory", _FORM)
    return members


_FORM = "the archive as pellucid writes it"


def _check_kind(source: Source) -> None:
    head = source.read(0, min(source.size, 8))
    if not head:
        refuse(source.where, "an empty file", "a .pellucid file")
    if head.startswith(LOCAL_MARK):
        return
    for start, kind in OTHER_FORMATS.items():
        if head.startswith(start):
            refuse(source.where, kind, "a .pellucid file", "Give the path of a .pellucid file.")
    refuse(source.where, f"a file that begins with {shown(head)}", "a .pellucid file")


def _read_end(source: Source, limits: Limits) -> tuple[int, int, int]:
    """Return the number of members, and place and size of the directory's entries."""
    end = source.size - END.size
    record = source.read(end, END.size) if end >= 0 else b""
    if not record.startswith(END_MARK):
        given = f"{source.size:,} bytes without the end of an archive"
        refuse(source.where, given, "a whole file with nothing after its end")
    _, _, _, _, count, size, start, _ = END.unpack(record)
    if start == FULL:
        end -= LARGE_END.size + LOCATOR.size
        large = source.read(end, LARGE_END.size) if end >= 0 else b""
        if not large.startswith(LARGE_END_MARK):
            refuse(source.where, "a large archive without its second end record", _FORM)
        start = LARGE_END.unpack(large)[-1]
    if count > limits.members:
        refuse(source.where, f"{count:,} members", f"at most {limits.members}")
    if size > count * (CENTRAL.size + LONGEST_NAME + 28) or start + size != end:
        refuse(source.where, "a directory that is not where the archive ends", _FORM)
    return count, start, size


def _read_entry(entries: bytes, position: int, where: str) -> tuple[str, int, int, int]:
    """Return name, length of the entry, checksum and size of the contents."""
    if position + CENTRAL.size > len(entries):
        refuse(where, "a directory that is cut short", _FORM)
    fields = CENTRAL.unpack_from(entries, position)
    mark, _, _, flags, method, _, _, crc, stored, size, name_length, extra_length = fields[:12]
    name_start = position + CENTRAL.size
    name_end = name_start + name_length
    name = entries[name_start:name_end]
    if mark != CENTRAL_MARK:
        refuse(where, "a directory with a broken entry", _FORM)
    if not _NAME.fullmatch(name.decode("latin-1")):
        kind = next((kind for part, kind in OTHER_ARCHIVES.items() if part in name), None)
        given = f"the member name {shown(name)}" + (f", as in {kind}" if kind else "")
        refuse(where, given, "a name such as 'network.json'")
    if flags & 1:
        refuse(where, f"the encrypted member {shown(name)}", "members that are not encrypted")
    if method != 0:
        given = f"the compressed member {shown(name)}"
        refuse(where, given, "members that are stored as they are", _REPACKED)
    if stored != size:
        given = f"the member {shown(name)} of {size:,} bytes in {stored:,}"
        refuse(where, given, "members that are stored as they are")
    if size == FULL:
        if extra_length < 20:
            refuse(where, f"no size for the member {shown(name)}", _FORM)
        size = int.from_bytes(entries[name_end + 4 : name_end + 12], "little")
    return name.decode(), CENTRAL.size + name_length + extra_length, crc, size


_REPACKED = "Use the file that pellucid saved, not one packed again by another program."


def _check_names(members: list[Member], where: str) -> None:
    seen: set[str] = set()
    for member in members:
        if member.name in seen:
            refuse(where, f"two members called '{member.name}'", "each name once")
        seen.add(member.name)
