"""The metrics by name."""

from collections.abc import Callable, Mapping
from typing import Any

from pellucid import losses
from pellucid.description import Description, described
from pellucid.errors import ArgumentError
from pellucid.metrics.accuracy import Accuracy
from pellucid.metrics.at_threshold import (
    PrecisionAtRecall,
    RecallAtPrecision,
    SensitivityAtSpecificity,
    SpecificityAtSensitivity,
)
from pellucid.metrics.auc import AUC
from pellucid.metrics.base import Metric
from pellucid.metrics.binary_accuracy import BinaryAccuracy
from pellucid.metrics.categorical_accuracy import (
    CategoricalAccuracy,
    SparseCategoricalAccuracy,
)
from pellucid.metrics.correlation import ConcordanceCorrelation, PearsonCorrelation
from pellucid.metrics.cosine_similarity import CosineSimilarity
from pellucid.metrics.counts import (
    FalseNegatives,
    FalsePositives,
    TrueNegatives,
    TruePositives,
)
from pellucid.metrics.f_score import F1Score, FBetaScore
from pellucid.metrics.iou import BinaryIoU, IoU, MeanIoU, OneHotIoU, OneHotMeanIoU
from pellucid.metrics.margin import CategoricalHinge, Hinge, SquaredHinge
from pellucid.metrics.mean import Mean, Sum
from pellucid.metrics.precision_recall import Precision, Recall
from pellucid.metrics.probabilistic import (
    BinaryCrossentropy,
    CategoricalCrossentropy,
    KLDivergence,
    Poisson,
    SparseCategoricalCrossentropy,
)
from pellucid.metrics.r2_score import R2Score
from pellucid.metrics.regression import (
    LogCoshError,
    MeanAbsoluteError,
    MeanAbsolutePercentageError,
    MeanSquaredError,
    MeanSquaredLogarithmicError,
    RootMeanSquaredError,
)
from pellucid.metrics.top_k import SparseTopKCategoricalAccuracy, TopKCategoricalAccuracy
from pellucid.metrics.wrapper import FUNCTIONS, MeanMetricWrapper
from pellucid.types import Config, Shape
from pellucid.vocabulary import Vocabulary

CLASSES: tuple[type[Metric], ...] = (
    AUC,
    Accuracy,
    BinaryAccuracy,
    BinaryCrossentropy,
    BinaryIoU,
    CategoricalAccuracy,
    CategoricalCrossentropy,
    CategoricalHinge,
    ConcordanceCorrelation,
    CosineSimilarity,
    F1Score,
    FBetaScore,
    FalseNegatives,
    FalsePositives,
    Hinge,
    IoU,
    KLDivergence,
    LogCoshError,
    Mean,
    MeanAbsoluteError,
    MeanAbsolutePercentageError,
    MeanIoU,
    MeanMetricWrapper,
    MeanSquaredError,
    MeanSquaredLogarithmicError,
    OneHotIoU,
    OneHotMeanIoU,
    PearsonCorrelation,
    Poisson,
    Precision,
    PrecisionAtRecall,
    R2Score,
    Recall,
    RecallAtPrecision,
    RootMeanSquaredError,
    SensitivityAtSpecificity,
    SparseCategoricalAccuracy,
    SparseCategoricalCrossentropy,
    SparseTopKCategoricalAccuracy,
    SpecificityAtSensitivity,
    SquaredHinge,
    Sum,
    TopKCategoricalAccuracy,
    TrueNegatives,
    TruePositives,
)

SHORT = {
    "bce": "BinaryCrossentropy",
    "mse": "MeanSquaredError",
    "mae": "MeanAbsoluteError",
    "mape": "MeanAbsolutePercentageError",
    "msle": "MeanSquaredLogarithmicError",
    "kld": "KLDivergence",
    "rmse": "RootMeanSquaredError",
}

ALIASES = {
    **SHORT,
    **{short.upper(): name for short, name in SHORT.items()},
    "acc": "Accuracy",
    "cosine_proximity": "CosineSimilarity",
    "f1": "F1Score",
    "fbeta_score": "FBetaScore",
    "kullback_leibler_divergence": "KLDivergence",
    "log_cosh": "LogCoshError",
    "logcosh": "LogCoshError",
    "r2": "R2Score",
}

ACCURACIES = ("accuracy", "acc")
CROSSENTROPIES = ("crossentropy", "ce")
OPEN = (*ACCURACIES, *CROSSENTROPIES)
"""Names that stand for a metric only once the shapes of labels and outputs are known."""


