"""Small runs, healthy and sick: a model, its rows, and arguments of `fit`.

Most are one network on 200 rows at other rates and with other rows, so that they are compiled once.
"""

import numpy as np

from pellucid import Input, Sequential, initializers, layers
from pellucid.callbacks import Callback
from pellucid.layers import Dense
from pellucid.optimizers import SGD, Adam

BINARY = "binary_crossentropy"


def drawn(*key):
    return np.random.default_rng(key)


def rows(key=0):
    """Return 200 rows of six standard normal columns, and two classes by a rule of three."""
    x = drawn(key).normal(size=(200, 6)).astype("float32")
    return x, (x[:, 0] + x[:, 1] - x[:, 2] > 0).astype(int)


def crossed_rows():
    """Return rows whose class no single column, and no line, tells."""
    x, _ = rows()
    return x, (x[:, 0] * x[:, 1] > 0).astype(int)


def compiled(*stack, loss=BINARY, optimizer=None):
    model = Sequential(list(stack), seed=0)
    model.compile(SGD(0.3) if optimizer is None else optimizer, loss)
    return model


def network(rate=0.3, **options):
    return compiled(
        Input((6,)), Dense(8, "relu", **options), Dense(1, "sigmoid"), optimizer=SGD(rate)
    )


def biased(value):
    return {"bias_initializer": initializers.Constant(value)}


# -- healthy ------------------------------------------------------------------------------------


def trained():
    return network(), *rows(), {"epochs": 40}


def validated():
    return network(), *rows(), {"epochs": 40, "validation_data": rows(1)}


def line():
    x, _ = rows()
    model = compiled(Input((6,)), Dense(8, "relu"), Dense(1), loss="mse", optimizer=SGD(0.1))
    return model, x, x @ np.array([1, -1, 0.5, 0, 0, 0], "float32"), {"epochs": 60}


def three_classes():
    y = drawn(2).permutation(np.arange(200) % 3)
    x = drawn(3).normal(size=(200, 6)) + 2 * np.eye(3, 6)[y]
    model = compiled(
        Input((6,)), Dense(8, "relu"), Dense(3, "softmax"), loss="sparse_categorical_crossentropy"
    )
    return model, x, y, {"epochs": 40}


def several_labels():
    x, _ = rows()
    model = compiled(Input((6,)), Dense(8, "relu"), Dense(3, "sigmoid"))
    return model, x, (x[:, :3] + x[:, 3:] > 0).astype(int), {"epochs": 80}


HEALTHY = {
    "two classes": trained,
    "two classes, validated": validated,
    "three classes": three_classes,
    "several labels a row": several_labels,
    "numbers": line,
}


# -- sick ---------------------------------------------------------------------------------------


def at_rate(rate, epochs=10):
    return network(rate), *rows(), {"epochs": epochs}


def off_from_the_start():
    return network(**biased(-30.0)), *rows(), {"epochs": 10}


class Kills(Callback):
    """Pushes all hidden units below 0 at the end of the third epoch."""

    def on_epoch_end(self, epoch, logs=None):
        if epoch == 2:
            kernel, bias, *last = self.model.get_weights()
            self.model.set_weights([kernel, bias - 30, *last])


def killed():
    return network(), *rows(), {"epochs": 10, "callbacks": [Kills()]}


def deep(bend, rate=0.1, **options):
    hidden = [Dense(8, bend, **options) for _ in range(6)]
    model = compiled(Input((6,)), *hidden, Dense(1, "sigmoid"), optimizer=SGD(rate))
    return model, *rows(), {"epochs": 10}


def saturated():
    wide = initializers.RandomNormal(stddev=100.0)
    hidden = Dense(8, "tanh", kernel_initializer=wide)
    model = compiled(Input((6,)), hidden, Dense(1, "sigmoid"), optimizer=SGD(1e-3))
    return model, *crossed_rows(), {"epochs": 10}


def sequences(steps=30):
    """Return rows whose first step tells the class and whose others are all alike."""
    x = np.ones((100, steps, 1), "float32")
    x[:, 0, 0] = drawn(5).normal(size=100)
    return x, (x[:, 0, 0] > 0).astype(int)


def stiff():
    x, y = sequences()
    memory = layers.GRU(4, **biased(20.0))
    model = compiled(Input((30, 1)), memory, Dense(1, "sigmoid"), optimizer=Adam(0.01))
    return model, x, y, {"epochs": 5}


def remembering(gain, rate=1e-3):
    """Return a linear memory whose state, and signal, grows by a factor with every step."""
    x = drawn(6).normal(size=(100, 30, 1)).astype("float32")
    memory = layers.SimpleRNN(4, None, recurrent_initializer=initializers.Orthogonal(gain=gain))
    model = compiled(Input((30, 1)), memory, Dense(1), loss="mse", optimizer=Adam(rate))
    return model, x, x[:, 0, 0], {"epochs": 5}


