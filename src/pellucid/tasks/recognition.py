"""What lies at a path: which kind of data it is, and how one can tell."""

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from pellucid.data.images import ENDINGS as IMAGES
from pellucid.data.npz import npz_forms
from pellucid.data.sounds import ENDINGS as SOUNDS
from pellucid.data.table import Table, as_table, read_table
from pellucid.data.table.delimited import Asked, parse_delimited
from pellucid.data.table.kinds import DATE, TEXT, USED, infer_kinds
from pellucid.data.table.read import marks_of
from pellucid.data.table.table import some
from pellucid.data.table.values import times_of
from pellucid.errors import FileError, PellucidError, Problem, near, report
from pellucid.wording import count_text

TABLES = (".csv", ".tsv", ".parquet", ".feather", ".arrow", ".jsonl", ".json", ".ndjson", ".data")
TEXTS = (".txt", ".text", ".md", "")
LINES_OF_A_CLASS = (".pos", ".neg")
SEQUENCES = (".ts", ".arff")
ARCHIVES = (".tar", ".tgz", ".gz", ".zip")
DESCRIPTIONS = ("readme", "license", "about", "_about", "classes")
"""Names, in lower case and without ending, of files that tell about the data."""

SAMPLE_BYTES = 1 << 18
"""Bytes at the start of a file by which it is judged."""
COLUMNAR = (b"PAR1", b"ARROW1")
"""How Parquet and Feather files begin."""
MOST_FILES = 20_000
"""Files of a folder that are looked at."""
MANY = 10
"""Tables in a folder from which they are taken for one sequence each."""
FEW_LABELS = 20
"""Distinct values up to which a field of lines may be their class."""
WORDS_OF_TEXT = 5.0
"""Words that the values of a column have on average to be texts that can be learned from."""
REGULAR = 0.6
"""Share of the distances in time that are alike in a series."""
CLOCK = ("year", "month", "day", "hour", "minute", "second")
"""Names of columns over which a time may be spread, from coarse to fine."""


@dataclass(frozen=True)
class Seen:
    """What a path was taken for.

    Args:
        kind: Name of the kind of data.
        what: What was seen there.
    """

    kind: str
    what: str


def recognise(path: Any, options: Mapping[str, Any]) -> Seen:
    r"""Return which kind of data lies at a path.

    Args:
        path: A file or a folder.
        options: What the user says of it, such as `target`.

    Raises:
        FileError: Nothing is there, or nothing that can be trained on.

    Example:
        >>> import pathlib, tempfile
        >>> from pellucid.tasks.recognition import recognise
        >>> path = pathlib.Path(tempfile.mkdtemp(), "pairs.txt")
        >>> lines = [f"I saw {one} birds.\tJ'ai vu {one} oiseaux.\n" for one in range(30)]
        >>> _ = path.write_text("".join(lines))
        >>> recognise(path, {})
        Seen(kind='translation', what='lines of two sentences each, with a tab between them')
    """
    place = Path(path)
    if not place.exists():
        known = [one.name for one in place.parent.iterdir()] if place.parent.is_dir() else []
        close = near(place.name, known)
        fix = f"Did you mean '{place.parent / close}'?" if close else ""
        report([Problem(str(path), "a path to nothing", "a file or a folder", fix)], FileError)
    return _folder(place, options) if place.is_dir() else _file(place, options)


def columns_at(path: Any, options: Mapping[str, Any]) -> str:
    """Return the names of a table's columns, in words; "" where there is no table.

    Args:
        path: A file.
        options: What the user says of it.
    """
    place = Path(path)
    table = _sample(place, _head(place), options) if place.is_file() else None
    return "" if table is None else some(table.names)


def _unknown(path: Path, given: str) -> FileError:
    expected = "images, tables, series, sequences, texts or sounds"
    fix = "Say what it is: --task images, forecast, text ..."
    return FileError(str(Problem(str(path), given, expected, fix)))


# -- folders ----------------------------------------------------------------------------------


