"""Small set-ups, healthy and sick: a compiled model, its rows, and arguments of `check`."""

import numpy as np

import pellucid
from pellucid import Input, Model, Sequential, initializers, layers, losses, regularizers
from pellucid.layers import Dense

BINARY = "binary_crossentropy"
SPARSE = "sparse_categorical_crossentropy"


def drawn(*key):
    return np.random.default_rng(key)


def table(rows=200, columns=6, key=0):
    """Return standardised columns, and two classes by a rule that no single column tells."""
    x = drawn(key).normal(size=(rows, columns))
    return x, (x[:, 0] + x[:, 1] + x[:, 2] > 0).astype(int)


def three_classes(rows=180, key=1):
    y = drawn(key).permutation(np.arange(rows) % 3)
    return drawn(key, 1).normal(size=(rows, 4)) + y[:, None] * [1, -1, 0.5, 0], y


def numbers(rows=200, key=2):
    x = drawn(key).normal(size=(rows, 5))
    return x, x @ [1, -0.5, 0.5, 0, 0.2] * 0.7 + 0.1 * drawn(key, 1).normal(size=rows)


def compiled(*stack, loss=BINARY, **options):
    model = Sequential(list(stack), seed=0)
    model.compile(optimizer="adam", loss=loss, **options)
    return model


def mlp(columns, units, activation, loss, hidden=(16, 8), bend="relu", before=(), **options):
    wide = [Dense(width, bend, **options) for width in hidden]
    return compiled(Input((columns,)), *before, *wide, Dense(units, activation), loss=loss)


def binary(columns=6, **options):
    return mlp(columns, 1, "sigmoid", BINARY, **options)


def regression(columns=5, activation=None, **options):
    return mlp(columns, 1, activation, "mse", **options)


# -- healthy ------------------------------------------------------------------------------------


def raw_flowers():
    """Centimetres, as in Fisher's irises: not standardised, and fine as they are."""
    x, y = three_classes()
    return mlp(4, 3, "softmax", SPARSE), x * 0.5 + [5.8, 3.0, 3.8, 1.2], y, {"epochs": 50}


def adapted():
    x, y = table()
    x = x * [1, 1000, 1, 1e-3, 1, 1] + [0, 5000, 0, 0, 1, 0]
    scale = layers.Normalization()
    scale.adapt(x.astype(np.float32))
    return binary(before=(scale,)), x, y, {}


def batch_normalised():
    x, y = table()
    return binary(before=(layers.BatchNormalization(),)), x * 1000, y, {}


def pictures(scale, before=()):
    x = drawn(3).integers(0, 256, (60, 6, 6, 1))
    model = compiled(
        Input((6, 6, 1)),
        *before,
        layers.Conv2D(4, 3, activation="relu"),
        layers.Flatten(),
        Dense(1, "sigmoid"),
    )
    return model, x * scale, drawn(4).integers(0, 2, 60), {"validation_split": 0.4}


def counts():
    x = drawn(5).poisson(3, (200, 6))
    return binary(), x, (x[:, 0] + x[:, 1] > x[:, 2] + 3).astype(int), {}


def marks():
    """One-hot columns of which most are rare, beside numbers."""
    x = np.concatenate([np.eye(30)[drawn(6).integers(0, 30, 300)], table(300, 3)[0]], axis=1)
    return binary(33), x, table(300)[1], {"validation_split": 0.2}


def words():
    x = drawn(7).integers(0, 500, (100, 8))
    model = compiled(
        Input((8,), dtype="int32"),
        layers.Embedding(500, 4),
        layers.GlobalAveragePooling1D(),
        Dense(1, "sigmoid"),
    )
    return model, x, drawn(8).integers(0, 2, 100), {"validation_split": 0.2}


def heavy_tails():
    x = drawn(9).standard_t(2, (300, 6))
    return binary(), x, (x[:, 0] + x[:, 1] > 0).astype(int), {"validation_split": 0.3}


def three_to_one():
    return binary(), table()[0], (np.arange(200) % 4 == 0).astype(int), {}


def few_rows():
    x, y = table(12)
    return binary(), x, y, {"validation_split": 0.25, "epochs": 200}


def exclusive_or():
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float32)
    model = compiled(Input((2,)), Dense(2, "sigmoid"), Dense(1, "sigmoid"), loss="mse")
    return model, x, np.array([0, 1, 1, 0]), {"epochs": 1000, "validation_data": (x, [0, 1, 1, 0])}


def autoencoder():
    x = drawn(10).normal(size=(120, 8))
    return mlp(8, 8, None, "mse", hidden=(8, 2, 8)), x, x, {}


def deep():
    x, y = table()
    return binary(hidden=(16,) * 8), x, y, {}


def straight_line():
    x = np.linspace(-1, 1, 64)[:, None]
    return compiled(Input((1,)), Dense(1), loss="mse"), x, 3 * x, {}


