"""Loss, last activation and labels that do not belong together are told before training."""

import contextlib
import warnings

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pellucid
from pellucid import activations, layers, losses
from pellucid.activations import ACTIVATIONS
from pellucid.errors import DataError, PellucidWarning
from pellucid.losses.vocabulary import CLASSES
from pellucid.training.pairing import check_pairing
from pellucid.training.pairing.check import VALUES
from pellucid.training.pairing.ranges import POSITIVE, PROBABILITIES, RANGES, SHARING


def found(activation, units, loss, y, complete=True):
    """Return the sentences of errors and of warnings, for an output called 'dense'."""
    shape = (None, *units) if isinstance(units, tuple) else (None, units)
    meant = losses.get(loss)
    errors, doubts = check_pairing("dense", activation, shape, meant, np.asarray(y), complete)
    return [str(error) for error in errors], doubts


def floats(*values):
    return np.array(values, np.float32)


def one_hot(labels, classes):
    return np.eye(classes, dtype=np.float32)[np.asarray(labels)]


BCE, CCE, SPARSE = (
    "binary_crossentropy",
    "categorical_crossentropy",
    "sparse_categorical_crossentropy",
)
ROWS = 40
NUMBERS = np.arange(ROWS, dtype=np.float32)
YES_NO = np.arange(ROWS) % 2
THREE = np.arange(ROWS) % 3
PICTURES = np.linspace(0, 1, 5 * 4 * 4, dtype=np.float32).reshape(5, 4, 4, 1)

