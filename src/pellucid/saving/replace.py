"""Replacing a file by another that is known to have arrived on the disk."""

import contextlib
import errno
import os
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from pellucid.atomic import write_atomically
from pellucid.errors import FileError, near
from pellucid.saving.limits import refuse

ATTEMPTS = 2
"""Network disks fail now and then; what fails twice is told."""

HOPELESS = {
    errno.EACCES,
    errno.EDQUOT,
    errno.EFBIG,
    errno.EISDIR,
    errno.ENAMETOOLONG,
    errno.ENOENT,
    errno.ENOSPC,
    errno.ENOTDIR,
    errno.EPERM,
    errno.EROFS,
}
"""Errors that a second attempt would meet again."""

CHUNK = 2**20


def replace_file(path: str | os.PathLike[str], pieces: Sequence[bytes]) -> None:
    """Make `path` a file of `pieces`, or leave it as it is.

    The bytes go to a file beside it, are flushed to the disk, read back and compared;
    only then does that file take the name. A link is followed and stays.

    Raises:
        FileError: The folder is missing or forbidden, the disk is full, or what was read
            back differs, twice.
    """
    if "\0" in os.fspath(path):
        refuse(ascii(path), "a path with a zero character", "a path", "Choose another name.")
    target = Path(os.path.realpath(path))
    check_folder(target, os.fspath(path))

    def write(file: BinaryIO) -> None:
        for piece in pieces:
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
        _compare(file.name, pieces, os.fspath(path))

    for attempt in range(1, ATTEMPTS + 1):
        try:
            write_atomically(target, write)
            break
        except (FileError, OSError) as error:
            cause = error if isinstance(error, OSError) else error.__cause__
            if attempt == ATTEMPTS or getattr(cause, "errno", None) in HOPELESS:
                raise _explained(error, cause, target, os.fspath(path), pieces) from cause
    _flush_folder(target.parent)


def check_folder(target: Path, shown: str) -> None:
    """Refuse a path whose folder does not exist, naming one that is nearly called so.

    Raises:
        FileError: The folder is missing or is no folder, or `target` is a folder.
    """
    # os.path answers False where pathlib raises, as for names that are too long.
    if os.path.isdir(target):
        refuse(shown, "a folder", "the name of a file", f"Write for example '{shown}/my.pellucid'.")
    folder = target.parent
    if os.path.isdir(folder):
        return
    while not os.path.isdir(folder.parent):
        folder = folder.parent
    if os.path.exists(folder):
        refuse(shown, f"'{folder.name}', which is a file", "a folder", "Choose another folder.")
    siblings: list[str] = []
    with contextlib.suppress(OSError):
        siblings = [entry.name for entry in os.scandir(folder.parent) if entry.is_dir()]
    close = near(folder.name, siblings)
    fix = f"Did you mean '{close}'?" if close else f"Make it first: mkdir -p '{target.parent}'."
    refuse(shown, f"the folder '{folder.name}', which does not exist", "an existing folder", fix)


def _compare(name: str, pieces: Sequence[bytes], shown: str) -> None:
    """Refuse a file that does not hold `pieces`."""
    with open(name, "rb") as file:
        for piece in pieces:
            for start in range(0, len(piece), CHUNK):
                wanted = piece[start : start + CHUNK]
                if file.read(len(wanted)) != wanted:
                    given = "other bytes back than were written"
                    refuse(shown, given, "the same", "The disk may be failing: save elsewhere.")


def _explained(
    error: Exception,
    cause: BaseException | None,
    target: Path,
    shown: str,
    pieces: Sequence[bytes],
) -> Exception:
    """Return the error in the words that help most."""
    if not isinstance(cause, OSError):
        return error
    if cause.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return FileError(
            f"{shown}: got no permission to write in '{target.parent}', expected a folder of "
            "yours. Choose another folder."
        )
    if cause.errno in (errno.ENOSPC, errno.EDQUOT):
        needed = sum(map(len, pieces))
        return FileError(
            f"{shown}: got a full disk, expected room for {needed:,} bytes. "
            "Free some space or save elsewhere; what was there before is untouched."
        )
    reason = cause.strerror or str(cause)
    return FileError(f"{shown}: cannot be written: {reason}. Choose another place.")


def _flush_folder(folder: Path) -> None:
    """Make the new name survive a loss of power, where the system lets folders be flushed."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