def forecast():
    walk = np.cumsum(drawn(11).normal(size=220)) * 0.1
    x = np.stack([walk[start : start + 10] for start in range(200)])[..., None]
    model = compiled(Input((10, 1)), layers.SimpleRNN(4), Dense(1), loss="mse")
    return model, x, walk[10:210], {"shuffle": False, "validation_split": 0.2}


def logits():
    x, y = three_classes()
    loss = losses.SparseCategoricalCrossentropy(from_logits=True)
    return mlp(4, 3, None, loss), x, y, {"validation_split": 0.2}


def several_labels():
    x = table()[0]
    return mlp(6, 4, "sigmoid", BINARY), x, drawn(12).integers(0, 2, (200, 4)), {}


def two_outputs():
    entry = Input((6,))
    wide = Dense(8, "relu")(entry)
    joined = layers.Add()([wide, Dense(8, "relu")(wide)])
    ends = [Dense(1, name="size")(joined), Dense(3, "softmax", name="kind")(joined)]
    model = Model(entry, ends, seed=0)
    model.compile("adam", ["mse", SPARSE])
    x = table()[0]
    return model, x, [x[:, 0] + x[:, 1], drawn(13).integers(0, 3, 200)], {}


def used_again():
    """A trained layer, frozen under a new one."""
    model = binary()
    model.layers[1].set_weights([one + 0.1 for one in model.layers[1].get_weights()])
    model.layers[1].trainable = False
    x, y = table()
    return model, x, y, {}


def balanced_by_weight():
    y = (np.arange(200) % 25 == 0).astype(int)
    return binary(), table()[0], y, {"class_weight": {0: 0.5, 1: 12.5}}


def held_back():
    x, y = table()
    model = binary(before=(layers.Dropout(0.3),), kernel_regularizer=regularizers.L2(1e-3))
    return model, x, y, {"validation_split": 0.2}


HEALTHY = {
    "raw flowers": raw_flowers,
    "adapted normalization": adapted,
    "batch normalization": batch_normalised,
    "pictures from 0 to 1": lambda: pictures(1 / 255),
    "pictures and rescaling": lambda: pictures(1, (layers.Rescaling(1 / 255),)),
    "counts": counts,
    "one-hot columns": marks,
    "word numbers": words,
    "heavy tails": heavy_tails,
    "three to one": three_to_one,
    "few rows": few_rows,
    "exclusive or": exclusive_or,
    "autoencoder": autoencoder,
    "deep": deep,
    "straight line": straight_line,
    "forecast in order": forecast,
    "logits": logits,
    "several labels a row": several_labels,
    "two outputs": two_outputs,
    "trained part used again": used_again,
    "balanced by weight": balanced_by_weight,
    "dropout and L2": held_back,
    "standardised numbers": lambda: (regression(), *numbers(), {"validation_split": 0.2}),
    "full batch": lambda: (regression(), *numbers(), {"batch_size": 200, "epochs": 500}),
    "one row a batch": lambda: (regression(), *numbers(), {"batch_size": 1, "epochs": 3}),
}


# -- sick ---------------------------------------------------------------------------------------


def with_holes():
    x, y = table()
    x[3, 2] = x[7, 2] = np.nan
    return binary(), x, y, {}


def unreadable():
    x, y = table()
    return binary(), x, np.where(y == 1, "yes", "no"), {}


def mixed_units():
    x, y = table()
    return binary(), x * [1, 1000, 1, 1, 1, 1], y, {}


def faint_column():
    x, y = table()
    return binary(), x * [1, 1e-3, 1, 1, 1, 1], y, {}


def big_targets():
    x, y = numbers()
    return regression(), x, 100 * y + 500, {}


def stuck_column():
    x, y = table()
    x[:, 4] = 2.5
    return binary(), x, y, {}


def doubled_column():
    x, y = table()
    x[:, 5] = x[:, 1]
    return binary(), x, y, {}


def leak():
    x, y = table()
    x[:, 3] = y + 0.1 * drawn(20).normal(size=200)
    return binary(), x, y, {}


def shared_rows():
    x, y = table()
    return binary(), x, y, {"validation_data": (x[:80], y[:80])}


def repeated_rows():
    x, y = table()
    return binary(), np.concatenate([x, x[:60]]), np.concatenate([y, y[:60]]), {}


def wrong_labels():
    x = drawn(21).normal(size=(400, 2))
    y = drawn(21, 1).permutation(np.arange(400) % 2)
    x[:, 0] += 6 * y
    return binary(2), x, np.where(drawn(22).random(400) < 0.2, 1 - y, y), {}


def rare_class():
    return binary(), table()[0], (np.arange(200) % 20 == 0).astype(int), {}


def squares_for_classes():
    x, y = three_classes()
    return mlp(4, 3, "softmax", "mse"), x, np.eye(3)[y], {}


def counted_from_one():
    x, y = three_classes()
    return mlp(4, 3, "softmax", SPARSE), x, y + 1, {}