# Each line: activation, units, loss, labels, the whole sentence.
ERRORS = {
    "NaN": (
        "linear", 1, "mse", floats(0, 1, np.nan, 3, np.nan),
        "y for output 'dense': got nan in row 2 (2 of 5 values), expected finite numbers. Leave "
        "out the rows without a label: kept = np.isfinite(y).reshape(len(y), -1).all(1).",
    ),
    "infinity": (
        "linear", 2, "mse", floats([0, 1], [2, -np.inf]),
        "y for output 'dense': got -inf in row 1, expected finite numbers. Leave out the rows "
        "without a label: kept = np.isfinite(y).reshape(len(y), -1).all(1).",
    ),
    # -- one unit
    "softmax on one unit, yes or no": (
        "softmax", 1, BCE, YES_NO,
        "output 'dense': got activation 'softmax' on 1 unit, expected at least 2 units, because a"
        " softmax over one unit always gives 1. Write activation='sigmoid'.",
    ),
    "softmax on one unit, a number": (
        "softmax", 1, "mse", NUMBERS,
        "output 'dense': got activation 'softmax' on 1 unit, expected at least 2 units, because a"
        " softmax over one unit always gives 1. Write activation='linear'.",
    ),
    "softmax on one unit, class numbers": (
        "softmax", 1, SPARSE, THREE,
        "output 'dense': got activation 'softmax' on 1 unit, expected at least 2 units, because a"
        " softmax over one unit always gives 1. Give the last layer 3 units with "
        "activation='softmax' and write loss='sparse_categorical_crossentropy'.",
    ),
    "softmax on one unit, one-hot labels": (
        "softmax", 1, CCE, one_hot(THREE, 3),
        "output 'dense': got activation 'softmax' on 1 unit, expected at least 2 units, because a"
        " softmax over one unit always gives 1. Give the last layer 3 units, one for each column "
        "of y.",
    ),
    "categorical crossentropy on one unit": (
        "sigmoid", 1, CCE, YES_NO,
        "output 'dense': got loss 'categorical_crossentropy' on 1 unit, expected one unit for "
        "each class, because with a single one this loss is always 0. For two classes write "
        "activation='sigmoid' and loss='binary_crossentropy'.",
    ),
    "sparse crossentropy on one unit": (
        None, 1, SPARSE, YES_NO,
        "output 'dense': got loss 'sparse_categorical_crossentropy' on 1 unit, expected one unit "
        "for each class, because with a single one this loss is always 0. For two classes write "
        "activation='sigmoid' and loss='binary_crossentropy'.",
    ),
    "divergence on one unit": (
        "sigmoid", 1, "kl_divergence", floats(0, 0.5, 1),
        "output 'dense': got loss 'kl_divergence' on 1 unit, expected one unit for each class, "
        "because a single one has nothing to be compared with. For two classes write "
        "activation='sigmoid' and loss='binary_crossentropy'.",
    ),
    # -- last activation and loss
    "linear into binary crossentropy": (
        "linear", 1, BCE, YES_NO,
        "output 'dense': got activation 'linear' with loss 'binary_crossentropy', expected "
        "probabilities from the last layer. Write activation='sigmoid' in the last layer, or "
        "loss=BinaryCrossentropy(from_logits=True).",
    ),
    "linear into categorical crossentropy": (
        "linear", 3, CCE, one_hot(THREE, 3),
        "output 'dense': got activation 'linear' with loss 'categorical_crossentropy', expected "
        "probabilities from the last layer. Write activation='softmax' in the last layer, or "
        "loss=CategoricalCrossentropy(from_logits=True).",
    ),
    "linear into sparse crossentropy": (
        "linear", 3, SPARSE, THREE,
        "output 'dense': got activation 'linear' with loss 'sparse_categorical_crossentropy', "
        "expected probabilities from the last layer. Write activation='softmax' in the last "
        "layer, or loss=SparseCategoricalCrossentropy(from_logits=True).",
    ),
    "logarithms into binary crossentropy": (
        "log_sigmoid", 1, BCE, YES_NO,
        "output 'dense': got activation 'log_sigmoid' with loss 'binary_crossentropy', expected "
        "probabilities from the last layer. Write activation='sigmoid' in the last layer.",
    ),
    "logarithms into categorical crossentropy": (
        "log_softmax", 3, SPARSE, THREE,
        "output 'dense': got activation 'log_softmax' with loss "
        "'sparse_categorical_crossentropy', expected probabilities from the last layer. Write "
        "activation='softmax' in the last layer, or "
        "loss=SparseCategoricalCrossentropy(from_logits=True).",
    ),
    "tanh into binary crossentropy": (
        "tanh", 1, BCE, YES_NO,
        "output 'dense': got activation 'tanh' with loss 'binary_crossentropy', expected "
        "probabilities from the last layer. Write activation='sigmoid' in the last layer.",
    ),
    "relu into categorical crossentropy": (
        "relu", 3, SPARSE, THREE,
        "output 'dense': got activation 'relu' with loss 'sparse_categorical_crossentropy', "
        "expected probabilities from the last layer. Write activation='softmax' in the last "
        "layer.",
    ),
    "linear into a loss without logits": (
        "linear", 3, "categorical_generalized_cross_entropy", THREE,
        "output 'dense': got activation 'linear' with loss "
        "'categorical_generalized_cross_entropy', expected probabilities from the last layer. "
        "Write activation='softmax' in the last layer.",
    ),
    "linear into dice": (
        "linear", (4, 4, 1), "dice", (PICTURES > 0.5).astype(np.float32),
        "output 'dense': got activation 'linear' with loss 'dice', expected probabilities from "
        "the last layer. Write activation='sigmoid' in the last layer.",
    ),
    "linear into divergence": (
        "linear", 2, "kl_divergence", floats([0.5, 0.5], [0.1, 0.9]),
        "output 'dense': got activation 'linear' with loss 'kl_divergence', expected "
        "probabilities from the last layer. Write activation='softmax' in the last layer.",
    ),
    "sigmoid and logits": (
        "sigmoid", 1, losses.BinaryCrossentropy(from_logits=True), YES_NO,
        "output 'dense': got activation 'sigmoid' with BinaryCrossentropy(from_logits=True), "
        "expected logits, because this loss applies the sigmoid itself. Leave from_logits out, or"
        " write activation='linear' in the last layer.",
    ),
    "softmax and logits": (
        "softmax", 3, losses.SparseCategoricalCrossentropy(from_logits=True), THREE,
        "output 'dense': got activation 'softmax' with "
        "SparseCategoricalCrossentropy(from_logits=True), expected logits, because this loss "
        "applies the softmax itself. Leave from_logits out, or write activation='linear' in the "
        "last layer.",
    ),
    "sigmoid and logits of several classes": (
        "sigmoid", 3, losses.CategoricalCrossentropy(from_logits=True), one_hot(THREE, 3),
        "output 'dense': got activation 'sigmoid' with CategoricalCrossentropy(from_logits=True),"
        " expected logits, because this loss applies the softmax itself. Leave from_logits out, "
        "or write activation='linear' in the last layer.",
    ),
    "logits that never say no": (
        "relu", 1, losses.BinaryCrossentropy(from_logits=True), YES_NO,
        "output 'dense': got activation 'relu' with BinaryCrossentropy(from_logits=True), "
        "expected logits of both signs, because these never give a probability below 0.5. Write "
        "activation='linear' in the last layer.",
    ),
    "logits that never say yes": (
        "log_sigmoid", 1, losses.BinaryFocalCrossentropy(from_logits=True), YES_NO,
        "output 'dense': got activation 'log_sigmoid' with "
        "BinaryFocalCrossentropy(from_logits=True), expected logits of both signs, because these "
        "never give a probability above 0.5. Write activation='linear' in the last layer.",
    ),
    "softmax into binary crossentropy, several labels a row": (
        "softmax", 3, BCE, np.tile([[1, 1, 0], [0, 0, 1]], (5, 1)),
        "output 'dense': got activation 'softmax' with loss 'binary_crossentropy', expected "
        "activation 'sigmoid', because the outputs of a softmax sum to 1 and these labels do not."
        " Write activation='sigmoid' in the last layer.",
    ),
    "softmax into binary crossentropy, class numbers": (
        "softmax", 3, BCE, YES_NO,
        "y for output 'dense': got shape (40,), expected shape (40, 3), one target for each "
        "predicted value. For class numbers write loss='sparse_categorical_crossentropy'.",
    ),
    "a hinge without negative scores": (
        "sigmoid", 1, "hinge", YES_NO,
        "output 'dense': got activation 'sigmoid' with loss 'hinge', expected scores of both "
        "signs, because the sign decides. Write activation='linear' or activation='tanh' in the "
        "last layer.",
    ),
    "negative rates": (
        "linear", 1, "poisson", NUMBERS,
        "output 'dense': got activation 'linear' with loss 'poisson', expected positive rates, "
        "because the logarithm of a negative one is NaN. Write activation='softplus' or "
        "activation='exponential' in the last layer.",
    ),
    # -- targets out of reach
    "sigmoid, targets above 1": (
        "sigmoid", 1, "mse", NUMBERS,
        "y for output 'dense': got target 2 in row 2 (38 of 40 targets), expected targets from 0 "
        "to 1, all that the last activation 'sigmoid' can give. Write activation='linear' in the "
        "last layer, or scale y into that range.",
    ),
    "softmax, targets above 1": (
        "softmax", 2, "mae", floats([0.5, 0.5], [2.5, 0.25], [1.5, 1]),
        "y for output 'dense': got target 2.5 in row 1 (2 of 6 targets), expected targets from 0 "
        "to 1, all that the last activation 'softmax' can give. Write activation='linear' in the "
        "last layer, or scale y into that range.",
    ),
    "tanh, targets beyond 1": (
        "tanh", 1, "huber", floats(0, 1, -3),
        "y for output 'dense': got target -3 in row 2, expected targets from -1 to 1, all that "
        "the last activation 'tanh' can give. Write activation='linear' in the last layer, or "
        "scale y into that range.",
    ),
    "relu, negative targets": (
        "relu", 1, "log_cosh", NUMBERS - 4.5,
        "y for output 'dense': got target -4.5 in row 0 (5 of 40 targets), expected targets of at"
        " least 0, all that the last activation 'relu' can give. Write activation='linear' in the"
        " last layer.",
    ),
    "logarithm of a probability, positive targets": (
        "log_sigmoid", 1, "mse", floats(1, -1),
        "y for output 'dense': got target 1 in row 0, expected targets of at most 0, all that the"
        " last activation 'log_sigmoid' can give. Write activation='linear' in the last layer.",
    ),
    "negative counts": (
        "softplus", 1, "poisson", np.array([3, 0, -2]),
        "y for output 'dense': got target -2 in row 2, expected targets of at least 0 for loss "
        "'poisson'. Write loss='mse' for numbers of both signs.",
    ),
    "negative prices": (
        "linear", 1, "msle", floats(3, -1, -2),
        "y for output 'dense': got target -1 in row 1 (2 of 3 targets), expected targets of at "
        "least 0 for loss 'mean_squared_logarithmic_error'. Write loss='mse' for numbers of both "
        "signs.",
    ),
    # -- shapes
    "one target for several units": (
        "linear", 3, "mse", NUMBERS,
        "y for output 'dense': got shape (40,), expected shape (40, 3), one target for each "
        "predicted value. Give the last layer 1 unit, or y one column for each unit.",
    ),
    "one column for several units": (
        "linear", 3, "mse", NUMBERS[:, None],
        "y for output 'dense': got shape (40, 1), expected shape (40, 3), one target for each "
        "predicted value. Give the last layer 1 unit, or y one column for each unit.",
    ),
    "several targets for one unit": (
        "linear", 1, "mse", np.zeros((10, 768), np.float32),
        "y for output 'dense': got shape (10, 768), expected shape (10, 1), one target for each "
        "predicted value. Give the last layer 768 units, one for each column of y.",
    ),
    "axes that y has not": (
        "linear", (28, 1, 1), "mse", NUMBERS,
        "y for output 'dense': got shape (40,), expected shape (40, 28, 1, 1), one target for "
        "each predicted value. The output has axes that y has not: put Flatten() or a pooling "
        "layer before the last layer, or write return_sequences=False in the last recurrent one.",
    ),
    "images for flat outputs": (
        "sigmoid", 784, "mse", np.zeros((2, 28, 28), np.float32),
        "y for output 'dense': got shape (2, 28, 28), expected shape (2, 784), one target for "
        "each predicted value. Write y = y.reshape(len(y), 784).",
    ),
    "a shape like no other": (
        "linear", (None, 3), "mse", np.zeros((2, 5, 3, 2), np.float32),
        "y for output 'dense': got shape (2, 5, 3, 2), expected shape (2, None, 3), one target "
        "for each predicted value. Give one target for each predicted value; targets are not "
        "repeated to fit.",
    ),
    "one label for several sigmoids": (
        "sigmoid", 3, BCE, YES_NO,
        "y for output 'dense': got shape (40,), expected shape (40, 3), one target for each "
        "predicted value. For one yes-or-no label a row give the last layer 1 unit; for class "
        "numbers write activation='softmax' and loss='sparse_categorical_crossentropy'.",
    ),
    "one-hot labels for one sigmoid": (
        "sigmoid", 1, BCE, one_hot(YES_NO, 2),
        "y for output 'dense': got shape (40, 2), expected shape (40, 1), one target for each "
        "predicted value. For one-hot labels of two classes write y = y[:, 1]; for two labels a "
        "row give the last layer 2 units.",
    ),
    "class numbers for one-hot labels": (
        "softmax", 3, CCE, THREE,
        "y for output 'dense': got class numbers of shape (40,), expected one-hot labels of shape"
        " (40, 3). Write loss='sparse_categorical_crossentropy', or y = "
        "pellucid.utils.to_categorical(y, 3).",
    ),
    "a column of class numbers for one-hot labels": (
        "softmax", 3, CCE, THREE[:, None].astype(np.float32),
        "y for output 'dense': got class numbers of shape (40, 1), expected one-hot labels of "
        "shape (40, 3). Write loss='sparse_categorical_crossentropy', or y = "
        "pellucid.utils.to_categorical(y, 3).",
    ),
    "class numbers for a hinge over classes": (
        "linear", 3, "categorical_hinge", THREE,
        "y for output 'dense': got class numbers of shape (40,), expected one-hot labels of shape"
        " (40, 3). Write y = pellucid.utils.to_categorical(y, 3).",
    ),
    "numbers for one-hot labels": (
        "softmax", 3, CCE, NUMBERS / 8,
        "y for output 'dense': got shape (40,), expected one-hot labels of shape (40, 3). For "
        "numbers write 1 unit, activation='linear' and loss='mse'.",
    ),
    "more columns than units": (
        "softmax", 3, CCE, one_hot(THREE, 4),
        "y for output 'dense': got shape (40, 4), expected one-hot labels of shape (40, 3). Give "
        "the last layer 4 units, one for each column of y.",
    ),
    "one-hot labels for class numbers": (
        "softmax", 3, SPARSE, one_hot(THREE, 3),
        "y for output 'dense': got shape (40, 3), expected class numbers of shape (40,). For "
        "one-hot labels write loss='categorical_crossentropy', or y = y.argmax(axis=-1).",
    ),
    "one-hot labels for a loss that has no other form": (
        "softmax", 3, "categorical_generalized_cross_entropy", one_hot(THREE, 3),
        "y for output 'dense': got shape (40, 3), expected class numbers of shape (40,). For "
        "one-hot labels write y = y.argmax(axis=-1).",
    ),
    "one class number for a sequence of scores": (
        "softmax", (7, 3), SPARSE, THREE,
        "y for output 'dense': got shape (40,), expected class numbers of shape (40, 7). The "
        "output has axes that y has not: put Flatten() or a pooling layer before the last layer, "
        "or write return_sequences=False in the last recurrent one.",
    ),
    "a sequence of another length": (
        "softmax", (7, 3), SPARSE, np.tile(THREE[:, None], 5),
        "y for output 'dense': got shape (40, 5), expected class numbers of shape (40, 7). Give "
        "one class number for each row of scores.",
    ),
    "one-hot labels for groups": (
        None, 8, "circle", one_hot(THREE, 3),
        "y for output 'dense': got shape (40, 3), expected class numbers of shape (40,). For "
        "one-hot labels write y = y.argmax(axis=-1).",
    ),
    # -- class numbers
    "labels from 1": (
        "softmax", 3, SPARSE, np.array([1, 2, 3, 1]),
        "y for output 'dense': got label 3 in row 2, expected class numbers 0 to 2. The labels "
        "start at 1: write y = y - 1.",
    ),
    "more classes than units": (
        "softmax", 2, SPARSE, THREE,
        "y for output 'dense': got label 2 in row 2 (13 of 40 labels), expected class numbers 0 "
        "to 1. Give the last layer 3 units.",
    ),
    "labels from 1 and too few units": (
        "softmax", 3, SPARSE, np.array([1, 2, 3, 4, 5]),
        "y for output 'dense': got label 3 in row 2 (3 of 5 labels), expected class numbers 0 to "
        "2. The labels start at 1: write y = y - 1 and give the last layer 5 units.",
    ),
    "labels with gaps": (
        "softmax", 3, SPARSE, floats([0], [5], [9]),
        "y for output 'dense': got label 5 in row 1 (2 of 3 labels), expected class numbers 0 to "
        "2. Number the classes from 0: y = np.unique(y, return_inverse=True)[1].",
    ),
    "labels with gaps and too few units": (
        "softmax", 2, SPARSE, np.array([10, 20, 30]),
        "y for output 'dense': got label 10 in row 0 (3 of 3 labels), expected class numbers 0 to"
        " 1. Number the classes from 0, y = np.unique(y, return_inverse=True)[1], and give the "
        "last layer 3 units.",
    ),
    "signs for two classes": (
        "softmax", 2, SPARSE, YES_NO * 2 - 1,
        "y for output 'dense': got label -1 in row 0 (20 of 40 labels), expected class numbers 0 "
        "to 1. Number the classes from 0: y = np.unique(y, return_inverse=True)[1].",
    ),
    "a mark for what has no label": (
        "softmax", (2, 3), SPARSE, np.array([[0, 1], [2, -1]]),
        "y for output 'dense': got label -1 in row 1, expected class numbers 0 to 2. If -1 marks "
        "what has no label write SparseCategoricalCrossentropy(ignore_class=-1).",
    ),
    "another label than the ignored one": (
        "softmax", 2, losses.SparseCategoricalCrossentropy(ignore_class=255), [0, 1, 255, 2],
        "y for output 'dense': got label 2 in row 3, expected class numbers 0 to 1. Give the last"
        " layer 3 units.",
    ),
    "labels that are not whole": (
        "softmax", 3, SPARSE, floats(0, 1, 0.5),
        "y for output 'dense': got label 0.5 in row 2, expected class numbers 0 to 2. If these "
        "are classes write y = np.unique(y, return_inverse=True)[1]; if numbers, give the last "
        "layer 1 unit, activation='linear' and loss='mse'.",
    ),
    "groups that are not whole": (
        None, 8, "circle", floats(0, 1, 0.5),
        "y for output 'dense': got label 0.5 in row 2, expected class numbers. If these are "
        "classes write y = np.unique(y, return_inverse=True)[1].",
    ),
    # -- yes or no
    "signs for yes and no": (
        "sigmoid", 1, BCE, YES_NO * 2 - 1,
        "y for output 'dense': got label -1 in row 0 (20 of 40 labels), expected labels from 0 to"
        " 1. Write y = (y + 1) / 2.",
    ),
    "1 and 2 for yes and no": (
        "sigmoid", 1, BCE, YES_NO + 1,
        "y for output 'dense': got label 2 in row 1 (20 of 40 labels), expected labels from 0 to "
        "1. Write y = y - 1.",
    ),
    "-1 and 0 for yes and no": (
        "sigmoid", 1, BCE, YES_NO - 1,
        "y for output 'dense': got label -1 in row 0 (20 of 40 labels), expected labels from 0 to"
        " 1. Write y = y + 1.",
    ),
    "2 and 4 for yes and no": (
        "sigmoid", 1, BCE, YES_NO * 2 + 2,
        "y for output 'dense': got label 2 in row 0 (40 of 40 labels), expected labels from 0 to "
        "1. Write y = y == 4.",
    ),
    "bytes of an image": (
        "sigmoid", 3, BCE, np.array([[0, 17, 255], [3, 4, 5]]),
        "y for output 'dense': got label 17 in row 0 (5 of 6 labels), expected labels from 0 to "
        "1. Write y = y / 255.",
    ),
    "class numbers for yes and no": (
        "sigmoid", 1, BCE, THREE,
        "y for output 'dense': got label 2 in row 2 (13 of 40 labels), expected labels from 0 to "
        "1. For class numbers give the last layer 3 units, activation='softmax' and "
        "loss='sparse_categorical_crossentropy'; for numbers write activation='linear' and "
        "loss='mse'.",
    ),
    "numbers for yes and no": (
        "sigmoid", 1, BCE, floats(0.5, 1.5, 2.25),
        "y for output 'dense': got label 1.5 in row 1 (2 of 3 labels), expected labels from 0 to "
        "1. Bring y into 0 to 1, or for numbers write activation='linear' and loss='mse'.",
    ),
    "numbers for shares of a whole": (
        "softmax", 2, "kl_divergence", floats([3, 1], [0, 1]),
        "y for output 'dense': got label 3 in row 0, expected labels from 0 to 1. Write y = y / "
        "y.sum(axis=-1, keepdims=True), or loss='mse' for numbers.",
    ),
    # -- signs
    "1 and 2 for signs": (
        "tanh", 1, "hinge", YES_NO + 1,
        "y for output 'dense': got label 2 in row 1 (20 of 40 labels), expected labels -1 and 1, "
        "or 0 and 1. Write y = np.where(y == 2, 1, -1).",
    ),
    "class numbers for signs": (
        "linear", 1, "squared_hinge", THREE,
        "y for output 'dense': got label 2 in row 2 (13 of 40 labels), expected labels -1 and 1, "
        "or 0 and 1. Write -1 or 1 for every row; for several classes use a crossentropy.",
    ),
    "three signs": (
        "tanh", 1, "hinge", [-1, 1, 0, 1, 0],
        "y for output 'dense': got labels -1 and 1 and also 0 in row 2 (2 of 5 labels), expected "
        "labels -1 and 1, or 0 and 1. Leave out the rows with 0, or for three classes use a "
        "crossentropy.",
    ),
    # -- one class
    "one class, numbers": (
        "softmax", 3, SPARSE, np.full(1500, 2),
        "y for output 'dense': got the label 2 in all 1,500 rows, expected at least two classes. "
        "Check how the rows were chosen; shuffle a sorted table before it is split.",
    ),
    "one class, beside ignored ones": (
        "softmax", 3, losses.SparseCategoricalCrossentropy(ignore_class=-1), [2, -1, 2],
        "y for output 'dense': got the label 2 in all 3 rows, expected at least two classes. "
        "Check how the rows were chosen; shuffle a sorted table before it is split.",
    ),
    "one class, one-hot": (
        "softmax", 3, CCE, one_hot([1] * 5, 3),
        "y for output 'dense': got the label 1 in all 5 rows, expected at least two classes. "
        "Check how the rows were chosen; shuffle a sorted table before it is split.",
    ),
    "one class, yes or no": (
        "sigmoid", 1, BCE, np.zeros(5, np.float32),
        "y for output 'dense': got the label 0 in all 5 rows, expected at least two classes. "
        "Check how the rows were chosen; shuffle a sorted table before it is split.",
    ),
    "one class, several columns": (
        "sigmoid", 2, BCE, one_hot([1] * 5, 2),
        "y for output 'dense': got the label 1 in all 5 rows, expected at least two classes. "
        "Check how the rows were chosen; shuffle a sorted table before it is split.",
    ),
    "one class, signs": (
        "tanh", 1, "hinge", np.full(5, -1),
        "y for output 'dense': got the label -1 in all 5 rows, expected at least two classes. "
        "Check how the rows were chosen; shuffle a sorted table before it is split.",
    ),
    "one group": (
        None, 8, "circle", np.full(5, 3),
        "y for output 'dense': got the label 3 in all 5 rows, expected at least two classes. "
        "Check how the rows were chosen; shuffle a sorted table before it is split.",
    ),
}  # fmt: skip

