"""The contract of a metric: own metrics, functions, names, configuration, messages."""

import json

import jax.numpy as jnp
import numpy as np
import pytest
import sklearn.metrics

from pellucid import losses, metrics
from pellucid.description import structure
from pellucid.errors import ArgumentError, NotSaveableError, ShapeError
from pellucid.metrics.vocabulary import CLASSES


class ShareAbove(metrics.Metric):
    limit: float = 0.5

    def size(self):
        return 2

    def update(self, y_true, y_pred, weight):
        return jnp.stack([jnp.sum((y_pred[:, 0] > self.limit) * weight), jnp.sum(weight)])

    def compute(self, sums):
        return sums[0] / sums[1]


def gap(y_true, y_pred):
    return jnp.abs(y_true - y_pred)


# -- metrics of one's own -------------------------------------------------------------------


def test_own_metric():
    metric = ShareAbove(limit=0.8)
    assert metric.name == "share_above"
    assert float(metric([[0], [0]], [[0.9], [0.1]])) == 0.5
    assert float(metric([[0], [0]], [[0.9], [0.9]])) == 0.75


def test_own_mean_metric():
    class Gap(metrics.MeanMetric):
        def values(self, y_true, y_pred):
            return gap(y_true, y_pred)

    assert float(Gap()([[1.0], [2.0]], [[0.0], [0.0]], sample_weight=[1.0, 3.0])) == 1.75


@pytest.mark.parametrize(("method", "given"), [("size", 0), ("update", 3), ("compute", 1)])
def test_own_metric_that_lacks_something(method, given):
    class Empty(metrics.Metric):
        pass

    with pytest.raises(NotImplementedError, match=rf"Empty must define {method}\(\)\."):
        getattr(Empty(), method)(*[jnp.zeros(1)] * given)


def test_function_metric():
    metric = metrics.check(gap)
    assert isinstance(metric, metrics.MeanMetricWrapper)
    assert metric.name == "gap"
    assert metric.better is None
    assert float(metric([1.0, 2.0], [[0.0], [0.0]])) == 1.5


def test_function_metric_of_one_number_for_the_batch_looks_at_real_rows_only():
    metric = metrics.check(lambda y_true, y_pred: jnp.mean((y_true - y_pred) ** 2))
    y_true, y_pred = jnp.zeros((4, 1)), jnp.array([[1.0], [3.0], [99.0], [99.0]])
    sums = metric.update(y_true, y_pred, jnp.array([1.0, 1.0, 0.0, 0.0]))
    assert sums.tolist() == [10.0, 2.0]
    assert float(metric.result(sums)) == 5.0


def test_function_metric_with_a_strange_result():
    metric = metrics.check(lambda y_true, y_pred: jnp.mean(y_true - y_pred, axis=0))
    with pytest.raises(ShapeError) as caught:
        metric(np.zeros((10, 3)), np.zeros((10, 3)))
    assert str(caught.value) == (
        "metric '<lambda>': got values of shape (3,) for 10 rows, expected one value for each "
        "row, or one number. Take the mean over the last axis only: axis=-1."
    )


def test_wrapper_takes_further_arguments():
    metric = metrics.MeanMetricWrapper("huber", "short", delta=0.5)
    assert metric.name == "short"
    assert metric.better == "min"
    again = metrics.deserialize(json.loads(json.dumps(metrics.serialize(metric))))
    y_true, y_pred = np.zeros((3, 1)), np.ones((3, 1))
    np.testing.assert_allclose(again(y_true, y_pred), metric(y_true, y_pred))
    assert again.get_config()["arguments"] == {"delta": 0.5}


def test_a_loss_is_a_metric_too():
    metric = metrics.check(losses.Huber(delta=2.0))
    assert metric.name == "huber_loss"
    assert metric.better == "min"
    assert float(metric([[0.0], [0.0]], [[1.0], [4.0]])) == 3.25
    again = metrics.deserialize(json.loads(json.dumps(metrics.serialize(metric))))
    assert float(again([[0.0], [0.0]], [[1.0], [4.0]])) == 3.25


