"""One long text, from a file or from all text files of a folder."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pellucid.data.lines import read_lines
from pellucid.data.texts import ENDINGS
from pellucid.errors import FileError, Problem, report

MOST_CHARACTERS = 50_000_000
"""Characters of a text above which it is taken for a mistake."""


@dataclass(frozen=True)
class Prose:
    """A text.

    Args:
        text: Its characters; lines end in a line feed.
        notes: Sentences about what was left out.
    """

    text: str
    notes: tuple[str, ...] = ()


def read_prose(path: Any) -> Prose:
    r"""Return the text of a file, or of all text files of a folder one after the other.

    Lines that are not UTF-8 and files that cannot be read are left out and told.

    Args:
        path: A file of any name, or a folder with files that end in .txt, at any depth.

    Raises:
        FileError: Nothing can be read, or far too much.

    Example:
        >>> import pathlib, tempfile
        >>> from pellucid.data.prose import read_prose
        >>> folder = pathlib.Path(tempfile.mkdtemp())
        >>> for name, text in (("b.txt", "two"), ("a.txt", "one")):
        ...     _ = (folder / name).write_text(text)
        >>> read_prose(folder).text
        'one\ntwo\n'
    """
    folder = Path(path)
    if not folder.is_dir():
        lines = read_lines(path)
        return Prose(_checked(path, "".join(f"{line}\n" for line in lines.texts)), lines.notes)
    files = sorted(one for one in folder.rglob("*") if one.suffix.lower() in ENDINGS)
    if not files:
        report([Problem(str(path), "no text in the folder", "files that end in .txt")], FileError)
    texts, notes, broken = [], list[str](), list[str]()
    for file in files:
        try:
            lines = read_lines(file)
        except FileError as error:
            broken.append(str(error))
            continue
        texts += lines.texts
        notes += lines.notes
    if len(broken) == len(files):
        raise FileError("\n".join(broken))
    left = [f"Left out: {one}" for one in broken]
    return Prose(_checked(path, "".join(f"{line}\n" for line in texts)), (*notes, *left))


def _checked(path: Any, text: str) -> str:
    if len(text) > MOST_CHARACTERS:
        given, expected = f"{len(text):,} characters", f"at most {MOST_CHARACTERS:,}"
        report([Problem(str(path), given, expected, "Take a part of it.")], FileError)
    return text
