"""Every metric agrees with Keras on JAX, batch after batch, with and without sample weights."""

import inspect
import re
import zlib
from dataclasses import dataclass, field

import jax.numpy as jnp
import keras
import numpy as np
import pytest

from pellucid import metrics

ROWS = 12
BATCHES = (slice(0, 6), slice(6, 12))
WEIGHTS = np.array([0.5, 1, 2, 0, 1, 3, 1, 0.25, 0, 1, 1, 2], "float32")
WHOLE_WEIGHTS = np.array([1, 1, 2, 0, 1, 3, 1, 2, 0, 1, 1, 2], "float32")

ALREADY_BATCHED = {"Mean", "Sum"}
"""Metrics of plain values."""

WHOLE_WEIGHTS_ONLY = {"IoU", "BinaryIoU", "MeanIoU", "OneHotIoU", "OneHotMeanIoU"}
"""Keras rounds their weights down."""


def draw(seed, kind, *shape):
    """Return random arrays of the kind named."""
    random = np.random.default_rng(zlib.crc32(repr((seed, kind, shape)).encode()))
    if kind == "numbers":
        found = random.normal(size=shape)
    elif kind == "positive":
        found = random.uniform(0.5, 3.0, size=shape)
    elif kind == "shares":
        found = random.uniform(0.05, 0.95, size=shape)
    elif kind == "coarse":
        found = random.integers(0, 5, size=shape) / 4
    elif kind == "bits":
        found = random.integers(0, 2, size=shape)
    elif kind == "signs":
        found = 2 * random.integers(0, 2, size=shape) - 1
    elif kind == "classes":
        return random.integers(0, 4, size=shape)
    elif kind == "one-hot":
        return np.eye(4, dtype="float32")[random.integers(0, 4, size=shape)]
    else:
        raw = random.uniform(0.1, 1.0, size=(*shape, 4))
        found = raw / raw.sum(axis=-1, keepdims=True)
    return found.astype("float32")


@dataclass(frozen=True)
class Case:
    """One metric with options, and the kinds and shapes of the arrays to try it on."""

    name: str
    true: tuple
    pred: tuple
    options: dict = field(default_factory=dict)

    @property
    def id(self):
        shown = ",".join(f"{key}={value}" for key, value in self.options.items())
        return f"{self.name}({shown})-{self.true[0]}{self.true[1:]}-{self.pred[0]}{self.pred[1:]}"

    @property
    def y_true(self):
        return draw("true", *self.true)

    @property
    def y_pred(self):
        return draw("pred", *self.pred)


def errors(name, true="numbers", pred="numbers", **options):
    """Cases of a mean over outputs: one, several, more axes."""
    return [
        Case(name, (true, ROWS, *shape), (pred, ROWS, *shape), options)
        for shape in ((1,), (3,), (2, 3))
    ]


def counted(name, **options):
    """Cases of a metric of scores at thresholds."""
    return [
        Case(name, ("bits", ROWS), ("shares", ROWS), options),
        Case(name, ("bits", ROWS), ("shares", ROWS, 1), options),
        Case(name, ("bits", ROWS, 3), ("coarse", ROWS, 3), options),
    ]


ONE_HOT, SPARSE, SCORES = ("one-hot", ROWS), ("classes", ROWS), ("distribution", ROWS)
DEEP_ONE_HOT, DEEP_SCORES = ("one-hot", ROWS, 2), ("distribution", ROWS, 2)
THREE = ("bits", ROWS, 3), ("shares", ROWS, 3)
AT = ("SensitivityAtSpecificity", "SpecificityAtSensitivity", "PrecisionAtRecall")