def test_function_metric_is_not_saved():
    with pytest.raises(NotSaveableError) as caught:
        metrics.serialize(gap)
    assert str(caught.value) == (
        "MeanMetricWrapper.fn: got 'gap', a Python function, expected a name or a description: a "
        "model file holds no code. Use a named function, or write a small layer or loss class and "
        "pass it to load_model(custom_objects={...})."
    )


# -- names ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("mse", metrics.MeanSquaredError),
        ("MAE", metrics.MeanAbsoluteError),
        ("mean_absolute_error", metrics.MeanAbsoluteError),
        ("RootMeanSquaredError", metrics.RootMeanSquaredError),
        ("rmse", metrics.RootMeanSquaredError),
        ("kullback_leibler_divergence", metrics.KLDivergence),
        ("auc", metrics.AUC),
        ("precision", metrics.Precision),
        ("f1_score", metrics.F1Score),
        ("r2_score", metrics.R2Score),
        ("sparse_top_k_categorical_accuracy", metrics.SparseTopKCategoricalAccuracy),
        ("top_k_categorical_accuracy", metrics.TopKCategoricalAccuracy),
        ("cosine_similarity", metrics.CosineSimilarity),
        ("huber", metrics.MeanMetricWrapper),
        (metrics.AUC, metrics.AUC),
        (metrics.categorical_accuracy, metrics.CategoricalAccuracy),
        (metrics.mean_squared_error, metrics.MeanSquaredError),
        (losses.mean_squared_error, metrics.MeanSquaredError),
    ],
)
def test_names(name, kind):
    metric = metrics.check(name)
    assert type(metric) is kind
    if isinstance(name, str):
        assert metric.name == name


def test_a_known_function_gives_its_name():
    assert metrics.check(metrics.categorical_accuracy).name == "categorical_accuracy"


def test_get_takes_objects_and_nothing():
    metric = metrics.AUC(name="area")
    assert metrics.get(metric) is metric
    assert metrics.check(metric).name == "area"
    assert metrics.get(None) is None


SHAPES = [
    ((8,), (None, 1), "binary"),
    ((8, 1), (None, 1), "binary"),
    ((8,), (None, 10), "sparse_categorical"),
    ((8, 1), (None, 10), "sparse_categorical"),
    ((8, 10), (None, 10), "categorical"),
    ((8, 5), (None, 5, 10), "sparse_categorical"),
]


@pytest.mark.parametrize(("y_true_shape", "y_pred_shape", "form"), SHAPES)
@pytest.mark.parametrize("name", ["accuracy", "acc", "Accuracy", "crossentropy", "ce"])
def test_open_names_are_resolved_by_shape(y_true_shape, y_pred_shape, form, name):
    metric = metrics.resolve(metrics.check(name), None, y_true_shape, y_pred_shape)
    kind = "crossentropy" if name in ("crossentropy", "ce") else "accuracy"
    assert type(metric) is metrics.METRICS.named(f"{form}_{kind}")
    assert metric.name == name


def test_open_names_follow_a_loss_from_logits():
    loss = losses.BinaryCrossentropy(from_logits=True)
    assert metrics.resolve("accuracy", loss, (8,), (None, 1)).threshold == 0.0
    assert (
        metrics.resolve("accuracy", losses.BinaryCrossentropy(), (8,), (None, 1)).threshold == 0.5
    )
    assert metrics.resolve("ce", loss, (8,), (None, 1)).from_logits


def test_resolve_tells_metrics_the_number_of_outputs():
    assert metrics.resolve("f1_score", None, (8, 3), (None, 3)).size() == (4, 3)
    assert metrics.resolve(metrics.R2Score(), None, (8,), (None, 1)).size() == (5, 1)
    assert metrics.resolve(metrics.AUC(multi_label=True), None, (8, 3), (None, 3)).num_labels == 3
    correlation = metrics.PearsonCorrelation(axis=0)
    assert metrics.resolve(correlation, None, (8, 3), (None, 3)).size() == (6, 3)


# -- configuration --------------------------------------------------------------------------

