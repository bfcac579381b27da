"""How examples of few groups are split."""

import numpy as np
import pytest

from pellucid.tasks.examples import FEW_GROUPS, Examples, split_examples


def split(groups, test=None):
    rows = len(groups)
    x = np.arange(2.0 * rows).reshape(rows, 2)
    labels = np.arange(rows, dtype=np.int32) % 2
    names = tuple(map(str, range(rows)))
    kept = None if test is None else np.array([one == test for one in groups])
    examples = Examples(x, names, labels, ("a", "b"), np.array(groups), kept)
    return split_examples(examples, "here", validation=0.25, test=0.25, seed=3)


def of(groups, rows):
    return {groups[row] for row in rows}


@pytest.mark.parametrize("test", [None, "ann"])
def test_few_groups_have_only_a_test_of_their_own(test):
    groups = ["ann", "bob", "cid", "dan"] * 20
    found = split(groups, test)
    assert len(of(groups, found.test)) == 1
    assert test is None or of(groups, found.test) == {test}
    assert of(groups, found.training) == of(groups, found.validation)
    assert not of(groups, found.training) & of(groups, found.test)
    assert [len(part) for part in (found.training, found.validation, found.test)] == [45, 15, 20]
    assert found.notes[-1] == ("There are few groups: those to learn from also say when to stop.")


def test_many_groups_are_never_shared():
    groups = [f"who {number}" for number in range(2 * FEW_GROUPS)] * 4
    found = split(groups)
    parts = [of(groups, part) for part in (found.training, found.validation, found.test)]
    assert sum(map(len, parts)) == 2 * FEW_GROUPS
    assert "few groups" not in " ".join(found.notes)
