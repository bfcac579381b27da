"""Columns that hold the answer."""

import numpy as np
import pytest

from pellucid.data.table import (
    TargetEncoder,
    as_table,
    find_leaks,
    infer_kinds,
    without_leaks,
)

N = 60
RNG = np.random.default_rng(0)
CLASSES = ["blues", "jazz", "rock"] * (N // 3)
ILL = ["no", "yes"] * (N // 2)
PRICE = np.round(RNG.lognormal(3, 1, N), 3)
NOISE = RNG.normal(size=N)


def leaks(target, **columns):
    table = as_table({**columns, "y": target})
    found = find_leaks(table, infer_kinds(table, target="y"), TargetEncoder.fit(table, "y"))
    return {leak.name: (leak.reason, leak.certain) for leak in found}


ONE_TO_ONE = "its values and those of 'y' go together one to one"
CLASS_LEAKS = {
    "other words": ([{"blues": "b", "jazz": "j", "rock": "r"}[c] for c in CLASSES], ONE_TO_ONE),
    "numbers": ([CLASSES.index(c) * 10 for c in CLASSES], ONE_TO_ONE),
    "its texts": (
        [f"{c}.{place:05d}.au" for place, c in enumerate(CLASSES)],
        "its texts contain the labels of 'y'",
    ),
    "with gaps": (
        [None if place % 7 == 0 else CLASSES.index(c) for place, c in enumerate(CLASSES)],
        ONE_TO_ONE,
    ),
}


@pytest.mark.parametrize("name", CLASS_LEAKS)
def test_a_column_that_says_the_class(name):
    values, reason = CLASS_LEAKS[name]
    assert leaks(CLASSES, x=values, noise=NOISE) == {"x": (reason, True)}


def test_a_column_that_is_missing_with_the_class():
    body = [None if ill == "no" else place * 1.5 for place, ill in enumerate(ILL)]
    assert leaks(ILL, body=body, noise=NOISE) == {
        "body": ("it is missing exactly where 'y' is 'no'", True)
    }


def test_columns_that_may_say_the_class():
    codes = np.array([CLASSES.index(c) for c in CLASSES])
    several = [f"{c[0]}{place % 2}" for place, c in enumerate(CLASSES)]
    ordered = 10 * codes + abs(NOISE)
    assert leaks(CLASSES, several=several, ordered=ordered, noise=NOISE) == {
        "several": ("each of its values goes with one of 'y'", False),
        "ordered": ("thresholds on it separate the classes of 'y' without error", False),
    }


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda y: y, "it is 'y' times a number plus a number"),
        (lambda y: 1.1 * y - 30, "it is 'y' times a number plus a number"),
        (np.log, "it orders the rows exactly as 'y' does"),
        (lambda y: -np.sqrt(y), "it orders the rows exactly as 'y' does"),
    ],
)
def test_a_column_that_says_the_number(change, reason):
    assert leaks(PRICE, x=change(PRICE), noise=NOISE) == {"x": (reason, True)}


def test_honest_columns_are_no_leaks():
    near = PRICE + 0.5 * NOISE
    assert leaks(PRICE, near=near, noise=NOISE, level=CLASSES) == {}
    words = [f"{c} or blues or rock {place}" for place, c in enumerate(CLASSES)]
    assert (
        leaks(CLASSES, noise=NOISE, words=words, coarse=[place // 30 for place in range(N)]) == {}
    )


def test_what_becomes_of_leaks():
    names = [f"{c}.{place}" for place, c in enumerate(CLASSES)]
    codes = [CLASSES.index(c) for c in CLASSES]
    table = as_table({"file": names, "code": codes, "noise": NOISE, "y": CLASSES})
    target = TargetEncoder.fit(table, "y")
    kinds = without_leaks(table, infer_kinds(table, target="y"), target)
    assert (kinds["file"].kind, kinds["code"].kind) == ("identifier", "answer")
    assert kinds.used == ("noise",)
    assert kinds.notes == (
        "Column 'file' holds the answer: its texts contain the labels of 'y'. It is left out.",
        f"Column 'code' holds the answer: {ONE_TO_ONE}. It is left out; to use it, say "
        "kinds={'code': 'number'}.",
    )
    given = without_leaks(table, infer_kinds(table, target="y", kinds={"code": "number"}), target)
    assert given.used == ("code", "noise")
    assert given.notes[1] == (
        f"Column 'code' may hold the answer: {ONE_TO_ONE}. If it is not known of a new row, leave "
        "it out: kinds={'code': 'ignored'}."
    )


def test_a_small_table_says_nothing():
    table = as_table({"x": [0, 1, 0, 1], "y": ["a", "b", "a", "b"]})
    kinds = infer_kinds(table, target="y")
    assert without_leaks(table, kinds, TargetEncoder.fit(table, "y")) is kinds
