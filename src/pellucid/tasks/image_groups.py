"""Which images belong together, such as those of one person, told by the names of their files."""

import re
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from pellucid.errors import ArgumentError, Problem, report
from pellucid.tasks.image_files import listed
from pellucid.types import NumpyArray

RUNS = "runs"
"""The rule by which images whose numbers follow one another belong together."""

WIDEST_GAP = 2
"""How many times the number of classes a number may leap within a run."""

NUMBER = re.compile(r"^(.*?)(\d+)(\D*)$")


def image_groups(
    names: Sequence[str], labels: Sequence[int], rule: str | Callable[[str], object]
) -> NumpyArray:
    r"""Return the name of the group of each image.

    Args:
        names: Their paths from the folder of the data set on, parted by `/`.
        labels: Numbers of their classes.
        rule: A regular expression that is looked for in each name: what its parentheses catch is
            the group, or all that it matches if it has none. "runs" for photographs taken in
            series, one class after another: files whose numbers follow one another are a group,
            until the classes begin anew or the numbers leap. Or a function from a name to its
            group.

    Raises:
        ArgumentError: The expression is none, or finds nothing in some names.

    Example:
        >>> from pellucid.tasks.image_groups import image_groups
        >>> names = ["a/IMG_11.jpg", "b/IMG_12.jpg", "a/IMG_14.jpg", "b/IMG_15.jpg"]
        >>> image_groups(names, [0, 1, 0, 1], "runs").tolist()
        ['IMG_11', 'IMG_11', 'IMG_14', 'IMG_14']
        >>> image_groups(["a/ann-1.png", "b/bob-1.png"], [0, 1], r"/(\w+)-").tolist()
        ['ann', 'bob']
    """
    if callable(rule):
        return np.array([str(rule(name)) for name in names])
    if rule == RUNS:
        return _runs(names, labels)
    return _caught(names, rule)


def _caught(names: Sequence[str], rule: str) -> NumpyArray:
    try:
        matches = [re.search(rule, name) for name in names]
    except re.error as error:
        expected = f"a regular expression, a function or '{RUNS}'"
        report([Problem("group", f"{rule!r} ({error})", expected)])
        raise AssertionError("report raises") from None
    unmatched = [name for name, match in zip(names, matches, strict=True) if match is None]
    if unmatched:
        given = f"{rule!r}, which finds nothing in {listed(unmatched)}"
        expected = "an expression that finds the group in every name"
        report([Problem("group", given, expected)], ArgumentError)
    return np.array(["-".join(match.groups("")) or match.group() for match in matches if match])


def _runs(names: Sequence[str], labels: Sequence[int]) -> NumpyArray:
    """Return runs of numbers in the names of files, across the folders of classes."""
    stems = [name.rsplit("/", 1)[-1].rsplit(".", 1)[0] for name in names]
    numbered = [NUMBER.match(stem) for stem in stems]
    report(_unnumbered(names, [match is not None for match in numbered]))
    keys = [(match[1] + match[3], int(match[2])) for match in numbered if match]
    order = sorted(range(len(names)), key=lambda place: (*keys[place], labels[place]))
    widest = WIDEST_GAP * len({*labels})
    groups = np.empty(len(names), object)
    before, group = None, ""
    for place in order:
        text, number = keys[place]
        goes_on = (
            before is not None
            and keys[before][0] == text
            and number - keys[before][1] <= widest
            and labels[place] > labels[before]
        )
        group = group if goes_on else stems[place]
        groups[place], before = group, place
    return groups.astype(str)


def _unnumbered(names: Sequence[str], numbered: Sequence[bool]) -> Iterator[Problem]:
    without = [name for name, known in zip(names, numbered, strict=True) if not known]
    if without:
        given = f"'{RUNS}' for files without a number: {listed(without)}"
        yield Problem("group", given, "a number in the name of every file")
