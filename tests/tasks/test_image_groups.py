import pytest

from pellucid.errors import ArgumentError
from pellucid.tasks.image_groups import image_groups

NAMES = ["a/ann_1.png", "b/ann_2.png", "a/bob_1.png"]


def test_an_expression_catches_the_group():
    assert image_groups(NAMES, [0, 1, 0], r"/(\w+)_").tolist() == ["ann", "ann", "bob"]
    assert image_groups(NAMES, [0, 1, 0], r"^\w").tolist() == ["a", "b", "a"]
    assert image_groups(NAMES, [0, 1, 0], r"/(\w)(\w)?").tolist() == ["a-n", "a-n", "b-o"]


def test_a_function_tells_the_group():
    assert image_groups(NAMES, [0, 1, 0], len).tolist() == ["11", "11", "11"]


def test_runs_of_numbers_go_through_the_classes():
    # Two people whose numbers follow one another, one who comes later and took a picture twice,
    # and another camera.
    shots = [("IMG_", 7, 0), ("IMG_", 8, 1), ("IMG_", 9, 2), ("IMG_", 10, 0), ("IMG_", 12, 2)]
    later = [("IMG_", 30, 1), ("IMG_", 32, 2)]
    other = [("DSC", 31, 0)]
    found = [*shots, *later, *other]
    names = [f"{label}/{text}{number}.JPG" for text, number, label in found]
    groups = image_groups(names, [label for _, _, label in found], "runs").tolist()
    assert groups == ["IMG_7"] * 3 + ["IMG_10"] * 2 + ["IMG_30"] * 2 + ["DSC31"]


def told(rule, names=NAMES):
    with pytest.raises(ArgumentError) as caught:
        image_groups(names, [0, 1, 0], rule)
    return str(caught.value)


def test_rules_that_find_nothing_are_told():
    assert told("bob") == (
        "group: got 'bob', which finds nothing in a/ann_1.png, b/ann_2.png, expected an expression "
        "that finds the group in every name."
    )
    assert told("(") == (
        "group: got '(' (missing ), unterminated subpattern at position 0), expected a regular "
        "expression, a function or 'runs'."
    )
    assert told("runs", ["a/x.png", "a/1.png", "b/2.png"]) == (
        "group: got 'runs' for files without a number: a/x.png, expected a number in the name of "
        "every file."
    )
