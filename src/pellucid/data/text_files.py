"""Files of texts in a folder or an archive, and their lines: good ones kept, bad ones listed."""

import bz2
import gzip
import lzma
import os
import tarfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, cast

from pellucid.data.table.table import some
from pellucid.errors import FileError, Problem, report
from pellucid.wording import count_text

LONGEST_TEXT = 1_000_000
"""Characters above which a text is taken for a mistake."""

MOST_BYTES = 1 << 30
"""Bytes of one file, and of all that an archive holds, above which they are not read."""

MOST_FILES = 1_000_000

MOST_LEFT_OUT = 0.05
"""Share of texts that may be unreadable before the data are refused."""

ARCHIVES = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")

OPENERS = {b"\x1f\x8b": gzip.open, b"BZh": bz2.open, b"\xfd7zXZ": lzma.open}
"""What unpacks a stream, by its first bytes."""


@dataclass(frozen=True)
class TextFile:
    """One file.

    Args:
        name: Its path within the folder or archive, with `/` between the parts.
        data: What is in it.
    """

    name: str
    data: bytes

    @property
    def parts(self) -> tuple[str, ...]:
        """The folders that it is in, and its own name."""
        return PurePosixPath(self.name).parts


@dataclass
class LeftOut:
    """What could not be read, and why.

    Args:
        where: The data, for messages.
        reasons: For each such text what is wrong with it.
        empty: Texts without anything in them.
    """

    where: str
    reasons: list[str] = field(default_factory=list)
    empty: int = 0

    def notes(self, kept: int) -> list[str]:
        """Return sentences about what is left out.

        Args:
            kept: Number of texts that were read.

        Raises:
            FileError: It is too much of the data.
        """
        total = kept + len(self.reasons)
        if len(self.reasons) > MOST_LEFT_OUT * total:
            given = f"{len(self.reasons):,} of {count_text(total, 'text')} that cannot be read "
            given += f"({some(self.reasons, 3)})"
            expected = f"at most {MOST_LEFT_OUT:.0%}"
            report([Problem(self.where, given, expected, "Mend or remove them.")], FileError)
        found = []
        if self.reasons:
            number = count_text(len(self.reasons), "text")
            found.append(f"{number} left out that cannot be read: {some(self.reasons)}.")
        if self.empty:
            found.append(f"{count_text(self.empty, 'empty text')} left out.")
        return found

    def decoded(self, data: bytes, place: str) -> str | None:
        """Return bytes as text; None, and a reason or a count, where there is none to learn from.

        Args:
            data: UTF-8.
            place: Where they are, as messages say it.
        """
        if not data.strip():
            self.empty += 1
            return None
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            byte = error.object[error.start]
            self.reasons.append(f"{place}: byte {byte:#04x} at place {error.start} is not UTF-8")
            return None
        if len(text) > LONGEST_TEXT:
            self.reasons.append(f"{place}: {len(text):,} characters, at most {LONGEST_TEXT:,}")
            return None
        return text


def is_archive(path: Path) -> bool:
    """Return whether a path has the ending of a tar archive."""
    return path.name.lower().endswith(ARCHIVES)


def text_files(path: Path) -> Iterator[TextFile]:
    """Yield the files of a folder or of a tar archive, those of a folder sorted.

    An archive is read as it is, without anything written to disk: its links, devices and files
    with names that lead out of it are passed over. Hidden files are too.

    Args:
        path: A folder, an archive, or one file.

    Raises:
        FileError: It cannot be read, or holds far too much.
    """
    if path.is_dir():
        yield from _of_folder(path)
    elif is_archive(path):
        yield from _of_archive(path)
    else:
        yield TextFile(path.name, read_bytes(path))


def read_bytes(path: Path) -> bytes:
    """Return what is in a file.

    Raises:
        FileError: It cannot be read, or is far too large.
    """
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            given, expected = f"{size:,} bytes", f"at most {MOST_BYTES:,}"
            report([Problem(str(path), given, expected, "Split it first.")], FileError)
        return path.read_bytes()
    except OSError as error:
        raise FileError(f"{path}: cannot be read ({error.strerror}).") from None


def _of_folder(folder: Path) -> Iterator[TextFile]:
    found = sorted(
        Path(parent, name).relative_to(folder)
        for parent, _, names in os.walk(folder)
        for name in names
    )
    for one in found:
        if not any(part.startswith(".") for part in one.parts):
            yield TextFile(one.as_posix(), read_bytes(folder / one))


def _of_archive(path: Path) -> Iterator[TextFile]:
    try:
        with (
            _opened(path) as stream,
            tarfile.open(fileobj=cast(Any, _Bounded(stream)), mode="r|") as archive,
        ):
            for number, member in enumerate(archive):
                if number >= MOST_FILES:
                    raise ValueError(f"more than {MOST_FILES:,} files")
                inside = PurePosixPath(member.name)
                hidden = any(part.startswith(".") for part in inside.parts)
                if member.isfile() and not inside.is_absolute() and not hidden:
                    held = archive.extractfile(member)
                    yield TextFile(str(inside), b"" if held is None else held.read())
    except (tarfile.TarError, EOFError, OSError, ValueError, zlib.error, lzma.LZMAError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        given, expected = f"an archive that cannot be read ({reason})", "a tar archive"
        raise FileError(str(Problem(str(path), given, expected))) from None


def _opened(path: Path) -> Any:
    """Return the bytes of an archive as a stream, unpacked."""
    with path.open("rb") as file:
        start = file.read(6)
    for magic, opener in OPENERS.items():
        if start.startswith(magic):
            return opener(path)
    return path.open("rb")


class _Bounded:
    """A stream that ends with an error where an archive unpacks to far too much."""

    def __init__(self, stream: Any) -> None:
        self.stream, self.left = stream, MOST_BYTES

    def read(self, size: int) -> bytes:
        data = self.stream.read(size)
        self.left -= len(data)
        if self.left < 0:
            raise ValueError(f"more than {MOST_BYTES:,} bytes in it")
        return data


def common_folder(files: Sequence[TextFile]) -> int:
    """Return how many folders all files are in together."""
    if not files:
        return 0
    parts = [one.parts[:-1] for one in files]
    depth = 0
    while all(len(one) > depth for one in parts) and len({one[depth] for one in parts}) == 1:
        depth += 1
    return depth


def lines_of(data: bytes) -> list[bytes]:
    r"""Return the lines of a file: they end at \n, \r\n or \r, and at nothing else."""
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