REQUIRED = {
    "IoU": {"num_classes": 3, "target_class_ids": [0, 1]},
    "MeanIoU": {"num_classes": 3},
    "OneHotIoU": {"num_classes": 3, "target_class_ids": [0, 2]},
    "OneHotMeanIoU": {"num_classes": 3},
    "MeanMetricWrapper": {"fn": "huber", "delta": 0.5},
    "PrecisionAtRecall": {"recall": 0.5},
    "RecallAtPrecision": {"precision": 0.5},
    "SensitivityAtSpecificity": {"specificity": 0.5},
    "SpecificityAtSensitivity": {"sensitivity": 0.5},
    "AUC": {"thresholds": [0.2, 0.7], "label_weights": [1, 2], "multi_label": True},
}


@pytest.mark.parametrize("one", CLASSES, ids=lambda one: one.__name__)
def test_configuration_there_and_back(one):
    metric = one(**REQUIRED.get(one.__name__, {}), name="other")
    again = metrics.deserialize(json.loads(json.dumps(metrics.serialize(metric))))
    assert type(again) is one
    assert again.get_config() == metric.get_config()
    assert structure(again) == structure(metric)
    assert again.name == "other"


def test_name_may_come_first_as_in_keras():
    assert metrics.Mean("train_loss").name == "train_loss"
    assert metrics.SparseCategoricalAccuracy("train_accuracy").name == "train_accuracy"


def test_dtype_of_the_result():
    assert metrics.Mean(dtype="bfloat16")([1.0]).dtype == jnp.bfloat16
    assert metrics.Mean()([1.0]).dtype == jnp.float32


