"""Whatever lies at a path to a trained network."""

import inspect
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pellucid.errors import Problem, did_you_mean, near, report
from pellucid.tasks.kinds import KINDS, Kind
from pellucid.tasks.recognition import Seen, columns_at, recognise
from pellucid.tasks.run import Run

TABLE_TASKS = ("binary", "classes", "number")
"""What the target of a table may be; said as a task, they mean a table."""

KNOWN = ", ".join(KINDS)
"""The kinds, in words."""


def train(path: Any, *, task: str = "auto", **options: Any) -> Run:
    """Train a network on what lies at a path, and evaluate it on what it has never seen.

    Args:
        path: A file or a folder.
        task: "auto" to find out what it is, or the name of a kind: "table", "images" ...; for a
            table also "binary", "classes" or "number", which say what its target is.
        options: Options of that kind, such as `target` for a table.

    Raises:
        ArgumentError: The kind is unknown, or has no such option.
        DataError: The data cannot be learned from.
        FileError: A file cannot be read or written, or its kind cannot be told.
    """
    given = {name: value for name, value in options.items() if value is not None}
    if task in TABLE_TASKS:
        given |= {"task": task}
        task = "table"
    report(_unknown_task(task))
    if task == "auto":
        seen = _by_options(path, given) or recognise(path, given)
        if given.get("verbose") != 0:
            print(f"{path}: {seen.what}. If it is something else, give the task: {KNOWN}.")
        task = seen.kind
    kind = KINDS[task]
    report(_foreign(kind, given, path))
    return kind.train(path, **given)


def _by_options(path: Any, given: Mapping[str, Any]) -> Seen | None:
    """Return the one kind of file that has all the options; None where several have, or none.

    What is in a folder tells more than options do.
    """
    if Path(path).is_dir():
        return None
    able = [one for one in KINDS.values() if {*given} <= {*_options(one)}]
    if len(able) != 1:
        return None
    (only,) = able
    others = {name for kind in KINDS.values() if kind is not only for name in _options(kind)}
    own = [name for name in given if name not in others]
    named = own or [*given]
    be = "was" if len(named) == 1 else "were"
    return Seen(only.name, f"taken for {only.noun}, because {', '.join(named)} {be} given")


def _options(kind: Kind) -> list[str]:
    return [*inspect.signature(kind.train).parameters][1:]


def _unknown_task(task: str) -> Iterator[Problem]:
    known = ("auto", *KINDS, *TABLE_TASKS)
    if task not in known:
        expected = f"one of {', '.join(map(repr, known))}"
        yield Problem("task", repr(task), expected, did_you_mean(str(task), known))


def _foreign(kind: Kind, given: Mapping[str, Any], path: Any) -> Iterator[Problem]:
    known = _options(kind)
    missing = [
        one.name
        for one in inspect.signature(kind.train).parameters.values()
        if one.default is one.empty and one.kind is not one.VAR_KEYWORD
    ][1:]
    for name in given:
        if name not in known:
            expected = f"an option of it: {', '.join(known)}"
            owners = [one for one in KINDS.values() if name in _options(one)]
            close = near(name, known)
            fix = f"Did you mean '{close}'?" if close else ""
            if owners:
                nouns = ", ".join(one.noun for one in owners)
                tasks = " or ".join(f"task='{one.name}'" for one in owners)
                fix = f"It is an option for {nouns}: leave it out, or say {tasks}."
            yield Problem(f"option '{name}'", f"{given[name]!r} for {kind.noun}", expected, fix)
    for name in missing:
        if name not in given:
            columns = columns_at(path, given)
            expected = f"one of its columns: {columns}" if columns else "it to be said"
            yield Problem(f"option '{name}'", f"none for {kind.noun}", expected)
