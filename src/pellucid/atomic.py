"""Files that are either the old one or the whole new one, never half-written."""

import contextlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from pellucid.errors import FileError


def write_atomically(path: str | os.PathLike[str], write: Callable[[BinaryIO], object]) -> Path:
    """Write a file beside `path`, flush it to disk, and rename it to `path`.

    Args:
        path: Where the file shall be. Its folder must exist.
        write: Writes the contents into the open binary file that it is given.

    Returns:
        `path`.

    Raises:
        FileError: The folder does not exist or cannot be written, or the disk is full. What was
            at `path` before is untouched.

    Example:
        >>> import tempfile, pathlib
        >>> from pellucid.atomic import write_atomically
        >>> folder = pathlib.Path(tempfile.mkdtemp())
        >>> write_atomically(folder / "note.txt", lambda file: file.write(b"whole")).read_bytes()
        b'whole'
    """
    target = Path(path)
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(6)}.part")
    try:
        with open(temporary, "xb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, target)
    except OSError as error:
        raise FileError(_explanation(target, error)) from error
    finally:
        # What is explained above must not be hidden by failing to tidy up.
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
    return target


def write_text_atomically(path: str | os.PathLike[str], text: str) -> Path:
    """Write `text` in UTF-8, as `write_atomically` does."""
    return write_atomically(path, lambda file: file.write(text.encode()))


def _explanation(path: Path, error: OSError) -> str:
    folder = path.parent
    if not folder.is_dir():
        return f"{path}: got the folder '{folder}', which does not exist. Make it first."
    if path.is_dir():
        return f"{path}: got a folder, expected the name of a file in it."
    return f"{path}: cannot be written: {error.strerror or error}."
