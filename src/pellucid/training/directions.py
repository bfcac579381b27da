"""Which way is better: whether a lower or a higher value of a logged number is the good one."""

from typing import Literal, TypeAlias

Direction: TypeAlias = Literal["min", "max"]

LOWER = frozenset(
    (
        "loss",
        "error",
        "mse",
        "mae",
        "rmse",
        "mape",
        "msle",
        "crossentropy",
        "entropy",
        "divergence",
        "hinge",
        "poisson",
        "logcosh",
        "cosh",
        "perplexity",
        "deviance",
        "false",
        "brier",
    )
)
"""Words that mark a number to be made small."""

HIGHER = frozenset(
    (
        "accuracy",
        "acc",
        "auc",
        "roc",
        "precision",
        "recall",
        "f1",
        "fbeta",
        "r2",
        "iou",
        "dice",
        "jaccard",
        "similarity",
        "specificity",
        "sensitivity",
        "kappa",
        "correlation",
        "pearson",
        "spearman",
        "matthews",
        "true",
        "score",
    )
)
"""Words that mark a number to be made large."""


def direction_of(name: str) -> Direction | None:
    """Return whether a lower ("min") or higher ("max") value of the named number is better.

    A name that speaks of both, such as the loss of an output called "accuracy", is of the kind
    that it is a loss or error. `val_` and the name of an output make no difference.

    Args:
        name: The name of a column of a history: "val_loss", "top_k_categorical_accuracy".

    Returns:
        None where the name does not tell, as for "learning_rate".

    Example:
        >>> from pellucid.training.directions import direction_of
        >>> direction_of("val_mean_squared_error"), direction_of("head_accuracy")
        ('min', 'max')
    """
    # "MeanIoU" is logged as "mean_io_u".
    words = set(name.lower().replace("io_u", "iou").split("_"))
    if words & LOWER:
        return "min"
    return "max" if words & HIGHER else None