WARNINGS = {
    "softmax into binary crossentropy, one class a row": (
        "softmax", 3, BCE, one_hot(THREE, 3),
        "output 'dense': got activation 'softmax' with loss 'binary_crossentropy', expected the "
        "loss for one class a row. Write loss='categorical_crossentropy'.",
    ),
    "sigmoid into categorical crossentropy": (
        "sigmoid", 3, CCE, one_hot(THREE, 3),
        "output 'dense': got activation 'sigmoid' with loss 'categorical_crossentropy', expected "
        "probabilities that sum to 1 over the classes. Write activation='softmax' in the last "
        "layer, or loss='binary_crossentropy' where a row may have several labels.",
    ),
    "sigmoid into sparse crossentropy": (
        "hard_sigmoid", 3, SPARSE, THREE,
        "output 'dense': got activation 'hard_sigmoid' with loss "
        "'sparse_categorical_crossentropy', expected probabilities that sum to 1 over the "
        "classes. Write activation='softmax' in the last layer.",
    ),
    "several labels a row for one class a row": (
        "softmax", 3, CCE, np.tile([[1, 0, 1], [0, 1, 0]], (3, 1)),
        "y for output 'dense': got labels that sum to 2 in row 0 (3 of 6 sums), expected rows "
        "that sum to 1. For several labels a row write activation='sigmoid' and "
        "loss='binary_crossentropy'.",
    ),
    "weighted one-hot rows": (
        "softmax", 2, CCE, floats([0, 2], [-1, 0], [1, 0]),
        "y for output 'dense': got 2 in row 0 (2 of 6 values), expected one-hot rows, or "
        "probabilities from 0 to 1. For numbers write activation='linear' and loss='mse'; to "
        "weigh rows use sample_weight.",
    ),
    "a few negative targets": (
        "relu", 1, "mse", np.concatenate([NUMBERS, [-0.25]]).astype(np.float32),
        "y for output 'dense': got target -0.25 in row 40, expected targets of at least 0, all "
        "that the last activation 'relu' can give. Write activation='linear' in the last layer.",
    ),
    "zeros under a division": (
        "linear", 1, "mape", NUMBERS,
        "y for output 'dense': got target 0 in row 0, expected targets other than 0, because loss"
        " 'mean_absolute_percentage_error' divides by them. Write loss='mae', or leave those rows"
        " out.",
    ),
    "one number": (
        "linear", 1, "mse", np.full(12, 7.5, np.float32),
        "y for output 'dense': got the target 7.5 in all 12 rows, expected targets that vary. "
        "Check which column y was taken from.",
    ),
    "one row of numbers": (
        "linear", 2, "mse", np.tile(floats(1, 2), (12, 1)),
        "y for output 'dense': got one row of targets in all 12 rows, expected targets that vary."
        " Check which column y was taken from.",
    ),
    "one share": (
        "sigmoid", 1, BCE, np.full(12, 0.5, np.float32),
        "y for output 'dense': got the target 0.5 in all 12 rows, expected targets that vary. "
        "Check which column y was taken from.",
    ),
}  # fmt: skip

