"""Which way is better, by name, for everything that Keras may log."""

import inspect

import keras
import pytest

from pellucid.training.directions import direction_of

NO_WAY = {"mean", "sum", "mean_metric_wrapper", "metric", "learning_rate"}


def keras_names():
    """Return the names under which Keras logs its metrics and losses."""
    names = set()
    for name, found in vars(keras.metrics).items():
        if inspect.isclass(found):
            names.add(keras.src.utils.naming.to_snake_case(name))
    return sorted(names - NO_WAY)


SMALLER = {
    "false_positives",
    "false_negatives",
    "binary_crossentropy",
    "categorical_crossentropy",
    "sparse_categorical_crossentropy",
    "kl_divergence",
    "poisson",
    "hinge",
    "squared_hinge",
    "categorical_hinge",
    "log_cosh_error",
    "mean_absolute_error",
    "mean_absolute_percentage_error",
    "mean_squared_error",
    "mean_squared_logarithmic_error",
    "root_mean_squared_error",
}


@pytest.mark.parametrize("name", keras_names())
def test_every_metric_of_keras_has_a_direction(name):
    expected = "min" if name in SMALLER else "max"
    assert direction_of(name) == expected
    assert direction_of(f"val_output_{name}_2") == expected


def test_the_list_of_metrics_is_not_empty():
    assert set(keras_names()) > SMALLER


@pytest.mark.parametrize("name", ["loss", "val_loss", "accuracy_loss", "mse", "rmse", "val_mae"])
def test_losses_and_errors_are_to_be_small(name):
    assert direction_of(name) == "min"


@pytest.mark.parametrize("name", ["acc", "val_acc", "f1_score", "r2_score", "mean_io_u", "auc_1"])
def test_scores_are_to_be_large(name):
    assert direction_of(name) == "max"


@pytest.mark.parametrize("name", ["learning_rate", "lr", "tunnel", "seconds"])
def test_other_names_do_not_tell(name):
    assert direction_of(name) is None
