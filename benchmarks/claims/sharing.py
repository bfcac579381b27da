"""A CNN shares its parameters over places, so it knows a digit where it has never seen one.

Source: LeCun et al., "Gradient-Based Learning Applied to Document Recognition" (1998);
Goodfellow, Bengio, Courville, "Deep Learning" (2016), section 9.2.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

import pellucid
from pellucid import layers

CANVAS, DIGIT = 20, 8
SHIFTS = range(7)
EPOCHS = 30


def mlp(seed: int) -> Any:
    """Return an MLP of 5,071 parameters."""
    hidden = layers.Dense(12, activation="relu")
    return _model([layers.Flatten(), hidden, layers.Dense(12, activation="relu")], seed)


def cnn(seed: int) -> Any:
    """Return a CNN of 5,130 parameters."""
    own: list[Any] = []
    for filters in (16, 32):
        own.append(layers.Conv2D(filters, 3, padding="same", activation="relu"))
        own.append(layers.MaxPooling2D(2))
    return _model([*own, layers.GlobalMaxPooling2D()], seed)


def _model(members: list[Any], seed: int) -> Any:
    ends = layers.Input((CANVAS, CANVAS, 1)), layers.Dense(10, activation="softmax")
    model = pellucid.Sequential([ends[0], *members, ends[1]], seed=seed)
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def on_canvas(digits: np.ndarray, shift: int, rng: np.random.Generator) -> np.ndarray:
    """Return digits on an empty canvas, moved `shift` pixels from its middle in some direction."""
    middle = (CANVAS - DIGIT) // 2
    canvas = np.zeros((len(digits), CANVAS, CANVAS, 1), "float32")
    for row, digit in enumerate(digits):
        move = rng.integers(-shift, shift + 1, 2)
        move[rng.integers(2)] = shift * rng.choice([-1, 1])
        top, left = middle + move
        canvas[row, top : top + DIGIT, left : left + DIGIT, 0] = digit / 16
    return canvas


def measure(seeds: range) -> Iterator[dict[str, Any]]:
    """Yield accuracy by distance from the middle, for digits trained in the middle alone."""
    x, y = load_digits(return_X_y=True)
    parts = train_test_split(x.reshape(-1, 8, 8), y, stratify=y, random_state=0, test_size=0.3)
    x_train, x_test, y_train, y_test = parts
    found: dict[str, Any] = {"shifts": [*SHIFTS]}
    for name, make in (("MLP", mlp), ("CNN", cnn)):
        rows = []
        for seed in seeds:
            rng = np.random.default_rng(seed)
            model = make(seed)
            model.fit(on_canvas(x_train, 0, rng), y_train, epochs=EPOCHS, verbose=0)
            rows.append(
                [
                    float(model.evaluate(on_canvas(x_test, shift, rng), y_test, verbose=0)[1])
                    for shift in SHIFTS
                ]
            )
        found[name] = {"accuracy": rows, "parameters": int(make(0).count_params())}
    yield found


def draw(found: dict[str, Any], panel: Any) -> None:
    """Draw accuracy over distance."""
    for name in ("MLP", "CNN"):
        scores = np.array(found[name]["accuracy"])
        label = f"{name}, {found[name]['parameters']:,} parameters"
        panel.errorbar(found["shifts"], scores.mean(0), scores.std(0), label=label, capsize=2)
    panel.axhline(0.1, color="#767676", linewidth=0.8, linestyle=":")
    panel.set_xlabel("pixels from the middle, where all training digits were")
    panel.set_ylabel("accuracy on test digits")
    panel.set_ylim(0, 1.02)
    panel.legend()


def tell(found: dict[str, Any]) -> str:
    """Return what was found, in words."""
    mlp_scores, cnn_scores = (np.array(found[name]["accuracy"]).mean(0) for name in ("MLP", "CNN"))
    return (
        f"In the middle, where they were trained, the MLP reads {mlp_scores[0]:.1%} of the test "
        f"digits and the CNN {cnn_scores[0]:.1%}. Three pixels away it is {mlp_scores[3]:.1%} and "
        f"{cnn_scores[3]:.1%}, six pixels away {mlp_scores[6]:.1%} and {cnn_scores[6]:.1%}. After "
        "an odd number of pixels the CNN is worse: its pooling takes every other place (Zhang, "
        '"Making Convolutional Networks Shift-Invariant Again", 2019).'
    )