HEALTHY = {
    "a number": ("linear", 1, "mse", NUMBERS - 7),
    "a number in a column": ("linear", 1, "mae", NUMBERS[:, None]),
    "whole numbers": ("linear", 1, "mse", np.arange(ROWS)),
    "a number with outliers": ("linear", 1, "log_cosh", NUMBERS**3),
    "several numbers": ("linear", 3, "huber", np.tile(NUMBERS[:, None], 3)),
    "positive numbers from relu": ("relu", 1, "mse", NUMBERS),
    "standardised numbers from tanh": ("tanh", 1, "mse", np.cos(NUMBERS)),
    "shares from sigmoid": ("sigmoid", 1, "mse", np.cos(NUMBERS) ** 2),
    "numbers after an unknown layer": (None, 1, "mse", NUMBERS - 7),
    "numbers after an unknown activation": ("my_activation", 1, "mse", NUMBERS - 7),
    "one-hot labels under the square": ("softmax", 3, "mse", one_hot(THREE, 3)),
    "forecast of a sequence": ("linear", (5, 1), "mse", np.arange(20.0).reshape(4, 5)),
    "sequence of an unknown length": ("linear", (None, 2), "mse", np.arange(20.0).reshape(2, 5, 2)),
    "counts": ("exponential", 1, "poisson", np.arange(5)),
    "prices": ("linear", 1, "msle", NUMBERS),
    "percentages": ("linear", 1, "mape", NUMBERS + 1),
    "directions": ("linear", 3, "cosine_similarity", -np.tile(NUMBERS[:, None], 3)),
    "autoencoder, square": ("sigmoid", (4, 4, 1), "mse", PICTURES),
    "autoencoder, square, flat": ("sigmoid", 16, "mse", PICTURES.reshape(5, 16)),
    "autoencoder, crossentropy": ("sigmoid", (4, 4, 1), BCE, PICTURES),
    "autoencoder, channel left out": ("sigmoid", (4, 4, 1), BCE, PICTURES[..., 0]),
    "autoencoder, standardised": ("linear", 16, "mse", PICTURES.reshape(5, 16) * 4 - 2),
    "autoencoder, columns that are constant": ("linear", 2, "mse", floats([0, 1], [0, 2], [0, 3])),
    "yes or no": ("sigmoid", 1, BCE, YES_NO),
    "yes once": ("sigmoid", 1, BCE, np.arange(10) == 9),
    "yes or no in a column": ("sigmoid", 1, BCE, YES_NO[:, None].astype(np.float32)),
    "yes or no from logits": ("linear", 1, losses.BinaryCrossentropy(from_logits=True), YES_NO),
    "yes or no from bounded logits": (
        "tanh", 1, losses.BinaryCrossentropy(from_logits=True), YES_NO
    ),
    "yes or no, focal": ("sigmoid", 1, "binary_focal_crossentropy", YES_NO),
    "yes or no after an unknown layer": (None, 1, BCE, YES_NO),
    "soft yes or no": ("sigmoid", 1, BCE, floats(0, 0.25, 1)),
    "yes or no, rounded": ("sigmoid", 1, BCE, floats(0, 1.000001, -0.000001)),
    "several labels a row": ("sigmoid", 3, BCE, np.tile([[1, 1, 0], [0, 0, 0]], (5, 1))),
    "one label a row among several": ("sigmoid", 3, BCE, one_hot(THREE, 3)),
    "labels of each step": ("sigmoid", (4, 1), BCE, np.array([[0, 1, 1, 0], [1, 0, 0, 0]])),
    "masks": ("sigmoid", (4, 4, 1), "dice", (PICTURES > 0.5).astype(np.float32)),
    "masks of classes": ("softmax", (2, 3), "tversky", one_hot(THREE[:6], 3).reshape(3, 2, 3)),
    "class numbers": ("softmax", 3, SPARSE, THREE),
    "class numbers in a column": ("softmax", 3, SPARSE, THREE[:, None].astype(np.float32)),
    "class numbers of which one never occurs": ("softmax", 5, SPARSE, THREE),
    "class numbers from logits": (
        "linear", 3, losses.SparseCategoricalCrossentropy(from_logits=True), THREE
    ),
    "class numbers from logarithms": (
        "log_softmax", 3, losses.SparseCategoricalCrossentropy(from_logits=True), THREE
    ),
    "class numbers from positive scores": ("exponential", 3, SPARSE, THREE),
    "class numbers, one ignored": (
        "softmax", 3, losses.SparseCategoricalCrossentropy(ignore_class=255), [0, 1, 255]
    ),
    "class numbers of two": ("softmax", 2, SPARSE, YES_NO),
    "class numbers, some wrong": (
        "softmax", 3, losses.CategoricalGeneralizedCrossEntropy(), THREE
    ),
    "class numbers of each step": ("softmax", (4, 3), SPARSE, THREE[:12].reshape(3, 4)),
    "class numbers of each step, with an axis": (
        "softmax", (None, 3), SPARSE, THREE[:12].reshape(3, 4, 1)
    ),
    "class numbers, classes first": (
        None, (3, 4), losses.SparseCategoricalCrossentropy(axis=1), THREE[:12].reshape(3, 4)
    ),
    "one-hot": ("softmax", 3, CCE, one_hot(THREE, 3)),
    "one-hot, whole numbers": ("softmax", 3, CCE, one_hot(THREE, 3).astype(np.int32)),
    "one-hot, focal": ("softmax", 3, "categorical_focal_crossentropy", one_hot(THREE, 3)),
    "one-hot, smooth": ("softmax", 3, CCE, one_hot(THREE, 3) * 0.7 + 0.1),
    "one-hot, of each step, some left out": (
        "softmax", (2, 3), CCE, np.stack([one_hot([0, 2], 3), np.zeros((2, 3), np.float32)])
    ),
    "one-hot, classes first": (
        None, (3, 2), losses.CategoricalCrossentropy(axis=1),
        one_hot([[0, 2], [1, 1]], 3).swapaxes(1, 2),
    ),
    "one-hot, hinge": ("linear", 3, "categorical_hinge", one_hot(THREE, 3)),
    "shares of a whole": ("softmax", 2, "kl_divergence", floats([0.5, 0.5], [0.1, 0.9])),
    "signs": ("tanh", 1, "hinge", YES_NO * 2 - 1),
    "signs as 0 and 1": ("linear", 1, "squared_hinge", YES_NO),
    "groups": (None, 8, "circle", THREE),
    "one row": ("sigmoid", 1, BCE, [1]),
    "one row of a number": ("linear", 1, "mse", floats(7)),
}  # fmt: skip


