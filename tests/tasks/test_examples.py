"""Classes with too few examples are left out, or told where nothing could be learned."""

import numpy as np
import pytest

from pellucid.errors import DataError
from pellucid.tasks.examples import (
    Examples,
    rare_classes,
    split_examples,
    without_rare_classes,
)


def examples(labels, test=None):
    names = tuple(f"{number}.x" for number in range(len(labels)))
    x = np.arange(len(labels), dtype=np.float32)[:, None]
    return Examples(x, names, np.array(labels, np.int32), ("a", "b", "c"), test=test)


def test_rare_classes_are_left_out_with_a_note():
    found = without_rare_classes(examples([2, 0, 2, 1, 0, 2, 0]), "image")
    assert found.classes == ("a", "c")
    assert found.labels.tolist() == [1, 0, 1, 0, 1, 0]
    assert found.names == ("0.x", "1.x", "2.x", "4.x", "5.x", "6.x")
    assert found.notes == ("Left out 1 class with fewer than 3 images: 'b' (1).",)
    whole = examples([0, 0, 0, 1, 1, 1, 2, 2, 2])
    assert without_rare_classes(whole, "image") is whole


def test_what_the_data_set_keeps_for_the_test_teaches_nothing():
    test = np.array([False, False, False, False, True, True])
    given = examples([0, 0, 1, 1, 2, 0], test)
    assert rare_classes(given) == {"c": 0}
    found = without_rare_classes(given, "image")
    assert found.classes == ("a", "b")
    assert found.test.tolist() == [False] * 4 + [True]
    assert found.notes == ("Left out 1 class with fewer than 2 images: 'c' (0).",)


def test_where_nothing_is_left_to_tell_apart_all_is_told():
    given = examples([0, 0, 0, 1, 2, 2])
    assert without_rare_classes(given, "image") is given
    with pytest.raises(DataError) as told:
        split_examples(given, "here", validation=0.2, test=0.2, seed=0)
    assert str(told.value) == (
        "2 problems:\n"
        "  1. here, class 'b': got 1 example, expected at least 3: one to learn from, one to stop "
        "by, one to test. Add more, or leave the class out.\n"
        "  2. here, class 'c': got 2 examples, expected at least 3: one to learn from, one to stop "
        "by, one to test. Add more, or leave the class out."
    )
