"""One training step of any network, layer by layer."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from pellucid.insight.walkthrough.differences import Check, check
from pellucid.insight.walkthrough.document import Item, Sentence, Table
from pellucid.insight.walkthrough.exercise import Exercise, Taken
from pellucid.layers.base import FLOAT_TYPES
from pellucid.types import NumpyArray, Shape

LARGEST = 3
"""Values of each weight that are shown: those with the largest gradients."""

SIGNS_SEED = 0
"""Seed of the random signs along which a whole weight is moved."""


@dataclass(frozen=True)
class LayerReading:
    """What one layer did in one step.

    Args:
        path: Its path in the network.
        kind: Its class.
        takes: Shapes of what it takes, with the rows.
        gives: Shape of its result, with the rows.
        rms: Root mean square of its result; None for whole numbers.
        signal: Root mean square of dL/d(result); None where there is no such slope.
    """

    path: str
    kind: str
    takes: tuple[tuple[int, ...], ...]
    gives: tuple[int, ...]
    rms: float | None
    signal: float | None


@dataclass(frozen=True)
class Entry:
    """One value of a weight: where it lies, and what the step made of it."""

    index: tuple[int, ...]
    before: float
    gradient: float
    after: float


@dataclass(frozen=True)
class WeightReading:
    """What one step did to one trained weight.

    Args:
        path: Its path.
        shape: Its shape.
        rms: Root mean square of its values before the step.
        gradient: Root mean square of its gradient.
        update: Root mean square of its change.
        largest: The values with the largest gradients.
    """

    path: str
    shape: Shape
    rms: float
    gradient: float
    update: float
    largest: tuple[Entry, ...]

    @property
    def ratio(self) -> float | None:
        """Size of the change beside the size of the weight; None for a weight of zeros."""
        return self.update / self.rms if self.rms else None


def layer_readings(exercise: Exercise, taken: Taken) -> tuple[LayerReading, ...]:
    """Return what each layer did, from the data to the output."""
    network = exercise.recipe.network
    found = []
    for number, node in enumerate(network.nodes):
        if number not in taken.results:
            continue
        result = taken.results[number]
        layer: Any = network.layers[node.layer]
        takes = tuple(
            taken.results[source].shape for source in node.inputs if source in taken.results
        )
        real = str(result.dtype) in FLOAT_TYPES
        signal = taken.signals.get(number)
        found.append(
            LayerReading(
                node.path,
                type(layer).__name__,
                takes,
                result.shape,
                _rms(result) if real else None,
                None if signal is None else _rms(signal),
            )
        )
    return tuple(found)


def weight_readings(exercise: Exercise, taken: Taken) -> tuple[WeightReading, ...]:
    """Return what the step did to each trained weight."""
    network = exercise.recipe.network
    found = []
    four = (network.trained, taken.weights, taken.gradients, taken.moved)
    for number, before, gradient, after in zip(*four, strict=True):
        order = np.argsort(-np.abs(gradient), axis=None, kind="stable")[:LARGEST]
        places = [np.unravel_index(place, gradient.shape) for place in order]
        entries = tuple(
            Entry(
                tuple(int(axis) for axis in place),
                float(before[place]),
                float(gradient[place]),
                float(after[place]),
            )
            for place in places
        )
        found.append(
            WeightReading(
                network.weights[number].path,
                tuple(before.shape),
                _rms(before),
                _rms(gradient),
                _rms(after - before),
                entries,
            )
        )
    return tuple(found)


def layer_checks(exercise: Exercise, taken: Taken) -> Iterator[Check]:
    """Yield two checks of each weight: its largest gradient, and all of it at once.

    All of it is moved along a direction of random signs, so that every value counts.
    """
    network, layout = exercise.recipe.network, exercise.wide.trained
    signs = np.random.default_rng(SIGNS_SEED)
    flat = _flat(taken.gradients)
    for place, number in enumerate(network.trained):
        path, offset, size = (
            network.weights[number].path,
            layout.offsets[place],
            layout.sizes[place],
        )
        if not size:
            continue
        own = slice(offset, offset + size)
        largest = int(np.argmax(np.abs(flat[own])))
        index = np.unravel_index(largest, layout.shapes[place])
        shown = ", ".join(str(int(axis)) for axis in index)
        single, whole = np.zeros(layout.size), np.zeros(layout.size)
        single[offset + largest] = 1.0
        yield check(exercise, taken, f"{path}[{shown}]", single, float(flat[offset + largest]))
        if size > 1:
            whole[own] = signs.choice((-1.0, 1.0), size) / np.sqrt(size)
            yield check(exercise, taken, f"{path}, all", whole, float(flat @ whole))


def forward_items(exercise: Exercise, readings: tuple[LayerReading, ...]) -> Iterator[Item]:
    """Yield what the layers gave."""
    yield Sentence("Root mean squares (rms) of what each layer gives.")
    for target in exercise.recipe.objective.targets:
        if target.link is not None:
            yield Sentence(f"'{target.name}' without its {target.link}, which the loss applies.")
    rows = (
        (one.path, one.kind, " ".join(map(str, one.takes)), str(one.gives), one.rms)
        for one in readings
    )
    yield Table(("layer", "kind", "takes", "gives", "rms"), tuple(rows))


def backward_items(
    readings: tuple[LayerReading, ...], weights: tuple[WeightReading, ...]
) -> Iterator[Item]:
    """Yield the signals on their way back, and the gradients."""
    yield Sentence(
        "The signal dL/d(output) of each layer, from the last to the first, and the gradients "
        "of the weights, which are that signal times what went in."
    )
    rows = ((one.path, one.signal) for one in reversed(readings) if one.signal is not None)
    yield Table(("layer", "rms of dL/d(output)"), tuple(rows))
    yield Table(
        ("weight", "shape", "rms", "rms of gradient", "largest gradient", "at"),
        tuple(
            (
                one.path,
                str(one.shape),
                one.rms,
                one.gradient,
                one.largest[0].gradient if one.largest else None,
                str(list(one.largest[0].index)) if one.largest else "",
            )
            for one in weights
        ),
    )


def update_items(weights: tuple[WeightReading, ...]) -> Iterator[Item]:
    """Yield what became of the weights."""
    yield Table(
        ("weight", "rms", "rms of change", "change / weight"),
        tuple((one.path, one.rms, one.update, one.ratio) for one in weights),
    )
    yield Sentence("The values with the largest gradients:")
    rows = (
        (f"{one.path}{list(entry.index)}", entry.before, entry.gradient, entry.after)
        for one in weights
        for entry in one.largest
    )
    yield Table(("value", "before", "gradient", "after"), tuple(rows))


def _rms(array: NumpyArray) -> float:
    wide = np.asarray(array, np.float64)
    return float(np.sqrt(np.mean(np.square(wide)))) if wide.size else 0.0


def _flat(arrays: Any) -> NumpyArray:
    return np.concatenate([np.asarray(one, np.float64).reshape(-1) for one in arrays])
