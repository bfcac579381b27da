"""Losses: how wrong predictions are, for each row and for a batch."""

from pellucid.losses.base import Loss
from pellucid.losses.binary_crossentropy import BinaryCrossentropy, binary_crossentropy
from pellucid.losses.binary_focal_crossentropy import (
    BinaryFocalCrossentropy,
    binary_focal_crossentropy,
)
from pellucid.losses.categorical_crossentropy import (
    CategoricalCrossentropy,
    categorical_crossentropy,
)
from pellucid.losses.categorical_focal_crossentropy import (
    CategoricalFocalCrossentropy,
    categorical_focal_crossentropy,
)
from pellucid.losses.categorical_generalized_cross_entropy import (
    CategoricalGeneralizedCrossEntropy,
    categorical_generalized_cross_entropy,
)
from pellucid.losses.categorical_hinge import CategoricalHinge, categorical_hinge
from pellucid.losses.circle import Circle, circle
from pellucid.losses.cosine_similarity import CosineSimilarity, cosine_similarity
from pellucid.losses.dice import Dice, dice
from pellucid.losses.function import FunctionLoss
from pellucid.losses.hinge import Hinge, SquaredHinge, hinge, squared_hinge
from pellucid.losses.huber import Huber, huber
from pellucid.losses.kl_divergence import KLDivergence, kl_divergence
from pellucid.losses.log_cosh import LogCosh, log_cosh
from pellucid.losses.mean_absolute_error import MeanAbsoluteError, mean_absolute_error
from pellucid.losses.mean_absolute_percentage_error import (
    MeanAbsolutePercentageError,
    mean_absolute_percentage_error,
)
from pellucid.losses.mean_squared_error import MeanSquaredError, mean_squared_error
from pellucid.losses.mean_squared_logarithmic_error import (
    MeanSquaredLogarithmicError,
    mean_squared_logarithmic_error,
)
from pellucid.losses.poisson import Poisson, poisson
from pellucid.losses.reduction import reduce
from pellucid.losses.sparse_categorical_crossentropy import (
    SparseCategoricalCrossentropy,
    sparse_categorical_crossentropy,
)
from pellucid.losses.tversky import Tversky, tversky
from pellucid.losses.vocabulary import (
    LOSSES,
    check,
    deserialize,
    get,
    label_form,
    resolve,
    serialize,
)

__all__ = [
    "LOSSES",
    "BinaryCrossentropy",
    "BinaryFocalCrossentropy",
    "CategoricalCrossentropy",
    "CategoricalFocalCrossentropy",
    "CategoricalGeneralizedCrossEntropy",
    "CategoricalHinge",
    "Circle",
    "CosineSimilarity",
    "Dice",
    "FunctionLoss",
    "Hinge",
    "Huber",
    "KLDivergence",
    "LogCosh",
    "Loss",
    "MeanAbsoluteError",
    "MeanAbsolutePercentageError",
    "MeanSquaredError",
    "MeanSquaredLogarithmicError",
    "Poisson",
    "SparseCategoricalCrossentropy",
    "SquaredHinge",
    "Tversky",
    "binary_crossentropy",
    "binary_focal_crossentropy",
    "categorical_crossentropy",
    "categorical_focal_crossentropy",
    "categorical_generalized_cross_entropy",
    "categorical_hinge",
    "check",
    "circle",
    "cosine_similarity",
    "deserialize",
    "dice",
    "get",
    "hinge",
    "huber",
    "kl_divergence",
    "label_form",
    "log_cosh",
    "mean_absolute_error",
    "mean_absolute_percentage_error",
    "mean_squared_error",
    "mean_squared_logarithmic_error",
    "poisson",
    "reduce",
    "resolve",
    "serialize",
    "sparse_categorical_crossentropy",
    "squared_hinge",
    "tversky",
]
