"""Gradients vanish or explode with depth, by activation and initialiser.

Source: Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural
networks" (2010); He et al., "Delving Deep into Rectifiers" (2015).
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

import pellucid
from pellucid import initializers, layers

DEPTH, WIDTH, ROWS = 30, 64, 256
CASES: dict[str, tuple[str, Any]] = {
    "sigmoid, Glorot": ("sigmoid", "glorot_uniform"),
    "sigmoid, normal 0.01": ("sigmoid", initializers.RandomNormal(stddev=0.01)),
    "tanh, Glorot": ("tanh", "glorot_uniform"),
    "ReLU, Glorot": ("relu", "glorot_uniform"),
    "ReLU, He": ("relu", "he_normal"),
    "ReLU, normal 0.25": ("relu", initializers.RandomNormal(stddev=0.25)),
}


def gradient_norms(activation: str, initializer: Any, seed: int) -> list[float]:
    """Return the norm of d loss / d kernel for each hidden layer of an untrained network."""
    import jax
    import jax.numpy as jnp

    from pellucid.layers import Context

    hidden = [
        layers.Dense(WIDTH, activation=activation, kernel_initializer=initializer)
        for _ in range(DEPTH)
    ]
    model = pellucid.Sequential([layers.Input((WIDTH,)), *hidden, layers.Dense(1)], seed=seed)
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((ROWS, WIDTH)).astype("float32")
    y = rng.standard_normal((ROWS, 1)).astype("float32")

    def loss(values: list[Any]) -> Any:
        return jnp.mean((model.network.apply(values, [x], Context()).outputs[0] - y) ** 2)

    slopes = jax.jit(jax.grad(loss))(model.network.values(seed))
    # In float64: squares of small slopes are below what float32 can hold.
    return [float(np.linalg.norm(np.asarray(one, np.float64))) for one in slopes[: 2 * DEPTH : 2]]


def measure(seeds: range) -> Iterator[dict[str, Any]]:
    """Yield the norms of every case, by layer."""
    yield {name: [gradient_norms(*case, seed) for seed in seeds] for name, case in CASES.items()}


def draw(found: dict[str, Any], panel: Any) -> None:
    """Draw the norm over depth."""
    depth = np.arange(1, DEPTH + 1)
    for name, rows in found.items():
        panel.plot(depth, np.exp(np.log(np.maximum(rows, 1e-30)).mean(0)), label=name)
    panel.set_yscale("log")
    panel.set_xlabel("hidden layer, counted from the input")
    panel.set_ylabel("norm of the gradient by its kernel")
    panel.legend(ncols=2)


def tell(found: dict[str, Any]) -> str:
    """Return what was found, as a table."""
    lines = ["| network | first layer | last layer | ratio |", "| --- | --- | --- | --- |"]
    for name, rows in found.items():
        first, *_, last = np.exp(np.log(np.maximum(rows, 1e-30)).mean(0))
        lines.append(f"| {name} | {first:.1e} | {last:.1e} | {first / last:.1e} |")
    lines += [
        "",
        f"{DEPTH} layers of {WIDTH} units before any training; 1e-30 stands for less. With ReLU "
        "the ratio stays near 1 for every variance of the weights, but the whole is tiny or huge: "
        "what a layer multiplies on the way back it has also multiplied on the way forth.",
    ]
    return "\n".join(lines)
