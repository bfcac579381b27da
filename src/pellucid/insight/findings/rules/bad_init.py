"""First weights with which the signal blows up, dies, or is the same in every unit."""

from collections.abc import Iterator

import numpy as np

from pellucid.insight.findings.case import Case
from pellucid.insight.findings.finding import Finding
from pellucid.insight.findings.signal import Passage
from pellucid.insight.remedies import Reinitialise
from pellucid.layers import Dense, Layer
from pellucid.layers.nesting import Nesting
from pellucid.training.objective import Objective
from pellucid.training.recipe import Recipe
from pellucid.types import NumpyArray
from pellucid.wording import number_text

LARGE, VAST = 8.0, 100.0
"""Size of a pre-activation, for inputs of size 1, that is too large, and that is hopeless."""

STEEP = 5.0
"""The same in front of an activation with an upper and a lower end."""

FAINT = 0.005
"""Size that is left of inputs of size 1 when the signal has died."""

APART = 3.0
"""Size of a bias, in sizes of what it is added to, that decides alone."""

REMEDIES = (Reinitialise(),)

GROWTH = 2.5
"""Largest eigenvalue of a recurrent kernel, whose matrix is sound up to a little above 1."""

FREE_GROWTH = 1.7
"""The same where nothing bounds the state; of ReLU, which stops half of it, up to 1.41 is sound."""

BOUNDED = ("tanh", "sigmoid", "hard_sigmoid", "hard_tanh", "softsign")


def bad_init(case: Case) -> Iterator[Finding]:
    """Yield the finding of weights that keep the network from starting, at the first such layer.

    Judged by what real rows make of it: the size of what enters each layer, times its kernel's
    gain sqrt(fan_in * mean(kernel^2)), against the size of what enters the first.
    """
    if case.signal is None:
        return
    passages = case.signal.passages
    entering = next((_size(one) for one in passages if _size(one) > 0), 0.0)
    judged = [
        *map(_alike, passages),
        *(_drift(one, entering) for one in passages if entering > 0),
        *map(_pushed, passages),
        *_loud(case),
        *_grown(case),
    ]
    found = [one for one in judged if one is not None]
    # What one layer does wrong shows in those behind it too, so that one finding says it.
    faults = [one for one in found if one.severity == "fault"]
    yield from (faults or found)[:1]


def _size(passage: Passage) -> float:
    return float(np.median(passage.entering))


def _alike(passage: Passage) -> Finding | None:
    kernel = passage.kernel
    units = kernel.shape[-1]
    if passage.output or units < 2 or (not isinstance(passage.layer, Dense) and kernel.ndim < 3):
        return None
    flat = kernel.reshape(-1, units)
    if not (flat == flat[:, :1]).all():
        return None
    return Finding(
        "bad-init",
        "fault",
        f"All {units} units of layer '{passage.path}' begin with the same weights. They get the "
        "same gradients too, so they stay one unit for ever.",
        {"units": float(units), "weight": float(flat[0, 0])},
        REMEDIES,
        layer=passage.path,
    )


def _drift(passage: Passage, entering: float) -> Finding | None:
    size = passage.typical
    unit = max(1.0, entering)
    evidence = {"pre-activation": size, "gain": passage.gain, "input": entering}
    bounded = _activation(passage.layer) in BOUNDED and not passage.output
    if size > (STEEP if bounded else LARGE) * unit and passage.gain > 2:
        return Finding(
            "bad-init",
            "fault" if size > VAST * unit else "warning",
            f"The first weights are too large: in layer '{passage.path}' the signal has a typical "
            f"size of {number_text(size)}, where about 1 is right. "
            f"{_too_large(bounded)}",
            evidence,
            REMEDIES,
            layer=passage.path,
        )
    if 0 < size < FAINT * min(1.0, entering) and not passage.output:
        return Finding(
            "bad-init",
            "warning",
            f"The first weights are too small: in layer '{passage.path}' only "
            f"{number_text(size)} is left of inputs of size {number_text(entering)}. The layers "
            "behind it see next to nothing, and the gradients on the way back are as faint.",
            evidence,
            REMEDIES,
            layer=passage.path,
        )
    return None


def _first_values(case: Case, name: str) -> Iterator[tuple[Layer, str, NumpyArray]]:
    """Yield each layer that has a matrix of this name, its path, and the matrix's first values."""
    assert case.start is not None
    recipe = Recipe(case.network, Objective(()), None)
    values = recipe.values(*case.start)
    for weight, value in zip(case.network.weights, values, strict=True):
        layer, (*within, own) = case.network.layers[weight.layer], weight.name.split("/")
        if own == name and len(weight.spec.shape) == 2:
            for part in within:
                layer = layer.inner[part] if isinstance(layer, Nesting) else layer
            yield layer, weight.path.rpartition("/")[0], np.asarray(value)


def _loud(case: Case) -> Iterator[Finding]:
    """Yield vectors of codes that are large to begin with: what reads them takes their size."""
    for _, path, vectors in _first_values(case, "embeddings"):
        size = float(np.sqrt(np.vdot(vectors, vectors) / vectors.size))
        if size > LARGE:
            yield Finding(
                "bad-init",
                "fault" if size > VAST else "warning",
                f"The vectors of '{path}' begin with a typical size of {number_text(size)}, where "
                "1 or less is right. Layers behind them are driven to their ends, and a step moves "
                "the vectors by next to nothing.",
                {"size": size},
                REMEDIES,
                layer=path,
            )


def _grown(case: Case) -> Iterator[Finding]:
    """Yield recurrent kernels that make a state larger with every step."""
    for layer, path, kernel in _first_values(case, "recurrent_kernel"):
        blocks = np.float64(kernel).reshape(len(kernel), -1, len(kernel))
        growth = max(float(np.abs(np.linalg.eigvals(one)).max()) for one in blocks.swapaxes(0, 1))
        free = kernel.shape[0] == kernel.shape[1] and _activation(layer) not in BOUNDED
        if growth > (FREE_GROWTH if free else GROWTH):
            yield Finding(
                "bad-init",
                "warning",
                f"The recurrent weights of '{path}' are too large: each step can make a state "
                f"{number_text(growth)} times as large, where about 1 is right. {_grows(free)}",
                {"largest eigenvalue": growth},
                REMEDIES,
                layer=path,
            )


def _grows(free: bool) -> str:
    if free:
        return "Nothing bounds what its units give, so that it grows from step to step."
    return "Its units are driven to the ends of their activation, where the gradient is nearly 0."


def _too_large(bounded: bool) -> str:
    if bounded:
        return "Its units begin at the ends of their activation, where the gradient is nearly 0."
    return "The first outputs and gradients are far too large, and training begins by undoing them."


def _pushed(passage: Passage) -> Finding | None:
    """Return the finding of a bias that decides alone what a hidden layer gives."""
    if passage.bias is None or passage.output or not isinstance(passage.layer, Dense):
        return None
    size = float(np.median(np.abs(passage.bias)))
    if size <= APART * max(1.0, passage.typical):
        return None
    return Finding(
        "bad-init",
        "warning",
        f"The biases of layer '{passage.path}' begin at {number_text(size)}, far beyond the "
        f"{number_text(passage.typical)} that the inputs contribute. The units answer by their "
        "bias alone, the same for every row.",
        {"bias": size, "pre-activation": passage.typical},
        REMEDIES,
        layer=passage.path,
    )


def _activation(layer: Layer) -> str | None:
    return getattr(getattr(layer, "activation", None), "registered_name", None)