# -- messages -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: metrics.check("acuracy"),
            "metric: got the unknown name 'acuracy', expected a known metric. Did you mean "
            "'accuracy'?",
        ),
        (
            lambda: metrics.check(None),
            "metric: got None, expected a name, a metric class or object, or a function.",
        ),
        (
            lambda: metrics.get("crossentropy"),
            "metric: got 'crossentropy', which stands for one of three metrics by the shapes of "
            "labels and outputs, expected one metric. Name 'binary_crossentropy', "
            "'categorical_crossentropy' (one-hot labels) or 'sparse_categorical_crossentropy' "
            "(class numbers).",
        ),
        (
            lambda: metrics.AUC(curve="RCO"),
            "AUC(curve=...): got 'RCO', expected one of 'ROC', 'PR', 'PRGAIN'.",
        ),
        (
            lambda: metrics.AUC(thresholds=[0.5, 2]),
            "AUC(thresholds=...): got [0.5, 2], expected a list of numbers from 0 to 1.",
        ),
        (
            lambda: metrics.AUC(label_weights=[-1]),
            "AUC(label_weights=...): got [-1], expected a list with a weight, at least 0, for "
            "each label.",
        ),
        (
            lambda: metrics.AUC(num_labels=3),
            "AUC: got num_labels=3 without multi_label=True, expected both or neither. Add "
            "multi_label=True.",
        ),
        (
            lambda: metrics.Precision(thresholds=1.5),
            "Precision(thresholds=...): got 1.5, expected a number from 0 to 1, or a list of such "
            "numbers.",
        ),
        (
            lambda: metrics.F1Score(threshold=0),
            "F1Score(threshold=...): got 0, expected a number above 0 and at most 1, or None for "
            "the highest score of a row.",
        ),
        (
            lambda: metrics.IoU(2, [0, 2]),
            "IoU: got class 2 in target_class_ids, expected class numbers from 0 to 1.",
        ),
        (
            lambda: metrics.IoU(2, []),
            "IoU(target_class_ids=...): got [], expected a list of class numbers, such as [0, 1].",
        ),
        (
            lambda: metrics.MeanMetricWrapper("hubber"),
            "MeanMetricWrapper(fn=...): got 'hubber', expected a function, or the name of a known "
            "one. Did you mean 'huber'?",
        ),
        (
            lambda: metrics.MeanMetricWrapper(3),
            "MeanMetricWrapper(fn=...): got 3, expected a function f(y_true, y_pred).",
        ),
    ],
)
def test_messages(make, message):
    with pytest.raises(ArgumentError) as caught:
        make()
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("metric", "true", "pred", "message"),
    [
        (
            metrics.MeanSquaredError(),
            (10, 1),
            (10, 768),
            "mean_squared_error: got y_true of shape (10, 1) and y_pred of shape (10, 768), "
            "expected two arrays of one shape. Give one target for each predicted value: targets "
            "are not repeated to fit.",
        ),
        (
            metrics.Precision(class_id=3),
            (10, 3),
            (10, 3),
            "metric 'precision': got predictions of shape (10, 3) and class_id=3, expected a last "
            "axis of at least 4 classes.",
        ),
        (
            metrics.F1Score(),
            (10, 3, 2),
            (10, 3, 2),
            "metric 'f1_score': got predictions of shape (10, 3, 2), expected shape "
            "(batch, classes).",
        ),
        (
            metrics.R2Score(),
            (10, 3, 2),
            (10, 3, 2),
            "metric 'r2_score': got predictions of shape (10, 3, 2), expected shape "
            "(batch, outputs).",
        ),
        (
            metrics.AUC(multi_label=True),
            (10,),
            (10,),
            "metric 'auc': got predictions of shape (10,) with multi_label=True, expected shape "
            "(batch, labels).",
        ),
        (
            metrics.PearsonCorrelation(),
            (10, 1),
            (10, 1),
            "metric 'pearson_correlation': got 1 value along axis -1 of shape (10, 1), expected at "
            "least 2 to correlate. To correlate over rows use axis=0.",
        ),
        (
            metrics.SparseCategoricalAccuracy(),
            (10, 3),
            (10, 3),
            "sparse_categorical_accuracy: got y_true of shape (10, 3) and y_pred of shape "
            "(10, 3), expected y_true of shape (10,), one class number for each row of scores. "
            "For one-hot labels use the loss or metric without 'sparse' in its name.",
        ),
    ],
)
def test_shape_messages(metric, true, pred, message):
    with pytest.raises(ShapeError) as caught:
        metric(np.zeros(true), np.zeros(pred))
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("metric", "what"),
    [
        (metrics.F1Score(), "got no data yet, expected outputs=..., the number of classes."),
        (metrics.R2Score(), "got no data yet, expected outputs=..., the number of outputs."),
        (
            metrics.PearsonCorrelation(axis=0),
            "got no data yet, expected outputs=..., the number of outputs.",
        ),
        (
            metrics.AUC(multi_label=True),
            "got multi_label=True without data, expected num_labels=..., the number of labels.",
        ),
    ],
)
def test_size_before_any_data(metric, what):
    with pytest.raises(ShapeError) as caught:
        metric.size()
    assert str(caught.value) == f"metric '{metric.name}': {what}"


# -- results beyond Keras's -----------------------------------------------------------------


def test_r2_of_equal_targets_is_that_of_scikit_learn():
    for y_pred in ([[1.0], [1.0]], [[1.0], [2.0]]):
        expected = sklearn.metrics.r2_score([[1.0], [1.0]], y_pred)
        assert float(metrics.R2Score()([[1.0], [1.0]], y_pred)) == expected


def test_adjusted_r2_of_too_few_rows_is_plain_r2():
    y_true, y_pred = [[1.0], [2.0], [4.0]], [[1.0], [2.0], [3.0]]
    plain = metrics.R2Score()(y_true, y_pred)
    for number in (2, 3, 9):
        assert float(metrics.R2Score(num_regressors=number)(y_true, y_pred)) == float(plain)
    adjusted = metrics.R2Score(num_regressors=1)(y_true, y_pred)
    np.testing.assert_allclose(adjusted, 1 - (1 - plain) * 2 / 1, rtol=1e-5)


def test_correlation_over_the_rows_of_all_batches():
    random = np.random.default_rng(0)
    y_true, y_pred = random.normal(size=(40, 2)), random.normal(size=(40, 2))
    metric = metrics.PearsonCorrelation(axis=0)
    for rows in (slice(0, 7), slice(7, 40)):
        metric.update_state(y_true[rows], y_pred[rows])
    expected = np.mean([np.corrcoef(y_true[:, i], y_pred[:, i])[0, 1] for i in range(2)])
    np.testing.assert_allclose(metric.result(), expected, rtol=1e-4)