def _folder(folder: Path, options: Mapping[str, Any]) -> Seen:
    files = [one for one in islice(_within(folder), MOST_FILES) if not _describes(one)]
    if not files:
        raise _unknown(folder, "a folder without files")
    counts = Counter(_ending(one) for one in files)
    seen = _of_endings(folder, files, counts)
    if seen is not None:
        return seen
    tables = [one for one in files if one.suffix.lower() in TABLES]
    if len(tables) >= MANY:
        return Seen("sequences", f"{count_text(len(tables), 'table')}, taken for one sequence each")
    if len(files) == 1:
        return _file(files[0], options)
    shown = ", ".join(f"{number} {name or 'without ending'}" for name, number in counts.items())
    raise _unknown(folder, f"a folder of several files ({shown})")


def _of_endings(folder: Path, files: Sequence[Path], counts: Counter[str]) -> Seen | None:
    """Return what the endings of the files say; None where they do not tell."""
    if any("idx3-ubyte" in one.name for one in files):
        return Seen("images", "an IDX pair of images and labels")
    inner = len({one.parent for one in files if one.parent != folder})
    classes = f" in {count_text(inner, 'folder')}" if inner else ""
    for kind, endings, noun in (("images", IMAGES, "image"), ("audio", SOUNDS, "sound")):
        number = sum(counts[one] for one in endings)
        if number > len(files) / 2:
            return Seen(kind, count_text(number, noun) + classes)
    if any(counts[one] for one in SEQUENCES):
        return Seen("sequences", f"files of sequences ({' '.join(SEQUENCES)})")
    if any(counts[one] for one in LINES_OF_A_CLASS):
        return Seen("text", "a file of lines for each class")
    texts = sum(counts[one] for one in TEXTS)
    if texts > len(files) / 2 and inner > 1:
        return Seen("text", count_text(texts, "text") + classes)
    if texts == len(files) > 1:
        return _of_texts(files)
    return None


def _of_texts(files: Sequence[Path]) -> Seen:
    kinds = {_file(one, {}).kind for one in files[:MANY]}
    if kinds == {"text"}:
        return Seen("text", f"{count_text(len(files), 'file')} of lines with a class each")
    return Seen("generation", f"{count_text(len(files), 'text')} without classes")


