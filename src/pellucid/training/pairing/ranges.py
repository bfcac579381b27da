"""Which numbers each activation can give."""

import math
from collections.abc import Mapping

INFINITE = math.inf

RANGES: Mapping[str, tuple[float, float]] = {
    "celu": (-1.0, INFINITE),
    "elu": (-1.0, INFINITE),
    "exponential": (0.0, INFINITE),
    "gelu": (-0.169972, INFINITE),
    "glu": (-INFINITE, INFINITE),
    "hard_shrink": (-INFINITE, INFINITE),
    "hard_sigmoid": (0.0, 1.0),
    "hard_silu": (-0.375, INFINITE),
    "hard_tanh": (-1.0, 1.0),
    "leaky_relu": (-INFINITE, INFINITE),
    "linear": (-INFINITE, INFINITE),
    "log_sigmoid": (-INFINITE, 0.0),
    "log_softmax": (-INFINITE, 0.0),
    "mish": (-0.308843, INFINITE),
    "relu": (0.0, INFINITE),
    "relu6": (0.0, 6.0),
    "selu": (-1.758099, INFINITE),
    "sigmoid": (0.0, 1.0),
    "silu": (-0.278465, INFINITE),
    "soft_shrink": (-INFINITE, INFINITE),
    "softmax": (0.0, 1.0),
    "softplus": (0.0, INFINITE),
    "softsign": (-1.0, 1.0),
    "sparse_plus": (0.0, INFINITE),
    "sparse_sigmoid": (0.0, 1.0),
    "sparsemax": (0.0, 1.0),
    "squareplus": (0.0, INFINITE),
    "tanh": (-1.0, 1.0),
    "tanh_shrink": (-INFINITE, INFINITE),
    "threshold": (-INFINITE, INFINITE),
}
"""Smallest and largest output of each known activation, reached or only approached."""

SHARING = ("softmax", "sparsemax")
"""Activations whose outputs are probabilities that sum to 1."""

PROBABILITIES = tuple(name for name, bounds in RANGES.items() if bounds == (0.0, 1.0))
"""Activations whose outputs are probabilities."""

POSITIVE = ("exponential", "softplus", "squareplus")
"""Activations above 0 for every input, whose outputs a loss may divide by their sum."""
