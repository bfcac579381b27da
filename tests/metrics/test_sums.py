"""A metric is a sum over rows: parts add up, in any order, and rows of weight 0 add nothing."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid import metrics
from pellucid.metrics.vocabulary import CLASSES

ROWS = 8
OPTIONS = {
    "AUC": {"num_thresholds": 20},
    "IoU": {"num_classes": 3, "target_class_ids": [0, 1]},
    "MeanIoU": {"num_classes": 3},
    "OneHotIoU": {"num_classes": 3, "target_class_ids": [0, 2]},
    "OneHotMeanIoU": {"num_classes": 3},
    "MeanMetricWrapper": {"fn": "huber"},
    "PrecisionAtRecall": {"recall": 0.5, "num_thresholds": 10},
    "RecallAtPrecision": {"precision": 0.5, "num_thresholds": 10},
    "SensitivityAtSpecificity": {"specificity": 0.5, "num_thresholds": 10},
    "SpecificityAtSensitivity": {"sensitivity": 0.5, "num_thresholds": 10},
}
CLASS_NUMBERS = {"SparseCategoricalAccuracy", "SparseCategoricalCrossentropy"}
CLASS_NUMBERS |= {"SparseTopKCategoricalAccuracy"}
BOTH_NUMBERS = {"IoU", "MeanIoU"}

ADJUSTED = metrics.R2Score(num_regressors=2)
"""The one metric that the same rows, seen twice, change."""

METRICS = [
    *(one(**OPTIONS.get(one.__name__, {})) for one in CLASSES),
    metrics.AUC(num_thresholds=10, multi_label=True),
    metrics.AUC(curve="PR", thresholds=[0.2, 0.6]),
    metrics.PearsonCorrelation(axis=0),
    metrics.ConcordanceCorrelation(axis=0),
    metrics.Precision(thresholds=[0.2, 0.6], top_k=2),
    metrics.F1Score(average="micro"),
    ADJUSTED,
]


def arrays(metric):
    """Return targets, predictions and weights for `ROWS` rows."""
    random = np.random.default_rng(1)
    name = type(metric).__name__
    y_pred = random.dirichlet(np.ones(3), ROWS).astype("float32")
    y_true = random.integers(0, 2, (ROWS, 3)).astype("float32")
    y_true[:, 0] = 1 - y_true[:, 1]
    if name in CLASS_NUMBERS | BOTH_NUMBERS:
        y_true = random.integers(0, 3, ROWS)
    if name in BOTH_NUMBERS:
        y_pred = random.integers(0, 3, ROWS)
    weight = np.array([1, 0.5, 2, 1, 0, 3, 1, 0.25], "float32")
    return y_true, y_pred, weight


def nonsense(y):
    """Return rows that would spoil any sum, were they counted."""
    if y.dtype.kind == "i":
        return np.full_like(y, 2)
    return np.full_like(y, np.nan)


@pytest.mark.parametrize("metric", METRICS, ids=repr)
def test_parts_add_up_to_the_whole(metric):
    y_true, y_pred, weight = arrays(metric)
    metric = metric.shaped(y_true.shape, y_pred.shape)
    update = jax.jit(metric.update)
    size = metric.size()
    shape = size if isinstance(size, tuple) else (size,)
    whole = update(*map(jnp.asarray, (y_true, y_pred, weight)))
    assert whole.shape == shape
    assert whole.dtype == jnp.float32
    expected = metric.result(whole)

    @settings(deadline=None, max_examples=15, derandomize=True)
    @given(
        order=st.permutations(range(ROWS)),
        cuts=st.sets(st.integers(1, ROWS - 1), max_size=3).map(sorted),
    )
    def holds(order, cuts):
        total = np.zeros(shape, "float32")
        for part in np.split(np.array(order), cuts):
            # Each part is padded to the full size, as the compiled program does.
            rows = np.concatenate([part, np.zeros(ROWS - len(part), int)])
            padded = [np.array(y[rows]) for y in (y_true, y_pred, weight)]
            for y in padded[:2]:
                y[len(part) :] = nonsense(y[len(part) :])
            padded[2][len(part) :] = 0.0
            total = total + update(*map(jnp.asarray, padded))
        np.testing.assert_allclose(total, whole, rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(metric.result(total), expected, rtol=1e-4, atol=1e-6)

    holds()


@pytest.mark.parametrize("metric", METRICS, ids=repr)
def test_no_rows_at_all_give_a_number(metric):
    y_true, y_pred, _ = arrays(metric)
    metric = metric.shaped(y_true.shape, y_pred.shape)
    empty = metric.result(jnp.zeros(metric.size()))
    undefined = isinstance(metric, metrics.PearsonCorrelation) and metric.axis == 0
    assert np.isnan(empty).all() if undefined else np.isfinite(empty).all()


@pytest.mark.parametrize("metric", [one for one in METRICS if one is not ADJUSTED], ids=repr)
def test_direct_use_and_reset(metric):
    y_true, y_pred, _ = arrays(metric)
    plain = isinstance(metric, (metrics.Mean, metrics.Sum))
    given = (y_true,) if plain else (y_true, y_pred)
    metric.reset_state()
    first = metric(*given)
    again = metric(*given)
    sums = isinstance(metric, metrics.Sum) or type(metric).__name__.endswith(("tives",))
    np.testing.assert_allclose(again, 2 * first if sums else first, rtol=1e-5, atol=1e-6)
    metric.reset_state()
    np.testing.assert_allclose(metric(*given), first)
    metric.reset_state()


def test_two_metrics_of_one_kind_sum_apart():
    first, second = metrics.Mean(), metrics.Mean()
    first.update_state([1.0])
    second.update_state([3.0])
    assert (float(first.result()), float(second.result())) == (1.0, 3.0)


def test_values_of_several_axes_are_averaged_in_their_row():
    mean = metrics.Mean()
    mean.update_state([[1.0, 3.0], [5.0, 7.0]], sample_weight=[1.0, 0.0])
    assert float(mean.result()) == 2.0
    mean.reset_state()
    mean.update_state([[1.0, 3.0], [5.0, 7.0]], sample_weight=[[1.0, 0.0], [0.0, 1.0]])
    assert float(mean.result()) == 4.0
    mean.update_state(10.0)
    assert float(mean.result()) == pytest.approx((0.5 + 3.5 + 10.0) / 2.0)