CASES = [
    Case("Mean", ("numbers", ROWS), ("numbers", ROWS)),
    Case("Mean", ("numbers", ROWS, 2, 3), ("numbers", ROWS, 2, 3)),
    Case("Sum", ("numbers", ROWS), ("numbers", ROWS)),
    Case("Sum", ("numbers", ROWS, 3), ("numbers", ROWS, 3)),
    Case("MeanMetricWrapper", ("numbers", ROWS, 3), ("numbers", ROWS, 3), {"fn": "huber"}),
    *errors("MeanSquaredError"),
    *errors("RootMeanSquaredError"),
    *errors("MeanAbsoluteError"),
    *errors("MeanAbsolutePercentageError", "positive"),
    *errors("MeanSquaredLogarithmicError", "positive"),
    *errors("LogCoshError"),
    *errors("Poisson", "positive", "positive"),
    *errors("Hinge", "signs"),
    *errors("Hinge", "bits"),
    *errors("SquaredHinge", "signs"),
    Case("CosineSimilarity", ("numbers", ROWS, 3), ("numbers", ROWS, 3)),
    Case("CosineSimilarity", ("numbers", ROWS, 2, 3), ("numbers", ROWS, 2, 3), {"axis": 1}),
    Case("R2Score", ("numbers", ROWS, 1), ("numbers", ROWS, 1)),
    Case("R2Score", ("numbers", ROWS, 3), ("numbers", ROWS, 3)),
    *(
        Case("R2Score", ("numbers", ROWS, 3), ("numbers", ROWS, 3), {"class_aggregation": one})
        for one in (None, "variance_weighted_average")
    ),
    Case("PearsonCorrelation", ("numbers", ROWS, 4), ("numbers", ROWS, 4)),
    Case("ConcordanceCorrelation", ("numbers", ROWS, 4), ("numbers", ROWS, 4)),
    Case("CategoricalHinge", ONE_HOT, SCORES),
    Case("KLDivergence", SCORES, SCORES),
    Case("BinaryCrossentropy", ("bits", ROWS, 1), ("shares", ROWS, 1)),
    Case("BinaryCrossentropy", ("bits", ROWS, 3), ("numbers", ROWS, 3), {"from_logits": True}),
    Case("BinaryCrossentropy", *THREE, {"label_smoothing": 0.2}),
    Case("CategoricalCrossentropy", ONE_HOT, SCORES),
    Case("CategoricalCrossentropy", DEEP_ONE_HOT, DEEP_SCORES, {"label_smoothing": 0.2}),
    Case("CategoricalCrossentropy", ONE_HOT, ("numbers", ROWS, 4), {"from_logits": True}),
    Case("SparseCategoricalCrossentropy", SPARSE, SCORES),
    Case("SparseCategoricalCrossentropy", SPARSE, ("numbers", ROWS, 4), {"from_logits": True}),
    Case("Accuracy", SPARSE, SPARSE),
    Case("Accuracy", ("classes", ROWS, 1), SPARSE),
    *counted("BinaryAccuracy"),
    *counted("BinaryAccuracy", threshold=0.3),
    Case("CategoricalAccuracy", ONE_HOT, SCORES),
    Case("CategoricalAccuracy", DEEP_ONE_HOT, DEEP_SCORES),
    Case("SparseCategoricalAccuracy", SPARSE, SCORES),
    Case("SparseCategoricalAccuracy", ("classes", ROWS, 1), SCORES),
    Case("SparseCategoricalAccuracy", ("classes", ROWS, 2), DEEP_SCORES),
    *(Case("TopKCategoricalAccuracy", ONE_HOT, SCORES, {"k": k}) for k in (1, 2, 4)),
    Case("TopKCategoricalAccuracy", DEEP_ONE_HOT, DEEP_SCORES, {"k": 2}),
    *(Case("SparseTopKCategoricalAccuracy", SPARSE, SCORES, {"k": k}) for k in (1, 2, 4)),
    Case("SparseTopKCategoricalAccuracy", SPARSE, ("coarse", ROWS, 4), {"k": 2}),
    Case(
        "SparseTopKCategoricalAccuracy",
        SPARSE,
        ("classes", ROWS, 4),
        {"k": 2, "from_sorted_ids": True},
    ),
    *(
        case
        for name in ("TruePositives", "FalsePositives", "TrueNegatives", "FalseNegatives")
        for case in [*counted(name), *counted(name, thresholds=[0.2, 0.5, 0.9])[2:]]
    ),
    *(
        case
        for name in ("Precision", "Recall")
        for case in [
            *counted(name),
            *counted(name, thresholds=0.3),
            *counted(name, thresholds=[0.0, 0.5, 1.0]),
            Case(name, *THREE, {"top_k": 2}),
            Case(name, *THREE, {"class_id": 1}),
            Case(name, *THREE, {"class_id": 2, "top_k": 2, "thresholds": 0.4}),
        ]
    ),
    *(
        case
        for name in (*AT, "RecallAtPrecision")
        for case in [
            *counted(name, at=0.4),
            Case(name, *THREE, {"at": 0.7, "num_thresholds": 1}),
            Case(name, *THREE, {"at": 0.5, "class_id": 1, "num_thresholds": 20}),
        ]
    ),
    *(
        Case("AUC", *THREE, {"curve": curve, "summation_method": method})
        for curve in ("ROC", "PR", "PRGAIN")
        for method in ("interpolation", "minoring", "majoring")
    ),
    *counted("AUC"),
    *counted("AUC", num_thresholds=5),
    *counted("AUC", thresholds=[0.1, 0.4, 0.5]),
    Case("AUC", ("bits", ROWS, 3), ("numbers", ROWS, 3), {"from_logits": True}),
    Case("AUC", *THREE, {"multi_label": True}),
    Case("AUC", *THREE, {"multi_label": True, "curve": "PR", "num_labels": 3}),
    Case("AUC", *THREE, {"multi_label": True, "label_weights": [1.0, 0.5, 2.0]}),
    Case("AUC", *THREE, {"label_weights": [1.0, 0.5, 2.0]}),
    Case("AUC", *THREE, {"multi_label": True, "thresholds": [0.3, 0.5]}),
    *(
        Case(name, true, pred, {"average": average, **more})
        for name, more in (("F1Score", {}), ("FBetaScore", {"beta": 2.0}))
        for average in (None, "micro", "macro", "weighted")
        for true, pred in ((ONE_HOT, SCORES),)
    ),
    Case("F1Score", *THREE, {"threshold": 0.5}),
    Case("FBetaScore", *THREE, {"threshold": 0.4, "average": "macro", "beta": 0.5}),
    Case("IoU", SPARSE, SPARSE, {"num_classes": 4, "target_class_ids": [0, 2]}),
    Case("MeanIoU", SPARSE, SPARSE, {"num_classes": 4}),
    Case("MeanIoU", SPARSE, SPARSE, {"num_classes": 3}),
    Case("MeanIoU", SPARSE, SPARSE, {"num_classes": 4, "ignore_class": 1}),
    Case("MeanIoU", SPARSE, SCORES, {"num_classes": 4, "sparse_y_pred": False}),
    Case("BinaryIoU", ("bits", ROWS), ("shares", ROWS)),
    Case(
        "BinaryIoU", ("bits", ROWS), ("shares", ROWS), {"target_class_ids": [1], "threshold": 0.3}
    ),
    Case("OneHotIoU", ONE_HOT, SCORES, {"num_classes": 4, "target_class_ids": [1, 3]}),
    Case(
        "OneHotIoU",
        ONE_HOT,
        SPARSE,
        {"num_classes": 4, "target_class_ids": [1], "sparse_y_pred": True},
    ),
    Case("OneHotMeanIoU", ONE_HOT, SCORES, {"num_classes": 4}),
]