@pytest.mark.parametrize("case", ERRORS)
def test_tells_the_error(case):
    activation, units, loss, y, sentence = ERRORS[case]
    assert found(activation, units, loss, y) == ([sentence], [])


@pytest.mark.parametrize("case", WARNINGS)
def test_tells_the_doubt(case):
    activation, units, loss, y, sentence = WARNINGS[case]
    assert found(activation, units, loss, y) == ([], [sentence])


@pytest.mark.parametrize("case", HEALTHY)
def test_is_silent_on_healthy_pairings(case):
    assert found(*HEALTHY[case]) == ([], [])


def test_healthy_pairings_cover_every_loss():
    assert {type(losses.get(loss)) for _, _, loss, _ in HEALTHY.values()} == set(CLASSES)


# -- several at once, and what is left unsaid -------------------------------------------------


def test_tells_activation_and_labels_together():
    errors, doubts = found("linear", 3, SPARSE, THREE + 1)
    assert [error.split(":")[0] for error in errors] == [
        "output 'dense'",
        "y for output 'dense'",
    ]
    assert doubts == []


def test_tells_missing_labels_and_shapes_together_but_no_range():
    errors, _ = found("softmax", 3, SPARSE, np.full((4, 3), np.nan, np.float32))
    assert len(errors) == 2
    assert "got nan in row 0" in errors[0]
    assert "got shape (4, 3)" in errors[1]