def _within(folder: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(folder):
        folders.sort()
        yield from (Path(root) / name for name in sorted(names) if not name.startswith("."))


def _describes(path: Path) -> bool:
    told = path.suffix.lower() in (".names", ".md", ".rst") or path.name.endswith(".md5")
    return told or path.stem.lower() in DESCRIPTIONS


def _ending(path: Path) -> str:
    """Return a file's ending; where it is that of an archive, the one before."""
    inner = path.suffix.lower()
    return Path(path.stem).suffix.lower() if inner == ".gz" and ".tar" not in path.name else inner


# -- files ------------------------------------------------------------------------------------


def _file(path: Path, options: Mapping[str, Any]) -> Seen:
    ending, name = path.suffix.lower(), path.name.lower()
    if not path.stat().st_size:
        raise _unknown(path, "an empty file")
    if "ubyte" in name:
        return Seen("images", "an IDX file")
    if ending == ".npz":
        return _arrays(path)
    if ending in SEQUENCES:
        return Seen("sequences", f"sequences ({ending})")
    if ending in ARCHIVES:
        return Seen("text", "an archive, taken for one of texts")
    if ending in (*IMAGES, *SOUNDS):
        given = "one file" if ending in IMAGES else "one sound"
        raise _unknown(path, f"{given}, where it takes a folder of many")
    head = _head(path)
    if _is_binary(head) and not head.startswith(COLUMNAR):
        raise _unknown(path, "bytes that are no text")
    lines = None if _is_binary(head) else _by_tabs(_text(head))
    if lines is not None:
        return lines
    table = _sample(path, head, options)
    if table is None:
        return Seen("generation", "a plain text")
    return _of_table(table, options)


def _arrays(path: Path) -> Seen:
    held = npz_forms(path)
    if not held:
        raise _unknown(path, "a .npz file without arrays")
    shape, dtype = held[next((one for one in held if one.startswith("x")), next(iter(held)))]
    if len(shape) == 4 or (len(shape) == 3 and dtype == np.uint8):
        return Seen("images", f"an array of {count_text(shape[0], 'image')}")
    raise _unknown(path, f"an array of shape {shape}, which are no images")


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(SAMPLE_BYTES)


def _is_binary(head: bytes) -> bool:
    return b"\x00" in head[:4096]


def _text(head: bytes) -> str:
    """Return the start of a text, up to the end of a line."""
    if len(head) == SAMPLE_BYTES and b"\n" in head:
        head = head[: head.rindex(b"\n") + 1]
    return head.decode("utf-8-sig", errors="replace")


def _by_tabs(text: str) -> Seen | None:
    """Return what lines of two fields with a tab between them are; None for other lines."""
    rows = [line.split("\t") for line in text.split("\n") if line.strip()]
    if len(rows) < 2 or sum(len(row) == 2 for row in rows) < 0.9 * len(rows):
        return None
    first, second = zip(*(row for row in rows if len(row) == 2), strict=True)
    few = [len({*side}) <= min(FEW_LABELS, len(side) / 2) for side in (first, second)]
    worded = [_words(side) > 1.2 for side in (first, second)]
    if few[0] != few[1] and worded[0 if few[1] else 1]:
        return Seen("text", "lines of a text and its class, with a tab between them")
    if all(worded) and not any(few) and not any(map(_numeric, (first, second))):
        return Seen("translation", "lines of two sentences each, with a tab between them")
    return None


def _words(texts: Sequence[str]) -> float:
    return float(np.mean([len(text.split()) for text in texts])) if len(texts) else 0.0


def _numeric(texts: Sequence[str]) -> bool:
    return all(text.strip().replace(".", "", 1).lstrip("+-").isdigit() for text in texts[:50])


def _sample(path: Path, head: bytes, options: Mapping[str, Any]) -> Table | None:
    """Return the first rows of a table; None for a text that is none."""
    asked = Asked(options.get("header"), options.get("separator"))
    marks = marks_of(options.get("missing"))
    try:
        if _is_binary(head) or path.suffix.lower() in (".json", ".jsonl", ".ndjson"):
            return read_table(path)
        table = parse_delimited(_text(head), str(path), asked, marks)
    except PellucidError:
        if path.suffix.lower() in TABLES:
            # The reader of tables says what is wrong with it.
            return as_table({})
        return None
    prose = path.suffix.lower() in TEXTS and len(table.names) == 1
    return None if prose else table


def _of_table(table: Table, options: Mapping[str, Any]) -> Seen:
    target = options.get("target")
    columns = f"a table of {count_text(len(table.names), 'column')}"
    if not len(table.names) or (target is not None and target not in table):
        return Seen("table", columns)
    try:
        kinds = infer_kinds(table, target=target)
    except PellucidError:
        return Seen("table", columns)
    worded = [name for name, one in kinds.items() if _is_text(table, name, one.kind)]
    others = [name for name in kinds.used if name not in worded]
    if worded and len(others) <= (1 if target is None else 0):
        return Seen("text", f"{columns} with texts in {_named(worded)}")
    times = [name for name, one in kinds.items() if one.kind == DATE]
    clock = [name for name in CLOCK if name in {one.lower() for one in table.names}]
    numbers = target is None or table[target].storage == "number"
    if numbers and len(clock) >= 3:
        return Seen("forecast", f"{columns} with a time in {_named(clock)}")
    if numbers and len(times) == 1 and _is_series(table, times[0], kinds):
        return Seen("forecast", f"{columns} with one row for each time in {_named(times)}")
    return Seen("table", columns)


def _is_text(table: Table, name: str, kind: str) -> bool:
    column = table[name]
    if column.storage == "number" or kind not in (TEXT, *USED):
        return False
    texts = [str(one) for one in column.values[:500]]
    return _words(texts) >= WORDS_OF_TEXT and len({*texts}) > len(texts) / 2


def _named(names: Sequence[str]) -> str:
    return ", ".join(map(repr, names))


def _is_series(table: Table, time: str, kinds: Any) -> bool:
    """Say whether rows are the steps of one series: each has its own time, at like distances."""
    moments = times_of(table, table[time], kinds[time].order)
    seconds = np.sort(moments[~np.isnat(moments)]).astype("datetime64[s]").astype(np.int64)
    days = np.diff(seconds) / 86_400
    if len(days) < 2 or (days == 0).any():
        return False
    months = np.where((days >= 28) & (days <= 31), 30.0, days)
    _, counts = np.unique(months, return_counts=True)
    return bool(counts.max() >= REGULAR * len(days))