LIMITS = {
    "SensitivityAtSpecificity": "specificity",
    "SpecificityAtSensitivity": "sensitivity",
    "PrecisionAtRecall": "recall",
    "RecallAtPrecision": "precision",
}


def pair(case):
    options = dict(case.options)
    if "at" in options:
        options[LIMITS[case.name]] = options.pop("at")
    ours = getattr(metrics, case.name)(**options)
    if "fn" in options:
        options["fn"] = getattr(keras.metrics, options["fn"])
    return ours, getattr(keras.metrics, case.name)(**options)


def snake_case(name):
    return keras.src.utils.naming.to_snake_case(name)


FIRST = {case.name: case for case in reversed(CASES)}


@pytest.mark.filterwarnings("ignore:Explicitly requested dtype int64:UserWarning")  # Keras's IoU
@pytest.mark.parametrize(
    ("case", "weighted"),
    [(case, True) for case in CASES] + [(case, False) for case in FIRST.values()],
    ids=lambda one: one.id if isinstance(one, Case) else "weighted" if one else "plain",
)
def test_result_after_two_batches(case, weighted):
    ours, theirs = pair(case)
    weights = WHOLE_WEIGHTS if case.name in WHOLE_WEIGHTS_ONLY else WEIGHTS
    for rows in BATCHES:
        arrays = [case.y_true[rows], case.y_pred[rows]]
        if case.name in ALREADY_BATCHED:
            arrays = arrays[:1]
        weight = {"sample_weight": weights[rows]} if weighted else {}
        ours.update_state(*arrays, **weight)
        if weighted and case.name in WHOLE_WEIGHTS_ONLY:
            weight = {"sample_weight": weights[rows].astype("int32")}
        theirs.update_state(*map(jnp.asarray, arrays), **weight)
    expected = np.asarray(theirs.result())
    assert np.shape(ours.result()) == np.shape(expected)
    np.testing.assert_allclose(ours.result(), expected, rtol=2e-5, atol=1e-6)


def test_adjusted_r2_counts_rows():
    case = Case("R2Score", ("numbers", ROWS, 1), ("numbers", ROWS, 1), {"num_regressors": 3})
    ours, theirs = pair(case)
    np.testing.assert_allclose(
        ours(case.y_true, case.y_pred), theirs(case.y_true, case.y_pred), rtol=1e-5
    )