def test_one_batch_may_hold_one_class():
    assert found("softmax", 3, CCE, one_hot([1] * 5, 3), complete=False) == ([], [])
    assert found("linear", 1, "mse", np.zeros(5, np.float32), complete=False) == ([], [])


def test_one_batch_is_told_of_labels_out_of_range():
    assert len(found("softmax", 3, SPARSE, np.full(5, 3), complete=False)[0]) == 1


def test_no_rows_are_no_problem_of_the_labels():
    assert found("softmax", 3, SPARSE, np.zeros(0, np.int32)) == ([], [])


@pytest.mark.parametrize("own", ["function", "subclass", "subclass of a known loss"])
def test_losses_of_ones_own_are_checked_for_nan_alone(own):
    class Own(losses.Loss):
        """A loss of which nothing is known."""

        targets = "labels"

    class Known(losses.BinaryCrossentropy):
        """A loss that may take other labels than the one it is built on."""

    loss = {
        "function": lambda y_true, y_pred: jnp.mean(jnp.square(y_pred), axis=-1),
        "subclass": Own(),
        "subclass of a known loss": Known(),
    }[own]
    assert found("linear", 4, loss, floats(-1, 0.5, 9)) == ([], [])
    errors, doubts = found("linear", 4, loss, floats(-1, np.nan, 9))
    assert [error.split(",")[0] for error in errors] == ["y for output 'dense': got nan in row 1"]
    assert doubts == []


