"""Two models compared: the corrected test by hand, and what it says."""

import json

import numpy as np
import pytest
from scipy import stats

import pellucid
from pellucid.errors import ArgumentError
from pellucid.tuning.comparison import compare
from pellucid.tuning.cross_validation import CrossValidation, cross_validate
from pellucid.tuning.folds import Fold
from tuning.set_ups import NUMBERS, X, line


def result(values, name="accuracy", direction="max", folds=None):
    count = len(values)
    rows = np.arange(10 * count).reshape(count, 10)
    every = np.arange(10 * count)
    folds = folds or tuple(
        Fold(str(number), np.setdiff1d(every, test), test) for number, test in enumerate(rows)
    )
    scores = {"loss": np.zeros(count), name: np.array(values, float)}
    directions = {"loss": "min", name: direction}
    return CrossValidation(folds, scores, None, (), (), directions, 0.0)


GOOD = [0.90, 0.91, 0.89, 0.93, 0.92, 0.90, 0.94, 0.91, 0.90, 0.92]
FAIR = [0.88, 0.90, 0.88, 0.90, 0.90, 0.89, 0.91, 0.90, 0.87, 0.90]


ONE_FOLD = (Fold("1", np.arange(20, 60), np.arange(20)),)


def test_one_fold_cannot_tell():
    found = compare(result([0.9], folds=ONE_FOLD), result([0.7], folds=ONE_FOLD))
    assert found.sentence == (
        "One fold cannot tell whether accuracy differs: A is ahead of B by 0.2000 in it."
    )
    assert "nan" not in str(found)
    assert "nan" not in str(result([0.9], folds=ONE_FOLD))


def test_what_is_alike_is_not_ahead():
    found = compare(result(GOOD), result(GOOD))
    assert found.sentence == "A and B have the same accuracy in 10 folds."


def test_the_test_is_that_of_nadeau_and_bengio():
    found = compare(result(GOOD), result(FAIR))
    gains = np.subtract(GOOD, FAIR)
    t = gains.mean() / np.sqrt((1 / 10 + 10 / 90) * gains.var(ddof=1))
    assert found.metric == "accuracy"
    np.testing.assert_allclose(found.gains, gains)
    assert found.spread.p == pytest.approx(2 * stats.t.sf(t, 9))
    # Ten folds hardly overlap less than nine tenths: the ordinary paired test is surer.
    assert found.spread.p > 5 * stats.ttest_rel(GOOD, FAIR).pvalue
    assert found.differs
    assert found.sentence == (
        "A is better than B by 0.019 in accuracy (95% interval 0.009899 to 0.0281, p = 0.0011 "
        "over 10 folds)."
    )


def test_the_second_may_be_the_better_and_lower_may_be_better():
    found = compare(result(GOOD, "mae", "min"), result(FAIR, "mae", "min"), names=("old", "new"))
    assert found.spread.mean == pytest.approx(-0.019)
    assert found.sentence.startswith(
        "new is better than old by 0.019 in mae (95% interval 0.009899"
    )


def test_a_small_difference_is_none():
    found = compare(result(GOOD), result([*FAIR[:5], *GOOD[5:8], 0.95, 0.93]))
    assert not found.differs
    assert found.sentence.startswith(
        "No difference in accuracy is shown: A is ahead of B by 0.003 on average (95% interval -"
    )


def test_equal_models_differ_nowhere():
    found = compare(result(GOOD), result(GOOD))
    assert (found.spread.p, found.differs) == (1.0, False)


def test_models_are_trained_on_the_same_folds_as_alone():
    found = compare(line(), line(0.001), X, NUMBERS, cv=3, epochs=6)
    assert found.metric == "neg_mean_squared_error"
    alone = cross_validate(line(0.001), X, NUMBERS, cv=3, epochs=6)
    np.testing.assert_allclose(found.second.scores["loss"], alone.scores["loss"], rtol=1e-5)
    np.testing.assert_allclose(
        found.gains, found.second.scores["loss"] - found.first.scores["loss"], rtol=1e-5
    )
    assert found.first.seeds == found.second.seeds
    assert (found.gains > 0).all()
    printed = str(found).splitlines()
    assert printed[0].split() == ["model", "mean", "neg_mean_squared_error", "sd"]
    assert printed[-1] == found.sentence
    assert json.loads(found.to_json())["gain"] == pytest.approx(found.gains.mean())


def test_models_that_report_other_metrics_are_compared_by_what_both_have():
    one, other = line(), line(0.001)
    one.compile(pellucid.optimizers.SGD(0.2), "mse", metrics=["mae"])
    found = compare(one, other, X, NUMBERS, cv=2, epochs=2, verbose=2)
    assert found.metric == "neg_mean_squared_error"
    assert set(found.first.scores) - set(found.second.scores) == {"mae"}


def test_results_of_other_folds_are_refused():
    other = result(FAIR, folds=result(FAIR).folds[::-1])
    with pytest.raises(ArgumentError) as told:
        compare(result(GOOD), other)
    assert str(told.value) == (
        "compare(a, b): got results of different folds, expected the same folds. Give both calls "
        "the same cv, repeats, groups and seed."
    )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            {"metric": "acuracy"},
            "compare(metric=...): got 'acuracy', expected the name of a score. "
            "Did you mean 'accuracy'?",
        ),
        (
            {"level": 95},
            "compare(level=...): got 95, expected a number above 0 and below 1. "
            "For 95 % write level=0.95.",
        ),
        (
            {"names": ("A", "A")},
            "compare(names=...): got ('A', 'A'), expected two different names.",
        ),
        (
            {"x": X},
            "compare(x=...): got rows beside results, expected two results of cross_validate, or "
            "two models and rows.",
        ),
    ],
)
def test_what_is_refused(arguments, told):
    with pytest.raises(ArgumentError) as error:
        compare(result(GOOD), result(FAIR), **arguments)
    assert str(error.value) == told


def test_a_model_beside_a_result_is_refused():
    with pytest.raises(ArgumentError) as told:
        compare(result(GOOD), line())
    assert str(told.value) == (
        "compare(a, b): got a CrossValidation and a Sequential, expected two results of "
        "cross_validate, or two models and rows."
    )


def test_models_without_rows_are_refused():
    with pytest.raises(ArgumentError) as told:
        compare(line(), X, NUMBERS)
    assert str(told.value) == (
        "compare: got two models without rows and labels, expected x and y to train them on. "
        "Write compare(a, b, x, y)."
    )