def test_ignored_class():
    case = Case("SparseCategoricalCrossentropy", SPARSE, SCORES, {"ignore_class": 2})
    ours, theirs = pair(case)
    weight = np.ones(ROWS, "float32")  # without weights Keras counts the ignored rows
    y_pred, y_true = jnp.asarray(case.y_pred), jnp.asarray(case.y_true)
    expected = theirs(y_true, y_pred, sample_weight=weight)
    np.testing.assert_allclose(ours(case.y_true, case.y_pred), expected, rtol=1e-5)


@pytest.mark.parametrize("name", ["PearsonCorrelation", "ConcordanceCorrelation"])
def test_correlation_over_rows_of_one_batch(name):
    case = Case(name, ("numbers", ROWS, 2), ("numbers", ROWS, 2), {"axis": 0})
    ours, theirs = pair(case)
    expected = theirs(case.y_true, case.y_pred)
    np.testing.assert_allclose(ours(case.y_true, case.y_pred), expected, rtol=1e-4)


FUNCTION_CASES = [
    Case("accuracy", SPARSE, SPARSE),
    Case("binary_accuracy", *THREE),
    Case("binary_accuracy", ("bits", ROWS), ("shares", ROWS, 1), {"threshold": 0.3}),
    Case("categorical_accuracy", ONE_HOT, SCORES),
    Case("categorical_accuracy", DEEP_ONE_HOT, DEEP_SCORES),
    Case("sparse_categorical_accuracy", SPARSE, SCORES),
    Case("sparse_categorical_accuracy", ("classes", ROWS, 2), DEEP_SCORES),
    Case("top_k_categorical_accuracy", DEEP_ONE_HOT, DEEP_SCORES, {"k": 2}),
    Case("sparse_top_k_categorical_accuracy", SPARSE, SCORES, {"k": 2}),
    Case("pearson_correlation", ("numbers", ROWS, 3), ("numbers", ROWS, 3)),
    Case("pearson_correlation", ("numbers", ROWS, 3), ("numbers", ROWS, 3), {"axis": 0}),
    Case("concordance_correlation", ("numbers", ROWS, 3), ("numbers", ROWS, 3)),
]


@pytest.mark.parametrize("case", FUNCTION_CASES, ids=lambda case: case.id)
def test_function(case):
    theirs = getattr(keras.metrics, case.name, None) or keras.src.metrics.accuracy_metrics.accuracy
    expected = theirs(case.y_true, case.y_pred, **case.options)
    found = getattr(metrics, case.name)(case.y_true, case.y_pred, **case.options)
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=2e-5, atol=1e-6)


@pytest.mark.parametrize("name", sorted({case.name for case in CASES}))
def test_constructor_has_kerass_arguments_defaults_and_name(name):
    case = next(case for case in CASES if case.name == name)
    theirs = inspect.signature(getattr(keras.metrics, name)).parameters
    ours = inspect.signature(getattr(metrics, name)).parameters
    assert set(ours) - set(theirs) <= {"outputs", "arguments"}
    assert set(theirs) <= set(ours)
    shared = set(ours) & set(theirs) - {"name"}
    assert {one for one in shared if ours[one].default != theirs[one].default} == set()
    mine, other = pair(case)
    if name != "MeanMetricWrapper":
        assert mine.name == re.sub(r"_\d+$", "", other.name)
    direction = {"up": "max", "down": "min", None: mine.better}[getattr(other, "_direction", None)]
    assert mine.better == direction


def test_the_table_is_complete():
    public = {name for name in dir(keras.metrics) if re.match("[A-Za-z]", name)}
    tried = {case.name for case in [*CASES, *FUNCTION_CASES]}
    from_losses = {name for name in public if hasattr(keras.losses, name) and name[0].islower()}
    rest = public - tried - from_losses - {"Metric", "get", "serialize", "deserialize"}
    assert not rest
    assert not [name for name in public if not hasattr(metrics, name)]


def test_every_metric_of_ours_is_in_the_table():
    own = {name for name, one in vars(metrics).items() if inspect.isclass(one)}
    assert own - {case.name for case in CASES} == {"Metric", "MeanMetric"}
    assert set(metrics.METRICS.classes) == own - {"Metric", "MeanMetric"}


def test_every_name_that_keras_knows_is_known():
    for name, known in keras.src.metrics.ALL_OBJECTS_DICT.items():
        if known.__name__ != "Metric":
            assert metrics.METRICS.named(name).__name__ == known.__name__
