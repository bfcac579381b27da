"""The losses by name."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from pellucid.description import Description, described
from pellucid.errors import ArgumentError
from pellucid.losses.base import Loss
from pellucid.losses.binary_crossentropy import BinaryCrossentropy
from pellucid.losses.binary_focal_crossentropy import BinaryFocalCrossentropy
from pellucid.losses.categorical_crossentropy import CategoricalCrossentropy
from pellucid.losses.categorical_focal_crossentropy import CategoricalFocalCrossentropy
from pellucid.losses.categorical_generalized_cross_entropy import (
    CategoricalGeneralizedCrossEntropy,
)
from pellucid.losses.categorical_hinge import CategoricalHinge
from pellucid.losses.circle import Circle
from pellucid.losses.cosine_similarity import CosineSimilarity
from pellucid.losses.dice import Dice
from pellucid.losses.function import FunctionLoss
from pellucid.losses.hinge import Hinge, SquaredHinge
from pellucid.losses.huber import Huber
from pellucid.losses.kl_divergence import KLDivergence
from pellucid.losses.log_cosh import LogCosh
from pellucid.losses.mean_absolute_error import MeanAbsoluteError
from pellucid.losses.mean_absolute_percentage_error import MeanAbsolutePercentageError
from pellucid.losses.mean_squared_error import MeanSquaredError
from pellucid.losses.mean_squared_logarithmic_error import MeanSquaredLogarithmicError
from pellucid.losses.poisson import Poisson
from pellucid.losses.sparse_categorical_crossentropy import SparseCategoricalCrossentropy
from pellucid.losses.tversky import Tversky
from pellucid.types import Config, Shape
from pellucid.vocabulary import Vocabulary

CLASSES: tuple[type[Loss], ...] = (
    BinaryCrossentropy,
    BinaryFocalCrossentropy,
    CategoricalCrossentropy,
    CategoricalFocalCrossentropy,
    CategoricalGeneralizedCrossEntropy,
    CategoricalHinge,
    Circle,
    CosineSimilarity,
    Dice,
    Hinge,
    Huber,
    KLDivergence,
    LogCosh,
    MeanAbsoluteError,
    MeanAbsolutePercentageError,
    MeanSquaredError,
    MeanSquaredLogarithmicError,
    Poisson,
    SparseCategoricalCrossentropy,
    SquaredHinge,
    Tversky,
)

SHORT = {
    "bce": "BinaryCrossentropy",
    "mse": "MeanSquaredError",
    "mae": "MeanAbsoluteError",
    "mape": "MeanAbsolutePercentageError",
    "msle": "MeanSquaredLogarithmicError",
    "kld": "KLDivergence",
}

ALIASES = {
    **SHORT,
    **{short.upper(): name for short, name in SHORT.items()},
    "kullback_leibler_divergence": "KLDivergence",
    "logcosh": "LogCosh",
    "huber_loss": "Huber",
    "cosine_proximity": "CosineSimilarity",
}

CROSSENTROPIES = ("crossentropy", "ce")
"""Names that stand for a loss only once the shapes of labels and outputs are known."""


def _wrap(function: Callable[..., Any]) -> Loss:
    known = getattr(function, "registered_name", None)
    kind: Any = LOSSES.named(known) if known in LOSSES.names else partial(FunctionLoss, function)
    return kind()


LOSSES = Vocabulary("loss", {one.__name__: one for one in CLASSES}, ALIASES, _wrap)
"""The known losses."""


def get(identifier: Any) -> Loss:
    """Return the loss meant by a name, class, configuration, function or object.

    Args:
        identifier: Name in any of Keras's spellings ("mse", "mean_squared_error",
            "MeanSquaredError"), a loss class or object, its configuration, or a function
            `f(y_true, y_pred)`.

    Raises:
        ArgumentError: The name is unknown; a near one is suggested.

    Example:
        >>> import pellucid
        >>> pellucid.losses.get("mse")
        MeanSquaredError()

    Differs from Keras: a name returns an object, never a function.
    """
    if is_open(identifier):
        raise ArgumentError(
            f"loss: got '{identifier}', which stands for one of three losses by the shapes of "
            "labels and outputs, expected one loss. Name 'binary_crossentropy', "
            "'categorical_crossentropy' (one-hot labels) or 'sparse_categorical_crossentropy' "
            "(class numbers)."
        )
    return LOSSES.get(identifier)


def is_open(identifier: Any) -> bool:
    """Say whether `identifier` is a name whose meaning the shapes decide."""
    return isinstance(identifier, str) and identifier.lower() in CROSSENTROPIES


def check(identifier: Any) -> Any:
    """Return the loss meant, or the name itself where only shapes can tell.

    Raises:
        ArgumentError: The name is unknown; a near one is suggested.

    Example:
        >>> import pellucid
        >>> pellucid.losses.check("crossentropy")
        'crossentropy'
    """
    return identifier if is_open(identifier) else get(identifier)


def label_form(y_true_shape: Shape, y_pred_shape: Shape) -> str:
    """Return "binary", "sparse_categorical" or "categorical", by Keras's rule.

    Args:
        y_true_shape: Shape of the labels, the batch axis first.
        y_pred_shape: Shape of the outputs, the batch axis first.
    """
    if len(y_pred_shape) < 2 or y_pred_shape[-1] == 1:
        return "binary"
    if len(y_true_shape) < len(y_pred_shape) or y_true_shape[-1] == 1:
        return "sparse_categorical"
    return "categorical"


def resolve(identifier: Any, y_true_shape: Shape, y_pred_shape: Shape) -> Loss:
    """Return the loss meant by `identifier` for labels and outputs of the given shapes.

    "crossentropy" and "ce" stand for the crossentropy that fits: binary for one output,
    sparse categorical for one label a row, else categorical. All else is left to `get`.

    Args:
        identifier: See `get`.
        y_true_shape: Shape of the labels, the batch axis first.
        y_pred_shape: Shape of the outputs, the batch axis first.

    Example:
        >>> import pellucid
        >>> pellucid.losses.resolve("crossentropy", (None,), (None, 10))
        SparseCategoricalCrossentropy(name='crossentropy')
    """
    if is_open(identifier):
        kind: Any = LOSSES.named(f"{label_form(y_true_shape, y_pred_shape)}_crossentropy")
        return kind(name=identifier)
    return get(identifier)


def serialize(loss: Any) -> dict[str, Any]:
    """Return the configuration of a loss, from which `deserialize` makes it again.

    Raises:
        NotSaveableError: The loss is a user's function.

    Example:
        >>> import pellucid
        >>> pellucid.losses.serialize("mse")["class"]
        'loss.MeanSquaredError'
    """
    return described(get(loss))


def deserialize(
    name: str | Config, custom_objects: Mapping[str, type[Description]] | None = None
) -> Loss:
    """Return the loss of a name or configuration.

    Args:
        name: A name, or what `serialize` returned.
        custom_objects: Classes of one's own, by name.

    Example:
        >>> import pellucid
        >>> pellucid.losses.deserialize(pellucid.losses.serialize("huber"))
        Huber()
    """
    return LOSSES.deserialize(name, custom_objects)