def test_fractional_weights_count_in_an_overlap():
    metric = metrics.MeanIoU(num_classes=2)
    metric.update_state([0, 1, 1], [0, 1, 0], sample_weight=[0.5, 0.5, 0.25])
    np.testing.assert_allclose(metric.result(), (0.5 / 0.75 + 0.5 / 0.75) / 2, rtol=1e-5)


def test_row_weights_spread_over_pixels():
    metric = metrics.MeanIoU(num_classes=2)
    y_true = np.array([[0, 1], [1, 1]])
    metric.update_state(y_true, 1 - y_true, sample_weight=[0.0, 1.0])
    assert float(metric.result()) == 0.0


# -- scikit-learn ---------------------------------------------------------------------------


def scores():
    random = np.random.default_rng(5)
    y = random.integers(0, 2, 400)
    return y, np.clip(0.5 + 0.2 * (y - 0.5) + 0.2 * random.normal(size=400), 0, 1)


def test_roc_auc_of_scikit_learn():
    y, p = scores()
    exact = sklearn.metrics.roc_auc_score(y, p)
    np.testing.assert_allclose(metrics.AUC(num_thresholds=2000)(y, p), exact, atol=1e-4)
    np.testing.assert_allclose(metrics.AUC()(y, p), exact, atol=2e-3)


def test_weighted_roc_auc_of_scikit_learn():
    y, p = scores()
    weight = np.random.default_rng(2).uniform(0, 2, 400)
    exact = sklearn.metrics.roc_auc_score(y, p, sample_weight=weight)
    found = metrics.AUC(num_thresholds=2000)(y, p, sample_weight=weight)
    np.testing.assert_allclose(found, exact, atol=1e-4)


def test_precision_and_recall_of_scikit_learn():
    y, p = scores()
    found = [float(one()(y, p)) for one in (metrics.Precision, metrics.Recall)]
    expected = [
        one(y, p > 0.5) for one in (sklearn.metrics.precision_score, sklearn.metrics.recall_score)
    ]
    np.testing.assert_allclose(found, expected, rtol=1e-5)


@pytest.mark.parametrize("average", [None, "micro", "macro", "weighted"])
def test_f1_of_scikit_learn(average):
    random = np.random.default_rng(3)
    y, p = random.integers(0, 4, 200), random.dirichlet(np.ones(4), 200)
    expected = sklearn.metrics.f1_score(y, p.argmax(axis=1), average=average)
    found = metrics.F1Score(average=average)(np.eye(4)[y], p)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("uniform_average", "uniform_average"),
        ("variance_weighted_average", "variance_weighted"),
        (None, "raw_values"),
    ],
)
def test_r2_of_scikit_learn(ours, theirs):
    random = np.random.default_rng(3)
    y, p, weight = random.normal(size=(50, 3)), random.normal(size=(50, 3)), random.uniform(size=50)
    expected = sklearn.metrics.r2_score(y, p, sample_weight=weight, multioutput=theirs)
    found = metrics.R2Score(class_aggregation=ours)(y, p, sample_weight=weight)
    np.testing.assert_allclose(found, expected, rtol=1e-4)


def test_top_k_of_scikit_learn():
    random = np.random.default_rng(3)
    y, p = random.integers(0, 6, 100), random.dirichlet(np.ones(6), 100)
    expected = sklearn.metrics.top_k_accuracy_score(y, p, k=3)
    found = metrics.SparseTopKCategoricalAccuracy(k=3)(y, p)
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_jaccard_of_scikit_learn():
    random = np.random.default_rng(3)
    y, p = random.integers(0, 3, 100), random.integers(0, 3, 100)
    expected = sklearn.metrics.jaccard_score(y, p, average="macro")
    np.testing.assert_allclose(metrics.MeanIoU(num_classes=3)(y, p), expected, rtol=1e-5)
