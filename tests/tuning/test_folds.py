"""Folds: classes in equal shares, groups whole, and nothing that is watched is tested."""

import numpy as np
import pytest
from sklearn.model_selection import GroupKFold, LeaveOneOut, ShuffleSplit, TimeSeriesSplit

from pellucid.tuning.folds import Rows, folds_of, read_groups, with_watched

CLASSES = np.random.default_rng(5).permutation(np.arange(60) % 5 == 0).astype(int)
GROUPS = read_groups([f"patient {number % 12}" for number in range(60)], 60, "test")


def folds(cv, share=0.0, classes=CLASSES, groups=None, repeats=1, seed=3, count=60):
    rows = Rows(count, classes, groups)
    return with_watched(folds_of(cv, repeats, rows, seed, "test"), share, rows, seed, "test")


def test_folds_of_a_number_share_classes_out_and_cover_every_row_once_a_repeat():
    found = folds(3, repeats=2)
    for repeat in (0, 3):
        tested = np.concatenate([fold.test for fold in found[repeat : repeat + 3]])
        np.testing.assert_array_equal(np.sort(tested), np.arange(60))
    assert [int(CLASSES[fold.test].sum()) for fold in found] == [4] * 6
    assert [fold.name for fold in found] == ["1.1", "1.2", "1.3", "2.1", "2.2", "2.3"]
    assert not np.array_equal(found[0].test, found[3].test)


def test_numbers_are_divided_evenly():
    found = folds(7, classes=None)
    assert sorted(len(fold.test) for fold in found) == [8, 8, 8, 9, 9, 9, 9]
    assert found[0].ratio == pytest.approx(9 / 51)


def test_what_is_watched_is_a_share_of_each_class_and_never_tested():
    for fold in folds(3, 0.25):
        parts = [fold.train, fold.watched, fold.test]
        np.testing.assert_array_equal(np.sort(np.concatenate(parts)), np.arange(60))
        assert (len(fold.watched), CLASSES[fold.watched].sum()) == (10, 2)
        assert fold.ratio == 0.5


@pytest.mark.parametrize("cv", [3, GroupKFold(3)])
def test_groups_stay_whole_in_test_and_in_what_is_watched(cv):
    for fold in folds(cv, 0.3, groups=GROUPS):
        parts = [set(GROUPS[one]) for one in (fold.train, fold.watched, fold.test)]
        assert sum(map(len, parts)) == 12
        assert len(parts[1]) == 2


def test_of_a_time_series_the_latest_rows_are_watched():
    for fold in folds(TimeSeriesSplit(3), 0.2, classes=None):
        assert fold.train.max() < fold.watched.min() <= fold.watched.max() < fold.test.min()


def test_splitters_are_taken_as_they_are():
    assert [fold.test.tolist() for fold in folds(LeaveOneOut(), count=4, classes=None)] == [
        [0], [1], [2], [3],
    ]  # fmt: skip
    splitter = ShuffleSplit(3, random_state=2)
    for fold, (train, test) in zip(folds(splitter), splitter.split(CLASSES), strict=True):
        np.testing.assert_array_equal(fold.train, train)
        np.testing.assert_array_equal(fold.test, test)


def test_the_seed_alone_draws_what_is_watched():
    first, again, other = (folds(3, 0.25, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first[1].watched, again[1].watched)
    assert not np.array_equal(first[1].watched, other[1].watched)