@pytest.mark.parametrize(
    ("activation", "units", "y"),
    [("sigmoid", 1, YES_NO), ("softmax", 3, THREE), ("softmax", 3, one_hot(THREE, 3))],
)
def test_a_name_that_the_shapes_decide_is_understood(activation, units, y):
    assert check_pairing("dense", activation, (None, units), "crossentropy", y) == ([], [])


# -- tables over the catalogues ---------------------------------------------------------------


def test_every_loss_has_its_check():
    known = {loss.targets for loss in CLASSES}
    assert known - set(VALUES) == {"vectors"}
    assert set(VALUES) - known == set()


def test_every_activation_has_its_range():
    names = {function.registered_name for function in ACTIVATIONS.values()}
    assert set(RANGES) == names


@pytest.mark.parametrize("name", sorted(RANGES))
def test_ranges_are_those_of_the_functions(name):
    if name == "threshold":
        assert RANGES[name] == (-np.inf, np.inf)
        return
    x = jnp.linspace(-60.0, 60.0, 24001)
    # In pairs, so that activations over several units have some to share among.
    pairs = jnp.stack([x, jnp.zeros_like(x)], axis=-1)
    outputs = np.asarray(activations.get(name)(pairs))
    low, high = RANGES[name]
    assert outputs.min() >= low - 1e-6
    assert outputs.max() <= high + 1e-6
    for bound, reached in ((low, outputs.min()), (high, outputs.max())):
        if np.isfinite(bound):
            assert reached == pytest.approx(bound, abs=0.05)
        else:
            assert abs(reached) > 10