def _wrap(function: Callable[..., Any]) -> Metric:
    known = getattr(function, "registered_name", None)
    if known in METRICS.names:
        kind: Any = METRICS.named(known)
        return kind(name=known)
    return MeanMetricWrapper(function)


METRICS = Vocabulary("metric", {one.__name__: one for one in CLASSES}, ALIASES, _wrap)
"""The known metrics."""


def get(identifier: Any) -> Metric:
    """Return the metric meant by a name, class, configuration, function or object.

    Args:
        identifier: Name in any of Keras's spellings ("mae", "mean_absolute_error",
            "MeanAbsoluteError") or that of a known function ("huber"), a metric class or
            object, its configuration, a function `f(y_true, y_pred)`, or a loss.

    Raises:
        ArgumentError: The name is unknown; a near one is suggested.

    Example:
        >>> import pellucid
        >>> pellucid.metrics.get("mae")
        MeanAbsoluteError()
    """
    if isinstance(identifier, str):
        if identifier.lower() in CROSSENTROPIES:
            raise ArgumentError(
                f"metric: got '{identifier}', which stands for one of three metrics by the shapes "
                "of labels and outputs, expected one metric. Name 'binary_crossentropy', "
                "'categorical_crossentropy' (one-hot labels) or "
                "'sparse_categorical_crossentropy' (class numbers)."
            )
        if identifier in FUNCTIONS and identifier not in METRICS.names:
            return MeanMetricWrapper(identifier)
    return METRICS.get(identifier)


def is_open(identifier: Any) -> bool:
    """Say whether `identifier` is a name whose meaning the shapes decide."""
    return isinstance(identifier, str) and identifier.lower() in OPEN


def check(identifier: Any) -> Any:
    """Return the metric meant, or the name itself where only shapes can tell.

    As in Keras a metric asked for by name bears that name in logs: "mse" stays "mse".

    Raises:
        ArgumentError: The name is unknown (a near one is suggested) or the type is wrong.

    Example:
        >>> import pellucid
        >>> pellucid.metrics.check("accuracy"), pellucid.metrics.check("mse").name
        ('accuracy', 'mse')
    """
    if is_open(identifier):
        return identifier
    if identifier is None:
        raise ArgumentError(
            "metric: got None, expected a name, a metric class or object, or a function."
        )
    found = get(identifier)
    return found.replace(name=identifier) if isinstance(identifier, str) else found


def resolve(identifier: Any, loss: Any, y_true_shape: Shape, y_pred_shape: Shape) -> Metric:
    """Return the metric meant by `identifier` for an output, ready to sum.

    "accuracy" and "acc" stand for the accuracy that fits: binary for one output, sparse
    categorical for one label a row, else categorical; "crossentropy" and "ce" likewise.

    Args:
        identifier: See `get`; or what `check` returned.
        loss: The output's loss, or None.
        y_true_shape: Shape of the labels, the batch axis first.
        y_pred_shape: Shape of the outputs, the batch axis first.

    Example:
        >>> import pellucid
        >>> pellucid.metrics.resolve("acc", None, (None,), (None, 10))
        SparseCategoricalAccuracy(name='acc')

    Differs from Keras: where the loss takes logits, binary accuracy has the threshold 0, which
    is the probability 1/2, and a crossentropy takes logits too.
    """
    if not is_open(identifier):
        return check(identifier).shaped(y_true_shape, y_pred_shape)
    form = losses.label_form(y_true_shape, y_pred_shape)
    from_logits = bool(getattr(loss, "from_logits", False))
    about = "crossentropy" if identifier.lower() in CROSSENTROPIES else "accuracy"
    kind: Any = METRICS.named(f"{form}_{about}")
    if about == "crossentropy":
        return kind(name=identifier, from_logits=from_logits)
    if form == "binary" and from_logits:
        return kind(name=identifier, threshold=0.0)
    return kind(name=identifier)


def serialize(metric: Any) -> dict[str, Any]:
    """Return the configuration of a metric, from which `deserialize` makes it again.

    Raises:
        NotSaveableError: The metric is a user's function.

    Example:
        >>> import pellucid
        >>> pellucid.metrics.serialize("mse")["class"]
        'metric.MeanSquaredError'
    """
    return described(get(metric))


def deserialize(
    config: str | Config, custom_objects: Mapping[str, type[Description]] | None = None
) -> Metric:
    """Return the metric of a name or configuration.

    Args:
        config: A name, or what `serialize` returned.
        custom_objects: Classes of one's own, by name.

    Example:
        >>> import pellucid
        >>> pellucid.metrics.deserialize(pellucid.metrics.serialize("auc"))
        AUC()
    """
    return METRICS.deserialize(config, custom_objects)