def rare_class():
    x, _ = rows()
    return network(), x, (np.arange(200) % 8 == 0).astype(int), {"epochs": 10}


def faint_column():
    x, y = rows()
    x[:, 1] *= 1e-4
    return network(), x, y, {"epochs": 40}


def guesses():
    x, _ = rows()
    held = rows(1)[0], drawn(7).integers(0, 2, 200)
    return network(), x, drawn(8).integers(0, 2, 200), {"epochs": 10, "validation_data": held}


def crossed():
    return compiled(Input((6,)), Dense(1, "sigmoid")), *crossed_rows(), {"epochs": 40}


def lopsided():
    x, _ = rows()
    return network(0.05), x, (np.arange(200) % 5 == 0).astype(int), {"epochs": 10}


def bouncing():
    """A full batch of absolute errors: each step has the same length, over the valley and back."""
    x = drawn(12).normal(size=(32, 1)).astype("float32")
    model = compiled(Input((1,)), Dense(1), loss="mae", optimizer=SGD(8.0))
    return model, x, 2 * x[:, 0], {"epochs": 40}


def memorised():
    def noisy(key):
        x = drawn(key).normal(size=(100, 30)).astype("float32")
        return x, (x[:, 0] > 0).astype(int) ^ (drawn(key, 1).random(100) < 0.15)

    wide = [Dense(64, "relu"), Dense(64, "relu")]
    model = compiled(Input((30,)), *wide, Dense(1, "sigmoid"), optimizer=Adam(3e-3))
    return model, *noisy(9), {"epochs": 40, "validation_data": noisy(10)}


def vast():
    model, x, y, options = memorised()
    wide = [Dense(160, "relu"), Dense(160, "relu")]
    model = compiled(Input((30,)), *wide, Dense(1, "sigmoid"), optimizer=Adam(3e-3))
    return model, x, y, options


def counted_classes():
    """Four heaps of points whose numbers do not follow one another."""

    def heaps(key):
        number = np.arange(200) % 4
        x = drawn(key).normal(size=(200, 2)) * 0.3 + 4 * np.eye(4)[number][:, :2]
        x[number == 3] += 4
        return x.astype("float32"), np.array([3.0, 2.0, 0.0, 1.0], "float32")[number]

    model = compiled(Input((2,)), Dense(1), loss="mse", optimizer=Adam(0.05))
    return model, *heaps(13), {"epochs": 20, "validation_data": heaps(14)}


def words():
    x = drawn(11).integers(0, 50, (200, 4))
    entry = [Input((4,), dtype="int32"), layers.Embedding(1000, 4), layers.Flatten()]
    model = compiled(*entry, Dense(1, "sigmoid"), optimizer=Adam(0.05))
    return model, x, (x[:, 0] > 25).astype(int), {"epochs": 20}


SICK = {
    "rate 1e30": (lambda: at_rate(1e30), "nonfinite-loss", "fault"),
    "six sigmoids": (lambda: deep("sigmoid"), "vanishing-gradient", "fault"),
    "a fading memory": (lambda: remembering(0.5), "vanishing-gradient", "fault"),
    "large weights": (
        lambda: deep("relu", 1e-4, kernel_initializer=initializers.RandomNormal(stddev=2.0)),
        "exploding-gradient", "fault",
    ),
    "a growing memory": (lambda: remembering(1.5, 1e-4), "exploding-gradient", "fault"),
    "off from the start": (off_from_the_start, "dead-units", "fault"),
    "killed on the way": (killed, "dead-units", "fault"),
    "large weights into tanh": (saturated, "saturated-units", "fault"),
    "a stiff memory": (stiff, "collapsed-memory", "fault"),
    "rate 30": (lambda: at_rate(30.0, 3), "lr-too-high", "fault"),
    "rate 1e-6": (lambda: at_rate(1e-6), "lr-too-low", "warning"),
    "a full batch of absolute errors": (bouncing, "oscillating-loss", "warning"),
    "a rare class": (rare_class, "class-imbalance", "fault"),
    "a faint column": (faint_column, "ignored-input", "warning"),
    "one answer": (lopsided, "constant-predictions", "fault"),
    "standing still": (lambda: at_rate(1e-6), "not-learning", "fault"),
    "labels by lot": (guesses, "no-signal", "warning"),
    "no line helps": (crossed, "underfit", "warning"),
    "by heart": (memorised, "overfit", "warning"),
    "by heart, and vast": (vast, "too-many-parameters", "warning"),
    "classes as numbers": (counted_classes, "output-loss-mismatch", "warning"),
    "three epochs": (lambda: at_rate(0.1, 3), "under-trained", "warning"),
    "few words": (words, "dead-embedding-rows", "warning"),
}  # fmt: skip
"""By what was done: the run, the finding, its severity."""