def test_lists_of_activations_are_those_of_the_functions():
    x = jnp.linspace(-8.0, 8.0, 101).reshape(-1, 1) * jnp.asarray([[1.0, -1.0, 0.5]])
    outputs = {
        name: np.asarray(activations.get(name)(x))
        for name in RANGES
        if name not in ("glu", "threshold")
    }
    sharing = {name for name, y in outputs.items() if np.allclose(y.sum(axis=-1), 1, atol=1e-5)}
    assert sharing == set(SHARING)
    positive = {name for name, y in outputs.items() if y.min() > 0}
    assert positive == set(POSITIVE) | {"sigmoid", "softmax"}
    assert set(PROBABILITIES) == set(SHARING) | {"sigmoid", "hard_sigmoid", "sparse_sigmoid"}


LABELS = {
    "numbers": NUMBERS + 1,
    "counts": NUMBERS + 1,
    "shares": YES_NO,
    "signs": YES_NO,
    "one-hot": one_hot(YES_NO, 2),
    "distribution": one_hot(YES_NO, 2),
    "labels": YES_NO,
    "groups": YES_NO,
    "vectors": one_hot(YES_NO, 2),
}


PROBABILITY_LOSSES = ("CategoricalGeneralizedCrossEntropy", "Dice", "KLDivergence", "Tversky")
"""Losses that take probabilities and have no form for logits."""


@pytest.mark.parametrize("loss", CLASSES)
@pytest.mark.parametrize("activation", [None, *sorted(RANGES)])
def test_crossentropies_take_probabilities_and_nothing_else(loss, activation):
    """The rule of the table, said once more in other words, for every pair."""
    units = 1 if loss.targets in ("numbers", "counts", "shares", "signs") else 2
    y = LABELS[loss.targets]
    if activation in SHARING and units == 1:
        units, y = 2, one_hot(YES_NO, 2)
    errors, doubts = found(activation, units, loss(), y)
    if activation is None:
        assert (errors, doubts) == ([], [])
    elif loss.link is not None or loss.__name__ in PROBABILITY_LOSSES:
        divided = loss.link == "softmax" and activation in POSITIVE
        assert bool(errors) == (activation not in PROBABILITIES and not divided)
    elif loss.targets == "signs":
        assert bool(errors) == (0 in RANGES[activation])


# -- whatever comes -----------------------------------------------------------------------------

SIZES = st.lists(st.integers(1, 3), min_size=0, max_size=3).map(tuple)
VALUES_IN = st.sampled_from([-1.0, 0.0, 1.0, 2.0, 0.5, np.nan, np.inf, 255.0])


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(CLASSES),
    st.sampled_from([None, *sorted(RANGES)]),
    SIZES,
    SIZES,
    st.integers(1, 3),
    st.lists(VALUES_IN, min_size=1, max_size=8),
    st.booleans(),
)
def test_any_labels_get_an_answer_in_full_sentences(
    loss, activation, output, row, rows, some, whole
):
    y = np.resize(np.array(some, np.float32), (rows, *row))
    if whole:
        y = np.nan_to_num(y, posinf=3).astype(np.int32)
    errors, doubts = check_pairing("dense", activation, (None, *output), loss(), y)
    if not np.isfinite(y).all():
        assert "expected finite numbers" in str(errors[0])
    for text in [*map(str, errors), *doubts]:
        assert text.startswith(("output 'dense': got ", "y for output 'dense': got "))
        assert ", expected " in text
        assert text.endswith(".")


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(CLASSES), SIZES, SIZES, st.integers(2, 4))
def test_shapes_are_refused_exactly_where_the_loss_refuses_them(loss, output, row, rows):
    """No pairing that is let through fails, or is repeated to fit, when the loss is computed."""
    made = loss()
    y = np.zeros((rows, *row), np.int32 if made.targets in ("labels", "groups") else np.float32)
    if made.targets == "groups" and len(output) != 1:
        return  # embeddings are vectors
    errors, _ = check_pairing("dense", None, (None, *output), made, y, complete=False)
    if errors and (" on 1 unit" in str(errors[0]) or made.targets == "groups"):
        return  # these are computed, to no purpose
    refused = pytest.raises(pellucid.errors.ShapeError) if errors else contextlib.nullcontext()
    with refused:
        jax.eval_shape(made.values, y, np.zeros((rows, *output), np.float32))


# -- in a model ----------------------------------------------------------------------------------


def model_of(units, activation, loss):
    model = pellucid.Sequential(
        [pellucid.Input((2,)), layers.Dense(units, activation=activation, name="answer")]
    )
    model.compile("sgd", loss)
    return model


X = np.linspace(-1, 1, 2 * ROWS, dtype=np.float32).reshape(ROWS, 2)


def test_fit_refuses_before_training():
    model = model_of(3, "softmax", SPARSE)
    before = model.get_weights()
    with pytest.raises(DataError) as caught:
        model.fit(X, THREE + 1, verbose=0)
    assert str(caught.value) == (
        "y for output 'answer': got label 3 in row 2 (13 of 40 labels), expected class numbers 0 "
        "to 2. The labels start at 1: write y = y - 1."
    )
    for old, new in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def test_fit_warns_and_trains():
    model = model_of(1, "linear", "mse")
    with pytest.warns(PellucidWarning, match=r"^y for output 'answer': got the target 0 in all 40"):
        history = model.fit(X, np.zeros(ROWS), epochs=1, verbose=0)
    assert np.isfinite(history.history["loss"]).all()


def test_fit_is_silent_on_a_healthy_model():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model_of(1, "sigmoid", BCE).fit(X, YES_NO, epochs=1, verbose=0)
