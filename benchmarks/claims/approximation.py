"""One hidden layer approximates any continuous function, the better the wider it is.

Source: Cybenko, "Approximation by superpositions of a sigmoidal function" (1989); Hornik,
Stinchcombe, White, "Multilayer feedforward networks are universal approximators" (1989).
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

import pellucid
from pellucid import layers

WIDTHS = (1, 2, 4, 8, 16, 32, 64)
ROWS, EPOCHS = 512, 2000


def target(x: np.ndarray) -> np.ndarray:
    """Return a function with bends of several sizes and a corner, on [-1, 1]."""
    return np.sin(6 * x) * np.exp(-(x**2)) + 0.5 * np.abs(x - 0.3)


def measure(seeds: range) -> Iterator[dict[str, Any]]:
    """Yield the root mean square error and the largest error, by width."""
    x = np.linspace(-1, 1, ROWS, dtype="float32")[:, None]
    y = target(x)
    found: dict[str, Any] = {"widths": [*WIDTHS], "rmse": [], "largest": [], "curves": {}}
    for width in WIDTHS:
        errors = []
        for seed in seeds:
            hidden = layers.Dense(
                width,
                activation="tanh",
                kernel_initializer=pellucid.initializers.RandomNormal(stddev=4.0),
                bias_initializer=pellucid.initializers.RandomUniform(-3, 3),
            )
            model = pellucid.Sequential([layers.Input((1,)), hidden, layers.Dense(1)], seed=seed)
            rate = pellucid.optimizers.schedules.CosineDecay(0.02, EPOCHS * 4)
            model.compile(pellucid.optimizers.Adam(rate), "mse")
            model.fit(x, y, epochs=EPOCHS, batch_size=128, verbose=0)
            given = model.predict(x)
            errors.append((given - y)[:, 0])
            found["curves"].setdefault(str(width), given[::4, 0].tolist())
        found["rmse"].append([float(np.sqrt(np.mean(one**2))) for one in errors])
        found["largest"].append([float(np.abs(one).max()) for one in errors])
    yield found


def draw(found: dict[str, Any], panel: Any) -> None:
    """Draw the errors over the width."""
    for name, label in (("rmse", "root mean square error"), ("largest", "largest error")):
        rows = np.array(found[name])
        panel.plot(found["widths"], np.median(rows, 1), marker="o", label=label)
        panel.fill_between(found["widths"], rows.min(1), rows.max(1), alpha=0.2)
    panel.set_xscale("log", base=2)
    panel.set_yscale("log")
    panel.set_xlabel("units in the hidden layer")
    panel.set_ylabel("error on [-1, 1]")
    panel.legend()


def tell(found: dict[str, Any]) -> str:
    """Return what was found, in words."""
    median = np.median(np.array(found["largest"]), 1)
    pairs = ", ".join(f"{w} units {e:.4f}" for w, e in zip(found["widths"], median, strict=True))
    return f"Largest error, median of the seeds: {pairs}."
