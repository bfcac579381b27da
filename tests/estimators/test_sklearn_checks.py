"""The estimators keep what scikit-learn asks of every estimator."""

import pytest
from sklearn.utils.estimator_checks import estimator_checks_generator

from pellucid.estimators import PellucidClassifier, PellucidRegressor

SMALL = {"hidden_layer_sizes": (16,), "epochs": 60, "batch_size": 300, "learning_rate": 0.05}
"""One step an epoch and rows padded to one size, so that many checks share a program."""

ROUNDED = "check_sample_weight_equivalence_on_dense_data"
"""Asks for seven digits, which float32 has not; `test_estimators.py` asks for five."""

SHORT = {
    "check_estimator_cloneable",
    "check_estimator_tags_renamed",
    "check_valid_tag_types",
    "check_estimator_repr",
    "check_no_attributes_set_in_init",
    "check_estimators_unfitted",
    "check_do_not_raise_errors_in_init_or_set_params",
    "check_mixin_order",
    "check_all_zero_sample_weights_error",
    "check_complex_data",
    "check_estimators_empty_data_messages",
    "check_estimator_sparse_tag",
    "check_classifiers_one_label",
    "check_classifiers_one_label_sample_weights",
    "check_classifiers_regression_target",
    "check_supervised_y_no_nan",
    "check_parameters_default_constructible",
    "check_get_params_invariance",
    "check_set_params",
    "check_fit1d",
    "check_requires_y_none",
}
"""Checks that train nothing; the others are `slow`, for each compiles programs."""


def _name(check):
    return getattr(check, "func", check).__name__


def checks():
    for estimator in (PellucidClassifier(**SMALL), PellucidRegressor(**SMALL)):
        for one, check in estimator_checks_generator(estimator):
            name = _name(check)
            if name == ROUNDED:
                continue
            marks = () if name in SHORT else pytest.mark.slow
            yield pytest.param(one, check, marks=marks, id=f"{type(one).__name__}-{name}")


@pytest.mark.parametrize(("estimator", "check"), [*checks()])
def test_what_scikit_learn_checks(estimator, check):
    check(estimator)


def test_the_one_check_that_is_left_out_is_there():
    assert ROUNDED in {_name(check) for _, check in estimator_checks_generator(PellucidRegressor())}