def other_scale():
    x, y = table()
    return binary(), x[:120], y[:120], {"validation_data": (x[120:] * 6, y[120:])}


def sorted_rows():
    x, y = three_classes()
    order = np.argsort(y, kind="stable")
    return mlp(4, 3, "softmax", SPARSE), x[order], y[order], {"shuffle": False}


def out_of_reach():
    x, y = numbers()
    return regression(activation="relu"), x, y, {}


def started(**options):
    x, y = table()
    return binary(**options), x, y, {}


def random_normal(deviation):
    return {"kernel_initializer": initializers.RandomNormal(stddev=deviation)}


def at_rate(rate):
    x, y = table()
    model = binary()
    model.compile(pellucid.optimizers.SGD(rate), BINARY)
    return model, x, y, {"range_test": True, "epochs": 20}


def one_row_normalised():
    x, y = table()
    return binary(before=(layers.BatchNormalization(),)), x, y, {"batch_size": 1}


def huge():
    x, y = table(10)
    return binary(hidden=(200, 100)), x, y, {"epochs": 100}


def tiny():
    x, y = table(5000)
    return binary(hidden=(1,)), x, y, {}


SICK = {
    "holes": (with_holes, "nonfinite-data", "fault"),
    "text labels": (unreadable, "refused-data", "fault"),
    "softmax on one unit": (
        lambda: (mlp(6, 1, "softmax", BINARY), *table(), {}), "output-loss-mismatch", "fault",
    ),
    "relu under a crossentropy": (
        lambda: (mlp(6, 1, "relu", BINARY), *table(), {}), "output-loss-mismatch", "fault",
    ),
    "squares for classes": (
        squares_for_classes, "output-loss-mismatch", "warning",
    ),
    "labels from 1": (counted_from_one, "bad-labels", "fault"),
    "relu for both signs": (out_of_reach, "output-range-mismatch", "fault"),
    "frozen at the start": (
        lambda: started(trainable=False), "frozen-parameters", "warning",
    ),
    "all weights 0": (lambda: started(kernel_initializer="zeros"), "bad-init", "fault"),
    "weights too large": (lambda: started(**random_normal(3.0)), "bad-init", "warning"),
    "weights too small": (lambda: started(**random_normal(1e-3)), "bad-init", "warning"),
    "saturated": (lambda: started(bend="tanh", **random_normal(5.0)), "bad-init", "warning"),
    "biases far off": (
        lambda: started(bias_initializer=initializers.Constant(-20.0)), "bad-init", "warning",
    ),
    "one column in thousands": (mixed_units, "unscaled-inputs", "fault"),
    "pixels to 255": (lambda: pictures(1), "unscaled-inputs", "fault"),
    "one faint column": (faint_column, "unscaled-inputs", "warning"),
    "tiny inputs": (
        lambda: (binary(), table()[0] * 1e-3, table()[1], {}), "unscaled-inputs", "warning",
    ),
    "targets in hundreds": (big_targets, "unscaled-targets", "warning"),
    "targets that hardly vary": (
        lambda: (regression(), numbers()[0], numbers()[1] * 1e-4, {}),
        "unscaled-targets", "warning",
    ),
    "a leak": (leak, "label-leakage", "warning"),
    "shared rows": (shared_rows, "train-val-overlap", "fault"),
    "another scale": (other_scale, "train-val-shift", "warning"),
    "sorted": (sorted_rows, "unshuffled-data", "warning"),
    "dropout 0.9": (
        lambda: started(before=(layers.Dropout(0.9),)), "over-regularized", "warning",
    ),
    "L2 of 1": (
        lambda: started(kernel_regularizer=regularizers.L2(1.0)), "over-regularized", "fault",
    ),
    "no bend": (lambda: started(bend=None), "missing-nonlinearity", "warning"),
    "one unit in between": (lambda: started(hidden=(16, 1, 16)), "narrow-layer", "warning"),
    "two steps in all": (
        lambda: (binary(), *table(), {"batch_size": 200, "epochs": 2}),
        "batch-too-large", "warning",
    ),
    "one row a batch norm": (one_row_normalised, "batch-too-small", "fault"),
    "a rare class": (rare_class, "class-imbalance", "warning"),
    "wrong labels": (wrong_labels, "label-noise", "warning"),
    "a constant column": (stuck_column, "constant-features", "note"),
    "a column twice": (doubled_column, "duplicate-features", "note"),
    "rows twice": (repeated_rows, "duplicate-rows", "note"),
    "huge": (huge, "too-many-parameters", "note"),
    "tiny": (tiny, "too-few-parameters", "note"),
    "rate too high": (lambda: at_rate(1000.0), "lr-too-high", "fault"),
    "rate too low": (lambda: at_rate(1e-6), "lr-too-low", "warning"),
}  # fmt: skip
"""By name: the set-up, the finding, its severity."""
